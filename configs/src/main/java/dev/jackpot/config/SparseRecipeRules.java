package dev.jackpot.config;

import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.GhostSkips;
import dev.jackpot.config.proto.Ghosts;
import dev.jackpot.config.proto.Network;
import dev.jackpot.config.proto.SoftNeurons;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.config.proto.SwishNeurons;
import java.util.List;

/** What must hold for a stage's ghosts and its smoothing of labels. */
final class SparseRecipeRules {
  private static final double STEEPEST = 1000;

  private SparseRecipeRules() {}

  static void labelSmoothing(Stage stage, At at) {
    at.require(
        NetworkRules.isShare(stage.getLabelSmoothing()), "label_smoothing", "a number in [0, 1)");
    if (!stage.hasLabelSmoothingUntilEpoch()) {
      return;
    }
    int until = stage.getLabelSmoothingUntilEpoch();
    at.require(
        until >= 1 && endsBefore(until, stage),
        "label_smoothing_until_epoch",
        "an epoch from 1 to the stage's last, %d".formatted(stage.getEpochs() - 1));
    at.require(
        stage.getLabelSmoothing() != 0,
        "label_smoothing_until_epoch",
        "none where label_smoothing is 0");
  }

  /** Unless the stage's epochs are wrong themselves, which is reported elsewhere. */
  private static boolean endsBefore(int epoch, Stage stage) {
    return stage.getEpochs() < 1 || epoch < stage.getEpochs();
  }

  /** All but what depends on the network. */
  static void ghosts(Stage stage, At at) {
    at.require(
        !stage.hasGhosts() || !stage.hasSearch(),
        "ghosts",
        "none: a search trains no weights, so its network stays as it is");
    at.in("ghosts").ifPresent(in -> ghosts(stage, stage.getGhosts(), in));
  }

  private static void ghosts(Stage stage, Ghosts ghosts, At at) {
    at.require(
        ghosts.hasSoftNeurons() || ghosts.hasSkips(),
        "soft_neurons",
        "soft_neurons, skips or both, for instance soft_neurons { swish {} }");
    if (stage.getEpochs() == 1) {
      at.require(
          false, "until_epoch", "a stage of at least 2 epochs: the last is the plain network's");
    } else {
      at.require(
          !ghosts.hasUntilEpoch()
              || ghosts.getUntilEpoch() >= 1 && endsBefore(ghosts.getUntilEpoch(), stage),
          "until_epoch",
          "an epoch from 1 to the stage's last, %d: the network that is left must have been trained"
              .formatted(stage.getEpochs() - 1));
    }
    at.in("soft_neurons").ifPresent(in -> softNeurons(ghosts.getSoftNeurons(), in));
    at.in("skips").ifPresent(in -> skips(stage, ghosts.getSkips(), in));
    at.require(
        !ghosts.hasSkips()
            || stage.getEpochs() == 1
            || ghosts.getPer() == Ghosts.Per.STEP
            || HandOver.epoch(stage) != 1,
        "per",
        "per: STEP where the skips go after one epoch, or an until_epoch of at least 2:"
            + " epoch by epoch α would not have fallen yet");
  }

  private static void softNeurons(SoftNeurons neurons, At at) {
    at.in("swish").ifPresent(in -> swish(neurons.getSwish(), in));
    at.in("custom").ifPresent(in -> ExperimentRules.custom(neurons.getCustom(), in));
  }

  private static void swish(SwishNeurons swish, At at) {
    at.require(
        swish.getBetaStart() > 0 && swish.getBetaStart() <= STEEPEST,
        "beta_start",
        "a number above 0, at most " + Show.scalar(STEEPEST));
    at.require(
        swish.getBetaEnd() >= Math.max(0, swish.getBetaStart()) && swish.getBetaEnd() <= STEEPEST,
        "beta_end",
        "a number from beta_start, which is %s, to %s"
            .formatted(Show.scalar(swish.getBetaStart()), Show.scalar(STEEPEST)));
  }

  private static void skips(Stage stage, GhostSkips skips, At at) {
    at.require(skips.getInitialWeight() != 0, "initial_weight", "a number other than 0");
    at.require(skips.getAlpha() > 0, "alpha", "a number above 0");
    int end = HandOver.epoch(stage);
    if (end < 1) {
      return; // until_epoch is wrong itself, which is reported there
    }
    at.require(
        !skips.hasFadeEpochs() || skips.getFadeEpochs() >= 1 && skips.getFadeEpochs() <= end,
        "fade_epochs",
        "an integer from 1 to %d: α must reach 0 before the skips go, at epoch %d"
            .formatted(end, end));
  }

  /** Ghost skips need convolutions to go around. A custom network is asked when it is laid. */
  static void network(Experiment experiment, List<At> stages) {
    String without = without(experiment.getNetwork());
    for (int i = 0; i < stages.size() && !without.isEmpty(); i++) {
      network(without, experiment.getStages(i), stages.get(i));
    }
  }

  private static void network(String without, Stage stage, At at) {
    if (stage.getGhosts().hasSkips()) {
      at.in("ghosts")
          .ifPresent(
              in ->
                  in.require(
                      false,
                      "skips",
                      "none: %s no 3×3 convolutions in basic blocks or one after the other"
                          .formatted(without)));
    }
    at.in("repeat")
        .map(in -> in.all("stages"))
        .ifPresent(
            inner -> {
              for (int i = 0; i < inner.size(); i++) {
                network(without, stage.getRepeat().getStages(i), inner.get(i));
              }
            });
  }

  /** What the network is that has no place for a ghost skip; empty if it may have one. */
  private static String without(Network network) {
    return switch (network.getFamilyCase()) {
      case RESNET ->
          network.getResnet().getDepth() > NetworkRules.DEEPEST_BASIC
              ? "the bottlenecks of resnet from depth 50 have"
              : "";
      case MOBILENET_V1, MOBILENET_V2, MOBILENET_V3 -> "MobileNets have";
      default -> "";
    };
  }
}
