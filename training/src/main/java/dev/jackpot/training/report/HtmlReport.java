package dev.jackpot.training.report;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.training.run.EpochMetrics;
import dev.jackpot.training.run.Manifest;
import dev.jackpot.training.run.Metrics;
import dev.jackpot.training.run.PruningLog;
import dev.jackpot.training.run.Result;
import dev.jackpot.training.run.RunDirectory;
import dev.jackpot.training.run.SheddingLog;
import dev.jackpot.training.run.SwapLog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Writes report.html: one file without scripts that asks the network for nothing, light or dark as
 * the reader's system is, for screens, phones and paper. It shows what came out, how the numbers
 * moved, what is left of each kernel, what was run and on what, and the commands to repeat and to
 * serve it. A run that is not finished gets one of what is there.
 */
public final class HtmlReport {
  private static final int CONTENT_LIMIT = 1 << 20;

  private HtmlReport() {}

  /**
   * Reads the run's files and replaces its report.
   *
   * @return the report's path
   * @throws JackpotException if a file of the run is broken (named, with line or field), or the
   *     report cannot be written
   */
  public static Path write(RunDirectory run) {
    Experiment experiment = run.readConfig();
    List<EpochMetrics> metrics = Metrics.read(run.metrics());
    Optional<Result> result = existing(run.result()).map(Result::read);
    Optional<Manifest> manifest = existing(run.manifest()).map(Manifest::read);
    AtomicFiles.write(run.report(), page(run, experiment, metrics, result, manifest));
    return run.report();
  }

  private static Optional<Path> existing(Path file) {
    return Optional.of(file).filter(Files::exists);
  }

  private static String page(
      RunDirectory run,
      Experiment experiment,
      List<EpochMetrics> metrics,
      Optional<Result> result,
      Optional<Manifest> manifest) {
    String name = experiment.getName().isEmpty() ? name(run.root()) : experiment.getName();
    Html html = head(name);
    html.raw("<header>").element("h1", name);
    html.element("p class=\"summary\"", summary(metrics, result, manifest)).raw("</header>");
    html.raw("<main>");
    Tables tables = new Tables(html);
    if (result.isEmpty()) {
      tables.unfinished(run.root(), experiment, metrics);
    }
    result.ifPresent(r -> tables.outcome(r, Outcome.of(experiment, r)));
    tables.stages(experiment, metrics, result);
    CurveSection.write(html, metrics);
    DependencySection.write(html, SwapLog.read(run.dependency()));
    PruningSection.write(html, PruningLog.read(run.pruning()));
    SheddingSection.write(html, SheddingLog.read(run.shedding()));
    result.filter(r -> !r.kernels().isEmpty()).ifPresent(tables::kernels);
    result.ifPresent(r -> RescaleSection.write(html, r));
    html.section("Config").pre(text(run.config())).raw("</section>");
    manifest.ifPresent(tables::manifest);
    Commands.write(html, run, name, result.isPresent() && Files.isDirectory(run.savedModel()));
    return html.raw("</main>").raw("</body>").raw("</html>").toString();
  }

  static Html head(String name) {
    return new Html()
        .raw("<!DOCTYPE html>")
        .raw("<html lang=\"en\">")
        .raw("<head>")
        .raw("<meta charset=\"utf-8\">")
        .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        .raw("<meta name=\"color-scheme\" content=\"light dark\">")
        // Even if something slipped through the escaping, the browser would neither run nor load
        // it.
        .raw(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src"
                + " 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">")
        .raw("<meta name=\"referrer\" content=\"no-referrer\">")
        .raw("<link rel=\"icon\" href=\"data:,\">")
        .element("title", name + " – Jackpot")
        .raw("<style>")
        .raw(styleSheet())
        .raw("</style>")
        .raw("</head>")
        .raw("<body>");
  }

  private static String summary(
      List<EpochMetrics> metrics, Optional<Result> result, Optional<Manifest> manifest) {
    StringBuilder text = new StringBuilder();
    result.ifPresent(
        r -> {
          text.append("Accuracy ").append(Figures.percent(r.accuracy()));
          if (r.sparsity() > 0) {
            text.append(" with ")
                .append(Figures.percent(r.sparsity()))
                .append(" of the prunable weights removed");
          }
          text.append(" · ").append(Figures.duration(r.seconds())).append(" · ");
        });
    text.append(Figures.count(metrics.size())).append(metrics.size() == 1 ? " epoch" : " epochs");
    manifest.ifPresent(m -> text.append(" · begun ").append(Tables.time(m.started())));
    return text.toString();
  }

  private static String name(Path root) {
    return root.toAbsolutePath().normalize().getFileName().toString();
  }

  private static String text(Path config) {
    try {
      String text = Files.readString(config);
      return text.length() <= CONTENT_LIMIT ? text : text.substring(0, CONTENT_LIMIT) + "\n…";
    } catch (IOException e) {
      throw AtomicFiles.failure("read", config, e);
    }
  }

  private static String styleSheet() {
    try (InputStream in = HtmlReport.class.getResourceAsStream("report.css")) {
      if (in == null) {
        throw new IllegalStateException(
            "report.css is not beside the class " + HtmlReport.class.getName());
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("report.css cannot be read from the class path", e);
    }
  }
}
