package dev.jackpot.config;

import dev.jackpot.config.proto.Axis;
import dev.jackpot.config.proto.Choice;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.Sweep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A sweep and its cells: all combinations with the first seed, then all with the next, so that a
 * sweep that is stopped early has whole tables.
 *
 * @param sweep validated; with a name
 * @param cells at least one, no two of the same path
 */
public record SweepPlan(Sweep sweep, List<SweepCell> cells) {
  private static final int LONGEST_NAME = 100;

  public SweepPlan {
    cells = List.copyOf(cells);
  }

  /**
   * Reads a sweep and resolves its cells.
   *
   * @param file .textproto, .txtpb, .pbtxt or .json
   * @param sets overrides of every cell, after the sweep's own
   * @param template whether paths that the user has to give may still be missing
   * @throws ConfigException with every problem of the sweep, or else of its cells
   */
  public static SweepPlan load(String file, List<String> sets, boolean template) {
    Sweep sweep = SweepLoader.load(file);
    String base = base(file, sweep.getBase());
    Map<String, List<String>> problems = new LinkedHashMap<>();
    List<SweepCell> cells = new ArrayList<>();
    List<Long> seeds = sweep.getSeedsCount() == 0 ? List.of(1L) : sweep.getSeedsList();
    for (long seed : seeds) {
      for (List<Choice> combination : combinations(sweep.getAxesList())) {
        List<String> names = combination.stream().map(Choice::getName).toList();
        List<String> all = new ArrayList<>(sweep.getSetList());
        combination.forEach(choice -> all.addAll(choice.getSetList()));
        all.add("seed=" + seed);
        all.add("name=" + name(sweep.getName(), names, seed));
        all.addAll(sets);
        try {
          Experiment experiment =
              template
                  ? ExperimentLoader.loadTemplate(base, all)
                  : ExperimentLoader.load(base, all);
          cells.add(new SweepCell(names, seed, all, experiment));
        } catch (ConfigException e) {
          e.problems()
              .forEach(
                  problem ->
                      problems
                          .computeIfAbsent(problem, p -> new ArrayList<>())
                          .add(SweepCell.path(names, seed)));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(told(file, problems));
    }
    return new SweepPlan(sweep, cells);
  }

  /** Each problem once, with the cells that have it. */
  private static List<String> told(String file, Map<String, List<String>> problems) {
    List<String> lines = new ArrayList<>();
    problems.forEach(
        (problem, cells) ->
            lines.add(
                "%s: cell %s%s: %s"
                    .formatted(
                        Show.oneLine(file),
                        cells.get(0),
                        cells.size() == 1 ? "" : " and %d more".formatted(cells.size() - 1),
                        problem)));
    return lines;
  }

  /** Later axes change faster. */
  private static List<List<Choice>> combinations(List<Axis> axes) {
    List<List<Choice>> all = List.of(List.of());
    for (Axis axis : axes) {
      List<List<Choice>> longer = new ArrayList<>();
      for (List<Choice> before : all) {
        for (Choice choice : axis.getChoicesList()) {
          List<Choice> with = new ArrayList<>(before);
          with.add(choice);
          longer.add(with);
        }
      }
      all = longer;
    }
    return all;
  }

  /** Beside the sweep's file, or else as it is: a path or a preset. */
  private static String base(String file, String base) {
    Path folder = Path.of(file).toAbsolutePath().getParent();
    Path beside = folder.resolve(base);
    return Files.isRegularFile(beside) ? beside.toString() : base;
  }

  private static String name(String sweep, List<String> choices, long seed) {
    String name = sweep + "-" + String.join("-", choices) + "-seed" + seed;
    return name.substring(0, Math.min(name.length(), LONGEST_NAME));
  }

  /** Which axis has a baseline. */
  public OptionalInt comparedAxis() {
    for (int i = 0; i < sweep.getAxesCount(); i++) {
      if (sweep.getAxes(i).hasBaseline()) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }
}
