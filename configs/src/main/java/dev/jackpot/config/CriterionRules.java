package dev.jackpot.config;

import dev.jackpot.config.proto.Criterion;
import dev.jackpot.config.proto.GradientSample;
import dev.jackpot.config.proto.GradientSample.Reduction;
import dev.jackpot.config.proto.ScoresCriterion;

/** What must hold for the options of a criterion. */
final class CriterionRules {
  private static final int MOST_ROUNDS = 10_000;

  private CriterionRules() {}

  static void check(Criterion criterion, At at) {
    at.in("gradient").ifPresent(in -> sample(criterion.getGradient().getSample(), in));
    at.in("taylor")
        .ifPresent(
            in -> {
              GradientSample sample = criterion.getTaylor().getSample();
              sample(sample, in);
              if (criterion.getTaylor().getSigned()) {
                signed(sample, "signed scores have no absolute values", in);
              }
            });
    at.in("snip").ifPresent(in -> sample(criterion.getSnip().getSample(), in));
    at.in("grasp")
        .ifPresent(
            in -> {
              sample(criterion.getGrasp().getSample(), in);
              signed(criterion.getGrasp().getSample(), "the Hessian is of the mean loss", in);
              in.require(
                  criterion.getGrasp().getTemperature() > 0, "temperature", "a number above 0");
            });
    at.in("synflow")
        .ifPresent(
            in -> {
              int rounds = criterion.getSynflow().getRounds();
              in.require(
                  rounds >= 1 && rounds <= MOST_ROUNDS,
                  "rounds",
                  "an integer from 1 to " + MOST_ROUNDS);
            });
    at.in("scores")
        .ifPresent(
            in -> {
              ScoresCriterion scores = criterion.getScores();
              in.require(
                  !scores.hasPath() || !scores.getPath().isEmpty(),
                  "path",
                  "a run or a checkpoint");
              in.require(
                  !scores.hasPath() || !scores.hasStage(),
                  "path",
                  "none where stage is given: one of them says whose scores");
            });
  }

  private static void sample(GradientSample sample, At criterion) {
    criterion
        .in("sample")
        .ifPresent(
            in -> {
              in.require(sample.getBatches() >= 1, "batches", "an integer of at least 1");
              in.require(sample.getBatchSize() >= 1, "batch_size", "an integer of at least 1");
            });
  }

  private static void signed(GradientSample sample, String why, At criterion) {
    criterion
        .in("sample")
        .ifPresent(
            in ->
                in.require(
                    sample.getReduction() == Reduction.SIGNED, "reduction", "SIGNED: " + why));
  }
}
