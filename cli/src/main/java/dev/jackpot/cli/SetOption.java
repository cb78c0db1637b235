package dev.jackpot.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** {@code --set path=value}, any number of times. */
final class SetOption {
  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      description = {
        "Overrides a setting of the config, for instance stages.search.epochs=3;",
        "may be given several times."
      })
  private List<String> values = new ArrayList<>();

  List<String> values() {
    return List.copyOf(values);
  }
}
