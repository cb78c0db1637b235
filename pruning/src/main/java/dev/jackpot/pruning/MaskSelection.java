package dev.jackpot.pruning;

import dev.jackpot.config.JackpotException;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
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
   * The masks that a criterion chooses at given counts: the same kernels, each keeping as many
   * weights as in {@code counts}, so that only positions differ (lottery jackpots, section 4).
   *
   * @param counts whose kernels, shapes and counts are taken
   * @param weights values by name, of these kernels at least
   * @param seed of random scores
   * @param network its gradients at these weights
   * @throws JackpotException naming the kernel, if there are no values of its shape or a score is
   *     NaN
   */
  public static Masks atCounts(
      Masks counts,
      Criterion criterion,
      Map<String, HostTensor> weights,
      long seed,
      NetworkGradients network) {
    List<Parameter> kernels = new ArrayList<>();
    counts
        .byName()
        .forEach(
            (name, mask) -> {
              HostTensor values = weights.get(name);
              if (values == null || !values.shape().equals(mask.shape())) {
                throw new JackpotException(
                    "kernel %s: found weights of shape %s; expected the mask's %s"
                        .formatted(name, values == null ? "none" : values.shape(), mask.shape()));
              }
              Role role =
                  mask.shape().numDimensions() == 2 ? Role.DENSE_KERNEL : Role.CONVOLUTION_KERNEL;
              kernels.add(new Parameter(name, role, mask.shape()));
            });
    ScoringInput input =
        new ScoringInput(kernels, weights, seed, network, Rounds.counts(kernels, counts));
    Map<String, float[]> scores = criterion.scores(input);
    Map<String, Integer> kept = new LinkedHashMap<>();
    for (Parameter kernel : kernels) {
      requireNumbers(kernel.name(), scores.get(kernel.name()));
      kept.put(kernel.name(), counts.get(kernel.name()).kept());
    }
    return topK(kernels, scores, kept);
  }

  /** Each kernel's highest scores. */
  static Masks topK(
      List<Parameter> kernels, Map<String, float[]> scores, Map<String, Integer> kept) {
    Map<String, Mask> masks = new LinkedHashMap<>();
    for (Parameter kernel : kernels) {
      String name = kernel.name();
      masks.put(name, topK(kernel.shape(), scores.get(name), kept.get(name)));
    }
    return new Masks(masks);
  }

  /**
   * The lowest of the best scores.
   *
   * @param scores free of NaN
   * @param kept how many are the best, from 1 to the number of scores
   */
  public static float threshold(Collection<float[]> scores, long kept) {
    return Cut.of(scores, kept).score();
  }

  /** Throws if a score is NaN, which has no place in an order. */
  static void requireNumbers(Map<String, Candidates> kernels) {
    kernels.forEach((name, kernel) -> requireNumbers(name, kernel.scores()));
  }

  /** The same for one kernel. */
  static void requireNumbers(String name, float[] scores) {
    for (int i = 0; i < scores.length; i++) {
      if (Float.isNaN(scores[i])) {
        throw new JackpotException(
            "kernel %s: the score of weight %d of %d is NaN; expected a number"
                .formatted(name, i, scores.length));
      }
    }
  }
}
