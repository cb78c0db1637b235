package dev.jackpot.graph;

/**
 * The batch norm that reads a layer's output directly: it decides how large the layer's filters are
 * in effect. (Before activation-first blocks a short-cut may read that output as well.)
 *
 * @param name of the norm: its parameters are {@code name/gamma}, …
 * @param epsilon added to the variance
 */
public record FollowingNorm(String name, double epsilon) {
  /** Name of γ, [channels]. */
  public String gamma() {
    return name + "/gamma";
  }

  /** Name of the running variance, [channels]. */
  public String variance() {
    return name + "/moving_variance";
  }
}
