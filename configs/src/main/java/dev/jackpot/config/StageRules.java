package dev.jackpot.config;

import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.Optimizer;
import dev.jackpot.config.proto.Restriction;
import dev.jackpot.config.proto.Search;
import dev.jackpot.config.proto.Sgd;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.config.proto.StaircaseRestriction;
import dev.jackpot.config.proto.WeightDecay;
import dev.jackpot.config.proto.WeightDependency;
import java.util.regex.Pattern;

/** What must hold for a stage and what it is made of. */
final class StageRules {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,99}");
  static final int MOST_EPOCHS = 1_000_000;
  static final int MOST_ROUNDS = 1000;
  private static final int MOST_SWAPS = 4096;
  private static final int MOST_PLACES = 1000;

  private StageRules() {}

  static void check(Stage stage, Data data, At at) {
    at.require(
        !stage.hasName() || NAME.matcher(stage.getName()).matches(),
        "name",
        "1 to 100 letters, digits, '_' or '-', the first not '-'");
    at.requireChoice("kind", "kind of stage");
    if (!ExperimentStages.hasEpochs(stage)) {
      SparseStageRules.check(stage, data, at);
      return;
    }
    at.require(
        stage.getEpochs() >= 1 && stage.getEpochs() <= MOST_EPOCHS,
        "epochs",
        "an integer from 1 to " + MOST_EPOCHS);
    int images = DataRules.mostTrainImages(data);
    at.require(stage.getBatchSize() >= 1, "batch_size", "an integer of at least 1");
    at.require(
        stage.getBatchSize() < 1 || images < 1 || stage.getBatchSize() <= images,
        "batch_size",
        "at most the number of training images, %d (a smaller last batch is dropped)"
            .formatted(images));
    at.require(stage.getEvaluateEvery() >= 1, "evaluate_every", "an integer of at least 1");
    SparseRecipeRules.labelSmoothing(stage, at);
    SparseRecipeRules.ghosts(stage, at);
    RescaleRules.check(stage, images, at);
    SheddingRules.check(stage, images, at);
    at.in("search").ifPresent(in -> search(stage.getSearch(), stage.getEpochs(), images, in));
    at.in("sparse_train")
        .ifPresent(
            in -> SparseStageRules.sparseTrain(stage.getSparseTrain(), stage.getEpochs(), in));
    at.in("custom").ifPresent(in -> ExperimentRules.custom(stage.getCustom(), in));
    at.in("learning_rate")
        .ifPresent(in -> LearningRateRules.check(stage.getLearningRate(), stage.getEpochs(), in));
    at.in("optimizer").ifPresent(in -> optimizer(stage.getOptimizer(), in));
    at.in("weight_decay").ifPresent(in -> weightDecay(stage.getWeightDecay(), in));
  }

  /** Kept weights must start with the higher score, or the first step would choose by position. */
  private static void search(Search search, int epochs, int images, At at) {
    MaskRules.check(MaskRecipes.of(search), at);
    at.require(
        search.getScorePruned() < search.getScoreKept(),
        "score_pruned",
        "a number below score_kept, which is " + Show.scalar(search.getScoreKept()));
    at.in("restriction").ifPresent(in -> restriction(search.getRestriction(), epochs, in));
    at.in("dependency").ifPresent(in -> dependency(search.getDependency(), images, in));
  }

  private static void dependency(WeightDependency dependency, int images, At at) {
    at.require(dependency.getInterval() >= 1, "interval", "an integer of at least 1");
    int batch = dependency.getBatchSize();
    at.require(!dependency.hasBatchSize() || batch >= 1, "batch_size", "an integer of at least 1");
    at.require(
        batch < 1 || images < 1 || batch <= images,
        "batch_size",
        "at most the number of training images, %d".formatted(images));
    at.require(
        dependency.getSwaps() >= 1 && dependency.getSwaps() <= MOST_SWAPS,
        "swaps",
        "an integer from 1 to " + MOST_SWAPS);
    at.require(
        dependency.getPlaces() >= 1 && dependency.getPlaces() <= MOST_PLACES,
        "places",
        "an integer from 1 to " + MOST_PLACES);
  }

  private static void restriction(Restriction restriction, int epochs, At at) {
    at.in("polynomial")
        .ifPresent(
            in ->
                in.require(
                    restriction.getPolynomial().getPower() > 0, "power", "a number above 0"));
    at.in("constant")
        .ifPresent(
            in ->
                in.require(
                    isRate(restriction.getConstant().getRate()), "rate", "a number in (0, 1]"));
    at.in("staircase").ifPresent(in -> staircase(restriction.getStaircase(), epochs, in));
    at.in("custom").ifPresent(in -> ExperimentRules.custom(restriction.getCustom(), in));
  }

  private static void staircase(StaircaseRestriction staircase, int epochs, At at) {
    int steps = staircase.getRatesCount();
    at.require(steps > 0, "rates", "at least one number in (0, 1]");
    at.require(
        epochs < 1 || steps <= epochs,
        "rates",
        "no more rates than the stage has epochs, %d".formatted(epochs));
    for (int i = 0; i < steps; i++) {
      at.requireItem(isRate(staircase.getRates(i)), "rates", i, "a number in (0, 1]");
    }
  }

  private static void optimizer(Optimizer optimizer, At at) {
    at.in("sgd").ifPresent(in -> sgd(optimizer.getSgd(), in));
    at.in("custom").ifPresent(in -> ExperimentRules.custom(optimizer.getCustom(), in));
  }

  private static void sgd(Sgd sgd, At at) {
    at.require(NetworkRules.isShare(sgd.getMomentum()), "momentum", "a number in [0, 1)");
    at.require(
        !sgd.getNesterov() || sgd.getMomentum() != 0, "nesterov", "false where momentum is 0");
  }

  private static void weightDecay(WeightDecay decay, At at) {
    at.require(decay.getKernels() >= 0, "kernels", "a number of at least 0");
    at.require(decay.getDepthwise() >= 0, "depthwise", "a number of at least 0");
    at.require(decay.getBiases() >= 0, "biases", "a number of at least 0");
    at.require(decay.getBatchNorm() >= 0, "batch_norm", "a number of at least 0");
    at.require(decay.getScores() >= 0, "scores", "a number of at least 0");
  }

  private static boolean isRate(double value) {
    return value > 0 && value <= 1;
  }
}
