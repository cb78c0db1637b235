package dev.jackpot.training;

import dev.jackpot.config.ExperimentStages;
import dev.jackpot.config.Seeds;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.Prune;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.graph.InitialValues;
import dev.jackpot.graph.NetworkSummary;

/**
 * What a stage of a config begins with, for measurements of speed: drawn values under masks of the
 * config's sparsities. Which weights they keep is drawn as well, whatever the config chooses them
 * by: it makes no difference to the speed, and needs neither data nor gradients.
 */
final class BenchmarkState {
  private BenchmarkState() {}

  /**
   * Values, and the masks of the stages before one.
   *
   * @param stage of the experiment, in its first round, or one of defaults
   */
  static State before(Experiment experiment, NetworkSummary summary, Stage stage) {
    State state =
        new State(
            InitialValues.draw(
                summary.parameters(),
                new Seeds(experiment.getSeed()).of("init"),
                experiment.getRuntime()));
    StageContext context = StageContext.of(summary, experiment.getSeed());
    for (Stage earlier : ExperimentStages.firstRounds(experiment)) {
      if (earlier.getName().equals(stage.getName())) {
        return state;
      }
      if (earlier.hasPrune()) {
        state = new PruneStage(drawn(earlier.getPrune())).begin(context, state);
      }
    }
    // not of the experiment
    return state.unmasked(summary.parameters());
  }

  /** The stage with what it prunes itself drawn. */
  static Stage drawn(Stage stage) {
    if (!stage.getSparseTrain().hasPrune()) {
      return stage;
    }
    Stage.Builder drawn = stage.toBuilder();
    drawn.getSparseTrainBuilder().setPrune(drawn(stage.getSparseTrain().getPrune()));
    return drawn.build();
  }

  private static Prune drawn(Prune prune) {
    Prune.Builder drawn = prune.toBuilder();
    drawn.getCriterionBuilder().clear().getRandomBuilder();
    return drawn.build();
  }
}
