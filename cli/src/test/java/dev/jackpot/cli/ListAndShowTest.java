package dev.jackpot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.ExperimentLoader.Format;
import dev.jackpot.config.Presets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListAndShowTest {
  @ParameterizedTest
  @CsvSource({
    "presets, quickstart",
    "networks, cifar_resnet",
    "data, cifar10",
    "stages, search",
    "criteria, magnitude",
    "allocations, global",
    "restrictions, polynomial",
    "optimizers, sgd",
    "learning_rates, cosine"
  })
  void listsNamesAsTextAndJson(String kind, String member) {
    assertThat(Cli.good("list", kind).out().lines().skip(1)).anyMatch(l -> l.startsWith(member));
    assertThat(Cli.good("list", kind, "--json").json().getAsJsonArray())
        .extracting(e -> e.getAsJsonObject().get("name").getAsString())
        .contains(member);
  }

  @Test
  void optionsComeWithTheSchemasDefaults() {
    assertThat(Cli.good("list", "networks").out()).contains("depth=20 width=16 shortcut=A");
    JsonObject network =
        Cli.good("list", "networks", "--json").json().getAsJsonArray().get(0).getAsJsonObject();
    JsonObject shortcut = network.getAsJsonArray("options").get(2).getAsJsonObject();
    assertThat(shortcut.get("type").getAsString()).isEqualTo("A|B");
    assertThat(shortcut.get("default").getAsString()).isEqualTo("A");
  }

  @Test
  void presetsIsListPresets() {
    assertThat(Cli.good("presets")).isEqualTo(Cli.good("list", "presets"));
  }

  @Test
  void aPresetsTextIsShownAsItStands() {
    assertThat(Cli.good("show", "preset", "quickstart").out())
        .isEqualTo(Presets.text("quickstart").orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"quickstart"})
  void whatIsShownLoadsToTheSameExperiment(String preset) {
    List<String> sets = List.of("seed=5", "stages.train.epochs=3");
    String[] args = {"show", "preset", preset, "--set", sets.get(0), "--set", sets.get(1)};
    String text = Cli.good(args).out();
    String[] withJson = java.util.Arrays.copyOf(args, args.length + 1);
    withJson[args.length] = "--json";
    String json = Cli.good(withJson).out();
    var expected = ExperimentLoader.load(preset, sets);
    assertThat(ExperimentLoader.parse(text, Format.TEXTPROTO, "text", List.of()))
        .isEqualTo(expected);
    assertThat(ExperimentLoader.parse(json, Format.JSON, "json", List.of())).isEqualTo(expected);
  }

  /** ResNet-20's published size: 0.27 million parameters, 41 million multiply-accumulates. */
  @Test
  void aNetworkIsCountedWithoutData() {
    JsonObject network = Cli.good("show", "network", "cifar_resnet", "--json").object();
    assertThat(network.get("parameters").getAsLong()).isEqualTo(269_722);
    assertThat(network.get("multiply_accumulates").getAsLong()).isEqualTo(40_551_040);
    assertThat(network.get("classes").getAsInt()).isEqualTo(10);
    assertThat(Cli.good("show", "network", "cifar_resnet").out())
        .contains("269,722 parameters")
        .contains("layer3/2/conv2/kernel");
  }

  @Test
  void aPresetsNetworkTakesOverridesAndItsDatasClasses() {
    JsonObject network =
        Cli.good(
                "show",
                "network",
                "resnet20-cifar10-jackpot90",
                "--set",
                "network.cifar_resnet.depth=8",
                "--json")
            .object();
    assertThat(network.get("title").getAsString()).contains("ResNet-8");
    long sum = 0;
    for (var layer : network.getAsJsonArray("layers")) {
      JsonObject l = layer.getAsJsonObject();
      sum += l.has("multiply_accumulates") ? l.get("multiply_accumulates").getAsLong() : 0;
    }
    assertThat(network.get("multiply_accumulates").getAsLong()).isEqualTo(sum);
  }
}
