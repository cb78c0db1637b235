package dev.jackpot.export;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * What the gate found in an exported model that passed.
 *
 * @param directory the SavedModel's folder
 * @param images that were compared
 * @param logitDifference largest difference of a logit from the training graph's, over the largest
 *     of those
 * @param signatureDifference largest difference of a logit between the two signatures, likewise
 *     relative
 * @param labelsAgreeing images whose label is the training graph's; others are ties within the
 *     tolerance
 * @param bytes of all files
 * @param foldedBatchNorms how many were folded into their convolutions
 * @param kernels counted in the loaded model, by name, in the network's order
 * @param packed whether each was stored in the fewest bytes
 * @param rounding what storing weights in fewer bits changes; empty where they are float32
 */
public record ExportReport(
    Path directory,
    int images,
    double logitDifference,
    double signatureDifference,
    int labelsAgreeing,
    long bytes,
    int foldedBatchNorms,
    Map<String, KernelCount> kernels,
    boolean packed,
    Optional<Rounding> rounding) {

  /**
   * Weights of one kernel.
   *
   * @param size all of them
   * @param nonzero those that are not zero
   * @param code for their positions, "plain" if all weights are stored
   * @param positionBytes that the code takes
   * @param valueBytes that the stored weights take
   */
  public record KernelCount(
      long size, long nonzero, String code, long positionBytes, long valueBytes) {
    /**
     * The fewest bytes in which any code could say which weights are not zero, if each set of as
     * many is as likely: size · H(nonzero / size) / 8, H the binary entropy in bits.
     */
    public double entropyBytes() {
      double density = (double) nonzero / size;
      return density == 0 || density == 1
          ? 0
          : -size * (density * log2(density) + (1 - density) * log2(1 - density)) / Byte.SIZE;
    }

    private static double log2(double x) {
      return Math.log(x) / Math.log(2);
    }
  }

  /**
   * What the rounding of kernels changes.
   *
   * @param values float16 or bfloat16
   * @param logitDifference largest change of a logit over the largest logit
   * @param labelsChanged of the images that were compared
   * @param weightsLost weights that became zero
   * @param accuracy of the network on the test images, in [0, 1]; not a number before it is
   *     measured
   * @param roundedAccuracy of the exported model on the same
   */
  public record Rounding(
      String values,
      double logitDifference,
      int labelsChanged,
      long weightsLost,
      double accuracy,
      double roundedAccuracy) {
    Rounding(String values, double logitDifference, int labelsChanged, long weightsLost) {
      this(values, logitDifference, labelsChanged, weightsLost, Double.NaN, Double.NaN);
    }
  }

  /** The same under the name that the folder has now. */
  ExportReport at(Path named) {
    return copy(named, rounding);
  }

  /** The same with what rounding does to the accuracy. */
  public ExportReport withAccuracies(double accuracy, double rounded) {
    return copy(
        directory,
        rounding.map(
            r ->
                new Rounding(
                    r.values,
                    r.logitDifference,
                    r.labelsChanged,
                    r.weightsLost,
                    accuracy,
                    rounded)));
  }

  private ExportReport copy(Path named, Optional<Rounding> rounded) {
    return new ExportReport(
        named,
        images,
        logitDifference,
        signatureDifference,
        labelsAgreeing,
        bytes,
        foldedBatchNorms,
        kernels,
        packed,
        rounded);
  }

  /** All kernels' weights together; the code is "mixed". */
  public KernelCount total() {
    return new KernelCount(
        sum(KernelCount::size),
        sum(KernelCount::nonzero),
        "mixed",
        sum(KernelCount::positionBytes),
        sum(KernelCount::valueBytes));
  }

  /** The kernels' entropy bounds together, in bytes. */
  public double entropyBytes() {
    return kernels.values().stream().mapToDouble(KernelCount::entropyBytes).sum();
  }

  /** Bytes of the same model with every kernel's weights stored, zeros in place. */
  public long denseBytes() {
    KernelCount total = total();
    return bytes + Float.BYTES * total.size() - total.positionBytes() - total.valueBytes();
  }

  private long sum(ToLongFunction<KernelCount> of) {
    return kernels.values().stream().mapToLong(of).sum();
  }
}
