package dev.jackpot.pruning;

import dev.jackpot.config.Registry;
import java.util.OptionalLong;

/** The criteria a config may choose from. */
public final class Criteria {
  /** By the schema's {@code Criterion.rule}; a config that chooses none gets magnitude. */
  public static final Registry<dev.jackpot.config.proto.Criterion, Criterion> REGISTRY =
      new Registry<dev.jackpot.config.proto.Criterion, Criterion>(
              "criterion", CriterionPlugin.class)
          .add(
              "magnitude",
              dev.jackpot.config.proto.MagnitudeCriterion.class,
              (o, h) -> new MagnitudeCriterion())
          .add(
              "random",
              dev.jackpot.config.proto.RandomCriterion.class,
              (o, h) ->
                  new RandomCriterion(
                      o.hasSeed() ? OptionalLong.of(o.getSeed()) : OptionalLong.empty()))
          .orElse("magnitude");

  private Criteria() {}
}
