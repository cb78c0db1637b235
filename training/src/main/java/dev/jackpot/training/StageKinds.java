package dev.jackpot.training;

import dev.jackpot.config.ExperimentStages;
import dev.jackpot.config.Registry;
import dev.jackpot.config.StagePoint;
import dev.jackpot.config.proto.Prune;
import dev.jackpot.config.proto.Rewind;
import dev.jackpot.config.proto.Search;
import dev.jackpot.config.proto.SparseTrain;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.config.proto.Train;
import java.util.LinkedHashSet;
import java.util.Set;

/** Kinds of stages by their name in the schema's {@code Stage.kind}. */
public final class StageKinds {
  public static final Registry<Stage, StageKind> REGISTRY =
      new Registry<Stage, StageKind>("stage", StageKindPlugin.class)
          .add("train", Train.class, (o, s) -> new TrainStage(s.getWeightDecay()))
          .add("search", Search.class, (o, s) -> new SearchStage(o, s.getWeightDecay()))
          .add("prune", Prune.class, (o, s) -> new PruneStage(o))
          .add("sparse_train", SparseTrain.class, (o, s) -> new SparseTrainStage(o, s))
          .add("rewind", Rewind.class, (o, s) -> new RewindStage(StagePoint.parse(o.getTo())));

  /** A stage that stands for others: it runs as they do, and has no kind of its own. */
  private static final String REPEAT = "repeat";

  private StageKinds() {}

  /** Everything that a config can choose as a stage: the kinds, and repeat. */
  public static Set<String> names() {
    Set<String> names = new LinkedHashSet<>(REGISTRY.names());
    names.add(REPEAT);
    return names;
  }

  /** A stage's name: its own, or its kind's. */
  public static String nameOf(Stage stage) {
    return ExperimentStages.nameOf(stage);
  }
}
