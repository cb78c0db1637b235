package dev.jackpot.training.run;

import static dev.jackpot.training.run.SheddingLines.event;
import static dev.jackpot.training.run.SheddingLines.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.JackpotException;
import dev.jackpot.pruning.shedding.Levels;
import dev.jackpot.pruning.shedding.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SheddingLogTest {
  @TempDir Path temp;
  private Path file;

  @BeforeEach
  void name() {
    file = temp.resolve("shedding.jsonl");
  }

  @Test
  void readsBackWhatWasAppended() {
    SheddingLog.append(file, whole("again", 0, 0, 4));
    SheddingLog.append(file, event("again", 0, 3));
    SheddingLog.append(file, whole("again", 1, 6, 40));
    assertThat(SheddingLog.read(file))
        .containsExactly(whole("again", 0, 0, 4), event("again", 0, 3), whole("again", 1, 6, 40));
    assertThat(SheddingLog.read(file, "other")).isEmpty();
  }

  @Test
  void kernelsWhoseFirstSetIsLostHaveNoIndexWithIt() {
    SheddingMeasurement m = whole("again", 1, 6, 40);
    SheddingMeasurement lost =
        new SheddingMeasurement(
            m.moment(),
            m.cause(),
            m.relative(),
            m.quantiles(),
            m.norm(),
            m.size(),
            m.total(),
            m.control(),
            m.layers(),
            List.of(new SheddingMeasurement.Kept(0.75, Double.NaN, Double.NaN, 0.25)),
            m.free());
    SheddingLog.append(file, lost);
    assertThat(file).content().doesNotContain("NaN").doesNotContain("\"first\"");
    assertThat(SheddingLog.read(file)).containsExactly(lost);
  }

  /** An event between the checkpoint's step and the next comes again; what came before does not. */
  @Test
  void dropsWhatLiesBehindTheCheckpoint() throws IOException {
    List<String> stages = List.of("train", "again");
    SheddingLog.append(file, whole("train", 0, 0, 1));
    SheddingLog.append(file, whole("again", 0, 6, 1));
    SheddingLog.append(file, event("again", 0, 6));
    SheddingLog.append(file, whole("again", 1, 12, 1));
    Files.writeString(file, "{\"stage\":\"aga", StandardOpenOption.APPEND);
    SheddingLog.truncateAfter(file, stages, "again", 7);
    assertThat(SheddingLog.read(file)).hasSize(3);
    SheddingLog.truncateAfter(file, stages, "again", 6);
    assertThat(SheddingLog.read(file))
        .containsExactly(whole("train", 0, 0, 1), whole("again", 0, 6, 1));
    SheddingLog.truncateAfter(file, stages, "train", 6);
    assertThat(SheddingLog.read(file)).containsExactly(whole("train", 0, 0, 1));
  }

  @Test
  void badLinesAreNamed() throws IOException {
    SheddingLog.append(file, whole("again", 1, 6, 40));
    String good = Files.readString(file);
    assertBad(good.replace("\"epoch\",", "\"end\","), "field cause: expected one of start, epoch");
    assertBad(
        good.replaceFirst("\"relative\":\\[40]", "\"relative\":[40,2]"),
        "shed: field relative: expected 1 integers");
    assertBad(good.replaceFirst("\"live\":80,", ""), "shed: field live is missing");
    assertBad(
        good.replaceFirst("\"bins\":\\[8,", "\"bins\":["), "field bins: expected 60 integers");
    assertBad(good.replace("\"size\":100,\"shed\":{", "\"size\":100,\"shed\":1,\"x\":{"), "shed");
    assertBad(good.replace("\"delta\":0.125", "\"delta\":\"x\""), "free: field delta: expected");
  }

  private void assertBad(String text, String message) throws IOException {
    Files.writeString(file, text);
    assertThatThrownBy(() -> SheddingLog.read(file))
        .isInstanceOf(JackpotException.class)
        .hasMessageStartingWith(file + ":1:")
        .hasMessageContaining(message);
  }

  @Test
  void aStartIsReadBack() {
    SheddingStart start =
        new SheddingStart(
            new Levels(List.of(0.1), List.of(0.5, 0.9)),
            new Reference(
                List.of(new Reference.Layer("conv/kernel", 0.25, 0.5, List.of(0.125, 0.375))),
                List.of(0.0625, 0.75),
                List.of(1., 2.)),
            "somewhere");
    start.write(temp.resolve("start.json"));
    assertThat(SheddingStart.read(temp.resolve("start.json"))).isEqualTo(start);
  }
}
