package dev.jackpot.training.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.jackpot.pruning.shedding.Clustering;
import dev.jackpot.pruning.shedding.MagnitudeHistogram;
import dev.jackpot.pruning.shedding.ShedCounts;
import dev.jackpot.pruning.shedding.Spread;
import dev.jackpot.training.run.SheddingMeasurement.Cause;
import dev.jackpot.training.run.SheddingMeasurement.Control;
import dev.jackpot.training.run.SheddingMeasurement.Deaths;
import dev.jackpot.training.run.SheddingMeasurement.Free;
import dev.jackpot.training.run.SheddingMeasurement.Kept;
import dev.jackpot.training.run.SheddingMeasurement.Layer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A measurement of shed weights as a line of JSON, and back. */
final class SheddingLine {
  private SheddingLine() {}

  /** Without its line end. */
  static String text(SheddingMeasurement m) {
    JsonObject o = new JsonObject();
    o.addProperty("stage", m.moment().stage());
    o.addProperty("cause", m.cause().label());
    o.addProperty("epoch", m.moment().epoch());
    o.addProperty("step", m.moment().step());
    o.addProperty("stage_step", m.moment().stageStep());
    o.addProperty("learning_rate", m.moment().learningRate());
    JsonFields.add(o, "accuracy", m.moment().accuracy());
    o.add("relative", array(m.relative()));
    o.add("quantiles", array(m.quantiles()));
    JsonFields.add(o, "norm", m.norm());
    o.addProperty("size", m.size());
    o.add("shed", counts(m.total()));
    m.free().ifPresent(free -> o.add("free", free(free)));
    m.control().ifPresent(c -> o.add("control", control(c)));
    if (m.isWhole()) {
      JsonArray kept = new JsonArray();
      m.kept().forEach(k -> kept.add(kept(k)));
      o.add("kept", kept);
      JsonArray layers = new JsonArray();
      m.layers().forEach(l -> layers.add(layer(l)));
      o.add("layers", layers);
    }
    return JsonFields.line(o);
  }

  /**
   * @param place where the line stands, for messages
   * @throws dev.jackpot.config.JackpotException if the line is not one of ours
   */
  static SheddingMeasurement parse(String place, String line) {
    JsonFields f = JsonFields.parse(place, line);
    int epsilons = f.size("relative");
    int quantiles = f.size("quantiles");
    return new SheddingMeasurement(
        new SheddingMoment(
            f.string("stage"),
            f.count("epoch"),
            f.integer("step"),
            f.integer("stage_step"),
            f.finite("learning_rate"),
            f.number("accuracy")),
        f.choice("cause", Cause.values(), Cause::label),
        list(f.numbers("relative", epsilons)),
        list(f.numbers("quantiles", quantiles)),
        f.number("norm"),
        f.integer("size"),
        counts(f.object("shed"), epsilons, quantiles),
        f.has("control")
            ? Optional.of(control(f.object("control"), epsilons, quantiles))
            : Optional.empty(),
        f.objects("layers").stream().map(l -> layer(l, epsilons, quantiles)).toList(),
        f.objects("kept").stream().map(SheddingLine::kept).toList(),
        f.has("free") ? Optional.of(free(f.object("free"))) : Optional.empty());
  }

  private static JsonObject free(Free free) {
    JsonObject o = new JsonObject();
    o.addProperty("delta", free.delta());
    JsonFields.add(o, "threshold", free.threshold());
    o.addProperty("removed", free.removed());
    o.addProperty("loss", free.loss());
    JsonFields.add(o, "loss_after", free.lossAfter());
    return o;
  }

  private static Free free(JsonFields f) {
    return new Free(
        f.finite("delta"),
        f.has("threshold") ? f.finite("threshold") : Double.POSITIVE_INFINITY,
        f.integer("removed"),
        f.finite("loss"),
        f.number("loss_after"));
  }

  private static JsonObject counts(ShedCounts c) {
    JsonObject o = new JsonObject();
    o.addProperty("live", c.live());
    o.add("relative", array(c.relative()));
    o.add("by_filter", array(c.byFilter()));
    o.add("folded", array(c.folded()));
    o.add("global", array(c.global()));
    o.add("folded_global", array(c.foldedGlobal()));
    return o;
  }

  private static ShedCounts counts(JsonFields f, int epsilons, int quantiles) {
    return new ShedCounts(
        f.integer("live"),
        f.integers("relative", epsilons),
        f.integers("by_filter", epsilons),
        f.integers("folded", epsilons),
        f.integers("global", quantiles),
        f.integers("folded_global", quantiles));
  }

  private static JsonObject control(Control c) {
    JsonObject o = new JsonObject();
    JsonFields.add(o, "accuracy", c.accuracy());
    o.add("shed", counts(c.total()));
    JsonArray layers = new JsonArray();
    c.layers().forEach(l -> layers.add(counts(l)));
    o.add("layers", layers);
    return o;
  }

  private static Control control(JsonFields f, int epsilons, int quantiles) {
    return new Control(
        f.number("accuracy"),
        counts(f.object("shed"), epsilons, quantiles),
        f.objects("layers").stream().map(l -> counts(l, epsilons, quantiles)).toList());
  }

  private static JsonObject kept(Kept k) {
    JsonObject o = new JsonObject();
    o.addProperty("quantile", k.quantile());
    JsonFields.add(o, "before", k.before());
    JsonFields.add(o, "first", k.first());
    o.addProperty("chance", k.chance());
    return o;
  }

  private static Kept kept(JsonFields f) {
    return new Kept(
        f.finite("quantile"), f.number("before"), f.number("first"), f.finite("chance"));
  }

  private static JsonObject layer(Layer l) {
    JsonObject o = new JsonObject();
    o.addProperty("kernel", l.kernel());
    o.addProperty("size", l.size());
    o.add("shed", counts(l.shed()));
    o.addProperty("below", l.histogram().below());
    o.add("bins", array(l.histogram().bins()));
    o.addProperty("above", l.histogram().above());
    spread(o, "filter_norms", l.filterNorms());
    spread(o, "folded_norms", l.foldedNorms());
    spread(o, "gammas", l.gammas());
    JsonArray clusters = new JsonArray();
    for (Clustering c : l.clusters()) {
      JsonObject both = new JsonObject();
      both.add("filters", channels(c.filters()));
      both.add("inputs", channels(c.inputs()));
      clusters.add(both);
    }
    o.add("clusters", clusters);
    o.addProperty("units", l.units());
    measured(o, "silent", l.deaths().silent());
    measured(o, "dead_units", l.deaths().units());
    measured(o, "dead_weights", l.deaths().weights());
    return o;
  }

  private static Layer layer(JsonFields f, int epsilons, int quantiles) {
    return new Layer(
        f.string("kernel"),
        f.integer("size"),
        counts(f.object("shed"), epsilons, quantiles),
        new MagnitudeHistogram(
            f.integer("below"), f.integers("bins", MagnitudeHistogram.BINS), f.integer("above")),
        spread(f, "filter_norms"),
        spread(f, "folded_norms"),
        spread(f, "gammas"),
        f.objects("clusters").stream()
            .map(c -> new Clustering(channels(c.object("filters")), channels(c.object("inputs"))))
            .toList(),
        f.count("units"),
        new Deaths(
            (int) f.integer("silent", -1),
            (int) f.integer("dead_units", -1),
            f.integer("dead_weights", -1)));
  }

  /** Nothing where it was not looked at. */
  private static void measured(JsonObject o, String name, long count) {
    if (count >= 0) {
      o.addProperty(name, count);
    }
  }

  private static JsonObject channels(Clustering.Channels c) {
    JsonObject o = new JsonObject();
    o.addProperty("gini", c.gini());
    o.addProperty("variance", c.variance());
    o.addProperty("dead", c.dead());
    return o;
  }

  private static Clustering.Channels channels(JsonFields f) {
    return new Clustering.Channels(f.finite("gini"), f.finite("variance"), f.count("dead"));
  }

  private static void spread(JsonObject o, String name, List<Double> quantiles) {
    if (!quantiles.isEmpty()) {
      o.add(name, array(quantiles));
    }
  }

  private static List<Double> spread(JsonFields f, String name) {
    return f.has(name) ? list(f.numbers(name, Spread.SHARES.size())) : List.of();
  }

  private static JsonArray array(Collection<? extends Number> values) {
    JsonArray array = new JsonArray();
    values.forEach(array::add);
    return array;
  }

  private static List<Double> list(double[] values) {
    List<Double> list = new ArrayList<>();
    for (double v : values) {
      list.add(v);
    }
    return list;
  }
}
