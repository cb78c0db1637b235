package dev.jackpot.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.JackpotException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsLogTest {
  private static final List<String> STAGES = List.of("train", "search");

  @TempDir Path temp;
  private Path file;

  @BeforeEach
  void name() {
    file = temp.resolve("metrics.jsonl");
  }

  static EpochMetrics line(String stage, int epoch) {
    return new EpochMetrics(
        stage, epoch, 100L * epoch, 1.5 / epoch, 0.5, 0.25, 0.1, 0.9, 7, 1234.5, 2.25);
  }

  private void write(EpochMetrics... lines) {
    try (MetricsLog log = MetricsLog.open(file)) {
      for (EpochMetrics line : lines) {
        log.append(line);
      }
    }
  }

  @Test
  void readsBackWhatWasAppendedOverSeveralOpenings() throws IOException {
    write(line("train", 1), line("train", 2));
    write(line("search", 1));
    assertThat(Metrics.read(file))
        .containsExactly(line("train", 1), line("train", 2), line("search", 1));
    assertThat(Files.readAllLines(file).get(0))
        .isEqualTo(
            "{\"stage\":\"train\",\"epoch\":1,\"step\":100,\"loss\":1.5,\"train_accuracy\":0.5,"
                + "\"accuracy\":0.25,\"split\":\"test\",\"learning_rate\":0.1,\"sparsity\":0.9,\"swaps\":7,"
                + "\"images_per_second\":1234.5,\"seconds\":2.25}");
  }

  @Test
  void theSplitIsKeptAndTestWhereALineHasNone() throws IOException {
    EpochMetrics line =
        new EpochMetrics("train", 1, 1, 1, 0.5, 0.25, EvaluationSplit.VALIDATION, 0.1, 0, 0, 10, 1);
    write(line);
    assertThat(Metrics.read(file)).containsExactly(line);
    String text = Files.readString(file);
    Files.writeString(file, text.replace("\"split\":\"validation\",", ""));
    assertThat(Metrics.read(file).get(0).split()).isEqualTo(EvaluationSplit.TEST);
    Files.writeString(file, text.replace("\"validation\"", "\"holdout\""));
    assertThatThrownBy(() -> Metrics.read(file))
        .hasMessageContainingAll("field split", "one of test, validation", "holdout");
  }

  @Test
  void numbersThatWereNotMeasuredAreAbsent() throws IOException {
    double nan = Double.NaN;
    EpochMetrics bare =
        new EpochMetrics(
            "a \"b\" <c>", 1, 1, nan, nan, nan, 0.1, 0, 0, Double.POSITIVE_INFINITY, 1);
    write(bare);
    assertThat(Files.readString(file))
        .doesNotContain("accuracy", "loss", "NaN", "Infinity")
        .contains("<c>");
    EpochMetrics read = Metrics.read(file).get(0);
    assertThat(read.accuracy()).isNaN();
    assertThat(read.imagesPerSecond()).isNaN();
    assertThat(read.stage()).isEqualTo("a \"b\" <c>");
  }

  @Test
  void aMissingFileHasNoLines() {
    assertThat(Metrics.read(file)).isEmpty();
    MetricsLog.truncateAfter(file, STAGES, "train", 1);
    assertThat(file).doesNotExist();
  }

  @Test
  void everyTornEndIsLeftOutByReadersAndCutByTheNextWriter() throws IOException {
    write(line("train", 1), line("träin", 2));
    byte[] whole = Files.readAllBytes(file);
    int first = LineLog.read(file, EpochMetrics::parse).get(0).text().length() + 1;
    for (int length = first; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThat(Metrics.read(file)).containsExactly(line("train", 1));
      write(line("train", 2));
      assertThat(Metrics.read(file)).containsExactly(line("train", 1), line("train", 2));
    }
  }

  @Test
  void dropsWhatLiesBehindTheCheckpoint() throws IOException {
    EpochMetrics[] all = {
      line("train", 1), line("train", 2), line("train", 3), line("search", 1), line("search", 2)
    };
    for (int kept = 0; kept <= all.length; kept++) {
      Files.deleteIfExists(file);
      write(all);
      Files.writeString(file, "{\"stage\":\"sea", StandardOpenOption.APPEND);
      if (kept <= 3) {
        MetricsLog.truncateAfter(file, STAGES, "train", kept);
      } else {
        MetricsLog.truncateAfter(file, STAGES, "search", kept - 3);
      }
      assertThat(Metrics.read(file)).containsExactly(Arrays.copyOf(all, kept));
      assertThat(Files.readString(file)).matches("(?s)|.*\\n");
    }
  }

  @Test
  void theStartOfALaterStageKeepsAllOfTheEarlier() {
    write(line("train", 1), line("train", 2), line("search", 1));
    MetricsLog.truncateAfter(file, STAGES, "search", 0);
    assertThat(Metrics.read(file)).containsExactly(line("train", 1), line("train", 2));
  }

  @Test
  void aStageThatTheConfigDoesNotHaveIsAnError() {
    write(line("other", 1));
    assertThatThrownBy(() -> MetricsLog.truncateAfter(file, STAGES, "train", 1))
        .isInstanceOf(JackpotException.class)
        .hasMessage(file + ": a line is of stage \"other\"; expected one of train, search");
  }

  @Test
  void badLinesAreNamedByTheirNumber() throws IOException {
    String good = line("train", 1).toJson() + "\n";
    assertBad(good + "{\"stage\":\n" + good, ":2: not JSON");
    assertBad(good + good + "[1]\n", ":3: expected a JSON object");
    assertBad("\n", ":1: not JSON");
    assertBad("{\"epoch\":1,\"step\":1}\n", ":1: field stage is missing");
    assertBad(
        "{\"stage\":1,\"epoch\":1,\"step\":1}\n", ":1: field stage: expected a string, found 1");
    assertBad(
        "{\"stage\":\"a\",\"epoch\":1.5,\"step\":1}\n",
        ":1: field epoch: expected an integer, found 1.5");
    assertBad(
        "{\"stage\":\"a\",\"epoch\":-1,\"step\":1}\n",
        ":1: field epoch: expected an integer from 0");
    assertBad(
        "{\"stage\":\"a\",\"epoch\":1,\"step\":1,\"loss\":\"x\"}\n",
        ":1: field loss: expected a number, found \"x\"");
    assertBad(
        "{\"stage\":\"a\",\"epoch\":1,\"step\":[1]}\n",
        ":1: field step: expected a single value, found [1]");
    assertBad("{\"stage\":\"a\",\"epoch\":1,\"step\":1} {}\n", ":1: not JSON");
  }

  private void assertBad(String text, String message) throws IOException {
    Files.writeString(file, text);
    assertThatThrownBy(() -> Metrics.read(file))
        .isInstanceOf(JackpotException.class)
        .hasMessageStartingWith(file + message);
  }

  @Test
  void fieldsOfLaterVersionsAreLeftAlone() throws IOException {
    Files.writeString(file, "{\"stage\":\"a\",\"epoch\":1,\"step\":1,\"new\":{\"x\":[1]}}\n");
    assertThat(Metrics.read(file)).hasSize(1);
  }

  @Test
  void aFullDiskLeavesOnlyWholeLines() throws IOException {
    try (MetricsLog log = new MetricsLog(file, new FullChannel(file, 150))) {
      assertThatThrownBy(
              () -> {
                for (int i = 1; i < 10; i++) {
                  log.append(line("train", i));
                }
              })
          .isInstanceOf(JackpotException.class)
          .hasMessage("cannot write " + file + ": No space left on device");
    }
    assertThat(Files.readString(file)).isEqualTo("");
    try (MetricsLog log = new MetricsLog(file, new FullChannel(file, 500))) {
      log.append(line("train", 1));
      log.append(line("train", 2));
      assertThatThrownBy(() -> log.append(line("train", 3))).hasMessageContaining("No space left");
    }
    assertThat(Files.readString(file))
        .isEqualTo(line("train", 1).toJson() + "\n" + line("train", 2).toJson() + "\n");
  }
}
