package dev.jackpot.pruning;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The swaps of one kernel in the order in which {@link PatternUpdate} carries them out: its update
 * at any rate is the first q of them. Behind those it wants come the ones it would want next, if
 * scores went on as they do: the best of what stays pruned against the worst of what stays kept.
 *
 * @param swaps no weight is in two of them
 * @param wanted how many, from the first on, the update wants
 */
public record SwapRanking(List<Swap> swaps, int wanted) {
  public SwapRanking {
    swaps = List.copyOf(swaps);
  }

  /**
   * Ranks the swaps of a kernel.
   *
   * @param units of a pattern that {@link PatternUpdate#supports} knows
   * @param scores a finite score per weight
   * @param kept the mask, which keeps to the pattern
   * @param most swaps at most
   */
  public static SwapRanking of(Units units, float[] scores, boolean[] kept, int most) {
    if (units instanceof NmUnits groups) {
      Ranker ranker = new Ranker(scores, i -> kept[i], most);
      int columns = groups.matrix().columns();
      groups.forEach(
          (first, size) ->
              ranker.group(IntStream.range(0, size).map(i -> first + i * columns).toArray()));
      return ranker.ranking(SwapRanking::single);
    } else if (units instanceof BlockUnits blocks) {
      float[] means = blocks.scores(scores, Criterion.Reduction.MEAN);
      boolean[] whole = blocks.blocks(kept);
      Ranker ranker = new Ranker(means, i -> whole[i], most);
      ranker.group(IntStream.range(0, means.length).toArray());
      return ranker.ranking(blocks::weights);
    } else if (units instanceof FreePattern.Weights) {
      Ranker ranker = new Ranker(scores, i -> kept[i], most);
      ranker.group(IntStream.range(0, scores.length).toArray());
      return ranker.ranking(SwapRanking::single);
    }
    throw new IllegalArgumentException("no swaps for " + units.getClass().getName());
  }

  private static int[] single(int weight) {
    return new int[] {weight};
  }

  /** Two units of one group. */
  private record Pair(int revived, int removed, boolean wanted, int gain, int number) {
    /** Those that are wanted first, then the higher gain, then the earlier. */
    static final Comparator<Pair> ORDER =
        Comparator.comparing((Pair p) -> !p.wanted)
            .thenComparing(Comparator.comparingInt(Pair::gain).reversed())
            .thenComparingInt(Pair::number);
  }

  /** Collects the best pairs of all groups. */
  private static final class Ranker {
    private final float[] scores;
    private final IntPredicate kept;
    private final int most;
    private final PriorityQueue<Pair> best = new PriorityQueue<>(Pair.ORDER.reversed());
    private int pairs;

    Ranker(float[] scores, IntPredicate kept, int most) {
      this.scores = scores;
      this.kept = kept;
      this.most = most;
    }

    /** Units by score, the best first, of equal ones the lower number. */
    private final Comparator<Integer> byRank = this::compare;

    private int compare(int a, int b) {
      int byScore = Integer.compare(Cut.key(scores[b]), Cut.key(scores[a]));
      return byScore != 0 ? byScore : Integer.compare(a, b);
    }

    /** Adds the pairs of units that may change sides with one another. */
    void group(int[] members) {
      List<Integer> pruned = first(members, kept.negate(), byRank);
      List<Integer> worst = first(members, kept, byRank.reversed());
      for (int j = 0; j < Math.min(pruned.size(), worst.size()); j++) {
        int revived = pruned.get(j);
        int removed = worst.get(j);
        add(
            new Pair(
                revived,
                removed,
                compare(revived, removed) < 0,
                Cut.key(scores[revived] - scores[removed]),
                pairs++));
      }
    }

    private void add(Pair pair) {
      best.add(pair);
      if (best.size() > most) {
        best.remove();
      }
    }

    /** The first of those members in an order, as many as may be needed. */
    private List<Integer> first(int[] members, IntPredicate side, Comparator<Integer> order) {
      PriorityQueue<Integer> chosen = new PriorityQueue<>(order.reversed());
      for (int member : members) {
        if (side.test(member)) {
          if (chosen.size() < most) {
            chosen.add(member);
          } else if (order.compare(member, chosen.element()) < 0) {
            chosen.remove();
            chosen.add(member);
          }
        }
      }
      List<Integer> sorted = new ArrayList<>(chosen);
      sorted.sort(order);
      return sorted;
    }

    /**
     * @param weights of a unit
     */
    SwapRanking ranking(IntFunction<int[]> weights) {
      List<Pair> sorted = new ArrayList<>(best);
      sorted.sort(Pair.ORDER);
      List<Swap> swaps = new ArrayList<>();
      sorted.forEach(
          p -> swaps.add(new Swap(weights.apply(p.revived()), weights.apply(p.removed()))));
      return new SwapRanking(swaps, (int) sorted.stream().filter(Pair::wanted).count());
    }
  }
}
