package dev.jackpot.training.data;

import dev.jackpot.config.JackpotException;
import dev.jackpot.config.Show;
import dev.jackpot.graph.Sessions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.image.DecodeImage;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/**
 * What an input path is measured against: the same files decoded whole by TensorFlow and resized to
 * the same size by its bilinear op, nothing else, by as many threads. A run of the graph takes
 * several images, so that its start costs little, and its result stays where it is.
 */
public final class BareDecoding implements AutoCloseable {
  private static final Logger LOG = LogManager.getLogger(BareDecoding.class);
  private static final int IMAGES_A_RUN = 8;

  private final Split split;
  private final int threads;
  private final Graph graph = new Graph();
  private final Session session;
  private final List<Placeholder<TString>> files = new ArrayList<>();
  private final Operand<TFloat32> resized;
  private final AtomicLong next = new AtomicLong();
  private final Set<Integer> damaged = ConcurrentHashMap.newKeySet();

  /**
   * @param split an encoded one
   */
  public BareDecoding(Split split, int threads) {
    this.split = split;
    this.threads = threads;
    Ops tf = Ops.create(graph);
    List<Operand<TFloat32>> each = new ArrayList<>();
    Operand<TInt32> size = tf.constant(new int[] {split.shape().height(), split.shape().width()});
    for (int i = 0; i < IMAGES_A_RUN; i++) {
      Placeholder<TString> file = tf.placeholder(TString.class);
      files.add(file);
      Operand<TUint8> pixels =
          tf.image.decodeImage(
              file, TUint8.class, DecodeImage.channels(3L), DecodeImage.expandAnimations(false));
      each.add(tf.image.resizeBilinear(tf.expandDims(pixels, tf.constant(0)), size));
    }
    resized = tf.concat(each, tf.constant(0));
    session = Sessions.openOnCallers(graph);
  }

  /** Decodes for about so long and tells how many images that were. */
  public long decode(double seconds) {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Long>> counts = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        counts.add(workers.submit(() -> decodeUntil(end)));
      }
      long images = 0;
      for (Future<Long> count : counts) {
        images += count.get();
      }
      return images;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JackpotException("interrupted while measuring", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new JackpotException("bare decoding failed: " + e.getCause(), e);
    } finally {
      workers.shutdownNow();
    }
  }

  private long decodeUntil(long end) {
    long images = 0;
    do { // at least once, however late the thread begins
      List<Integer> indices = files.stream().map(file -> nextIndex()).toList();
      try {
        images += run(indices);
      } catch (RuntimeException e) { // TensorFlow's have no common type
        setAside(indices, e);
      }
    } while (images == 0 || System.nanoTime() < end);
    return images;
  }

  /** The next image that is not known to be damaged. */
  private int nextIndex() {
    while (damaged.size() < split.size()) {
      // scattered like a shuffled epoch, so that a disk has as much to do
      long i = next.getAndIncrement();
      int index = CounterRandom.below(CounterRandom.bits(1, i, 0), split.size());
      if (!damaged.contains(index)) {
        return index;
      }
    }
    throw new JackpotException("none of the %d images can be decoded".formatted(split.size()));
  }

  private long run(List<Integer> indices) {
    Session.Runner runner = session.runner().fetch(resized);
    List<TString> tensors = new ArrayList<>();
    try {
      for (int f = 0; f < files.size(); f++) {
        byte[] file = split.encodedBytes(indices.get(f));
        TString bytes = TString.tensorOfBytes(NdArrays.scalarOfObject(file));
        tensors.add(bytes);
        runner.feed(files.get(f), bytes);
      }
      try (Result result = runner.run()) {
        return result.get(0).shape().get(0);
      }
    } finally {
      tensors.forEach(TString::close);
    }
  }

  /**
   * Finds which of these images are damaged and leaves them out from now on: whether they end a run
   * is for the input path to say.
   */
  private void setAside(List<Integer> indices, RuntimeException failure) {
    boolean found = false;
    byte[] pixels = new byte[split.shape().size()];
    for (int index : indices) {
      try {
        split.stored(index, pixels);
      } catch (CorruptImageException e) {
        found = true;
        if (damaged.add(index)) {
          LOG.warn("left out of the bare decoding: {}", e.getMessage());
        }
      }
    }
    if (!found && failure instanceof JackpotException known) {
      throw known;
    }
    if (!found) {
      throw new JackpotException(
          "TensorFlow cannot decode one of these images as they are: %s: %s"
              .formatted(
                  String.join(", ", indices.stream().map(split::name).toList()),
                  Show.oneLine(String.valueOf(failure.getMessage()))),
          failure);
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
