package dev.jackpot.export;

import java.nio.file.Path;
import java.util.Map;

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
 * @param kernels counted in the written files, by name, in the network's order
 */
public record ExportReport(
    Path directory,
    int images,
    double logitDifference,
    double signatureDifference,
    int labelsAgreeing,
    long bytes,
    int foldedBatchNorms,
    Map<String, KernelCount> kernels) {

  /**
   * Weights of one kernel.
   *
   * @param size all of them
   * @param nonzero those that are not zero
   */
  public record KernelCount(long size, long nonzero) {}

  /** The same under the name that the folder has now. */
  ExportReport at(Path named) {
    return new ExportReport(
        named,
        images,
        logitDifference,
        signatureDifference,
        labelsAgreeing,
        bytes,
        foldedBatchNorms,
        kernels);
  }

  /** All kernels' weights together. */
  public KernelCount total() {
    return new KernelCount(
        kernels.values().stream().mapToLong(KernelCount::size).sum(),
        kernels.values().stream().mapToLong(KernelCount::nonzero).sum());
  }
}
