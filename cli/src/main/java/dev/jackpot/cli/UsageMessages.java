package dev.jackpot.cli;

import dev.jackpot.config.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Bad usage in one line: what is wrong, the nearest valid name, and where help is. */
final class UsageMessages {
  private UsageMessages() {}

  static String of(ParameterException e) {
    CommandLine command = e.getCommandLine();
    return "%s (see `%s --help`)"
        .formatted(
            e instanceof UnmatchedArgumentException
                ? unmatched(((UnmatchedArgumentException) e).getUnmatched().get(0), command)
                : other(e, command),
            command.getCommandSpec().qualifiedName());
  }

  /** An unknown option explains what is missing better than that it is missing. */
  private static String other(ParameterException e, CommandLine command) {
    return command.getUnmatchedArguments().stream()
        .filter(a -> a.startsWith("-"))
        .findFirst()
        .map(a -> unmatched(a, command))
        .orElseGet(() -> e.getMessage().lines().findFirst().orElse("bad usage"));
  }

  private static String unmatched(String argument, CommandLine command) {
    Map<String, CommandLine> subcommands = command.getSubcommands();
    if (argument.startsWith("-")) {
      List<String> options = new ArrayList<>();
      command.getCommandSpec().options().forEach(o -> options.add(o.longestName()));
      return "unknown option '%s'%s".formatted(argument, Names.hint(argument, options));
    }
    return subcommands.isEmpty()
        ? "unexpected argument '%s'".formatted(argument)
        : "unknown command '%s'%s".formatted(argument, Names.hint(argument, subcommands.keySet()));
  }
}
