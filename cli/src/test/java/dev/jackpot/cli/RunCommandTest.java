package dev.jackpot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One tiny run, and what the other commands make of it. */
class RunCommandTest {
  @TempDir private static Path folder;
  private static Path run;
  private static JsonObject result;

  private static String[] args(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "run",
                "quickstart",
                "--quiet",
                "--set",
                "network.cifar_resnet.width=4",
                "--set",
                "data.drawn.train_images=96",
                "--set",
                "data.drawn.test_images=50",
                "--set",
                "stages.train.epochs=1",
                "--set",
                "stages.train.batch_size=32",
                "--set",
                "stages.search.epochs=1",
                "--set",
                "stages.search.batch_size=32",
                "--set",
                "stages.search.search.start_batches=1"));
    args.addAll(List.of(more));
    return args.toArray(String[]::new);
  }

  @BeforeAll
  static void runOnce() {
    run = folder.resolve("run");
    Cli cli = Cli.good(args("--out", run.toString(), "--json"));
    assertThat(cli.err()).isEmpty();
    result = cli.object();
  }

  @Test
  void aDryRunNeedsNoDataAndWritesNothing() {
    Path nowhere = folder.resolve("dry");
    JsonObject report =
        Cli.good(
                "run",
                "resnet20-cifar10-jackpot90",
                "--dry-run",
                "--json",
                "--set",
                "stages.search.batch_size=2",
                "--out",
                nowhere.toString())
            .object();
    assertThat(report.get("parameters").getAsLong()).isEqualTo(269_722);
    JsonObject stage = report.getAsJsonArray("stages").get(0).getAsJsonObject();
    assertThat(stage.get("stage").getAsString()).isEqualTo("search");
    assertThat(stage.get("batch").getAsInt()).isEqualTo(2);
    assertThat(stage.get("loss").getAsDouble()).isPositive();
    assertThat(nowhere).doesNotExist();
  }

  @Test
  void theResultOnStdoutIsTheFiles() throws IOException {
    assertThat(result)
        .isEqualTo(JsonParser.parseString(Files.readString(run.resolve("result.json"))));
    assertThat(result.get("accuracy").getAsDouble()).isBetween(0.0, 1.0);
  }

  @Test
  void everyFileOfTheContractIsThere() {
    for (String file :
        List.of(
            "config.textproto",
            "manifest.json",
            "metrics.jsonl",
            "result.json",
            "checkpoints",
            "masks/search.masks",
            "saved_model/1/saved_model.pb",
            "report.html",
            "log.txt")) {
      assertThat(run.resolve(file)).exists();
    }
  }

  @Test
  void theStagesMasksAreTheRuns() {
    String file = run.resolve("masks/search.masks").toString();
    JsonObject total =
        Cli.good("overlap", run.toString(), file, "--json")
            .object()
            .getAsJsonArray("pairs")
            .get(0)
            .getAsJsonObject()
            .getAsJsonObject("total");
    assertThat(total.get("hamming").getAsLong()).isZero();
    long kept = 0;
    for (var kernel : result.getAsJsonArray("kernels")) {
      kept += kernel.getAsJsonObject().get("kept").getAsLong();
    }
    assertThat(total.get("kept_a").getAsLong()).isEqualTo(kept);
    assertThat(Cli.good("inspect", file).out())
        .contains("source: quickstart, stage search")
        .contains("sparsity: 0.9");
    JsonObject scores =
        Cli.good("overlap", file, "scores@" + run, "random", "--json")
            .object()
            .getAsJsonArray("pairs")
            .get(0)
            .getAsJsonObject()
            .getAsJsonObject("total");
    assertThat(scores.get("overlap").getAsDouble())
        .isGreaterThan(scores.get("chance").getAsDouble());
    assertThat(
            Cli.good(
                    "prune",
                    run.toString(),
                    "--criterion",
                    "scores",
                    "--out",
                    "%s".formatted(folder.resolve("s.masks")),
                    "--json")
                .object()
                .get("kept")
                .getAsLong())
        .isEqualTo(kept);
    Path again = folder.resolve("again.masks");
    Cli.good("prune", run.toString(), "--pattern", "4x1", "--out", again.toString());
    assertThat(again).exists();
  }

  @Test
  void aDirectoryWithARunIsRefusedAndLeftAsItIs() throws IOException {
    List<Path> before = files(run);
    long log = Files.size(run.resolve("log.txt"));
    Cli cli = Cli.run(args("--out", run.toString()));
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.errors()).singleElement().asString().contains("already holds a run", "--resume");
    assertThat(files(run)).isEqualTo(before);
    assertThat(run.resolve("log.txt")).hasSize(log);
  }

  @Test
  void resumingACompleteRunGivesItsResultAgain() {
    Cli cli = Cli.good(args("--out", run.toString(), "--resume"));
    assertThat(cli.out().lines().map(l -> l.split(" ")[0]).toList())
        .startsWith("NETWORK", "dense", "starting", "jackpot");
  }

  @Test
  void aFailureBeforeTheRunLeavesNoDirectory() {
    Path missing = folder.resolve("never");
    Cli cli =
        Cli.run(
            "run",
            "resnet20-cifar10-jackpot90",
            "--set",
            "data.cifar10.path=" + folder.resolve("no-data"),
            "--set",
            "weights.path=" + folder.resolve("no-weights.npz"),
            "--out",
            missing.toString());
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.errors()).isNotEmpty().allMatch(l -> l.startsWith("jackpot: "));
    assertThat(missing).doesNotExist();
  }

  @Test
  void evaluateMeasuresWhatTheRunMeasured() {
    JsonObject evaluation = Cli.good("evaluate", run.toString(), "--json").object();
    assertThat(evaluation.get("accuracy")).isEqualTo(result.get("accuracy"));
    assertThat(evaluation.get("images").getAsInt()).isEqualTo(50);
    assertThat(evaluation.get("images_per_second").getAsDouble()).isPositive();
  }

  @Test
  void evaluateTakesACheckpointAndOverrides() {
    Path checkpoint = files(run.resolve("checkpoints")).get(0);
    JsonObject evaluation =
        Cli.good("evaluate", checkpoint.toString(), "--set", "data.limit_test=20", "--json")
            .object();
    assertThat(evaluation.get("images").getAsInt()).isEqualTo(20);
  }

  @Test
  void exportFoldsBatchNormAndKeepsTheZeros() {
    Path model = folder.resolve("folded/1");
    JsonObject report =
        Cli.good(
                "export",
                run.toString(),
                "--out",
                model.toString(),
                "--set",
                "export.fold_batch_norm=true",
                "--set",
                "export.verify_images=20",
                "--json")
            .object();
    assertThat(report.get("folded_batch_norms").getAsInt()).isPositive();
    for (var element : result.getAsJsonArray("kernels")) {
      JsonObject kernel = element.getAsJsonObject();
      JsonObject written =
          report.getAsJsonObject("kernels").getAsJsonObject(kernel.get("name").getAsString());
      assertThat(written.get("size")).isEqualTo(kernel.get("total"));
      assertThat(written.get("nonzero").getAsLong())
          .isLessThanOrEqualTo(kernel.get("kept").getAsLong());
    }
    assertThat(report.get("kernel_nonzero").getAsLong()).isPositive();
    assertThat(SavedModels.find(model.getParent())).isEqualTo(model);
  }

  @Test
  void packedModelsGetVersionsAreEvaluatedAndMeasured() {
    Path model = folder.resolve("packed");
    String[] export = {
      "export",
      run.toString(),
      "--out",
      model.toString(),
      "--storage",
      "packed",
      "--values",
      "float16",
      "--set",
      "export.verify_images=20",
      "--set",
      "export.warmup_requests=3",
      "--set",
      "data.limit_test=20",
      "--json"
    };
    JsonObject report = Cli.good(export).object();
    assertThat(report.get("saved_model").getAsString()).isEqualTo(model.resolve("1").toString());
    assertThat(report.get("bytes").getAsLong()).isLessThan(report.get("dense_bytes").getAsLong());
    assertThat(files(model.resolve("1/assets.extra")))
        .extracting(p -> p.getFileName().toString())
        .contains(
            "config.textproto", "jackpot.json", "manifest.json", "tf_serving_warmup_requests");
    double rounded = report.getAsJsonObject("rounding").get("rounded_accuracy").getAsDouble();
    JsonObject evaluation = Cli.good("evaluate", model.toString(), "--json").object();
    assertThat(evaluation.get("images").getAsInt()).isEqualTo(20);
    assertThat(evaluation.get("accuracy").getAsDouble()).isEqualTo(rounded);

    assertThat(Cli.good(export).object().get("saved_model").getAsString())
        .isEqualTo(model.resolve("2").toString());
    JsonObject measured =
        Cli.good(
                "benchmark",
                "inference",
                model.toString(),
                run.toString(),
                "--batch",
                "1,2",
                "--turns",
                "1",
                "--json")
            .object();
    JsonObject first = measured.getAsJsonArray("models").get(0).getAsJsonObject();
    assertThat(first.get("model").getAsString()).isEqualTo(model.resolve("2").toString());
    assertThat(first.getAsJsonArray("batches")).hasSize(2);
    assertThat(first.get("bytes").getAsLong()).isEqualTo(report.get("bytes").getAsLong());
  }

  @Test
  void exportWritesAFrozenGraphAndSaysWhatItNeeds() {
    Path frozen = folder.resolve("frozen.pb");
    Cli.good(
        "export", run.toString(), "--frozen", frozen.toString(), "--set", "export.verify_images=5");
    assertThat(frozen).isNotEmptyFile();
    assertThat(Cli.run("export", run.toString()).code()).isEqualTo(2);
    assertThat(Cli.run("export", run.toString(), "--out", "x", "--values", "float16").code())
        .isEqualTo(2);
    assertThat(Cli.run("export", run.toString(), "--out", frozen.toString()).code()).isEqualTo(2);
  }

  @Test
  void inspectSeesRunCheckpointAndSavedModel() {
    JsonObject inspected = Cli.good("inspect", run.toString(), "--json").object();
    assertThat(inspected.get("kind").getAsString()).contains("run");
    JsonArray arrays = inspected.getAsJsonArray("arrays");
    assertThat(arrays)
        .extracting(a -> a.getAsJsonObject().get("name").getAsString())
        .contains("conv1/kernel", "conv1/kernel/mask");
    Path checkpoint = files(run.resolve("checkpoints")).get(0);
    assertThat(Cli.good("inspect", checkpoint.toString()).out()).contains("stage: ", "steps done");
    assertThat(Cli.good("inspect", run.resolve("saved_model/1").toString()).out())
        .contains("serving_uint8", "conv1/kernel", "NON-ZERO");
  }

  @Test
  void predictNamesTheClassAndSaysWhenItResizes() throws IOException {
    Path small = image("small.png", 32, 32);
    Path large = image("large.png", 320, 200);
    Cli text = Cli.good("predict", run.toString(), small.toString(), large.toString());
    assertThat(text.out().lines()).hasSize(2);
    assertThat(text.errors()).singleElement().asString().contains("large.png", "320×200 to 32×32");
    JsonArray json =
        Cli.good("predict", run.toString(), small.toString(), "--top", "10", "--json")
            .json()
            .getAsJsonArray();
    JsonArray predictions = json.get(0).getAsJsonObject().getAsJsonArray("predictions");
    double sum = 0;
    double last = 1;
    for (var p : predictions) {
      double probability = p.getAsJsonObject().get("probability").getAsDouble();
      assertThat(probability).isLessThanOrEqualTo(last);
      last = probability;
      sum += probability;
      assertThat(p.getAsJsonObject().get("class").getAsString()).isNotBlank();
    }
    assertThat(predictions).hasSize(10);
    assertThat(sum).isBetween(0.999, 1.001);
  }

  @Test
  void predictRefusesWhatIsNoImage() throws IOException {
    Path text = Files.writeString(folder.resolve("text.png"), "no image");
    Path cut = folder.resolve("cut.png");
    byte[] whole = Files.readAllBytes(image("whole.png", 32, 32));
    Files.write(cut, java.util.Arrays.copyOf(whole, 60));
    for (Path path : List.of(text, cut)) {
      Cli cli = Cli.run("predict", run.toString(), path.toString());
      assertThat(cli.code()).isEqualTo(1);
      assertThat(cli.out()).isEmpty();
      assertThat(cli.errors()).singleElement().asString().contains(path.toString());
    }
    assertThat(Cli.run("predict", run.toString(), folder.resolve("none.png").toString()).errors())
        .singleElement()
        .asString()
        .contains("no such image file");
  }

  @Test
  void reportIsWrittenAnew() throws IOException {
    Path report = run.resolve("report.html");
    Files.delete(report);
    assertThat(Cli.good("report", run.toString()).out().strip()).isEqualTo(report.toString());
    assertThat(report).exists();
  }

  private static Path image(String name, int width, int height) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, x * 5 << 16 | y * 5 << 8 | 90);
      }
    }
    Path path = folder.resolve(name);
    ImageIO.write(image, "png", path.toFile());
    return path;
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
