package dev.jackpot.training;

import dev.jackpot.config.proto.WeightDecay;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Tower;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * Trains all parameters. A kernel that has a mask keeps it: its pruned weights get no gradient and
 * no decay.
 */
final class TrainStage implements StageKind {
  private final WeightDecay decay;

  TrainStage(WeightDecay decay) {
    this.decay = decay;
  }

  @Override
  public State begin(StageContext context, State before) {
    return before;
  }

  @Override
  public List<Trained<TFloat32>> trained(Tower<TFloat32> tower) {
    List<Trained<TFloat32>> trained = new ArrayList<>();
    for (Parameter p : tower.parameters().values()) {
      if (p.role().isAverage()) {
        continue;
      }
      Operand<TFloat32> read = tower.reads().get(p.name());
      Operand<TFloat32> decayed = tower.effective().getOrDefault(p.name(), read);
      trained.add(new Trained<>(p.name(), read, decayed, Decays.of(decay, p.role())));
    }
    return trained;
  }
}
