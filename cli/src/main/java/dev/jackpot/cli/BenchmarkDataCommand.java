package dev.jackpot.cli;

import com.google.gson.JsonObject;
import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.training.DataBenchmark;
import dev.jackpot.training.data.SyntheticPhotos;
import dev.jackpot.training.report.Figures;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jackpot benchmark data}: the input path alone. */
@Command(
    name = "data",
    description = {
      "Measures how many images a second the input path prepares for training.",
      "Images that have to be decoded are also sent through a bare TensorFlow graph in turns."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  jackpot benchmark data quickstart --with-training",
      "  jackpot benchmark data --synthetic 500 --json"
    })
final class BenchmarkDataCommand implements Runnable {
  private static final int FEWEST_PHOTOS = 10;
  private static final int MOST_PHOTOS = 1_000_000;

  @Spec private CommandSpec spec;
  @Mixin private HelpOption help;
  @Mixin private Output output;
  @Mixin private SetOption sets;

  @Parameters(
      arity = "0..1",
      paramLabel = "CONFIG|PRESET",
      defaultValue = "quickstart",
      description = {
        "Its data, the batch size of its first stage, its network and runtime are used",
        "(default: ${DEFAULT-VALUE})."
      })
  private String config;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "3",
      description = "Length of each turn (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Rounds that are measured, after a warm-up (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--with-training",
      description = "Measure training steps of the config's network in turns with it.")
  private boolean withTraining;

  @Option(
      names = "--synthetic",
      paramLabel = "N",
      description = {
        "Measure on N JPEGs of about 500×375 pixels that are made for it, with random",
        "resized crops of 224 pixels where the config says nothing else."
      })
  private Integer synthetic;

  @Override
  public void run() {
    require("--seconds", seconds > 0 && seconds <= 3600, seconds, "a number above 0, at most 3600");
    require("--rounds", rounds >= 1 && rounds <= 1000, rounds, "1 to 1000");
    Experiment experiment = ExperimentLoader.loadTemplate(config, sets.values());
    if (synthetic == null) {
      measure(experiment);
      return;
    }
    require(
        "--synthetic",
        synthetic >= FEWEST_PHOTOS && synthetic <= MOST_PHOTOS,
        synthetic,
        "%d to %d".formatted(FEWEST_PHOTOS, MOST_PHOTOS));
    Path folder = temporaryFolder();
    try {
      SyntheticPhotos.write(folder, synthetic, 1);
      measure(experiment.toBuilder().setData(photos(experiment.getData(), folder)).build());
    } finally {
      AtomicFiles.delete(folder);
    }
  }

  /** The photos, prepared as the config says if it is for such images. */
  private static Data photos(Data data, Path folder) {
    Data.Builder photos = Data.newBuilder();
    if (data.hasFolder() || data.hasTfrecord()) {
      photos.mergeFrom(data).clearSource().clearLimitTrain().clearLimitTest().clearValidation();
    } else {
      photos.getAugmentationBuilder().setFlip(true).getRandomResizedCropBuilder();
    }
    photos.getFolderBuilder().setPath(folder.toString());
    return photos.build();
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("jackpot-photos-");
    } catch (IOException e) {
      throw AtomicFiles.failure("write to", Path.of(System.getProperty("java.io.tmpdir")), e);
    }
  }

  private void require(String option, boolean holds, Object value, String expected) {
    if (!holds) {
      throw new ParameterException(
          spec.commandLine(), "%s: found %s, expected %s".formatted(option, value, expected));
    }
  }

  private void measure(Experiment experiment) {
    DataBenchmark.Report report =
        DataBenchmark.run(experiment, withTraining, new DataBenchmark.Length(seconds, rounds));
    output.print(() -> json(report), out -> print(report, out));
  }

  private static void print(DataBenchmark.Report report, PrintWriter out) {
    out.printf(
        "%s, batches of %d images of %s, %d threads%n",
        report.data(), report.batch(), report.image(), report.threads());
    Table table =
        new Table().text("").number("IMAGES/S").number("CPU TIME AN IMAGE").number("INPUT PATH IS");
    row(table, "input path", report.input(), "");
    report.bareDecoding().ifPresent(b -> row(table, "bare decode and resize", b));
    report.training().ifPresent(b -> row(table, "training", b));
    out.print(table);
  }

  private static void row(Table table, String name, DataBenchmark.Beside beside) {
    row(table, name, beside.rate(), String.format(Locale.ROOT, "%.2f×", beside.ratio()));
  }

  private static void row(Table table, String name, DataBenchmark.Rate rate, String ratio) {
    table.row(
        name,
        Figures.count(Math.round(rate.imagesPerSecond())),
        String.format(Locale.ROOT, "%.3f ms", rate.cpuMillis()),
        ratio);
  }

  private static JsonObject json(DataBenchmark.Report report) {
    return Json.object(
        "data", report.data(),
        "image",
            List.of(report.image().height(), report.image().width(), report.image().channels()),
        "batch", report.batch(),
        "threads", report.threads(),
        "seconds", report.length().seconds(),
        "rounds", report.length().rounds(),
        "images_per_second", report.input().imagesPerSecond(),
        "cpu_ms_per_image", report.input().cpuMillis(),
        "bare_decoding", report.bareDecoding().map(BenchmarkDataCommand::json),
        "training", report.training().map(BenchmarkDataCommand::json));
  }

  private static JsonObject json(DataBenchmark.Beside beside) {
    return Json.object(
        "images_per_second", beside.rate().imagesPerSecond(),
        "cpu_ms_per_image", beside.rate().cpuMillis(),
        "input_path_ratio", beside.ratio());
  }
}
