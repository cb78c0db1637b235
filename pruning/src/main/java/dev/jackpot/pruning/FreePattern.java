package dev.jackpot.pruning;

import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.Criterion.Reduction;
import org.tensorflow.ndarray.Shape;

/** Each weight by itself. */
public final class FreePattern implements Pattern {
  @Override
  public Units units(Parameter kernel) {
    return new Weights(kernel.shape(), kernel.size());
  }

  /** Every weight is a unit. */
  record Weights(Shape shape, int count) implements Units {
    @Override
    public float[] scores(float[] scores, Reduction reduction) {
      return scores;
    }

    @Override
    public Mask mask(float[] scores, int kept) {
      return MaskSelection.topK(shape, scores, kept);
    }
  }
}
