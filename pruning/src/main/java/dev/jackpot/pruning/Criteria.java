package dev.jackpot.pruning;

import dev.jackpot.config.Registry;
import dev.jackpot.config.proto.GradientCriterion;
import dev.jackpot.config.proto.ScoresCriterion;
import dev.jackpot.config.proto.SnipCriterion;
import dev.jackpot.config.proto.TaylorCriterion;
import dev.jackpot.pruning.FirstOrderCriterion.Form;
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
          .add(
              "gradient",
              GradientCriterion.class,
              (o, h) -> new FirstOrderCriterion(Form.GRADIENT, o.getSample()))
          .add(
              "taylor",
              TaylorCriterion.class,
              (o, h) ->
                  new FirstOrderCriterion(o.getSigned() ? Form.RISE : Form.SALIENCY, o.getSample()))
          .add(
              "snip",
              SnipCriterion.class,
              (o, h) -> new FirstOrderCriterion(Form.SALIENCY, o.getSample()))
          .add(
              "grasp",
              dev.jackpot.config.proto.GraspCriterion.class,
              (o, h) -> new GraspCriterion(o.getSample(), o.getTemperature()))
          .add(
              "synflow",
              dev.jackpot.config.proto.SynFlowCriterion.class,
              (o, h) -> new SynFlowCriterion(o.getRounds()))
          .add("scores", ScoresCriterion.class, (o, h) -> new SearchedCriterion(o))
          .orElse("magnitude");

  private Criteria() {}
}
