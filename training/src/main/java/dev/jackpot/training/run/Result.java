package dev.jackpot.training.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run came to: result.json. Accuracies are shares of the test images in [0, 1]; one that was
 * not measured is NaN, and absent from the file. Counts are exact.
 *
 * @param accuracy of the network that was exported, or would be
 * @param validationAccuracy of the same network on the validation images, if some are set apart
 * @param denseAccuracy of the network before anything was pruned
 * @param startAccuracy with the mask that the search started from, batch norm's averages
 *     re-estimated: what pruning alone gives
 * @param parameters of the whole network, prunable or not
 * @param nonzero of them that are not pruned
 * @param flopsDense multiply-accumulates of one image through the dense network
 * @param flopsSparse those that remain when a multiplication by a pruned weight costs nothing
 * @param seconds wall-clock time of the run, interruptions left out
 * @param bytes of the SavedModel's files; 0 if none was written
 * @param denseBytes of the dense network's SavedModel, written the same way; 0 if none was written
 * @param skippedImages images of all splits that could not be decoded, so that others stood in for
 *     them; the log names them
 * @param testImages images that the accuracy is of, where damaged ones were left out; 0: all of the
 *     test split's
 * @param kernels those that have a mask (all of them if none has), in the network's order
 * @param stages every stage, in the order they ran
 * @param rescaled by what stages multiplied their parameters, by the stage's name, in the order
 *     they ran
 */
public record Result(
    double accuracy,
    double validationAccuracy,
    double denseAccuracy,
    double startAccuracy,
    long parameters,
    long nonzero,
    long flopsDense,
    long flopsSparse,
    double seconds,
    long bytes,
    long denseBytes,
    int skippedImages,
    int testImages,
    List<Kernel> kernels,
    List<StageResult> stages,
    Map<String, RescaleRecord> rescaled) {

  public Result {
    rescaled = Collections.unmodifiableMap(new LinkedHashMap<>(rescaled));
    kernels = List.copyOf(kernels);
    stages = List.copyOf(stages);
  }

  /**
   * How much of a kernel is kept.
   *
   * @param shape as in the network, for instance [height, width, in, out]
   */
  public record Kernel(String name, List<Long> shape, long kept, long total) {
    public Kernel {
      shape = List.copyOf(shape);
    }

    /** kept / total, in [0, 1]. */
    public double density() {
      return total == 0 ? 0 : (double) kept / total;
    }
  }

  /**
   * What a stage left.
   *
   * @param accuracy after its last epoch, on the validation images if some are set apart; NaN if it
   *     was not measured
   */
  public record StageResult(String name, int epochs, double accuracy, double seconds) {}

  /** Pruned / all over these kernels, in [0, 1]; 0 if there are none. */
  public double sparsity() {
    long total = kernels.stream().mapToLong(Kernel::total).sum();
    long kept = kernels.stream().mapToLong(Kernel::kept).sum();
    return total == 0 ? 0 : (double) (total - kept) / total;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects a result; what is not set is absent: NaN, 0 or empty. */
  public static final class Builder {
    private double accuracy = Double.NaN;
    private double validationAccuracy = Double.NaN;
    private double denseAccuracy = Double.NaN;
    private double startAccuracy = Double.NaN;
    private long parameters;
    private long nonzero;
    private long flopsDense;
    private long flopsSparse;
    private double seconds;
    private long bytes;
    private long denseBytes;
    private int skippedImages;
    private int testImages;
    private List<Kernel> kernels = List.of();
    private List<StageResult> stages = List.of();
    private Map<String, RescaleRecord> rescaled = Map.of();

    private Builder() {}

    public Builder accuracy(double value) {
      accuracy = value;
      return this;
    }

    public Builder validationAccuracy(double value) {
      validationAccuracy = value;
      return this;
    }

    public Builder denseAccuracy(double value) {
      denseAccuracy = value;
      return this;
    }

    public Builder startAccuracy(double value) {
      startAccuracy = value;
      return this;
    }

    /** Parameters of the whole network, and how many of them are not pruned. */
    public Builder parameters(long all, long notPruned) {
      parameters = all;
      nonzero = notPruned;
      return this;
    }

    /** Multiply-accumulates of one image. */
    public Builder flops(long dense, long sparse) {
      flopsDense = dense;
      flopsSparse = sparse;
      return this;
    }

    public Builder seconds(double value) {
      seconds = value;
      return this;
    }

    public Builder bytes(long value) {
      bytes = value;
      return this;
    }

    public Builder denseBytes(long value) {
      denseBytes = value;
      return this;
    }

    public Builder testImages(int value) {
      testImages = value;
      return this;
    }

    public Builder skippedImages(int value) {
      skippedImages = value;
      return this;
    }

    public Builder kernels(List<Kernel> values) {
      kernels = values;
      return this;
    }

    public Builder stages(List<StageResult> values) {
      stages = values;
      return this;
    }

    public Builder rescaled(Map<String, RescaleRecord> values) {
      rescaled = values;
      return this;
    }

    public Result build() {
      return new Result(
          accuracy,
          validationAccuracy,
          denseAccuracy,
          startAccuracy,
          parameters,
          nonzero,
          flopsDense,
          flopsSparse,
          seconds,
          bytes,
          denseBytes,
          skippedImages,
          testImages,
          kernels,
          stages,
          rescaled);
    }
  }

  /** Replaces {@code file}; see {@link RunDirectory#result}. */
  public void write(Path file) {
    JsonFields.write(file, toJson());
  }

  /** The file's content, also for a command's {@code --json}. */
  public JsonObject toJson() {
    JsonObject o = new JsonObject();
    JsonFields.add(o, "accuracy", accuracy);
    JsonFields.add(o, "validation_accuracy", validationAccuracy);
    JsonFields.add(o, "dense_accuracy", denseAccuracy);
    JsonFields.add(o, "start_accuracy", startAccuracy);
    o.addProperty("sparsity", sparsity());
    o.addProperty("parameters", parameters);
    o.addProperty("nonzero", nonzero);
    o.addProperty("flops_dense", flopsDense);
    o.addProperty("flops_sparse", flopsSparse);
    JsonFields.add(o, "seconds", seconds);
    if (bytes > 0) {
      o.addProperty("bytes", bytes);
    }
    if (denseBytes > 0) {
      o.addProperty("dense_bytes", denseBytes);
    }
    if (skippedImages > 0) {
      o.addProperty("skipped_images", skippedImages);
    }
    if (testImages > 0) {
      o.addProperty("test_images", testImages);
    }
    JsonArray stageArray = new JsonArray();
    for (StageResult stage : stages) {
      JsonObject s = new JsonObject();
      s.addProperty("name", stage.name());
      s.addProperty("epochs", stage.epochs());
      JsonFields.add(s, "accuracy", stage.accuracy());
      JsonFields.add(s, "seconds", stage.seconds());
      stageArray.add(s);
    }
    o.add("stages", stageArray);
    if (!rescaled.isEmpty()) {
      o.add("rescaled", RescaleRecord.toJson(rescaled));
    }
    JsonArray kernelArray = new JsonArray();
    for (Kernel kernel : kernels) {
      JsonObject k = new JsonObject();
      k.addProperty("name", kernel.name());
      JsonArray shape = new JsonArray();
      kernel.shape().forEach(shape::add);
      k.add("shape", shape);
      k.addProperty("kept", kernel.kept());
      k.addProperty("total", kernel.total());
      kernelArray.add(k);
    }
    o.add("kernels", kernelArray);
    return o;
  }

  /**
   * Reads what {@link #write} wrote. The sparsity in the file is for people; it is counted anew
   * from the kernels.
   *
   * @throws dev.jackpot.config.JackpotException if the file is missing or a field is wrong; names
   *     file and field
   */
  public static Result read(Path file) {
    JsonFields f = JsonFields.read(file);
    return builder()
        .accuracy(f.number("accuracy"))
        .validationAccuracy(f.number("validation_accuracy"))
        .denseAccuracy(f.number("dense_accuracy"))
        .startAccuracy(f.number("start_accuracy"))
        .parameters(f.integer("parameters"), f.integer("nonzero"))
        .flops(f.integer("flops_dense"), f.integer("flops_sparse"))
        .seconds(f.number("seconds"))
        .bytes(f.integer("bytes", 0))
        .denseBytes(f.integer("dense_bytes", 0))
        .testImages(Math.toIntExact(f.integer("test_images", 0)))
        .skippedImages(Math.toIntExact(f.integer("skipped_images", 0)))
        .stages(f.objects("stages").stream().map(Result::stage).toList())
        .kernels(f.objects("kernels").stream().map(Result::kernel).toList())
        .rescaled(RescaleRecord.ofStages(f))
        .build();
  }

  private static StageResult stage(JsonFields f) {
    return new StageResult(
        f.string("name"), f.count("epochs"), f.number("accuracy"), f.number("seconds"));
  }

  private static Kernel kernel(JsonFields f) {
    return new Kernel(f.string("name"), f.integers("shape"), f.integer("kept"), f.integer("total"));
  }
}
