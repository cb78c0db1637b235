package dev.jackpot.training.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How the loss of one mini-batch changes with swaps that a mask search would make next: a line of
 * dependency.jsonl. Formulas: docs/lottery-jackpots.md.
 *
 * @param stage the stage's name
 * @param epoch epochs of the stage that are finished
 * @param step training steps taken so far, as the training state counts them
 * @param loss of the mini-batch at the present masks, in nats, label smoothing included
 * @param learningRate of the step that the swaps are taken from
 * @param images in the mini-batch
 * @param kernels those in which swaps were made alone
 * @param groups what swaps did together
 */
public record SwapMeasurement(
    String stage,
    int epoch,
    long step,
    double loss,
    double learningRate,
    int images,
    List<Kernel> kernels,
    List<Group> groups) {

  public SwapMeasurement {
    kernels = List.copyOf(kernels);
    groups = List.copyOf(groups);
  }

  /**
   * One swap by itself.
   *
   * @param predicted D1: the change of the loss to first order
   * @param actual ΔL: the change of the loss
   */
  public record Alone(double predicted, double actual) {}

  /**
   * The swaps of one kernel, each alone, those that come first in the search first.
   *
   * @param wanted how many of them, from the first on, the search's next step would make
   */
  public record Kernel(String name, int wanted, List<Alone> swaps) {
    public Kernel {
      swaps = List.copyOf(swaps);
    }
  }

  /**
   * Some swaps at once.
   *
   * @param swaps q, how many
   * @param predicted D1: the sum over all of them
   * @param actual ΔL
   * @param interaction I(q): ΔL minus the sum of what each of them does alone
   */
  public record Together(int swaps, double predicted, double actual, double interaction) {}

  /**
   * Growing numbers of swaps in the same kernels.
   *
   * @param kernels between which the swaps are dealt in turn
   * @param points by q, growing
   */
  public record Group(SwapRegion region, List<String> kernels, List<Together> points) {
    public Group {
      kernels = List.copyOf(kernels);
      points = List.copyOf(points);
    }
  }

  /** As one line of JSON, without its line end. */
  String toJson() {
    JsonObject o = new JsonObject();
    o.addProperty("stage", stage);
    o.addProperty("epoch", epoch);
    o.addProperty("step", step);
    o.addProperty("loss", loss);
    o.addProperty("learning_rate", learningRate);
    o.addProperty("images", images);
    JsonArray all = new JsonArray();
    for (Kernel kernel : kernels) {
      JsonObject k = new JsonObject();
      k.addProperty("kernel", kernel.name());
      k.addProperty("count", kernel.swaps().size());
      k.addProperty("wanted", kernel.wanted());
      k.add("predicted", numbers(kernel.swaps(), Alone::predicted));
      k.add("actual", numbers(kernel.swaps(), Alone::actual));
      all.add(k);
    }
    o.add("kernels", all);
    JsonArray regions = new JsonArray();
    for (Group group : groups) {
      JsonObject g = new JsonObject();
      g.addProperty("region", group.region().label());
      JsonArray names = new JsonArray();
      group.kernels().forEach(names::add);
      g.add("kernels", names);
      JsonArray swaps = new JsonArray();
      group.points().forEach(p -> swaps.add(p.swaps()));
      g.add("swaps", swaps);
      g.add("predicted", numbers(group.points(), Together::predicted));
      g.add("actual", numbers(group.points(), Together::actual));
      g.add("interaction", numbers(group.points(), Together::interaction));
      regions.add(g);
    }
    o.add("groups", regions);
    return JsonFields.line(o);
  }

  private static <T> JsonArray numbers(List<T> of, ToDoubleFunction<T> number) {
    JsonArray array = new JsonArray();
    of.forEach(t -> array.add(number.applyAsDouble(t)));
    return array;
  }

  /**
   * @param place where the line stands, for messages
   * @throws dev.jackpot.config.JackpotException if the line is not one of ours
   */
  static SwapMeasurement parse(String place, String line) {
    JsonFields f = JsonFields.parse(place, line);
    return new SwapMeasurement(
        f.string("stage"),
        f.count("epoch"),
        f.integer("step"),
        f.finite("loss"),
        f.finite("learning_rate"),
        f.count("images"),
        f.objects("kernels").stream().map(SwapMeasurement::kernel).toList(),
        f.objects("groups").stream().map(SwapMeasurement::group).toList());
  }

  private static Kernel kernel(JsonFields f) {
    int count = f.count("count");
    double[] predicted = f.numbers("predicted", count);
    double[] actual = f.numbers("actual", count);
    List<Alone> swaps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      swaps.add(new Alone(predicted[i], actual[i]));
    }
    return new Kernel(f.string("kernel"), f.count("wanted"), swaps);
  }

  private static Group group(JsonFields f) {
    SwapRegion region = f.choice("region", SwapRegion.values(), SwapRegion::label);
    List<Integer> swaps = f.counts("swaps");
    double[] predicted = f.numbers("predicted", swaps.size());
    double[] actual = f.numbers("actual", swaps.size());
    double[] interaction = f.numbers("interaction", swaps.size());
    List<Together> points = new ArrayList<>();
    for (int i = 0; i < swaps.size(); i++) {
      points.add(new Together(swaps.get(i), predicted[i], actual[i], interaction[i]));
    }
    return new Group(region, f.strings("kernels"), points);
  }
}
