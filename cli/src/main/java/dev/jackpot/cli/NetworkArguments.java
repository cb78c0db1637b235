package dev.jackpot.cli;

import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.training.Checkpoint;
import dev.jackpot.training.TrainedNetwork;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    return load(List.of());
  }

  /** With more settings, which come after those of the command line. */
  TrainedNetwork load(List<String> more) {
    Path path = Path.of(source);
    List<String> all = new ArrayList<>(sets.values());
    all.addAll(more);
    return Files.isDirectory(path)
        ? TrainedNetwork.load(path, all)
        : TrainedNetwork.of(ExperimentLoader.load(source, all));
  }

  /** The manifest of the run that the network is from, if it is from one. */
  Optional<Path> manifest() {
    Path path = Path.of(source).toAbsolutePath().normalize();
    if (!Files.isDirectory(path)) {
      return Optional.empty(); // a config or preset; what lies beside it is not its own
    }
    Path run = Checkpoint.isAt(path) ? path.resolve("../..").normalize() : path;
    return Optional.of(run.resolve("manifest.json")).filter(Files::isRegularFile);
  }

  String source() {
    return source;
  }

  /** Settings that override the config's. */
  List<String> sets() {
    return sets.values();
  }
}
