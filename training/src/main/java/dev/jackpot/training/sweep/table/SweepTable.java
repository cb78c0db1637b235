package dev.jackpot.training.sweep.table;

import dev.jackpot.config.SweepCell;
import dev.jackpot.config.SweepPlan;
import dev.jackpot.config.proto.Axis;
import dev.jackpot.training.run.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a sweep came to: a row for every combination of choices, over its seeds.
 *
 * @param axes their names
 * @param compared index of the axis with a baseline, if one has
 * @param rows in the order of the axes, later ones changing faster
 */
public record SweepTable(List<String> axes, OptionalInt compared, List<Row> rows) {
  public SweepTable {
    axes = List.copyOf(axes);
    rows = List.copyOf(rows);
  }

  /**
   * One combination.
   *
   * @param choices a name an axis
   * @param accuracy of the test images, over the seeds that are complete
   * @param gain over the baseline seed by seed, over the seeds that are complete in both; empty
   *     without a baseline, and in the baseline's own rows
   */
  public record Row(List<String> choices, Statistic accuracy, Optional<Statistic> gain) {
    public Row {
      choices = List.copyOf(choices);
    }
  }

  /** Of the cells that are complete. */
  public static SweepTable of(SweepPlan plan, List<CellOutcome> outcomes) {
    Map<List<String>, Map<Long, Double>> accuracies = new LinkedHashMap<>();
    for (CellOutcome outcome : outcomes) {
      SweepCell cell = outcome.cell();
      Map<Long, Double> bySeed =
          accuracies.computeIfAbsent(cell.choices(), c -> new LinkedHashMap<>());
      outcome.result().map(Result::accuracy).ifPresent(a -> bySeed.put(cell.seed(), a));
    }
    OptionalInt compared = plan.comparedAxis();
    List<Row> rows = new ArrayList<>();
    accuracies.forEach(
        (choices, bySeed) ->
            rows.add(
                new Row(
                    choices,
                    Statistic.of(values(bySeed.values())),
                    gain(plan, compared, accuracies, choices))));
    List<String> axes = plan.sweep().getAxesList().stream().map(Axis::getName).toList();
    return new SweepTable(axes, compared, rows);
  }

  private static Optional<Statistic> gain(
      SweepPlan plan,
      OptionalInt compared,
      Map<List<String>, Map<Long, Double>> accuracies,
      List<String> choices) {
    if (compared.isEmpty()) {
      return Optional.empty();
    }
    int axis = compared.getAsInt();
    List<String> baseline = new ArrayList<>(choices);
    baseline.set(axis, plan.sweep().getAxes(axis).getBaseline());
    if (baseline.equals(choices)) {
      return Optional.empty();
    }
    Map<Long, Double> before = accuracies.get(baseline);
    List<Double> gains = new ArrayList<>();
    accuracies
        .get(choices)
        .forEach(
            (seed, accuracy) -> {
              if (before.containsKey(seed)) {
                gains.add(accuracy - before.get(seed));
              }
            });
    return Optional.of(Statistic.of(values(gains)));
  }

  private static double[] values(java.util.Collection<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
