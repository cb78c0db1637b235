package dev.jackpot.config;

import dev.jackpot.config.proto.Axis;
import dev.jackpot.config.proto.Choice;
import dev.jackpot.config.proto.Sweep;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What must hold for a sweep, before its cells are made. */
final class SweepRules {
  static final int MOST_CELLS = 10_000;
  private static final String SEED = "seed";
  private static final Pattern AXIS = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,39}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,39}");
  private static final String NAMED =
      "1 to 40 letters, digits, '_', '-' or '.', the first neither '-' nor '.'";

  private SweepRules() {}

  static void check(Sweep sweep, At at) {
    at.require(NAME.matcher(sweep.getName()).matches(), "name", NAMED);
    at.require(
        !sweep.getBase().isEmpty(), "base", "a config file or a preset's name for every cell");
    for (int i = 0; i < sweep.getSeedsCount(); i++) {
      long seed = sweep.getSeeds(i);
      at.requireItem(
          sweep.getSeedsList().indexOf(seed) == i, "seeds", i, "each seed once: it is given twice");
    }
    axes(sweep, at.all("axes"));
    long cells = Math.max(1, sweep.getSeedsCount());
    for (Axis axis : sweep.getAxesList()) {
      cells = Math.min(Integer.MAX_VALUE, cells * Math.max(1, axis.getChoicesCount()));
    }
    at.require(
        cells <= MOST_CELLS, "axes", "at most %d cells, there are %d".formatted(MOST_CELLS, cells));
  }

  private static void axes(Sweep sweep, List<At> axes) {
    Set<String> names = new HashSet<>();
    String compared = "";
    for (int i = 0; i < axes.size(); i++) {
      Axis axis = sweep.getAxes(i);
      At at = axes.get(i);
      at.require(
          AXIS.matcher(axis.getName()).matches() && !axis.getName().equals(SEED),
          "name",
          "1 to 40 letters, digits, '_' or '-', other than seed");
      at.require(names.add(axis.getName()), "name", "a name of its own: two axes have it");
      at.require(
          axis.getChoicesCount() > 0,
          "choices",
          "at least one, for instance choices { name: \"90\" set: \"stages.prune.sparsity=0.9\" }");
      choices(axis, at.all("choices"));
      if (axis.hasBaseline()) {
        List<String> known = axis.getChoicesList().stream().map(Choice::getName).toList();
        at.require(
            known.contains(axis.getBaseline()),
            "baseline",
            "a choice of this axis" + Names.hint(axis.getBaseline(), known));
        at.require(
            compared.isEmpty(),
            "baseline",
            "none: axis %s has one, and gains are along one axis".formatted(compared));
        compared = axis.getName();
      }
    }
  }

  private static void choices(Axis axis, List<At> choices) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < choices.size(); i++) {
      String name = axis.getChoices(i).getName();
      choices.get(i).require(NAME.matcher(name).matches(), "name", NAMED);
      choices.get(i).require(names.add(name), "name", "a name of its own: two choices have it");
    }
  }
}
