package dev.jackpot.training;

import dev.jackpot.config.Registry;
import dev.jackpot.config.proto.Sgd;

/** Optimizers by their name in the schema's {@code Optimizer.rule}. */
public final class Optimizers {
  public static final Registry<dev.jackpot.config.proto.Optimizer, Optimizer> REGISTRY =
      new Registry<dev.jackpot.config.proto.Optimizer, Optimizer>(
              "optimizer", OptimizerPlugin.class)
          .add("sgd", Sgd.class, (o, h) -> new MomentumSgd(o.getMomentum(), o.getNesterov()))
          .orElse("sgd");

  private Optimizers() {}
}
