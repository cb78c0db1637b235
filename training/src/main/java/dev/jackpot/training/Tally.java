package dev.jackpot.training;

/**
 * Sums over the steps of an epoch so far. Checkpoints keep it, so that an epoch that was
 * interrupted reports what an unbroken one would.
 *
 * @param lossSum each step's loss times its images
 * @param correct images classified correctly while training
 * @param images seen
 * @param swaps pairs of weights swapped
 * @param seconds of training, without evaluation
 */
public record Tally(double lossSum, long correct, long images, long swaps, double seconds) {
  static final Tally NONE = new Tally(0, 0, 0, 0, 0);

  Tally plus(StepResult step, int batchSize, double stepSeconds) {
    return new Tally(
        lossSum + step.loss() * batchSize,
        correct + step.correct(),
        images + batchSize,
        swaps + step.swaps(),
        seconds + stepSeconds);
  }

  double loss() {
    return lossSum / images;
  }

  double accuracy() {
    return (double) correct / images;
  }

  double imagesPerSecond() {
    return images / seconds;
  }
}
