package dev.jackpot.export;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.Runtime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * Measures SavedModels on random images: each in a process of its own, so that memory is the
 * model's, and in turns, so that what else the machine does falls on all of them.
 */
public final class InferenceBenchmark {
  private static final long SEED = 1;

  /** In a batch, so that an array can hold it as it is drawn. */
  private static final long MOST_VALUES = 1 << 29;

  private static final List<String> SIGNATURES = List.of(ServingGraph.UINT8, ServingGraph.FLOAT);

  private final List<Integer> batches;
  private final int turns;
  private final int warmup;

  /**
   * @param batches images in a forward pass, each measured by itself
   * @param turns forward passes that are measured, of each model and batch size
   * @param warmup forward passes before them
   */
  public InferenceBenchmark(List<Integer> batches, int turns, int warmup) {
    this.batches = List.copyOf(batches);
    this.turns = turns;
    this.warmup = warmup;
  }

  /**
   * Of one batch size.
   *
   * @param batch images
   * @param medianMillis of a forward pass
   * @param imagesPerSecond by the median
   */
  public record Latency(int batch, double medianMillis, double imagesPerSecond) {}

  /**
   * Of one model.
   *
   * @param model its folder
   * @param bytes of all files in it
   * @param loadSeconds that the plain loader took, TensorFlow's library loaded before
   * @param firstMillis of the first forward pass, of the first batch size
   * @param loadMegabytes resident memory that loading took; −1 where the system does not say
   * @param megabytes resident memory in the end, less that before the loading; likewise
   * @param latencies in the order of the batch sizes
   */
  public record Measurement(
      Path model,
      long bytes,
      double loadSeconds,
      double firstMillis,
      double loadMegabytes,
      double megabytes,
      List<Latency> latencies) {}

  /**
   * Measures them.
   *
   * @param models SavedModels' folders
   * @param threads of one op; 0: as many as the machine has cores
   * @throws JackpotException if one cannot be loaded or takes no images
   */
  public List<Measurement> run(List<Path> models, int threads) {
    Runtime runtime = Runtime.newBuilder().setThreads(threads).build();
    List<Subject> subjects = new ArrayList<>();
    try {
      for (Path model : models) {
        subjects.add(new Subject(model, ModelProcess.load(model, runtime), batches.get(0)));
      }
      List<List<Latency>> latencies = new ArrayList<>();
      subjects.forEach(s -> latencies.add(new ArrayList<>()));
      for (int batch : batches) {
        double[][] millis = inTurns(subjects, batch);
        for (int i = 0; i < subjects.size(); i++) {
          double median = median(millis[i]);
          latencies.get(i).add(new Latency(batch, median, batch / median * 1e3));
        }
      }
      List<Measurement> measured = new ArrayList<>();
      for (int i = 0; i < subjects.size(); i++) {
        Subject s = subjects.get(i);
        measured.add(
            new Measurement(
                s.model,
                bytes(s.model),
                s.process.loadSeconds(),
                s.firstMillis,
                s.process.loadMegabytes(),
                s.process.megabytes(),
                List.copyOf(latencies.get(i))));
      }
      return measured;
    } finally {
      subjects.forEach(s -> s.process.close());
    }
  }

  /** Milliseconds by model and turn. */
  private double[][] inTurns(List<Subject> subjects, int batch) {
    double[][] millis = new double[subjects.size()][turns];
    for (int turn = -warmup; turn < turns; turn++) {
      for (int i = 0; i < subjects.size(); i++) {
        double time = subjects.get(i).millis(batch);
        if (turn >= 0) {
          millis[i][turn] = time;
        }
      }
    }
    return millis;
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static long bytes(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      long bytes = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
      return bytes;
    } catch (IOException e) {
      throw AtomicFiles.failure("measure", folder, e);
    }
  }

  /** A model that is loaded. */
  private static final class Subject {
    private final Path model;
    private final ModelProcess process;
    private final String signature;
    private final String input;
    private final DataType type;
    private final long[] shape;
    private final double firstMillis;

    /** Owns the process only if it returns. */
    Subject(Path model, ModelProcess process, int firstBatch) {
      this.model = model;
      this.process = process;
      try {
        var signatures = process.meta().getSignatureDefMap();
        signature =
            SIGNATURES.stream()
                .filter(s -> signatures.containsKey(s) && takesImages(signatures.get(s)))
                .findFirst()
                .orElseThrow(
                    () ->
                        new JackpotException(
                            "%s: expected a signature %s with one input of float32 or uint8 images, found the signatures %s"
                                .formatted(
                                    model, String.join(" or ", SIGNATURES), signatures.keySet())));
        var only = signatures.get(signature).getInputsMap().entrySet().iterator().next();
        input = only.getKey();
        type = only.getValue().getDtype();
        shape = SignatureCheck.shape(only.getValue()).asArray();
        firstMillis = millis(firstBatch);
      } catch (RuntimeException e) {
        process.close();
        throw e;
      }
    }

    private static boolean takesImages(SignatureDef signature) {
      if (signature.getInputsCount() != 1) {
        return false;
      }
      TensorInfo info = signature.getInputsMap().values().iterator().next();
      boolean known = info.getDtype() == DataType.DT_UINT8 || info.getDtype() == DataType.DT_FLOAT;
      Shape shape = SignatureCheck.shape(info);
      return known
          && !shape.isUnknown()
          && shape.numDimensions() == 4
          && Arrays.stream(shape.asArray()).skip(1).allMatch(s -> s > 0);
    }

    /** One forward pass. */
    double millis(int batch) {
      long[] sizes = shape.clone();
      sizes[0] = batch;
      byte[] pixels = new byte[(int) requireFits(batch, Shape.of(sizes).size())];
      new Random(SEED).nextBytes(pixels);
      try (Tensor images = tensor(Shape.of(sizes), pixels);
          ModelProcess.Answer answer = process.call(signature, input, images, 1)) {
        return answer.nanos()[0] / 1e6;
      }
    }

    private long requireFits(int batch, long values) {
      if (values > MOST_VALUES) {
        throw new ConfigException(
            "--batch: expected at most %d images of %s's size, found %d"
                .formatted(MOST_VALUES / (values / batch), model, batch));
      }
      return values;
    }

    private Tensor tensor(Shape of, byte[] pixels) {
      if (type == DataType.DT_UINT8) {
        return TUint8.tensorOf(of, DataBuffers.of(pixels));
      }
      float[] floats = new float[pixels.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = pixels[i] & 0xff;
      }
      return TFloat32.tensorOf(of, DataBuffers.of(floats));
    }
  }
}
