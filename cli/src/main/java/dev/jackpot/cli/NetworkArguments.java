package dev.jackpot.cli;

import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.training.TrainedNetwork;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A network with values: what a run or a checkpoint holds, or what a config begins with. */
final class NetworkArguments {
  @Parameters(
      paramLabel = "RUN|CHECKPOINT|CONFIG|PRESET",
      description = {
        "A run's directory (its newest checkpoint is used), one checkpoint,",
        "or a config or preset, whose initial weights are used."
      })
  private String source;

  @Mixin private SetOption sets = new SetOption();

  TrainedNetwork load() {
    Path path = Path.of(source);
    return Files.isDirectory(path)
        ? TrainedNetwork.load(path, sets.values())
        : TrainedNetwork.of(ExperimentLoader.load(source, sets.values()));
  }

  String source() {
    return source;
  }
}
