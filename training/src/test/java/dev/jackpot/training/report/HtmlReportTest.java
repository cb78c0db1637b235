package dev.jackpot.training.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.Search;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.config.proto.Train;
import dev.jackpot.training.run.EpochMetrics;
import dev.jackpot.training.run.Manifest;
import dev.jackpot.training.run.MetricsLog;
import dev.jackpot.training.run.Result;
import dev.jackpot.training.run.RunDirectory;
import dev.jackpot.training.run.SwapLog;
import dev.jackpot.training.run.SwapMeasurement;
import dev.jackpot.training.run.SwapMeasurement.Alone;
import dev.jackpot.training.run.SwapMeasurement.Together;
import dev.jackpot.training.run.SwapRegion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlReportTest {
  private static final String HOSTILE = "</title><script>alert('1')</script> & \"q\"";

  private static final Result RESULT =
      Result.builder()
          .accuracy(0.8712)
          .denseAccuracy(0.8842)
          .startAccuracy(0.7105)
          .parameters(1_200, 210)
          .flops(40_800_000, 5_100_000)
          .seconds(147)
          .bytes(1_134_567)
          .kernels(List.of(new Result.Kernel("conv<1>/kernel", List.of(3L, 3L, 3L, 16L), 108, 432)))
          .stages(List.of(new Result.StageResult("search", 2, 0.8712, 5)))
          .build();

  @TempDir Path temp;

  private static Experiment experiment(String name, String stage, int epochs) {
    return Experiment.newBuilder()
        .setName(name)
        .addStages(
            Stage.newBuilder()
                .setName(stage)
                .setTrain(Train.getDefaultInstance())
                .setEpochs(epochs))
        .addStages(Stage.newBuilder().setSearch(Search.getDefaultInstance()).setEpochs(2))
        .build();
  }

  private RunDirectory run(Experiment experiment) {
    return RunDirectory.create(temp.resolve("my run"), experiment);
  }

  private static void metrics(RunDirectory run, String stage, int epochs) {
    try (MetricsLog log = MetricsLog.open(run.metrics())) {
      for (int e = 1; e <= epochs; e++) {
        log.append(
            new EpochMetrics(stage, e, e, 2.0 / e, 0.8, 0.7 + 0.1 * e / epochs, 0.1, 0, e, 1e3, 5));
      }
    }
  }

  private static String html(RunDirectory run) throws IOException {
    return Files.readString(HtmlReport.write(run));
  }

  /** The page's text, with spaces in the place of tags. */
  private static String text(String html) {
    String body = html.substring(html.indexOf("<body>")).replaceAll("(?s)<svg.*?</svg>", " ");
    return body.replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ");
  }

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }

  @Test
  void showsTheWholeRun() throws IOException {
    try (RunDirectory run = run(experiment("small", "train", 3))) {
      metrics(run, "train", 3);
      metrics(run, "search", 2);
      Manifest.builder().device("CPU").threads(1).seed(9).build().write(run.manifest());
      RESULT.write(run.result());
      Files.createDirectories(run.savedModel());
      String html = html(run);
      assertThat(text(html))
          .contains("Dense 88.42 % – 1,200 40.8 M –")
          .contains("Starting mask 71.05 % −17.37 210 (17.50 %) 5.10 M (12.50 %) –")
          .contains("Jackpot: search 87.12 % −1.30 210 (17.50 %) 5.10 M (12.50 %) 1.13 MB")
          .contains("train 3 80.00 %")
          .contains("conv&lt;1&gt;/kernel 25.00 % 108 432 3×3×3×16")
          .contains("name: &quot;small&quot;")
          .contains("Device CPU")
          .contains("run &#39;" + run.config() + "&#39; --out &#39;" + run.root() + "-again&#39;")
          .contains("tensorflow/serving")
          .doesNotContain("not finished");
      assertThat(count(html, "<svg ")).isEqualTo(4);
      assertThat(html).contains("<i style=\"width:25.00%\">");
    }
  }

  /** D1 = −q, ΔL = −q + q²/10: with q = 4 twice, the second time twice as much. */
  @Test
  void showsHowSwapsDependOnOneAnother() throws IOException {
    try (RunDirectory run = run(experiment("small", "train", 3))) {
      assertThat(text(html(run))).doesNotContain("Weight dependency");
      for (int m = 1; m <= 2; m++) {
        List<Together> points =
            List.of(
                new Together(1, -1, -1, 0),
                new Together(2, -2, -1.6, .4),
                new Together(4, -4 * m, -2.4 * m, 1.6 * m));
        SwapLog.append(
            run.dependency(),
            new SwapMeasurement(
                "search<b>",
                m,
                7L * m,
                0.5,
                0.1,
                16,
                List.of(
                    new SwapMeasurement.Kernel(
                        "k", 1, List.of(new Alone(-1, -1), new Alone(-2, 1)))),
                List.of(new SwapMeasurement.Group(SwapRegion.DISTANT, List.of("k", "l"), points))));
      }
      String html = html(run);
      assertThat(text(html))
          .contains("search&lt;b&gt;, step 14 (epochs done: 2) 0.500 2 50.00 % 50.00 % −2.00")
          .contains("4 in two far apart 2 −6.00 −3.60 +2.40 2.40 0.00 % 0.00 % 0.60")
          .contains("The size of I grows like q^2.58 in two far apart")
          .contains("ΔL over D1, single swaps");
      assertThat(count(html, "<svg ")).isEqualTo(2);
      assertThat(html).doesNotContain("<b>", "rgb(");
    }
  }

  @Test
  void asksTheNetworkForNothing() throws IOException {
    try (RunDirectory run = run(experiment("small", "train", 3))) {
      metrics(run, "train", 3);
      String html = html(run);
      assertThat(html)
          .doesNotContain("<script", "@import", "src=", "http://", "https://")
          .contains("default-src 'none'");
      assertThat(Pattern.compile("href=\"(?!data:,\")|url\\((?!#)").matcher(html).find()).isFalse();
    }
  }

  @Test
  void everythingFromFilesIsEscaped() throws IOException {
    try (RunDirectory run = run(experiment(HOSTILE, HOSTILE, 3))) {
      metrics(run, HOSTILE, 3);
      Manifest.builder().device(HOSTILE).build().write(run.manifest());
      RESULT.write(run.result());
      String html = html(run);
      assertThat(html)
          .doesNotContain("<script>", "alert('")
          .contains("&lt;script&gt;alert(&#39;1&#39;)");
      assertThat(count(html, "</title>")).isEqualTo(1 + count(html, "<svg "));
    }
  }

  @Test
  void anUnfinishedRunSaysSo() throws IOException {
    try (RunDirectory run = run(experiment("small", "train", 3))) {
      assertThat(text(html(run))).contains("not finished: 0 of 5 epochs").contains("--resume");
      metrics(run, "train", 1);
      Files.writeString(run.metrics(), "{\"stage\":\"tr", StandardOpenOption.APPEND);
      String html = html(run);
      assertThat(text(html))
          .contains("not finished: 1 of 5 epochs")
          .contains("train 1 of 3")
          .contains("search 0 of 2")
          .doesNotContain("tensorflow/serving");
      // Accuracy, loss, rate and swaps, though there is a single point of each.
      assertThat(count(html, "<svg ")).isEqualTo(4);
    }
  }

  @Test
  void aThousandEpochsStaySmall() throws IOException {
    try (RunDirectory run = run(experiment("long", "train", 1000))) {
      StringBuilder lines = new StringBuilder();
      for (int e = 1; e <= 1000; e++) {
        lines.append(
            String.format(
                Locale.ROOT,
                "{\"stage\":\"train\",\"epoch\":%d,\"step\":%d,\"loss\":%f,\"accuracy\":%f}\n",
                e,
                e,
                1 + Math.sin(e),
                0.5 + 0.4 * Math.sin(e)));
      }
      Files.writeString(run.metrics(), lines);
      assertThat(html(run).length()).isLessThan(150_000);
    }
  }

  @Test
  void theSameFilesGiveTheSameBytes() throws IOException {
    try (RunDirectory run = run(experiment("small", "train", 3))) {
      metrics(run, "train", 3);
      assertThat(html(run)).isEqualTo(html(run));
    }
  }

  @Test
  void aBrokenFileIsNamedAndTheOldReportStays() throws IOException {
    try (RunDirectory run = run(experiment("small", "train", 3))) {
      String before = html(run);
      Files.writeString(run.metrics(), "nonsense\n");
      assertThatThrownBy(() -> HtmlReport.write(run))
          .isInstanceOf(JackpotException.class)
          .hasMessageStartingWith(run.metrics() + ":1: ");
      assertThat(Files.readString(run.report())).isEqualTo(before);
    }
  }

  @Test
  void wordsOfTheShellAreQuoted() {
    assertThat(Commands.quote("runs/a-b_c.1")).isEqualTo("runs/a-b_c.1");
    assertThat(Commands.quote("it's $HOME")).isEqualTo("'it'\\''s $HOME'");
    assertThat(Commands.quote("")).isEqualTo("''");
  }

  @Test
  void ticksHaveFewDigits() {
    double[] values = {91.412856, 0.02, 0, 100, 12_000, 1_500_000, 1e-5, -0.5};
    assertThat(Arrays.stream(values).mapToObj(CurveSection::number))
        .containsExactly("91.41", "0.02", "0", "100", "12,000", "1.5 M", "1e−5", "−0.5");
  }

  @Test
  void charactersThatDeceiveAreReplaced() {
    assertThat(Html.escape("a\u202Eb\u0000c\uD800d\te")).isEqualTo("a\uFFFDb\uFFFDc\uFFFDd\te");
  }
}
