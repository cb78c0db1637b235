package dev.jackpot.training;

import dev.jackpot.config.HandOver;
import dev.jackpot.config.proto.GhostSkips;
import dev.jackpot.config.proto.Ghosts;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.graph.GhostForm;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.SoftNeuron;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.ndarray.Shape;

/**
 * How much of a stage's ghosts there is over its epochs: the scalars that {@link GhostForm} names.
 */
final class GhostSchedule {
  private final Ghosts config;
  private final GhostForm form;
  private final int handOver;
  private final int fade;

  /**
   * @param stage with ghosts or without
   */
  GhostSchedule(Stage stage) {
    config = stage.getGhosts();
    form = GhostForm.of(config);
    handOver = HandOver.epoch(stage);
    fade = HandOver.fadeEpochs(stage);
  }

  /** Which ghosts there are before the hand-over. */
  GhostForm form() {
    return form;
  }

  /**
   * The scalars of one step, by variable; none where the stage has no ghosts.
   *
   * @param epoch of the stage, from 0
   * @param step within the epoch, from 0
   */
  Map<String, HostTensor> at(int epoch, int step, int stepsPerEpoch) {
    double exact =
        config.getPer() == Ghosts.Per.STEP ? epoch + (double) step / stepsPerEpoch : epoch;
    Map<String, HostTensor> scalars = new LinkedHashMap<>();
    if (form.neurons().isPresent()) {
      SoftNeuron neuron = form.neurons().get();
      scalars.put(GhostForm.NEURON, scalar(neuron.scalar(Math.min(1, exact / handOver))));
    }
    if (form.skips()) {
      scalars.put(GhostForm.SKIP, scalar(alpha(config.getSkips(), Math.min(1, exact / fade))));
    }
    return scalars;
  }

  /**
   * @param v share of the way to 0 that is behind, in [0, 1]
   */
  private static double alpha(GhostSkips skips, double v) {
    double share =
        switch (skips.getScheduleCase()) {
          case COSINE -> (1 + Math.cos(Math.PI * v)) / 2;
          case LINEAR, SCHEDULE_NOT_SET -> 1 - v;
        };
    return skips.getAlpha() * share;
  }

  private static HostTensor scalar(double value) {
    return HostTensor.filled(Shape.scalar(), (float) value);
  }
}
