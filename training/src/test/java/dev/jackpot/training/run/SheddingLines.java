package dev.jackpot.training.run;

import dev.jackpot.pruning.shedding.Clustering;
import dev.jackpot.pruning.shedding.Clustering.Channels;
import dev.jackpot.pruning.shedding.MagnitudeHistogram;
import dev.jackpot.pruning.shedding.ShedCounts;
import dev.jackpot.training.run.SheddingMeasurement.Cause;
import dev.jackpot.training.run.SheddingMeasurement.Control;
import dev.jackpot.training.run.SheddingMeasurement.Deaths;
import dev.jackpot.training.run.SheddingMeasurement.Free;
import dev.jackpot.training.run.SheddingMeasurement.Kept;
import dev.jackpot.training.run.SheddingMeasurement.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lines of shedding.jsonl as stages write them, of one kernel with 100 weights, 80 of them live.
 */
public final class SheddingLines {
  private SheddingLines() {}

  /** A line on all layers: {@code shed} weights below all levels, 5 of the control's. */
  public static SheddingMeasurement whole(String stage, int epoch, long step, long shed) {
    List<Long> bins = new ArrayList<>();
    for (int b = 0; b < MagnitudeHistogram.BINS; b++) {
      bins.add(b < 10 ? 8L : 0L);
    }
    Clustering cluster = new Clustering(new Channels(0.25, 0.5, 1), new Channels(0, 0.125, 0));
    Layer layer =
        new Layer(
            "conv/kernel",
            100,
            counts(80, shed),
            new MagnitudeHistogram(0, bins, 0),
            List.of(0., 1., 2., 3., 4., 5., 6.),
            List.of(),
            List.of(),
            List.of(cluster, cluster),
            10,
            new Deaths(2, 3, 7));
    return new SheddingMeasurement(
        new SheddingMoment(stage, epoch, step, step, 0.5, epoch == 0 ? Double.NaN : 0.75),
        epoch == 0 ? Cause.START : Cause.EPOCH,
        List.of(0.5),
        List.of(0.75),
        12.5,
        100,
        counts(80, shed),
        Optional.of(new Control(0.875, counts(100, 5), List.of(counts(100, 5)))),
        List.of(layer),
        List.of(new Kept(0.75, epoch == 0 ? Double.NaN : 0.5, 1, 0.25)),
        Optional.of(new Free(0.125, Double.POSITIVE_INFINITY, 40, 1, Double.NaN)));
  }

  /** A line of totals, after an event. */
  public static SheddingMeasurement event(String stage, int epoch, long step) {
    return new SheddingMeasurement(
        new SheddingMoment(stage, epoch, step, step, 0.5, Double.NaN),
        Cause.EVENT,
        List.of(0.5),
        List.of(0.75),
        12.5,
        100,
        counts(60, 10),
        Optional.empty(),
        List.of(),
        List.of(),
        Optional.empty());
  }

  private static ShedCounts counts(long live, long shed) {
    List<Long> one = List.of(shed);
    return new ShedCounts(live, one, one, one, one, one);
  }
}
