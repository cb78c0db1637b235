package dev.jackpot.training;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import dev.jackpot.config.MaskRecipes;
import dev.jackpot.config.Seeds;
import dev.jackpot.config.proto.Criterion;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.GradientSample;
import dev.jackpot.config.proto.MaskProvenance;
import dev.jackpot.config.proto.MaskRecipe;
import dev.jackpot.config.proto.Prune;
import dev.jackpot.config.proto.SparseTrain;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.export.WeightFormats;
import dev.jackpot.training.run.RunDirectory;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Says in mask files where the masks come from. */
public final class MaskProvenances {
  private MaskProvenances() {}

  /** The seed of what a stage draws for its masks. */
  public static long seed(Experiment experiment, Stage stage) {
    return new Seeds(experiment.getSeed()).of("masks/" + StageKinds.nameOf(stage));
  }

  /**
   * Of masks that a stage of an experiment has made; of one that made none but had some from the
   * stage before, without a recipe.
   *
   * @param source what made them, for people
   */
  public static MaskProvenance of(String source, Experiment experiment, Stage stage) {
    MaskProvenance.Builder provenance =
        MaskProvenance.newBuilder()
            .setSource(source + file(stage))
            .setConfigSha256(RunDirectory.hash(experiment))
            .setProgram("jackpot " + ExperimentService.version());
    Optional<MaskRecipe> made = MaskRecipes.of(stage);
    if (made.isPresent()) {
      MaskRecipe recipe = made.get();
      provenance
          .setCriterion(text(recipe.getCriterion(), "magnitude { }"))
          .setPattern(text(recipe.getPattern(), "free { }"))
          .setPrunable(text(recipe.getPrunable(), "classifier: false"))
          .setSeed(ownSeed(recipe.getCriterion()).orElse(seed(experiment, stage)));
      if (!recipe.getPattern().hasNM()) {
        provenance.setAllocation(text(recipe.getAllocation(), "global { }"));
        // a round that prunes a fraction has no sparsity of its own
        if (!prunesFraction(stage)) {
          provenance.setSparsity(recipe.getSparsity());
        }
      }
    }
    if (experiment.hasWeights()) {
      Path weights = Path.of(experiment.getWeights().getPath());
      provenance.setWeights(weights.toString());
      WeightFormats.sha256(weights).ifPresent(provenance::setWeightsSha256);
    }
    return provenance.build();
  }

  private static String file(Stage stage) {
    return stage.getSparseTrain().hasFile() ? ", masks of " + stage.getSparseTrain().getFile() : "";
  }

  /** Whether the last masks are made by the share of what is left. */
  private static boolean prunesFraction(Stage stage) {
    SparseTrain sparse = stage.getSparseTrain();
    Prune last = sparse.hasSchedule() ? sparse.getSchedule().getTo() : sparse.getPrune();
    return stage.hasPrune() ? stage.getPrune().hasFraction() : last.hasFraction();
  }

  /** The one that decides in place of the stage's. */
  private static OptionalLong ownSeed(Criterion criterion) {
    if (criterion.getRandom().hasSeed()) {
      return OptionalLong.of(criterion.getRandom().getSeed());
    }
    return Stream.of(
            criterion.getGradient().getSample(),
            criterion.getTaylor().getSample(),
            criterion.getSnip().getSample(),
            criterion.getGrasp().getSample())
        .filter(GradientSample::hasSeed)
        .mapToLong(GradientSample::getSeed)
        .findFirst();
  }

  private static String text(Message message, String standard) {
    String text = TextFormat.printer().shortDebugString(message);
    return text.isEmpty() ? standard : text;
  }
}
