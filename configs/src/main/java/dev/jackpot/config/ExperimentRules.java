package dev.jackpot.config;

import dev.jackpot.config.proto.Checkpoints;
import dev.jackpot.config.proto.Custom;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.Export;
import dev.jackpot.config.proto.Rename;
import dev.jackpot.config.proto.Runtime;
import dev.jackpot.config.proto.Weights;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What must hold for an experiment as a whole, and for the messages that belong to no other rule
 * class.
 */
final class ExperimentRules {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}");

  /** Longer ones are refused before they are compiled: the compiler recurses. */
  private static final int LONGEST_REGEX = 1000;

  /** As many as TensorFlow Serving reads. */
  private static final int MOST_WARMUP_REQUESTS = 1000;

  private ExperimentRules() {}

  static void check(Experiment experiment, At at) {
    at.require(
        NAME.matcher(experiment.getName()).matches(),
        "name",
        "1 to 100 letters, digits, '_', '-' or '.', the first neither '-' nor '.'");
    at.require(
        experiment.hasData(), "data", "where the images come from, for instance data { drawn {} }");
    at.require(
        experiment.hasNetwork(),
        "network",
        "an architecture, for instance network { cifar_resnet {} }");
    at.require(
        experiment.getStagesCount() > 0,
        "stages",
        "at least one stage, for instance stages { train {} epochs: 10 }");
    at.in("runtime").ifPresent(in -> runtime(experiment.getRuntime(), in));
    at.in("data").ifPresent(in -> DataRules.check(experiment.getData(), in));
    at.in("network")
        .ifPresent(in -> NetworkRules.check(experiment.getNetwork(), experiment.getData(), in));
    at.in("weights").ifPresent(in -> weights(experiment.getWeights(), in));
    at.in("checkpoints").ifPresent(in -> checkpoints(experiment.getCheckpoints(), in));
    at.in("export").ifPresent(in -> export(experiment.getExport(), in));
    stages(experiment, at.all("stages"));
  }

  private static void stages(Experiment experiment, List<At> stages) {
    for (int i = 0; i < stages.size(); i++) {
      StageRules.check(experiment.getStages(i), experiment.getData(), stages.get(i));
    }
    SparseRecipeRules.network(experiment, stages);
    StageReferenceRules.check(experiment, stages);
    FallingSparsityRules.check(experiment, stages);
  }

  private static void runtime(Runtime runtime, At at) {
    at.require(
        runtime.getThreads() >= 0 && runtime.getThreads() <= 1024,
        "threads",
        "an integer from 0 (all cores) to 1024");
  }

  /**
   * A file must be named; every regular expression must compile and have the groups its replacement
   * uses.
   */
  private static void weights(Weights weights, At at) {
    at.requireGiven(weights.getPath(), "path", "FILE", "the file with the weights");
    List<At> renames = at.all("rename");
    for (int i = 0; i < weights.getRenameCount(); i++) {
      rename(weights.getRename(i), renames.get(i));
    }
    for (int i = 0; i < weights.getIgnoreCount(); i++) {
      String problem = regexProblem(weights.getIgnore(i), "");
      at.requireItem(problem.isEmpty(), "ignore", i, "a regular expression" + problem);
    }
  }

  private static void rename(Rename rename, At at) {
    at.require(!rename.getPattern().isEmpty(), "pattern", "a regular expression");
    String problem = regexProblem(rename.getPattern(), "");
    at.require(problem.isEmpty(), "pattern", "a regular expression" + problem);
    if (problem.isEmpty()) {
      String missing = regexProblem(rename.getPattern(), rename.getReplacement());
      at.require(
          missing.isEmpty(), "replacement", "a replacement with groups of the pattern" + missing);
    }
  }

  /**
   * Why the pattern does not compile, or why the replacement does not go with it; empty if they are
   * sound.
   */
  static String regexProblem(String regex, String replacement) {
    if (regex.length() > LONGEST_REGEX) {
      return " of at most %d characters".formatted(LONGEST_REGEX);
    }
    try {
      Pattern.compile(regex);
      // The empty first alternative always matches, so that the replacement is tried whatever the
      // pattern is.
      Pattern.compile("|" + regex).matcher("").replaceFirst(replacement);
      return "";
    } catch (PatternSyntaxException e) {
      return " (%s at character %d)".formatted(e.getDescription(), e.getIndex() + 1);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return " (%s)".formatted(Show.oneLine(e.getMessage()));
    }
  }

  private static void checkpoints(Checkpoints checkpoints, At at) {
    at.require(checkpoints.getKeepLast() >= 1, "keep_last", "an integer of at least 1");
    at.require(
        checkpoints.getEverySteps() >= 0,
        "every_steps",
        "an integer of at least 0 (0: at the end of epochs)");
  }

  private static void export(Export export, At at) {
    at.require(export.getVerifyImages() >= 1, "verify_images", "an integer of at least 1");
    at.require(export.getTolerance() > 0, "tolerance", "a number above 0");
    at.require(
        export.getValues() == Export.Values.FLOAT32 || export.getStorage() == Export.Storage.PACKED,
        "values",
        "FLOAT32, since storage is not PACKED");
    at.require(
        export.getWarmupRequests() >= 0 && export.getWarmupRequests() <= MOST_WARMUP_REQUESTS,
        "warmup_requests",
        "an integer from 0 (none) to %d".formatted(MOST_WARMUP_REQUESTS));
  }

  /** A plug-in must be named; its options are its own affair. */
  static void custom(Custom custom, At at) {
    at.require(!custom.getName().isEmpty(), "name", "the name of a plug-in");
  }
}
