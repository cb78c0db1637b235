package dev.jackpot.cli;

import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.proto.Experiment;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A config, and what of it is overridden. */
final class ConfigArguments {
  @Parameters(
      paramLabel = "CONFIG|PRESET",
      description = "A .textproto or .json file, or a preset's name (see `jackpot presets`).")
  private String config;

  @Mixin private SetOption sets = new SetOption();

  Experiment load() {
    return ExperimentLoader.load(config, sets.values());
  }

  /** The same where paths that the user has to give may still be missing. */
  Experiment loadTemplate() {
    return ExperimentLoader.loadTemplate(config, sets.values());
  }

  List<String> sets() {
    return new ArrayList<>(sets.values());
  }

  String name() {
    return config;
  }
}
