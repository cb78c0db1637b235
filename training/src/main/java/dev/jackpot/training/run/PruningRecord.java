package dev.jackpot.training.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What an event of a pruning schedule did: a line of pruning.jsonl.
 *
 * @param stage the stage's name
 * @param kind scheduled; of a cascade seed, harvest, push, final
 * @param epoch epochs of the stage that were done, with their fraction
 * @param step training steps of all stages that were done
 * @param lossBefore on the calibration images, in nats; NaN if it was not measured
 * @param lossAfter the same right after
 * @param kernels those that may be pruned
 */
public record PruningRecord(
    String stage,
    String kind,
    double epoch,
    long step,
    double lossBefore,
    double lossAfter,
    List<Kernel> kernels) {

  public PruningRecord {
    kernels = List.copyOf(kernels);
  }

  /**
   * Weights of a kernel.
   *
   * @param size all of them
   * @param before kept before
   * @param after kept after
   */
  public record Kernel(String name, long size, long before, long after) {}

  /** Weights of all kernels. */
  public long size() {
    return sum(Kernel::size);
  }

  /** Pruned weights of all kernels before. */
  public long prunedBefore() {
    return size() - sum(Kernel::before);
  }

  /** Pruned weights of all kernels after. */
  public long prunedAfter() {
    return size() - sum(Kernel::after);
  }

  private long sum(ToLongFunction<Kernel> of) {
    return kernels.stream().mapToLong(of).sum();
  }

  /** For people, one line. */
  public String summary() {
    String text =
        "%s: %s after step %d, %d of %d weights are pruned (%d more)"
            .formatted(stage, kind, step, prunedAfter(), size(), prunedAfter() - prunedBefore());
    return Double.isNaN(lossAfter)
        ? text
        : text + ", loss %.4f to %.4f".formatted(lossBefore, lossAfter);
  }

  /** As one line of JSON, without its line end. */
  String toJson() {
    JsonObject o = new JsonObject();
    o.addProperty("stage", stage);
    o.addProperty("kind", kind);
    o.addProperty("epoch", epoch);
    o.addProperty("step", step);
    o.addProperty("pruned_before", prunedBefore());
    o.addProperty("pruned_after", prunedAfter());
    o.addProperty("size", size());
    JsonFields.add(o, "loss_before", lossBefore);
    JsonFields.add(o, "loss_after", lossAfter);
    JsonArray names = new JsonArray();
    kernels.forEach(k -> names.add(k.name()));
    o.add("kernels", names);
    o.add("sizes", numbers(Kernel::size));
    o.add("kept_before", numbers(Kernel::before));
    o.add("kept_after", numbers(Kernel::after));
    return JsonFields.line(o);
  }

  private JsonArray numbers(ToLongFunction<Kernel> of) {
    JsonArray numbers = new JsonArray();
    kernels.forEach(k -> numbers.add(of.applyAsLong(k)));
    return numbers;
  }

  /**
   * @param place where the line stands, for messages
   * @throws dev.jackpot.config.JackpotException if the line is not one of ours
   */
  static PruningRecord parse(String place, String line) {
    JsonFields f = JsonFields.parse(place, line);
    List<String> names = f.strings("kernels");
    List<Long> sizes = integers(f, "sizes", names.size());
    List<Long> before = integers(f, "kept_before", names.size());
    List<Long> after = integers(f, "kept_after", names.size());
    List<Kernel> kernels = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      kernels.add(new Kernel(names.get(i), sizes.get(i), before.get(i), after.get(i)));
    }
    return new PruningRecord(
        f.string("stage"),
        f.string("kind"),
        f.finite("epoch"),
        f.integer("step"),
        f.number("loss_before"),
        f.number("loss_after"),
        kernels);
  }

  private static List<Long> integers(JsonFields f, String name, int count) {
    f.numbers(name, count);
    return f.integers(name);
  }
}
