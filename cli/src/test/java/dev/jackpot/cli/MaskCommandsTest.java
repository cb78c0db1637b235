package dev.jackpot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.ExperimentLoader.Format;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.export.MaskFiles;
import dev.jackpot.export.Npz;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.InitialValues;
import dev.jackpot.graph.NetworkSummary;
import dev.jackpot.graph.Networks;
import dev.jackpot.pruning.Counts;
import dev.jackpot.pruning.Masks;
import dev.jackpot.training.NetworkSpecs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code prune}, {@code overlap} and {@code inspect} on masks of a ResNet-8 of width 4. */
class MaskCommandsTest {
  private static final String CONFIG =
      """
      network { cifar_resnet { depth: 8 width: 4 } }
      data { drawn {} }
      stages { search { sparsity: 0.9 } epochs: 1 }
      """;

  /** Of the seven convolution kernels, which are prunable by default. */
  private static final int WEIGHTS = 108 + 2 * 144 + 288 + 576 + 1152 + 2304;

  @TempDir private static Path folder;
  private static String weights;
  private static String config;

  @BeforeAll
  static void writeWeights() throws IOException {
    Experiment experiment = ExperimentLoader.parse(CONFIG, Format.TEXTPROTO, "config", List.of());
    NetworkSummary network =
        NetworkSummary.of(
            Networks.REGISTRY.create(experiment.getNetwork()), NetworkSpecs.of(experiment));
    Map<String, HostTensor> values =
        InitialValues.draw(network.parameters(), 1, experiment.getRuntime());
    weights = folder.resolve("weights.npz").toString();
    Npz.write(Path.of(weights), values);
    config = folder.resolve("config.textproto").toString();
    Files.writeString(Path.of(config), CONFIG);
  }

  private static String[] prune(String out, String... more) {
    List<String> args = new ArrayList<>(List.of("prune", weights));
    args.addAll(List.of("--out", path(out)));
    args.addAll(List.of(more));
    if (!args.contains("--network") && !args.contains("--config")) {
      args.addAll(List.of("--config", config));
    }
    return args.toArray(String[]::new);
  }

  private static String path(String file) {
    return folder.resolve(file).toString();
  }

  @ParameterizedTest
  @CsvSource({"global", "uniform", "erk", "er"})
  void everyAllocationKeepsExactlyWhatIsAsked(String allocation) {
    JsonObject result =
        Cli.good(
                prune(
                    allocation + ".masks",
                    "--allocation",
                    allocation,
                    "--sparsity",
                    "0.87",
                    "--json"))
            .object();
    Masks masks = MaskFiles.open(folder.resolve(allocation + ".masks")).masks();
    assertThat(masks.size()).isEqualTo(WEIGHTS);
    assertThat(result.get("kept").getAsLong()).isEqualTo(masks.kept());
    assertThat(result.get("sha256").getAsString()).isEqualTo(masks.sha256());
    if (allocation.equals("uniform")) {
      masks
          .byName()
          .values()
          .forEach(m -> assertThat((long) m.kept()).isEqualTo(Counts.kept(0.87, m.size())));
    } else {
      assertThat(masks.kept()).isEqualTo(Counts.kept(0.87, WEIGHTS));
    }
  }

  @Test
  void theTableShowsEveryKernelAndTheTotal() {
    Cli cli = Cli.good(prune("t.masks"));
    assertThat(cli.out())
        .contains("conv1/kernel")
        .contains("layer3/0/conv2/kernel")
        .containsPattern("total +%d +%,d".formatted((int) Counts.kept(0.9, WEIGHTS), WEIGHTS))
        .contains("1 of 8 kernels stay dense");
    assertThat(Cli.good("inspect", path("t.masks")).out())
        .contains("mask file")
        .contains("source: prune")
        .contains("criterion: magnitude { }")
        .contains("allocation: global { }")
        .contains("DENSITY");
  }

  @Test
  void anNmPatternFixesTheSparsityWhateverTheConfigSays() {
    Cli.good(prune("nm.npz", "--pattern", "2:4"));
    Masks masks = MaskFiles.open(folder.resolve("nm.npz")).masks();
    assertThat(masks.get("layer3/0/conv2/kernel").density()).isEqualTo(0.5);
    assertThat(masks.get("conv1/kernel").kept()).as("2 of 3 channels").isEqualTo(72);
  }

  @Test
  void patternsAndRulesGoTogether() {
    Cli.good(
        prune(
            "rules.masks",
            "--pattern",
            "filter",
            "--set",
            "stages.search.allocation={explicit { rules { kernels: \"layer3/.*\" density: 0.25 }"
                + " }}",
            "--set",
            "stages.search.prunable.dense=[\"conv1/kernel\"]",
            "--sparsity",
            "0.5"));
    Masks masks = MaskFiles.open(folder.resolve("rules.masks")).masks();
    assertThat(masks.names()).doesNotContain("conv1/kernel").hasSize(6);
    assertThat(masks.get("layer3/0/conv1/kernel").density()).isEqualTo(0.25);
    assertThat(masks.get("layer2/0/conv1/kernel").density()).isEqualTo(0.5);
  }

  @Test
  void aNetworkIsEnough() {
    Cli.good(
        prune(
            "n.masks",
            "--network",
            "cifar_resnet",
            "--set",
            "network.depth=8",
            "--set",
            "network.width=4",
            "--sparsity",
            "0.9"));
    Cli.good(prune("n2.masks"));
    assertThat(MaskFiles.open(folder.resolve("n.masks")).masks())
        .isEqualTo(MaskFiles.open(folder.resolve("n2.masks")).masks());
  }

  /** The stages of a config without a search count for nothing, whatever their names. */
  @Test
  void aConfigWithoutASearchWillDo() throws IOException {
    String tickets = path("tickets.textproto");
    Files.writeString(
        Path.of(tickets),
        """
        network { cifar_resnet { depth: 8 width: 4 } }
        data { drawn {} }
        stages {
          name: "tickets"
          repeat {
            rounds: 2
            stages { name: "search" sparse_train {} epochs: 1 }
            stages { prune { fraction: 0.5 } }
            stages { rewind { to: "search/round-1@step 5" } }
          }
        }
        stages { name: "train" sparse_train {} epochs: 1 from: "search" }
        """);
    Cli.good(prune("t1.masks", "--config", tickets, "--sparsity", "0.9"));
    Cli.good(prune("t2.masks"));
    assertThat(MaskFiles.open(folder.resolve("t1.masks")).masks())
        .isEqualTo(MaskFiles.open(folder.resolve("t2.masks")).masks());
    Cli.good(
        prune(
            "t3.masks",
            "--config",
            "lottery-tickets-quickstart",
            "--set",
            "network.width=4",
            "--criterion",
            "random"));
    assertThat(MaskFiles.open(folder.resolve("t3.masks")).masks().size()).isEqualTo(WEIGHTS);
  }

  @Test
  void overlapWithItselfItsCriterionAndChance() {
    Cli.good(prune("o.masks"));
    JsonObject pair = overlap(path("o.masks"), path("o.masks"));
    assertThat(total(pair, "overlap")).isEqualTo(1);
    assertThat(total(pair, "jaccard")).isEqualTo(1);
    assertThat(total(pair, "hamming")).isZero();
    JsonObject criterion = overlap(path("o.masks"), "magnitude@" + weights);
    assertThat(total(criterion, "overlap")).as("the same counts and weights").isEqualTo(1);
    JsonObject random = overlap("random", path("o.masks"));
    assertThat(total(random, "kept_a")).isEqualTo(total(random, "kept_b"));
    assertThat(Math.abs(total(random, "deviations"))).isLessThan(4);
    assertThat(random.getAsJsonObject("kernels").size()).isEqualTo(7);
    Cli table =
        Cli.good("overlap", path("o.masks"), "magnitude@" + weights, "random", "--seed", "3");
    assertThat(table.out().lines().filter(l -> l.startsWith("total"))).hasSize(3);
  }

  private static JsonObject overlap(String a, String b) {
    return Cli.good("overlap", a, b, "--json")
        .object()
        .getAsJsonArray("pairs")
        .get(0)
        .getAsJsonObject();
  }

  private static double total(JsonObject pair, String field) {
    return pair.getAsJsonObject("total").get(field).getAsDouble();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--criterion magnitud | --criterion: found \"magnitud\", expected one of magnitude, random,"
            + " gradient",
        "--allocation erkk    | --allocation: found \"erkk\", expected one of global, uniform, erk,"
            + " er, explicit; nearest: erk",
        "--pattern 2;4        | --pattern: found \"2;4\", expected N:M as in 2:4, HEIGHTxWIDTH as"
            + " in 4x1, or one of free, n_m, block, filter; nearest: n_m, free",
        "--pattern filtr      | or one of free, n_m, block, filter; nearest: filter, free",
        "--pattern 5:4        | expected an integer from 1 to m, which is 4",
        "--pattern 2:4 --sparsity 0.9 | found 0.9, expected 0.5 or none: the pattern 2:4 fixes it",
        "--pattern 2:4 --allocation erk | expected none: the pattern 2:4 fixes what each kernel"
            + " keeps",
        "--pattern 0x1        | expected an integer from 1 to 65536",
        "--sparsity 1         | found 1.0, expected a number in [0, 1)",
        "--network resnet-2   | --network: no network is called \"resnet-2\"; nearest: resnet-20",
        "--network resnet-20  | has shape [3, 3, 3, 4], expected [3, 3, 3, 16]",
      })
  void badRecipesAreTwo(String args, String message) {
    Cli cli = Cli.run(prune("bad.masks", args.strip().split(" +")));
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains(message);
    assertThat(folder.resolve("bad.masks")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "overlap random random         | 2 | random random: expected at least one mask file or run,"
            + " whose counts",
        "overlap magnitud@a.npz random | 2 | magnitud@a.npz: no criterion is called \"magnitud\";"
            + " nearest: magnitude",
        "overlap a.masks magnitude     | 2 | magnitude: expected magnitude@WEIGHTS, the weights"
            + " that it scores",
        "overlap a.masks synflow{}     | 2 | synflow{}: expected synflow{}@WEIGHTS, the weights"
            + " that it scores",
        "overlap nowhere.masks random  | 2 | nowhere.masks: no such weights file",
        "overlap one.masks             | 2 | MASKS",
        "prune nowhere.npz --out a.masks | 2 | nowhere.npz does not say which network it is for;"
            + " give --network or --config",
        "prune nowhere.npz --network resnet-20 --out a.pt | 2 | a.pt: expected a name ending in"
            + " .masks or .npz",
      })
  void badArgumentsAreNamed(String args, int code, String message) {
    Cli cli = Cli.run(args.strip().split(" +"));
    assertThat(cli.code()).isEqualTo(code);
    assertThat(cli.err()).contains(message);
  }

  @Test
  void masksOfOtherKernelsAreRefused() throws IOException {
    Cli.good(prune("a.masks"));
    Cli.good(prune("b.masks", "--set", "stages.search.prunable.classifier=true"));
    Cli cli = Cli.run("overlap", path("a.masks"), path("b.masks"));
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err())
        .contains(
            path("a.masks") + " and " + path("b.masks") + " are masks of different kernels",
            "only %s has linear/kernel".formatted(path("b.masks")))
        .doesNotContain("network");
    Files.write(folder.resolve("c.masks"), new byte[] {10});
    assertThat(Cli.run("inspect", path("c.masks")).code()).isNotZero();
  }

  @Test
  void groupsOfAnNmMaskAreFull() {
    Cli.good(prune("nm.masks", "--pattern", "2:4"));
    JsonObject found =
        Cli.good("groups", path("nm.masks"), "--weights", weights, "--json").object();
    JsonObject total = found.getAsJsonObject("total");
    assertThat(total.get("excess").getAsLong()).isZero();
    assertThat(total.get("unused").getAsLong()).isZero();
    assertThat(total.get("lost_share").getAsDouble()).isZero();
    // all whole groups have two live weights; chance has them in 6/16
    assertThat(total.getAsJsonArray("groups").get(2).getAsLong()).isPositive();
    assertThat(total.getAsJsonArray("groups").get(1).getAsLong()).isZero();
    String text = Cli.good("groups", path("nm.masks"), "--pattern", "1:4").out();
    assertThat(text).contains("PRUNED BY 1:4").contains("LIVE IN GROUP").contains("–");
    Cli wrong = Cli.run("groups", path("nm.masks"), "--pattern", "4:2");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("--pattern: found \"4:2\"; expected N:M as in 2:4");
  }
}
