package dev.jackpot.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A point of a run that a stage can start from: {@code NAME}, {@code NAME@epoch 2}, {@code
 * NAME@step 500} or {@code @start}.
 *
 * @param stage the name of a stage; empty for the start of the experiment
 * @param unit what {@code at} counts
 * @param at finished epochs or steps of the stage, from 0; 0 where nothing is counted
 */
public record StagePoint(String stage, Unit unit, long at) {
  /** How the syntax is told to people. */
  static final String SYNTAX =
      "NAME, \"NAME@epoch 2\", \"NAME@step 500\" or @start, NAME a stage that runs before";

  private static final String START = "@start";
  private static final Pattern REFERENCE =
      Pattern.compile(
          "([A-Za-z0-9_][A-Za-z0-9_-]{0,99}(?:/round-[1-9][0-9]{0,3})?)(?:@(epoch|step) ([0-9]{1,9}))?");

  /** Where in the run, or in the stage. */
  public enum Unit {
    /** The experiment's initial values. */
    START,
    /** The stage's end. */
    END,
    EPOCH,
    STEP
  }

  /**
   * Reads one.
   *
   * @throws ConfigException if it is written in another way
   */
  public static StagePoint parse(String text) {
    if (text.equals(START)) {
      return new StagePoint("", Unit.START, 0);
    }
    Matcher m = REFERENCE.matcher(text);
    if (!m.matches()) {
      throw new ConfigException("found %s, expected %s".formatted(Show.quoted(text), SYNTAX));
    }
    return m.group(2) == null
        ? new StagePoint(m.group(1), Unit.END, 0)
        : new StagePoint(
            m.group(1),
            Unit.valueOf(m.group(2).toUpperCase(Locale.ROOT)),
            Long.parseLong(m.group(3)));
  }

  /** Whether a text is one, whatever stage it names. */
  static boolean isValid(String text) {
    return text.equals(START) || REFERENCE.matcher(text).matches();
  }

  /** The same point of another stage. */
  StagePoint of(String name) {
    return new StagePoint(name, unit, at);
  }

  /** As it is written in a config. */
  @Override
  public String toString() {
    return switch (unit) {
      case START -> START;
      case END -> stage;
      case EPOCH, STEP -> "%s@%s %d".formatted(stage, unit.name().toLowerCase(Locale.ROOT), at);
    };
  }
}
