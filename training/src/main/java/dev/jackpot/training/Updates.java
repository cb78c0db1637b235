package dev.jackpot.training;

import dev.jackpot.config.proto.Stage;
import dev.jackpot.graph.Ghost;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Tower;
import dev.jackpot.graph.Variables;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.types.TFloat32;

/** What a step does to the variables that are trained: gradients, decay, the optimizer. */
final class Updates {
  private final Ops tf;
  private final Variables<TFloat32> variables;
  private final Optimizer optimizer;
  private final Operand<TFloat32> rate;

  /**
   * @param rate η, scalar
   */
  Updates(Ops tf, Variables<TFloat32> variables, Optimizer optimizer, Operand<TFloat32> rate) {
    this.tf = tf.withSubScope("optimizer");
    this.variables = variables;
    this.optimizer = optimizer;
    this.rate = rate;
  }

  /** What the stage trains, and after it the ghosts, under the same decay as their like. */
  static List<Trained<TFloat32>> trained(Stage stage, StageKind kind, Tower<TFloat32> tower) {
    List<Trained<TFloat32>> trained = new ArrayList<>(kind.trained(tower));
    for (Ghost<TFloat32> ghost : tower.ghosts().values()) {
      Parameter p = ghost.parameter();
      if (!p.role().isAverage()) {
        double decay = Decays.of(stage.getWeightDecay(), p.role());
        trained.add(new Trained<>(p.name(), ghost.read(), ghost.read(), decay));
      }
    }
    return trained;
  }

  /** Adds one op per variable. */
  List<Op> of(Operand<TFloat32> loss, List<Trained<TFloat32>> trained) {
    Gradients gradients = tf.gradients(loss, trained.stream().map(Trained::read).toList());
    List<Op> updates = new ArrayList<>();
    for (int i = 0; i < trained.size(); i++) {
      Trained<TFloat32> t = trained.get(i);
      Operand<TFloat32> gradient = gradients.dy(i);
      if (t.decay() != 0) {
        Operand<TFloat32> decay = tf.math.mul(t.decayed(), tf.constant((float) t.decay()));
        gradient = tf.math.add(gradient, decay);
      }
      updates.add(optimizer.update(tf, variables, variables.get(t.variable()), gradient, rate));
    }
    return updates;
  }
}
