package dev.jackpot.training.report;

import dev.jackpot.config.ExperimentStages;
import dev.jackpot.config.StagePoint;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.SparseTrain;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.training.run.Result;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What the network that a run has made is called, by the stages that its masks went through. */
public enum Outcome {
  /** All weights are there. */
  TRAINED,
  /** The masks were searched. */
  JACKPOT,
  /** Pruned, and rewound to earlier weights. */
  TICKET,
  /** Pruned in any other way. */
  SPARSE;

  /** Of a run that is complete. */
  public static Outcome of(Experiment experiment, Result result) {
    if (result.nonzero() == result.parameters()) {
      return TRAINED;
    }
    Map<String, Outcome> left = new HashMap<>();
    Outcome last = TRAINED;
    for (Stage stage : ExperimentStages.of(experiment)) {
      last = after(stage, before(stage, last, left));
      left.put(stage.getName(), last);
    }
    // a stage of another jar may prune as well
    return last == TRAINED ? SPARSE : last;
  }

  /** Whose masks the stage begins with. */
  private static Outcome before(Stage stage, Outcome last, Map<String, Outcome> left) {
    if (!stage.hasFrom()) {
      return last;
    }
    return switch (stage.getFromMasks()) {
      case THEIRS -> left.getOrDefault(StagePoint.parse(stage.getFrom()).stage(), TRAINED);
      case PRESENT -> last;
      case NONE -> TRAINED;
    };
  }

  private static Outcome after(Stage stage, Outcome before) {
    SparseTrain sparse = stage.getSparseTrain();
    return switch (stage.getKindCase()) {
      case SEARCH -> JACKPOT;
      case PRUNE -> SPARSE;
      case REWIND -> before == TRAINED ? TRAINED : TICKET;
      case SPARSE_TRAIN ->
          sparse.hasPrune() || sparse.hasFile() || sparse.hasSchedule() ? SPARSE : before;
      default -> before;
    };
  }

  /** {@code jackpot}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
