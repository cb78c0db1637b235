package dev.jackpot.training;

import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.Masks;
import dev.jackpot.pruning.Overlap;
import dev.jackpot.pruning.shedding.Clustering;
import dev.jackpot.pruning.shedding.MagnitudeHistogram;
import dev.jackpot.pruning.shedding.Reference;
import dev.jackpot.pruning.shedding.ShedCounts;
import dev.jackpot.pruning.shedding.Spread;
import dev.jackpot.pruning.shedding.WatchedKernel;
import dev.jackpot.training.run.SheddingMeasurement;
import dev.jackpot.training.run.SheddingMeasurement.Cause;
import dev.jackpot.training.run.SheddingMeasurement.Deaths;
import dev.jackpot.training.run.SheddingMeasurement.Kept;
import dev.jackpot.training.run.SheddingMeasurement.Layer;
import dev.jackpot.training.run.SheddingMoment;
import dev.jackpot.training.run.SheddingStart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What there is to say of the watched kernels at one moment.
 *
 * @param start what they are held against
 * @param now in the order of its layers
 */
record Sheds(SheddingStart start, List<WatchedKernel> now) {
  Sheds {
    List<String> expected =
        start.reference().layers().stream().map(Reference.Layer::kernel).toList();
    List<String> found = now.stream().map(k -> k.kernel().name()).toList();
    if (!expected.equals(found)) {
      throw new IllegalArgumentException(
          "the stage's start has kernels %s, found %s".formatted(expected, found));
    }
  }

  /** Sums over all kernels. */
  SheddingMeasurement totals(SheddingMoment moment, Cause cause) {
    return line(moment, cause, counts(), List.of(), List.of());
  }

  /**
   * All there is.
   *
   * @param deaths of units, by kernel
   * @param kept the sets at this moment, by quantile
   * @param first those of the stage's start; of none where they are lost
   * @param before those of the measurement before; of none if there is none
   */
  SheddingMeasurement whole(
      SheddingMoment moment,
      Cause cause,
      Map<String, Deaths> deaths,
      Map<Double, Masks> kept,
      Map<Double, Masks> first,
      Map<Double, Masks> before) {
    List<ShedCounts> counts = counts();
    List<Layer> layers = new ArrayList<>();
    for (int k = 0; k < now.size(); k++) {
      layers.add(layer(k, counts.get(k), deaths.get(now.get(k).kernel().name())));
    }
    List<Kept> sets = new ArrayList<>();
    kept.forEach(
        (q, masks) ->
            sets.add(
                new Kept(q, jaccard(before, q, masks), jaccard(first, q, masks), chance(masks))));
    return line(moment, cause, counts, layers, sets);
  }

  private SheddingMeasurement line(
      SheddingMoment moment,
      Cause cause,
      List<ShedCounts> counts,
      List<Layer> layers,
      List<Kept> kept) {
    return new SheddingMeasurement(
        moment,
        cause,
        start.levels().relative(),
        start.levels().quantiles(),
        norm(),
        now.stream().mapToLong(k -> k.weights().length).sum(),
        counts.stream().reduce(ShedCounts.none(start.levels()), ShedCounts::plus),
        Optional.empty(),
        layers,
        kept,
        Optional.empty());
  }

  private List<ShedCounts> counts() {
    List<ShedCounts> counts = new ArrayList<>();
    for (int k = 0; k < now.size(); k++) {
      counts.add(
          ShedCounts.of(
              now.get(k), start.reference(), start.reference().layers().get(k), start.levels()));
    }
    return counts;
  }

  private double norm() {
    double squares = 0;
    for (WatchedKernel kernel : now) {
      float[] weights = kernel.weights();
      for (int i = 0; i < weights.length; i++) {
        if (kernel.live().kept(i)) {
          squares += (double) weights[i] * weights[i];
        }
      }
    }
    return Math.sqrt(squares);
  }

  private Layer layer(int k, ShedCounts counts, Deaths deaths) {
    WatchedKernel kernel = now.get(k);
    Parameter parameter = kernel.kernel();
    List<Clustering> clusters = new ArrayList<>();
    clusters.add(Clustering.of(parameter, kernel.live()::kept));
    start.reference().thresholds().forEach(t -> clusters.add(Clustering.of(kernel, t)));
    boolean normed = kernel.gammas().length > 0;
    return new Layer(
        parameter.name(),
        parameter.size(),
        counts,
        MagnitudeHistogram.of(kernel, start.reference().layers().get(k).rms()),
        Spread.ofFilters(kernel),
        normed ? Spread.ofFoldedFilters(kernel) : List.of(),
        Spread.of(kernel.gammas()),
        clusters,
        kernel.filters(),
        deaths);
  }

  /** NaN if there is nothing to compare with. */
  private static double jaccard(Map<Double, Masks> others, double q, Masks masks) {
    return others.containsKey(q) ? Overlap.of(others.get(q), masks).total().jaccard() : Double.NaN;
  }

  /** d / (2 − d): of two independent sets of the density d. */
  private static double chance(Masks masks) {
    double density = masks.density();
    return density / (2 - density);
  }
}
