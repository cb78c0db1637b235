package dev.jackpot.training;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.ExperimentStages;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.graph.GhostForm;
import dev.jackpot.graph.KernelForm;
import dev.jackpot.graph.Model;
import dev.jackpot.graph.Network;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.Phase;
import org.tensorflow.Graph;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Whether a network has places for the ghosts of a stage: of a plug-in's only laying it tells. */
final class GhostCheck {
  private GhostCheck() {}

  /**
   * Lays the network once if the stage has ghosts.
   *
   * @throws ConfigException if its skips would stand nowhere, or its soft neuron is not there
   */
  static void check(Stage stage, Network network, NetworkSpec spec) {
    if (!stage.hasGhosts()) {
      return;
    }
    GhostForm form = GhostForm.of(stage.getGhosts());
    try (Graph graph = new Graph()) {
      Model<TFloat32> model =
          new Model<>(graph, TFloat32.class, network, spec, p -> KernelForm.DENSE);
      Placeholder<TFloat32> images =
          model.tf().placeholder(TFloat32.class, Placeholder.shape(spec.images(-1)));
      if (model.lay(images, Phase.TRAINING, form).ghosts().isEmpty() && form.skips()) {
        throw new ConfigException(
            "stages.%s.ghosts.skips: found, expected none: %s lays no convolution with a place for a skip"
                .formatted(ExperimentStages.withoutRound(stage.getName()), network.title()));
      }
    }
  }
}
