package dev.jackpot.training;

import dev.jackpot.pruning.shedding.ShedCounts;
import dev.jackpot.training.run.SheddingLog;
import dev.jackpot.training.run.SheddingMeasurement;
import dev.jackpot.training.run.SheddingMeasurement.Control;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the control run of a stage has measured, by the steps it had done. */
final class SheddingControls {
  private final Map<Long, SheddingMeasurement> bySteps = new HashMap<>();

  private SheddingControls(List<SheddingMeasurement> lines) {
    // a line on all layers rather than one of totals
    lines.stream()
        .filter(m -> m.isWhole() || !bySteps.containsKey(m.moment().stageStep()))
        .forEach(m -> bySteps.put(m.moment().stageStep(), m));
  }

  /** The file that holds them, in the directory of a stage's files. */
  static Path file(Path directory) {
    return directory.resolve("control.jsonl");
  }

  /** Those that a stage's directory holds; none if no control was run. */
  static SheddingControls read(Path directory, String stage) {
    return new SheddingControls(SheddingLog.read(file(directory), stage));
  }

  /** The measurement with the control's of the same step, if there is one. */
  SheddingMeasurement beside(SheddingMeasurement m) {
    SheddingMeasurement control = bySteps.get(m.moment().stageStep());
    if (control == null) {
      return m;
    }
    List<ShedCounts> layers =
        m.isWhole()
            ? control.layers().stream().map(SheddingMeasurement.Layer::shed).toList()
            : List.of();
    return m.with(new Control(control.moment().accuracy(), control.total(), layers));
  }
}
