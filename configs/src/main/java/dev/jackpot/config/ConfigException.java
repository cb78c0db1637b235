package dev.jackpot.config;

import java.util.List;

/** Bad usage or a bad config: every problem that was found, each one line. Exit code 2. */
public class ConfigException extends JackpotException {
  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  public ConfigException(String problem) {
    this(List.of(problem));
  }

  public ConfigException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
    this.problems = List.copyOf(problems);
  }

  /** The problems, in the order of their place in the file. */
  public List<String> problems() {
    return problems;
  }

  @Override
  public int exitCode() {
    return 2;
  }
}
