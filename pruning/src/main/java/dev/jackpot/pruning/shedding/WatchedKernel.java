package dev.jackpot.pruning.shedding;

import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.Mask;

/**
 * A kernel at one moment.
 *
 * @param weights row-major, as many as the kernel has
 * @param live which of them are not pruned
 * @param gammas |γ| of the batch norm that follows, one a filter; empty if none follows
 * @param scales |γ| / √(σ² + ε) of that norm; empty if none follows, which is a scale of 1
 */
public record WatchedKernel(
    Parameter kernel, float[] weights, Mask live, double[] gammas, double[] scales) {
  public WatchedKernel {
    if (weights.length != kernel.size() || live.size() != kernel.size()) {
      throw new IllegalArgumentException(
          "kernel %s has %d weights, found %d and a mask of %d"
              .formatted(kernel.name(), kernel.size(), weights.length, live.size()));
    }
    int filters = KernelAxes.of(kernel).filters();
    if (scales.length != gammas.length || scales.length != 0 && scales.length != filters) {
      throw new IllegalArgumentException(
          "kernel %s has %d filters, found %d scales"
              .formatted(kernel.name(), filters, scales.length));
    }
  }

  /** One that no batch norm follows. */
  public static WatchedKernel bare(Parameter kernel, float[] weights, Mask live) {
    return new WatchedKernel(kernel, weights, live, new double[0], new double[0]);
  }

  /**
   * One that a batch norm follows.
   *
   * @param gamma γ
   * @param variance σ², the running one
   * @param epsilon added to it
   */
  public static WatchedKernel normed(
      Parameter kernel,
      float[] weights,
      Mask live,
      float[] gamma,
      float[] variance,
      double epsilon) {
    double[] gammas = new double[gamma.length];
    double[] scales = new double[gamma.length];
    for (int c = 0; c < scales.length; c++) {
      gammas[c] = Math.abs(gamma[c]);
      scales[c] = gammas[c] / Math.sqrt(variance[c] + epsilon);
    }
    return new WatchedKernel(kernel, weights, live, gammas, scales);
  }

  /** Number of output channels. */
  public int filters() {
    return axes().filters();
  }

  KernelAxes axes() {
    return KernelAxes.of(kernel);
  }

  /** Of a filter: 1 if no norm follows. */
  double scale(int filter) {
    return scales.length == 0 ? 1 : scales[filter];
  }

  /** |w|, row-major. */
  float[] magnitudes() {
    float[] magnitudes = new float[weights.length];
    for (int i = 0; i < magnitudes.length; i++) {
      magnitudes[i] = Math.abs(weights[i]);
    }
    return magnitudes;
  }

  /** |w| · scale, row-major: a magnitude that a rescaled filter and its norm do not change. */
  float[] foldedMagnitudes() {
    float[] folded = magnitudes();
    int filters = axes().filters();
    for (int i = 0; i < folded.length; i++) {
      folded[i] = (float) (folded[i] * scale(i % filters));
    }
    return folded;
  }
}
