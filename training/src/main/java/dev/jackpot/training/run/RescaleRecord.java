package dev.jackpot.training.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * By what a stage multiplied its parameters before its first step. A number that was not measured
 * is NaN.
 *
 * @param rule its name in the schema
 * @param factors a tensor of parameters each, in the network's order
 * @param iterations in which they were learned; 0 for a rule that learns nothing
 * @param constraintSteps of these that shortened the gradient; the others lowered the objective
 * @param objectiveBefore the loss after the step that is looked ahead, in nats, at factors of 1
 * @param objectiveAfter the same on the same images at these factors
 * @param gradientBefore the gradient's norm at factors of 1, over the same images
 * @param gradientAfter the same at these factors
 * @param seconds wall-clock time
 */
public record RescaleRecord(
    String rule,
    List<Factor> factors,
    int iterations,
    int constraintSteps,
    double objectiveBefore,
    double objectiveAfter,
    double gradientBefore,
    double gradientAfter,
    double seconds) {

  public RescaleRecord {
    factors = List.copyOf(factors);
  }

  /** What one tensor was multiplied by. */
  public record Factor(String name, double alpha) {}

  /** Of a rule that learns nothing. */
  public static RescaleRecord of(String rule, List<Factor> factors) {
    double unknown = Double.NaN;
    return new RescaleRecord(rule, factors, 0, 0, unknown, unknown, unknown, unknown, unknown);
  }

  /** In a line, for the log. */
  public String summary(String stage) {
    DoubleSummaryStatistics range = factors.stream().mapToDouble(Factor::alpha).summaryStatistics();
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s: parameters rescaled by %s, factors %.3f to %.3f",
            stage,
            rule,
            range.getMin(),
            range.getMax()));
    if (iterations > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              "; %d iterations, %d of them on the constraint, in %.1f s: loss ahead %.4f to %.4f, gradient norm %.4f to %.4f",
              iterations,
              constraintSteps,
              seconds,
              objectiveBefore,
              objectiveAfter,
              gradientBefore,
              gradientAfter));
    }
    return text.toString();
  }

  /** Replaces {@code file}; see {@link RunDirectory#rescaling}. */
  public void write(Path file) {
    JsonFields.write(file, toJson());
  }

  JsonObject toJson() {
    JsonObject o = new JsonObject();
    o.addProperty("rule", rule);
    if (iterations > 0) {
      o.addProperty("iterations", iterations);
      o.addProperty("constraint_steps", constraintSteps);
    }
    JsonFields.add(o, "objective_before", objectiveBefore);
    JsonFields.add(o, "objective_after", objectiveAfter);
    JsonFields.add(o, "gradient_before", gradientBefore);
    JsonFields.add(o, "gradient_after", gradientAfter);
    JsonFields.add(o, "seconds", seconds);
    JsonArray array = new JsonArray();
    for (Factor factor : factors) {
      JsonObject f = new JsonObject();
      f.addProperty("name", factor.name());
      f.addProperty("alpha", factor.alpha());
      array.add(f);
    }
    o.add("factors", array);
    return o;
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws dev.jackpot.config.JackpotException if the file is missing or a field is wrong; names
   *     file and field
   */
  public static RescaleRecord read(Path file) {
    return of(JsonFields.read(file));
  }

  static RescaleRecord of(JsonFields f) {
    return new RescaleRecord(
        f.string("rule"),
        f.objects("factors").stream()
            .map(o -> new Factor(o.string("name"), o.number("alpha")))
            .toList(),
        Math.toIntExact(f.integer("iterations", 0)),
        Math.toIntExact(f.integer("constraint_steps", 0)),
        f.number("objective_before"),
        f.number("objective_after"),
        f.number("gradient_before"),
        f.number("gradient_after"),
        f.number("seconds"));
  }

  /** Stage by stage, each with its name. */
  static JsonArray toJson(Map<String, RescaleRecord> byStage) {
    JsonArray array = new JsonArray();
    byStage.forEach(
        (stage, record) -> {
          JsonObject o = new JsonObject();
          o.addProperty("stage", stage);
          record.toJson().entrySet().forEach(e -> o.add(e.getKey(), e.getValue()));
          array.add(o);
        });
    return array;
  }

  /** Those of a result; none in a file that has no such field. */
  static Map<String, RescaleRecord> ofStages(JsonFields result) {
    Map<String, RescaleRecord> byStage = new LinkedHashMap<>();
    if (result.has("rescaled")) {
      result.objects("rescaled").forEach(o -> byStage.put(o.string("stage"), of(o)));
    }
    return byStage;
  }
}
