package dev.jackpot.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.ExperimentLoader.Format;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Damaged configs are refused by a ConfigException, or still sound: nothing else comes out, and
 * nothing hangs.
 */
@Timeout(60)
class FuzzTest {
  private static final int MUTANTS = 500;
  private static final List<String> TOKENS =
      List.of(
          "{",
          "}",
          "[",
          "]",
          "<",
          ">",
          ":",
          ",",
          ";",
          "\"",
          "'",
          "\\",
          "#",
          "-",
          ".",
          "0",
          "1e999",
          "nan",
          "-inf",
          "99999999999999999999",
          "0x",
          "08",
          "1e99999999",
          "null",
          "true",
          "\u0000",
          "\uFFFF",
          "stages",
          "search {}",
          "train {}",
          "custom {",
          "\"custom\": {",
          "options",
          "drawn {}",
          "\\u",
          "\\ud800",
          "\\777",
          "\n",
          "(((",
          "$9");

  @Test
  void textproto() {
    assertThat(refused("full.textproto", Format.TEXTPROTO)).isBetween(MUTANTS / 2, MUTANTS - 1);
  }

  @Test
  void json() {
    assertThat(refused("full.json", Format.JSON)).isBetween(MUTANTS / 2, MUTANTS - 1);
  }

  private static int refused(String resource, Format format) {
    byte[] text = Configs.resource(resource).getBytes(StandardCharsets.UTF_8);
    Random random = new Random(20);
    int refused = 0;
    for (int i = 0; i < MUTANTS; i++) {
      byte[] mutant = Configs.mutate(text, TOKENS, random);
      try {
        ExperimentLoader.parse(
            ExperimentLoader.decode(mutant, resource), format, resource, List.of());
      } catch (ConfigException e) {
        refused++;
        assertThat(e.problems()).isNotEmpty().allSatisfy(Configs::assertOnePrintableLine);
      }
    }
    return refused;
  }

  @Test
  void overrides() {
    List<String> sound =
        new ArrayList<>(
            ExperimentText.differences(Configs.text(Configs.resource("full.textproto"))).stream()
                .map(d -> d.path() + "=" + d.value())
                .toList());
    sound.add(
        "stages.first={search { restriction { staircase { rates: [0.9, 0.6] } } } epochs: 3}");
    Random random = new Random(21);
    int refused = 0;
    for (int i = 0; i < MUTANTS; i++) {
      List<String> sets =
          Stream.generate(() -> sound.get(random.nextInt(sound.size())))
              .limit(3)
              .map(set -> Configs.mutate(set.getBytes(StandardCharsets.UTF_8), TOKENS, random))
              .map(set -> new String(set, StandardCharsets.UTF_8))
              .toList();
      try {
        ExperimentLoader.parse(Configs.resource("full.textproto"), Format.TEXTPROTO, "c", sets);
      } catch (ConfigException e) {
        refused++;
        assertThat(e.problems()).isNotEmpty().allSatisfy(Configs::assertOnePrintableLine);
      }
    }
    assertThat(refused).isBetween(MUTANTS / 2, MUTANTS);
  }
}
