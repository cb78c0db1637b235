package dev.jackpot.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.JackpotException;
import dev.jackpot.training.run.SwapMeasurement.Alone;
import dev.jackpot.training.run.SwapMeasurement.Group;
import dev.jackpot.training.run.SwapMeasurement.Kernel;
import dev.jackpot.training.run.SwapMeasurement.Together;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwapLogTest {
  @TempDir Path temp;
  private Path file;

  @BeforeEach
  void name() {
    file = temp.resolve("dependency.jsonl");
  }

  static SwapMeasurement line(String stage, int epoch, long step) {
    return new SwapMeasurement(
        stage,
        epoch,
        step,
        0.5,
        0.1,
        16,
        List.of(new Kernel("conv/kernel", 1, List.of(new Alone(-0.25, -0.125), new Alone(-1, 2)))),
        List.of(
            new Group(
                SwapRegion.ADJACENT,
                List.of("conv/kernel", "next/kernel"),
                List.of(new Together(1, -0.25, -0.125, 0), new Together(2, -1.25, 2, 0.125)))));
  }

  @Test
  void readsBackWhatWasAppended() throws IOException {
    SwapLog.append(file, line("search", 0, 0));
    SwapLog.append(file, line("search", 1, 78));
    assertThat(SwapLog.read(file)).containsExactly(line("search", 0, 0), line("search", 1, 78));
    assertThat(Files.readAllLines(file).get(0))
        .isEqualTo(
            "{\"stage\":\"search\",\"epoch\":0,\"step\":0,\"loss\":0.5,\"learning_rate\":0.1,\"images\":16,"
                + "\"kernels\":[{\"kernel\":\"conv/kernel\",\"count\":2,\"wanted\":1,"
                + "\"predicted\":[-0.25,-1.0],\"actual\":[-0.125,2.0]}],"
                + "\"groups\":[{\"region\":\"adjacent\",\"kernels\":[\"conv/kernel\",\"next/kernel\"],"
                + "\"swaps\":[1,2],\"predicted\":[-0.25,-1.25],\"actual\":[-0.125,2.0],"
                + "\"interaction\":[0.0,0.125]}]}");
  }

  @Test
  void dropsWhatLiesBehindTheCheckpointAndATornLine() throws IOException {
    List<String> stages = List.of("search", "again");
    SwapLog.truncateAfter(file, stages, "search", 0);
    assertThat(file).doesNotExist();
    SwapLog.append(file, line("search", 0, 0));
    SwapLog.append(file, line("search", 1, 78));
    SwapLog.append(file, line("again", 0, 156));
    Files.writeString(file, "{\"stage\":\"sea", StandardOpenOption.APPEND);
    assertThat(SwapLog.read(file)).hasSize(3);
    SwapLog.truncateAfter(file, stages, "again", 156);
    assertThat(SwapLog.read(file)).hasSize(3);
    SwapLog.truncateAfter(file, stages, "search", 100);
    assertThat(SwapLog.read(file)).extracting(SwapMeasurement::step).containsExactly(0L, 78L);
    SwapLog.truncateAfter(file, stages, "search", 77);
    assertThat(SwapLog.read(file)).extracting(SwapMeasurement::step).containsExactly(0L);
  }

  @Test
  void badLinesAreNamed() throws IOException {
    SwapLog.append(file, line("search", 0, 0));
    String good = Files.readString(file);
    assertBad(
        good.replace("[-0.25,-1.0]", "[-0.25]"), "kernels[0]: field predicted: expected 2 numbers");
    assertBad(
        good.replace("[-0.25,-1.0]", "[-0.25,\"x\"]"),
        "field predicted[1]: expected a finite number");
    assertBad(
        good.replace("[-0.25,-1.0]", "[-0.25,1e999]"),
        "field predicted[1]: expected a finite number");
    assertBad(
        good.replace("adjacent", "near"),
        "groups[0]: field region: expected one of layer, adjacent, distant, all");
    assertBad(good.replace("\"region\":\"adjacent\",", ""), "groups[0]: field region is missing");
    assertBad(good.replace("[1,2]", "[1,2,4]"), "groups[0]: field predicted: expected 3 numbers");
    assertBad(good.replace("[1,2]", "[1,0]"), "groups[0]: field swaps[1]: expected");
    assertBad(good.replace("\"loss\":0.5,", ""), "field loss is missing");
    assertBad(
        good.replace("\"wanted\":1", "\"wanted\":-1"), "field wanted: expected an integer from 0");
  }

  private void assertBad(String text, String message) throws IOException {
    Files.writeString(file, text);
    assertThatThrownBy(() -> SwapLog.read(file))
        .isInstanceOf(JackpotException.class)
        .hasMessageStartingWith(file + ":1:")
        .hasMessageContaining(message);
  }
}
