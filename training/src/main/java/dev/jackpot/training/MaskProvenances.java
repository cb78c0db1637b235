package dev.jackpot.training;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import dev.jackpot.config.MaskRecipes;
import dev.jackpot.config.Seeds;
import dev.jackpot.config.Sha256;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.MaskProvenance;
import dev.jackpot.config.proto.MaskRecipe;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.training.run.RunDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

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
            .setSource(source)
            .setConfigSha256(RunDirectory.hash(experiment))
            .setProgram("jackpot " + ExperimentService.version());
    Optional<MaskRecipe> made = MaskRecipes.of(stage);
    if (made.isPresent()) {
      MaskRecipe recipe = made.get();
      provenance
          .setCriterion(text(recipe.getCriterion(), "magnitude { }"))
          .setPattern(text(recipe.getPattern(), "free { }"))
          .setPrunable(text(recipe.getPrunable(), "classifier: false"))
          .setSeed(seed(experiment, stage));
      if (!recipe.getPattern().hasNM()) {
        provenance.setAllocation(text(recipe.getAllocation(), "global { }"));
        // a round that prunes a fraction has no sparsity of its own
        if (recipe.hasSparsity() || stage.hasSearch()) {
          provenance.setSparsity(recipe.getSparsity());
        }
      }
    }
    if (experiment.hasWeights()) {
      Path weights = Path.of(experiment.getWeights().getPath());
      provenance.setWeights(weights.toString());
      if (Files.isRegularFile(weights)) {
        provenance.setWeightsSha256(Sha256.of(weights));
      }
    }
    return provenance.build();
  }

  private static String text(Message message, String standard) {
    String text = TextFormat.printer().shortDebugString(message);
    return text.isEmpty() ? standard : text;
  }
}
