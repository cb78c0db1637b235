package dev.jackpot.training.report;

import dev.jackpot.pruning.shedding.ShedCounts;
import dev.jackpot.training.report.CurveChart.CannotDrawException;
import dev.jackpot.training.run.SheddingMeasurement;
import dev.jackpot.training.run.SheddingMeasurement.Cause;
import dev.jackpot.training.run.SheddingMeasurement.Layer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** How much stages have shed; nothing if none was watched. */
final class SheddingSection {
  /** Of more stages the first and the last ones are shown. */
  private static final int STAGES = 6;

  private final Html html;

  private SheddingSection(Html html) {
    this.html = html;
  }

  static void write(Html html, List<SheddingMeasurement> lines) {
    Map<String, List<SheddingMeasurement>> stages = new LinkedHashMap<>();
    lines.forEach(m -> stages.computeIfAbsent(m.moment().stage(), s -> new ArrayList<>()).add(m));
    if (stages.isEmpty()) {
      return;
    }
    SheddingSection section = new SheddingSection(html);
    html.section("Shedding")
        .element(
            "p class=\"caption\"",
            "A live weight is shed when it has become negligible although nobody pruned it:"
                + " S_rel(ε) is the share of the live weights below ε times the root mean square of"
                + " their kernel's at the stage's start, S_gmp(q) the share below the magnitude"
                + " that would prune q of the dense weights that the stage began with. The control"
                + " is the unpruned network, trained alike: what the stage has more of is the"
                + " excess; of S_gmp, which begins at another level after magnitude pruning, what"
                + " it has moved more than the control since the start. Amplification is the excess"
                + " in weights over the weights that were pruned.");
    List<String> names = new ArrayList<>(stages.keySet());
    int left = Math.max(0, names.size() - STAGES);
    for (int i = 0; i < names.size(); i++) {
      if (i == 0 || i > left) {
        section.stage(names.get(i), stages.get(names.get(i)), "shedding" + i);
      }
    }
    if (left > 0) {
      html.element("p class=\"note\"", "%d more stages are in shedding.jsonl.".formatted(left));
    }
    html.raw("</section>");
  }

  private void stage(String name, List<SheddingMeasurement> lines, String id) {
    List<SheddingMeasurement> whole = lines.stream().filter(SheddingMeasurement::isWhole).toList();
    if (whole.isEmpty()) {
      return;
    }
    html.element("h3", name);
    measures(whole.get(0), whole.get(whole.size() - 1));
    try {
      String drawn = new SheddingFigures(lines, whole, id).all();
      html.raw("<div class=\"figures\">").raw(drawn).raw("</div>");
    } catch (CannotDrawException e) {
      html.element("p class=\"note\"", CurveSection.cannotDraw(e, "shedding.jsonl"));
    }
    layers(whole.get(0), whole.get(whole.size() - 1));
    kept(whole.get(whole.size() - 1));
  }

  /** Every measure at the start and at the end, and what it is more than the control's. */
  private void measures(SheddingMeasurement first, SheddingMeasurement last) {
    boolean controlled = last.control().isPresent();
    List<String> headings = new ArrayList<>(List.of("Shed", "At the start", "Now"));
    headings.addAll(
        controlled ? List.of("Control now", "Excess", "Amplification") : List.of("More"));
    html.openTable(headings);
    for (int k = 0; k < last.relative().size(); k++) {
      int i = k;
      String level = CurveSection.number(last.relative().get(k));
      measure("S_rel(%s)".formatted(level), last, Excess.relative(first, c -> c.relative().get(i)));
      measure(
          "S_rel(%s) by filter".formatted(level),
          last,
          Excess.relative(first, c -> c.byFilter().get(i)));
      measure(
          "S_rel(%s), norms folded in".formatted(level),
          last,
          Excess.relative(first, c -> c.folded().get(i)));
    }
    for (int k = 0; k < last.quantiles().size(); k++) {
      int i = k;
      String level = CurveSection.number(last.quantiles().get(k));
      measure("S_gmp(%s)".formatted(level), last, Excess.global(first, c -> c.global().get(i)));
      measure(
          "S_gmp(%s), norms folded in".formatted(level),
          last,
          Excess.global(first, c -> c.foldedGlobal().get(i)));
    }
    html.closeTable();
    html.element(
        "p class=\"caption\"",
        "Now is after epoch %s. %s of %s watched weights are live, %s are pruned%s."
            .formatted(
                Figures.count(last.moment().epoch()),
                Figures.count(last.total().live()),
                Figures.count(last.size()),
                Figures.count(last.pruned()),
                silent(last)));
    last.free()
        .ifPresent(
            f ->
                html.element(
                    "p class=\"caption\"",
                    "S_free(%s): %s of the live weights could go by magnitude while the loss of some training images rises from %s to %s; at the start %s."
                        .formatted(
                            CurveSection.number(f.delta()),
                            Figures.percent(last.total().share(f.removed())),
                            loss(f.loss()),
                            loss(f.lossAfter()),
                            first
                                .free()
                                .map(s -> Figures.percent(first.total().share(s.removed())))
                                .orElse(Figures.ABSENT))));
  }

  private static String loss(double value) {
    return Double.isFinite(value) ? CurveSection.number(value) : Figures.ABSENT;
  }

  private static String silent(SheddingMeasurement m) {
    long units = m.layers().stream().mapToLong(Layer::units).sum();
    return dead(m, units, l -> l.deaths().silent(), "are silent (their output hardly varies)")
        + dead(
            m, units, l -> l.deaths().units(), "have no live path from the images or to a logit");
  }

  private static String dead(
      SheddingMeasurement m, long units, ToLongFunction<Layer> count, String how) {
    return m.layers().stream().anyMatch(l -> count.applyAsLong(l) < 0)
        ? ""
        : "; of %s units %s %s"
            .formatted(
                Figures.count(units),
                Figures.count(m.layers().stream().mapToLong(count).sum()),
                how);
  }

  private void measure(String name, SheddingMeasurement last, Excess excess) {
    List<String> cells = new ArrayList<>();
    cells.add(Figures.percent(share(excess.first().total(), excess.count())));
    cells.add(Figures.percent(share(last.total(), excess.count())));
    last.control().ifPresent(c -> cells.add(Figures.percent(share(c.total(), excess.count()))));
    cells.add(Figures.points(excess.at(last)));
    if (last.control().isPresent()) {
      cells.add(factor(excess.amplification(last)));
    }
    html.row(name, cells);
  }

  /** Weights for each pruned weight. */
  static String factor(double value) {
    return Double.isNaN(value)
        ? Figures.ABSENT
        : String.format(Locale.ROOT, "%+.2f", value).replace('-', '−');
  }

  static double share(ShedCounts counts, Function<ShedCounts, Long> count) {
    return counts.share(count.apply(counts));
  }

  private void layers(SheddingMeasurement first, SheddingMeasurement last) {
    int q = last.quantiles().size() - 1;
    if (q < 0) {
      return;
    }
    String level = CurveSection.number(last.quantiles().get(q));
    html.openTable(
        List.of(
            "Kernel",
            "No.",
            "Live",
            "S_gmp(%s) at the start".formatted(level),
            "now",
            "Control",
            "Silent units",
            "without a path",
            "Dead filters",
            "at τ",
            "Gini of filters",
            "at τ"));
    for (int k = 0; k < last.layers().size(); k++) {
      Layer layer = last.layers().get(k);
      int kernel = k;
      Function<ShedCounts, Long> count = c -> c.global().get(q);
      html.row(
          layer.kernel(),
          List.of(
              Figures.count(k + 1),
              Figures.percent((double) layer.shed().live() / layer.size()),
              Figures.percent(share(first.layers().get(k).shed(), count)),
              Figures.percent(share(layer.shed(), count)),
              last.control()
                  .filter(c -> kernel < c.layers().size())
                  .map(c -> Figures.percent(share(c.layers().get(kernel), count)))
                  .orElse(Figures.ABSENT),
              units(layer.deaths().silent(), layer.units()),
              units(layer.deaths().units(), layer.units()),
              Figures.count(layer.clusters().get(0).filters().dead()),
              Figures.count(layer.clusters().get(q + 1).filters().dead()),
              gini(layer.clusters().get(0).filters().gini()),
              gini(layer.clusters().get(q + 1).filters().gini())));
    }
    html.closeTable();
    html.element(
        "p class=\"caption\"",
        "Dead filters keep nothing; Gini is that of the filters' densities: 0 where all are equal."
            + " At τ: were all weights pruned "
            + "that are below the magnitude of S_gmp(%s).".formatted(level));
  }

  private static String units(int dead, int all) {
    return dead < 0 ? Figures.ABSENT : "%d of %d".formatted(dead, all);
  }

  private static String gini(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private void kept(SheddingMeasurement last) {
    html.openTable(
        List.of("Kept at density", "Jaccard with the start's", "with those before", "By chance"));
    last.kept()
        .forEach(
            k ->
                html.row(
                    Figures.percent(1 - k.quantile()),
                    List.of(index(k.first()), index(k.before()), index(k.chance()))));
    html.closeTable();
    html.element(
        "p class=\"caption\"",
        "The weights that global magnitude pruning would keep at a density, now and at the stage's"
            + " start or the measurement before: common ones over all of either.");
  }

  private static String index(double value) {
    return Double.isNaN(value) ? Figures.ABSENT : String.format(Locale.ROOT, "%.3f", value);
  }

  /** Epochs of the stage that a measurement lies behind its start. */
  static double epoch(SheddingMeasurement m, List<SheddingMeasurement> whole) {
    return whole.stream()
        .filter(w -> w.cause() == Cause.EPOCH)
        .findFirst()
        .map(w -> (double) m.moment().stageStep() * w.moment().epoch() / w.moment().stageStep())
        .orElse(0.);
  }
}
