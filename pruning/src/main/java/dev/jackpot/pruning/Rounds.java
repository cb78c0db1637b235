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
          double part = part(share, end);
          Map<String, Integer> kept = new LinkedHashMap<>();
          for (Parameter k : kernels) {
            kept.put(k.name(), between(k.size(), counts.get(k.name()).kept(), part));
          }
          return MaskSelection.topK(kernels, scores, kept);
        });
  }

  /**
   * Each kernel by itself, where the final counts are known and no score changes them (a rule for
   * each kernel): its density d falls as d^p, p from 0 to 1 as the density of all falls to the
   * final one. On the way there at least one unit stays.
   *
   * @param units of each kernel, by name
   * @param kept of them in the end
   * @param choice by how many units of each kernel are kept
   */
  static Rounds towards(
      Map<String, Integer> units, Map<String, Integer> kept, ChoiceOfCounts choice) {
    long all = units.values().stream().mapToLong(n -> n).sum();
    long pruned = all - kept.values().stream().mapToLong(n -> n).sum();
    double end = Counts.sparsity(pruned, all);
    return of(
        end,
        (scores, share) -> {
          double part = part(share, end);
          Map<String, Integer> now = new LinkedHashMap<>();
          units.forEach((name, n) -> now.put(name, between(n, kept.get(name), part)));
          return choice.masks(scores, now);
        });
  }

  /**
   * Where a pattern alone decides how much is kept, and any of its masks keep as many: before the
   * end the masks hold, besides what it would keep by the scores of the moment, the best of the
   * other weights, by one threshold over all kernels. So every round's masks lie in those of the
   * round before, and a group has always as many left as it keeps in the end.
   *
   * @param kept weights of all kernels in the end
   * @param choice the final one; is asked for no other sparsity
   */
  static Rounds around(List<Parameter> kernels, long kept, Choice choice) {
    long size = kernels.stream().mapToLong(Parameter::size).sum();
    double end = Counts.sparsity(size - kept, size);
    Rounds free = free(kernels, end);
    return of(
        end,
        (scores, share) -> {
          Masks last = choice.masks(scores, end);
          if (Counts.kept(share, size) <= last.kept()) {
            return last;
          }
          Map<String, float[]> raised = new LinkedHashMap<>();
          last.byName().forEach((name, mask) -> raised.put(name, raised(scores.get(name), mask)));
          return free.masks(raised, share);
        });
  }

  private static float[] raised(float[] scores, Mask mask) {
    float[] raised = scores.clone();
    mask.bits().stream().forEach(i -> raised[i] = Float.POSITIVE_INFINITY);
    return raised;
  }

  /** p with (1 − end)^p = 1 − share. */
  private static double part(double share, double end) {
    return end == 0 ? 1 : Math.log1p(-share) / Math.log1p(-end);
  }

  /** n · (kept / n)^part, upwards, at least 1. */
  private static int between(int n, int kept, double part) {
    double density = Math.pow((double) kept / n, part);
    return (int) Math.ceil(Math.max(density * n - ROUNDING, 1));
  }

  /** What chooses at counts of units by kernel name. */
  @FunctionalInterface
  interface ChoiceOfCounts {
    Masks masks(Map<String, float[]> scores, Map<String, Integer> kept);
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
