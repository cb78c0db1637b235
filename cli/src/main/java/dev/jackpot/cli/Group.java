package dev.jackpot.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that only has subcommands: asking for itself is bad usage. */
abstract class Group implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private HelpOption help;

  @Override
  public final void run() {
    throw new ParameterException(
        spec.commandLine(),
        "which one? expected " + String.join(" or ", spec.subcommands().keySet()));
  }
}
