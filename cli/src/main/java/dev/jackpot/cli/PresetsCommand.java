package dev.jackpot.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code jackpot presets}: short for {@code jackpot list presets}. */
@Command(
    name = "presets",
    description = "Lists the experiments that come with the program.",
    footerHeading = "%nExample:%n",
    footer = "  jackpot presets")
final class PresetsCommand implements Runnable {
  @Mixin private HelpOption help;
  @Mixin private Output output;

  @Override
  public void run() {
    ListCommand.presets(output);
  }
}
