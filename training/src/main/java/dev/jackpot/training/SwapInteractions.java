package dev.jackpot.training;

import dev.jackpot.config.JackpotException;
import dev.jackpot.pruning.Swap;
import dev.jackpot.pruning.SwapRanking;
import dev.jackpot.training.run.SwapMeasurement.Alone;
import dev.jackpot.training.run.SwapMeasurement.Group;
import dev.jackpot.training.run.SwapMeasurement.Kernel;
import dev.jackpot.training.run.SwapMeasurement.Together;
import dev.jackpot.training.run.SwapRegion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Measures swaps alone and together (Zhang et al., IEEE TPAMI 2023; docs/lottery-jackpots.md):
 *
 * <pre>
 * ΔL(S) = L(after the swaps S) − L        I(q) = ΔL({s₁ … s_q}) − Σ_k ΔL({s_k})
 * </pre>
 *
 * for q = 1, 2, 4, …, within a kernel, dealt in turn between two kernels that follow one another,
 * between two that are half the network apart, and between all kernels.
 */
final class SwapInteractions {
  private final Map<String, SwapRanking> rankings = new LinkedHashMap<>();
  private final SwapLosses losses;
  private final int most;
  private final double start;
  private final Map<KernelSwap, Alone> alone = new LinkedHashMap<>();
  private final List<Group> groups = new ArrayList<>();

  private SwapInteractions(Map<String, SwapRanking> rankings, SwapLosses losses, int most) {
    rankings.forEach(
        (name, ranking) -> {
          if (!ranking.swaps().isEmpty()) {
            this.rankings.put(name, ranking);
          }
        });
    this.losses = losses;
    this.most = most;
    this.start = loss(List.of());
  }

  /**
   * What was measured.
   *
   * @param loss at the present masks
   * @param kernels the swaps that were made alone, in the order of the network
   * @param groups by region
   */
  record Measured(double loss, List<Kernel> kernels, List<Group> groups) {}

  /**
   * Measures.
   *
   * @param rankings of the kernels, in the order of the network
   * @param most swaps at once
   * @param places kernels that stand for the network: the middles of equal parts of it
   * @throws JackpotException if a loss is not a finite number
   */
  static Measured measure(
      Map<String, SwapRanking> rankings, SwapLosses losses, int most, int places) {
    SwapInteractions interactions = new SwapInteractions(rankings, losses, most);
    interactions.regions(places);
    return interactions.measured();
  }

  private void regions(int places) {
    List<String> names = List.copyOf(rankings.keySet());
    int n = names.size();
    for (int place : middles(Math.min(places, n), n)) {
      String here = names.get(place);
      group(SwapRegion.LAYER, List.of(here));
      if (n > 1) {
        String next = names.get(place + 1 < n ? place + 1 : place - 1);
        group(SwapRegion.ADJACENT, List.of(here, next));
      }
      int far = (place + n / 2) % n;
      if (Math.abs(far - place) > 1) {
        group(SwapRegion.DISTANT, List.of(here, names.get(far)));
      }
    }
    if (n > 1) {
      group(SwapRegion.ALL, names);
    }
  }

  private static SortedSet<Integer> middles(int parts, int n) {
    SortedSet<Integer> middles = new TreeSet<>();
    for (int i = 0; i < parts; i++) {
      middles.add((int) ((2L * i + 1) * n / (2L * parts)));
    }
    return middles;
  }

  private void group(SwapRegion region, List<String> kernels) {
    List<KernelSwap> swaps = dealt(kernels);
    List<Together> points = new ArrayList<>();
    double predicted = 0;
    double sum = 0;
    int done = 0;
    for (int q = 1; q <= swaps.size(); q *= 2) {
      for (; done < q; done++) {
        Alone single = alone(swaps.get(done));
        predicted += single.predicted();
        sum += single.actual();
      }
      double actual = loss(swaps.subList(0, q)) - start;
      points.add(new Together(q, predicted, actual, actual - sum));
    }
    groups.add(new Group(region, kernels, points));
  }

  /** The kernels' swaps in turn: the first of each, then the second of each, … */
  private List<KernelSwap> dealt(List<String> kernels) {
    List<KernelSwap> dealt = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      for (String kernel : kernels) {
        List<Swap> swaps = rankings.get(kernel).swaps();
        if (i < swaps.size() && dealt.size() < most) {
          dealt.add(new KernelSwap(kernel, swaps.get(i)));
        }
      }
    }
    return dealt;
  }

  private Alone alone(KernelSwap swap) {
    Alone known = alone.get(swap);
    if (known == null) {
      known = new Alone(losses.predicted(swap), loss(List.of(swap)) - start);
      alone.put(swap, known);
    }
    return known;
  }

  private double loss(List<KernelSwap> swaps) {
    double loss = losses.after(swaps);
    if (!Double.isFinite(loss)) {
      throw new JackpotException(
          "dependency: the mini-batch's loss after %d swaps is %s; expected a finite number"
              .formatted(swaps.size(), loss));
    }
    return loss;
  }

  private Measured measured() {
    List<Kernel> kernels = new ArrayList<>();
    rankings.forEach(
        (name, ranking) -> {
          List<Alone> swaps =
              ranking.swaps().stream()
                  .map(swap -> new KernelSwap(name, swap))
                  .filter(alone::containsKey)
                  .map(alone::get)
                  .toList();
          if (!swaps.isEmpty()) {
            kernels.add(new Kernel(name, Math.min(ranking.wanted(), swaps.size()), swaps));
          }
        });
    groups.sort(Comparator.comparing(Group::region));
    return new Measured(start, kernels, groups);
  }
}
