package dev.jackpot.pruning;

import dev.jackpot.config.JackpotException;
import dev.jackpot.graph.HostTensor;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.ndarray.Shape;

/** Makes masks from scores. Pure: arrays in, masks out. */
public final class MaskSelection {
  private MaskSelection() {}

  /**
   * Keeps the {@code kept} highest scores; of equal ones those at the lower index.
   *
   * @param scores free of NaN
   * @param kept from 0 to the number of scores
   * @return a mask of shape [n]
   */
  public static Mask topK(float[] scores, int kept) {
    return topK(Shape.of(scores.length), scores, kept);
  }

  /** The same with the kernel's shape. */
  public static Mask topK(Shape shape, float[] scores, int kept) {
    if (kept < 0 || kept > scores.length) {
      throw new IllegalArgumentException(
          "kept is %d; expected 0 to %d".formatted(kept, scores.length));
    }
    Cut cut = Cut.of(List.of(scores), kept);
    BitSet bits = new BitSet(scores.length);
    long ties = cut.ties();
    for (int i = 0; i < scores.length; i++) {
      int key = Cut.key(scores[i]);
      if (key > cut.key() || (key == cut.key() && ties-- > 0)) {
        bits.set(i);
      }
    }
    return new Mask(shape, bits);
  }

  /**
   * The masks that a criterion and an allocation choose.
   *
   * @param kernels the prunable kernels by name, in the network's order
   * @param sparsity share of all their weights that is pruned, in [0, 1), read as a decimal
   * @throws JackpotException naming the kernel, if a score is NaN
   */
  public static Masks select(
      Map<String, HostTensor> kernels,
      Criterion criterion,
      Allocation allocation,
      double sparsity) {
    Map<String, float[]> scores = criterion.scores(kernels);
    Map<String, Integer> kept = allocation.kept(scores, sparsity);
    Map<String, Mask> masks = new LinkedHashMap<>();
    kernels.forEach(
        (name, kernel) -> masks.put(name, topK(kernel.shape(), scores.get(name), kept.get(name))));
    return new Masks(masks);
  }

  /** {@link #select} by magnitude: the start of a search. */
  public static Masks magnitude(
      Map<String, HostTensor> kernels, Allocation allocation, double sparsity) {
    return select(kernels, new MagnitudeCriterion(), allocation, sparsity);
  }

  /** Throws if a score is NaN, which has no place in an order. */
  static void requireNumbers(Map<String, float[]> scores) {
    scores.forEach(
        (name, values) -> {
          for (int i = 0; i < values.length; i++) {
            if (Float.isNaN(values[i])) {
              throw new JackpotException(
                  "kernel %s: the score of weight %d of %d is NaN; expected a number"
                      .formatted(name, i, values.length));
            }
          }
        });
  }
}
