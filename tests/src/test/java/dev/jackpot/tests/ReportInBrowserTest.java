package dev.jackpot.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.Search;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.training.report.HtmlReport;
import dev.jackpot.training.run.EpochMetrics;
import dev.jackpot.training.run.MetricsLog;
import dev.jackpot.training.run.Result;
import dev.jackpot.training.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report as a browser lays it out: at no width does the page itself scroll sideways. */
@RequiresBrowser
class ReportInBrowserTest {
  private static final int[] WIDTHS = {320, 390, 768, 1280};
  private static final Pattern MEASURED = Pattern.compile("<output>(.*?)</output>");

  @TempDir Path temp;

  @Test
  void fitsEveryWidthAndFollowsTheSystemsColours() throws Exception {
    Path report = report();
    StringBuilder page = new StringBuilder("<!DOCTYPE html><body><output></output>");
    for (int width : WIDTHS) {
      page.append(
          "<iframe style=\"width:%dpx;height:800px\" src=\"%s\"></iframe>"
              .formatted(width, report.toUri()));
    }
    page.append(
        """
        <script>
        onload = () => {
          const seen = [...document.querySelectorAll('iframe')].map(f => {
            const d = f.contentDocument, root = d.documentElement, first = d.querySelector('svg');
            return [root.scrollWidth - root.clientWidth, d.querySelectorAll('svg').length,
                Math.round(first.getBoundingClientRect().width), d.scripts.length,
                f.contentWindow.getComputedStyle(d.body).backgroundColor].join(' ');
          });
          document.querySelector('output').textContent = seen.join(';');
        };
        </script>
        """);
    Path frames = Files.writeString(temp.resolve("frames.html"), page);
    for (String scheme : List.of("1 rgb(255, 255, 255)", "0 rgb(20, 23, 28)")) {
      String color = scheme.substring(2);
      String[] seen = measure(frames, scheme.substring(0, 1)).split(";");
      assertThat(seen).hasSize(WIDTHS.length);
      for (int i = 0; i < seen.length; i++) {
        String[] values = seen[i].split(" ", 5);
        assertThat(values[0]).as("pixels too wide at %d", WIDTHS[i]).isEqualTo("0");
        assertThat(values[1]).as("charts").isEqualTo("4");
        assertThat(Integer.parseInt(values[2])).as("chart at %d", WIDTHS[i]).isBetween(280, 640);
        assertThat(values[3]).as("scripts").isEqualTo("0");
        assertThat(values[4]).isEqualTo(color);
      }
    }
  }

  private Path report() {
    Experiment experiment =
        Experiment.newBuilder()
            .setName("a-run-whose-name-is-so-long-that-no-telephone-could-hold-it-on-a-single-line")
            .addStages(Stage.newBuilder().setEpochs(3).setSearch(Search.getDefaultInstance()))
            .build();
    try (RunDirectory run = RunDirectory.create(temp.resolve("run"), experiment)) {
      try (MetricsLog log = MetricsLog.open(run.metrics())) {
        for (int e = 1; e <= 3; e++) {
          log.append(new EpochMetrics("search", e, e, 2.0 / e, 0.8, 0.7, 0.1, 0.9, 9 - e, 1000, 5));
        }
      }
      Result.builder()
          .accuracy(0.8712)
          .denseAccuracy(0.8842)
          .startAccuracy(0.7105)
          .parameters(123_456_789, 12_345_678)
          .flops(40_800_000, 5_100_000)
          .bytes(1_134_567)
          .kernels(
              List.of(
                  new Result.Kernel(
                      "backbone/stage4/unit23/bottleneck/convolution3/kernel",
                      List.of(3L, 3L, 512L, 2048L),
                      943_718,
                      9_437_184)))
          .build()
          .write(run.result());
      return HtmlReport.write(run);
    }
  }

  private String measure(Path page, String colorScheme) throws IOException, InterruptedException {
    Path dom = temp.resolve("dom.html");
    Process browser =
        new ProcessBuilder(
                Needs.browser().toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--allow-file-access-from-files",
                "--hide-scrollbars",
                "--blink-settings=preferredColorScheme=" + colorScheme,
                "--user-data-dir=" + temp.resolve("profile" + colorScheme),
                "--virtual-time-budget=10000",
                "--dump-dom",
                page.toUri().toString())
            .redirectOutput(dom.toFile())
            .redirectError(temp.resolve("browser.log").toFile())
            .start();
    try {
      assertThat(browser.waitFor(2, TimeUnit.MINUTES)).as("the browser ended").isTrue();
    } finally {
      browser.destroyForcibly();
    }
    Matcher measured = MEASURED.matcher(Files.readString(dom));
    assertThat(measured.find()).as("the page measured itself").isTrue();
    return measured.group(1);
  }
}
