package dev.jackpot.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.jackpot.config.ExperimentLoader.Format;
import dev.jackpot.config.proto.Experiment;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** What the tests of this package share. */
final class Configs {
  private Configs() {}

  /** A file of src/test/resources. */
  static String resource(String name) {
    try (InputStream in = Configs.class.getResourceAsStream("/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Experiment text(String text, String... sets) {
    return ExperimentLoader.parse(text, Format.TEXTPROTO, "c.textproto", List.of(sets));
  }

  static Experiment json(String text, String... sets) {
    return ExperimentLoader.parse(text, Format.JSON, "c.json", List.of(sets));
  }

  static List<String> problemsOfText(String text, String... sets) {
    return problems(() -> text(text, sets));
  }

  static List<String> problemsOfJson(String text, String... sets) {
    return problems(() -> json(text, sets));
  }

  /** The problems with which {@code load} fails. */
  static List<String> problems(Runnable load) {
    ConfigException e = catchThrowableOfType(ConfigException.class, load::run);
    assertThat(e).as("a ConfigException").isNotNull();
    assertThat(e.exitCode()).isEqualTo(2);
    assertThat(e.problems()).allSatisfy(Configs::assertOnePrintableLine);
    return e.problems();
  }

  static void assertOnePrintableLine(String line) {
    assertThat(line).isNotBlank();
    assertThat(line.chars()).noneMatch(Character::isISOControl);
  }

  /**
   * The text with up to four changes: bytes of it replaced, removed, inserted, repeated or moved.
   */
  static byte[] mutate(byte[] text, List<String> tokens, Random random) {
    byte[] mutant = text;
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      int from = random.nextInt(mutant.length + 1);
      int to = Math.min(mutant.length, from + random.nextInt(12));
      byte[] patch =
          switch (random.nextInt(5)) {
            case 0 -> new byte[0];
            case 1 -> new byte[] {(byte) random.nextInt(256)};
            case 2 -> tokens.get(random.nextInt(tokens.size())).getBytes(StandardCharsets.UTF_8);
            case 3 -> {
              int start = random.nextInt(mutant.length + 1);
              yield slice(mutant, start, Math.min(mutant.length, start + random.nextInt(200)));
            }
            default -> {
              to = from;
              yield tokens.get(random.nextInt(tokens.size())).getBytes(StandardCharsets.UTF_8);
            }
          };
      byte[] changed = new byte[from + patch.length + mutant.length - to];
      System.arraycopy(mutant, 0, changed, 0, from);
      System.arraycopy(patch, 0, changed, from, patch.length);
      System.arraycopy(mutant, to, changed, from + patch.length, mutant.length - to);
      mutant = changed;
    }
    return mutant;
  }

  private static byte[] slice(byte[] bytes, int from, int to) {
    byte[] slice = new byte[to - from];
    System.arraycopy(bytes, from, slice, 0, slice.length);
    return slice;
  }
}
