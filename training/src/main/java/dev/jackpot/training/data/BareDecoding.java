package dev.jackpot.training.data;

import dev.jackpot.config.JackpotException;
import dev.jackpot.graph.Sessions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
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
  private static final int IMAGES_A_RUN = 8;

  private final Split split;
  private final int threads;
  private final Graph graph = new Graph();
  private final Session session;
  private final List<Placeholder<TString>> files = new ArrayList<>();
  private final Operand<TFloat32> resized;
  private final AtomicLong next = new AtomicLong();

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
      List<Future<Integer>> counts = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        counts.add(workers.submit(() -> decodeUntil(end)));
      }
      long images = 0;
      for (Future<Integer> count : counts) {
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

  private int decodeUntil(long end) {
    int images = 0;
    while (System.nanoTime() < end) {
      Session.Runner runner = session.runner().fetch(resized);
      List<TString> tensors = new ArrayList<>();
      try {
        for (Placeholder<TString> file : files) {
          long i = next.getAndIncrement();
          // scattered like a shuffled epoch, so that a disk has as much to do
          int index = CounterRandom.below(CounterRandom.bits(1, i, 0), split.size());
          TString bytes = TString.tensorOfBytes(NdArrays.scalarOfObject(split.encodedBytes(index)));
          tensors.add(bytes);
          runner.feed(file, bytes);
        }
        try (Result result = runner.run()) {
          images += result.get(0).shape().get(0);
        }
      } finally {
        tensors.forEach(TString::close);
      }
    }
    return images;
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
