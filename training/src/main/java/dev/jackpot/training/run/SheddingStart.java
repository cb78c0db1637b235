package dev.jackpot.training.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.jackpot.pruning.shedding.Levels;
import dev.jackpot.pruning.shedding.Reference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a stage's magnitudes are held against, as a file of the run: written before the stage's
 * first step, so that a run that is continued measures against the same.
 *
 * @param control the directory of the control run; "" if there is none
 */
public record SheddingStart(Levels levels, Reference reference, String control) {
  /** Replaces {@code file}. */
  public void write(Path file) {
    JsonObject o = new JsonObject();
    o.add("relative", array(levels.relative()));
    o.add("quantiles", array(levels.quantiles()));
    o.add("thresholds", array(reference.thresholds()));
    o.add("folded_thresholds", array(reference.foldedThresholds()));
    if (!control.isEmpty()) {
      o.addProperty("control", control);
    }
    JsonArray layers = new JsonArray();
    for (Reference.Layer layer : reference.layers()) {
      JsonObject l = new JsonObject();
      l.addProperty("kernel", layer.kernel());
      l.addProperty("rms", layer.rms());
      l.addProperty("folded_rms", layer.foldedRms());
      l.add("filters", array(layer.filters()));
      layers.add(l);
    }
    o.add("layers", layers);
    JsonFields.write(file, o);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws dev.jackpot.config.JackpotException if the file is missing or a field is wrong; names
   *     file and field
   */
  public static SheddingStart read(Path file) {
    JsonFields f = JsonFields.read(file);
    Levels levels = new Levels(numbers(f, "relative"), numbers(f, "quantiles"));
    int quantiles = levels.quantiles().size();
    return new SheddingStart(
        levels,
        new Reference(
            f.objects("layers").stream().map(SheddingStart::layer).toList(),
            list(f.numbers("thresholds", quantiles)),
            list(f.numbers("folded_thresholds", quantiles))),
        f.string("control", ""));
  }

  private static Reference.Layer layer(JsonFields f) {
    return new Reference.Layer(
        f.string("kernel"), f.finite("rms"), f.finite("folded_rms"), numbers(f, "filters"));
  }

  private static JsonArray array(List<Double> values) {
    JsonArray array = new JsonArray();
    values.forEach(array::add);
    return array;
  }

  private static List<Double> numbers(JsonFields f, String name) {
    return list(f.numbers(name, f.size(name)));
  }

  private static List<Double> list(double[] values) {
    List<Double> list = new ArrayList<>();
    for (double v : values) {
      list.add(v);
    }
    return list;
  }
}
