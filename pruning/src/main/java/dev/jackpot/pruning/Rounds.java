package dev.jackpot.pruning;

import dev.jackpot.graph.Parameter;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How masks are chosen on the way to the final ones, by a criterion that goes by rounds. */
public interface Rounds {
  /** A count that is an integer shall not become the next one by rounding. */
  double ROUNDING = 1e-6;

  /** The score of a weight that an earlier round pruned. */
  float BELOW_EVERYTHING = -1;

  /** Share that is pruned in the end, in [0, 1). */
  double sparsity();

  /**
   * Masks at another sparsity, chosen as the final ones will be.
   *
   * @param scores a score per weight by kernel name, free of NaN
   * @param sparsity in [0, 1)
   */
  Masks masks(Map<String, float[]> scores, double sparsity);

  /**
   * The same inside the masks of an earlier round: what they prune stays pruned.
   *
   * @param scores above {@link #BELOW_EVERYTHING}; may be overwritten where {@code within} prune
   */
  default Masks masks(Map<String, float[]> scores, Masks within, double sparsity) {
    within.byName().forEach((name, mask) -> rankPrunedLast(scores.get(name), mask));
    return masks(scores, sparsity);
  }

  /** Gives pruned weights the score {@link #BELOW_EVERYTHING}. */
  static void rankPrunedLast(float[] scores, Mask mask) {
    BitSet kept = mask.bits();
    for (int i = kept.nextClearBit(0); i < scores.length; i = kept.nextClearBit(i + 1)) {
      scores[i] = BELOW_EVERYTHING;
    }
  }

  /** One threshold over all kernels, each weight by itself. */
  static Rounds free(List<Parameter> kernels, double sparsity) {
    return global(
        kernels,
        sparsity,
        (scores, share) -> {
          Map<String, Candidates> candidates = new LinkedHashMap<>();
          kernels.forEach(
              k -> candidates.put(k.name(), new Candidates(k.shape(), scores.get(k.name()))));
          Map<String, Integer> kept = new GlobalAllocation().kept(candidates, share);
          return MaskSelection.topK(kernels, scores, kept);
        });
  }

  /**
   * Of a choice that is one threshold over all kernels, each weight by itself: inside other masks
   * only what is left is looked at.
   */
  static Rounds global(List<Parameter> kernels, double sparsity, Choice choice) {
    return new Rounds() {
      @Override
      public double sparsity() {
        return sparsity;
      }

      @Override
      public Masks masks(Map<String, float[]> scores, double share) {
        return choice.masks(scores, share);
      }

      @Override
      public Masks masks(Map<String, float[]> scores, Masks within, double share) {
        long kept = Counts.kept(share, within.size());
        return kept <= within.kept()
            ? Survivors.best(kernels, scores, within, kept)
            : Rounds.super.masks(scores, within, share);
      }
    };
  }

  /**
   * Each kernel by itself; its density falls to the one that {@code counts} have, on the way there
   * at least one weight stays.
   */
  static Rounds counts(List<Parameter> kernels, Masks counts) {
    double end = 1 - counts.density();
    return of(
        end,
        (scores, share) -> {
          double part = end == 0 ? 1 : Math.log1p(-share) / Math.log1p(-end);
          Map<String, Integer> kept = new LinkedHashMap<>();
          for (Parameter k : kernels) {
            double density = Math.pow(counts.get(k.name()).density(), part);
            kept.put(k.name(), (int) Math.ceil(Math.max(density * k.size() - ROUNDING, 1)));
          }
          return MaskSelection.topK(kernels, scores, kept);
        });
  }

  /** What chooses. */
  @FunctionalInterface
  interface Choice {
    Masks masks(Map<String, float[]> scores, double sparsity);
  }

  /** Of a choice. */
  static Rounds of(double sparsity, Choice choice) {
    return new Rounds() {
      @Override
      public double sparsity() {
        return sparsity;
      }

      @Override
      public Masks masks(Map<String, float[]> scores, double share) {
        return choice.masks(scores, share);
      }
    };
  }
}
