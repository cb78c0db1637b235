package dev.jackpot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.ExperimentLoader.Format;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.export.Npz;
import dev.jackpot.graph.InitialValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Criteria that take gradients, in {@code prune} and {@code overlap}. */
class GradientCriteriaCommandsTest {
  private static final String CONFIG =
      """
      runtime { threads: 1 device: CPU }
      network { cifar_resnet { depth: 8 width: 4 } }
      data { drawn { train_images: 40 test_images: 10 } augmentation {} }
      stages { search { sparsity: 0.9 } epochs: 1 batch_size: 10 }
      """;

  private static final String SAMPLE = "{ sample { batches: 2 batch_size: 16 seed: 5 } }";

  /** Of the seven convolution kernels. */
  private static final int WEIGHTS = 108 + 2 * 144 + 288 + 576 + 1152 + 2304;

  @TempDir private static Path folder;
  private static String weights;
  private static String config;

  @BeforeAll
  static void writeWeights() throws IOException {
    Experiment experiment = ExperimentLoader.parse(CONFIG, Format.TEXTPROTO, "config", List.of());
    weights = path("weights.npz");
    Npz.write(
        Path.of(weights),
        InitialValues.draw(
            NetworkWeights.network(experiment).parameters(), 1, experiment.getRuntime()));
    config = path("config.textproto");
    Files.writeString(Path.of(config), CONFIG);
  }

  private static String path(String file) {
    return folder.resolve(file).toString();
  }

  private static JsonObject prune(String criterion, String out) {
    return Cli.good(
            "prune",
            weights,
            "--config",
            config,
            "--set",
            "stages.search.criterion={%s}".formatted(criterion),
            "--out",
            path(out),
            "--json")
        .object();
  }

  @ParameterizedTest
  @CsvSource({"gradient", "taylor", "snip", "grasp", "synflow"})
  void masksAreExactAndAgreeWithThoseMadeOnTheFly(String criterion) {
    String options = criterion + " " + (criterion.equals("synflow") ? "{ rounds: 5 }" : SAMPLE);
    String out = criterion + ".masks";
    assertThat(prune(options, out).get("kept").getAsInt())
        .isEqualTo(WEIGHTS - (int) Math.floor(.9 * WEIGHTS));
    JsonObject pair =
        Cli.good("overlap", path(out), options + "@" + weights, "--config", config, "--json")
            .object()
            .getAsJsonArray("pairs")
            .get(0)
            .getAsJsonObject();
    double same = pair.getAsJsonObject("total").get("jaccard").getAsDouble();
    if (criterion.equals("synflow")) {
      // its rounds go by the counts here and by one threshold there
      assertThat(same).isGreaterThan(.5);
    } else {
      assertThat(same).isEqualTo(1);
    }
  }

  @Test
  void synflowNeedsNoImages() {
    Cli.good(
        "prune",
        weights,
        "--network",
        "cifar_resnet",
        "--set",
        "network.depth=8",
        "--set",
        "network.width=4",
        "--criterion",
        "synflow",
        "--out",
        path("flow.masks"));
  }

  /** What bad usage is told. */
  private static String bad(String... args) {
    Cli cli = Cli.run(args);
    assertThat(cli.code()).as("%s: %s", List.of(args), cli.err()).isEqualTo(2);
    return cli.err();
  }

  @Test
  void theOthersSayWhatTheyNeed() {
    assertThat(
            bad(
                "prune",
                weights,
                "--network",
                "cifar_resnet",
                "--set",
                "network.depth=8",
                "--set",
                "network.width=4",
                "--criterion",
                "snip",
                "--out",
                path("no.masks")))
        .contains("takes gradients from training images, and none are named")
        .contains("give --config instead of --network");
    prune("snip " + SAMPLE, "counts.masks");
    assertThat(bad("overlap", path("counts.masks"), "snip@" + weights))
        .contains("needs the network's gradients")
        .contains("give --config, or the weights of a run");
    assertThat(
            bad(
                "overlap",
                path("counts.masks"),
                "snip { sampel {} }@" + weights,
                "--config",
                config))
        .contains("sampel")
        .contains("sample");
    assertThat(bad("overlap", path("counts.masks"), "snip@" + weights, "--config", config))
        .contains("batch_size: found 128; expected at most the 40 training images");
  }
}
