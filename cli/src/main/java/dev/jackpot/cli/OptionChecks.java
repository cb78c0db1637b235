package dev.jackpot.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What options must be that picocli does not check. */
final class OptionChecks {
  private OptionChecks() {}

  /**
   * @param spec of the command, for its usage line
   * @throws ParameterException naming option, value found and least value (exit 2)
   */
  static void atLeast(CommandSpec spec, String option, int value, int least) {
    if (value < least) {
      throw new ParameterException(
          spec.commandLine(), "%s: found %d, expected at least %d".formatted(option, value, least));
    }
  }
}
