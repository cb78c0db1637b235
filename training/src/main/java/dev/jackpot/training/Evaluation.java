package dev.jackpot.training;

/**
 * A pass over a split.
 *
 * @param loss mean over the images, in nats
 * @param correct images whose largest logit was at the label
 * @param images in the split that can be decoded
 */
public record Evaluation(double loss, int correct, int images) {
  /** Share of correct images, in [0, 1]. */
  public double accuracy() {
    return (double) correct / images;
  }
}
