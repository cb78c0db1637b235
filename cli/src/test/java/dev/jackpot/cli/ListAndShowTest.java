package dev.jackpot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.ExperimentLoader.Format;
import dev.jackpot.config.NamedNetworks;
import dev.jackpot.config.Presets;
import dev.jackpot.config.proto.Stage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListAndShowTest {
  @ParameterizedTest
  @CsvSource({
    "presets, quickstart",
    "data, cifar10",
    "stages, search",
    "criteria, magnitude",
    "criteria, random",
    "patterns, n_m",
    "allocations, erk",
    "allocations, global",
    "restrictions, polynomial",
    "optimizers, sgd",
    "learning_rates, cosine"
  })
  void listsNamesAsTextAndJson(String kind, String member) {
    assertThat(Cli.good("list", kind).out().lines().skip(1)).anyMatch(l -> l.startsWith(member));
    assertThat(names(kind)).contains(member);
  }

  private static List<String> names(String kind) {
    List<String> names = new ArrayList<>();
    Cli.good("list", kind, "--json")
        .json()
        .getAsJsonArray()
        .forEach(e -> names.add(e.getAsJsonObject().get("name").getAsString()));
    return names;
  }

  @Test
  void everyKindOfStageOfTheSchemaIsListed() {
    List<String> kinds = new ArrayList<>();
    Stage.getDescriptor().getOneofs().get(0).getFields().forEach(f -> kinds.add(f.getName()));
    kinds.remove("custom");
    assertThat(names("stages")).containsAll(kinds);
    assertThat(Cli.good("list", "stages").out()).containsPattern("repeat +rounds stages");
  }

  @Test
  void networksAreThoseWithANameAndTheFamilies() {
    assertThat(Cli.good("list", "networks").out().lines())
        .anyMatch(l -> l.matches("resnet-50 +224 +1000 +25,557,032 +4.09 G +ResNet-50 .*"))
        .anyMatch(l -> l.matches("cifar_resnet +depth=20 width=16 shortcut=A .*"));
    JsonObject all = Cli.good("list", "networks", "--json").object();
    assertThat(all.getAsJsonArray("networks")).hasSize(NamedNetworks.list().size());
    JsonObject first = all.getAsJsonArray("networks").get(0).getAsJsonObject();
    assertThat(first.get("name").getAsString()).isEqualTo("resnet-20");
    assertThat(first.get("family").getAsString()).isEqualTo("cifar_resnet");
    assertThat(first.get("multiply_accumulates").getAsLong()).isEqualTo(40_551_040);
  }

  @Test
  void optionsComeWithTheSchemasDefaults() {
    JsonObject family =
        Cli.good("list", "networks", "--json")
            .object()
            .getAsJsonArray("families")
            .get(0)
            .getAsJsonObject();
    JsonObject shortcut = family.getAsJsonArray("options").get(2).getAsJsonObject();
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

  @ParameterizedTest
  @CsvSource({
    "resnet-18, 224, 1000, 11689512",
    "resnet, 224, 1000, 25557032",
    "mobilenet_v2, 224, 1000, 3504872",
    "vgg-16, 32, 10, 14728266",
    "quickstart, 32, 10, 0",
  })
  void imageAndClassesAreThoseItIsPublishedFor(String name, int image, int classes, long count) {
    JsonObject network = Cli.good("show", "network", name, "--json").object();
    assertThat(network.getAsJsonArray("image").get(0).getAsInt()).isEqualTo(image);
    assertThat(network.get("classes").getAsInt()).isEqualTo(classes);
    if (count > 0) {
      assertThat(network.get("parameters").getAsLong()).isEqualTo(count);
    }
  }

  @Test
  void imageAndClassesCanBeGiven() {
    String[] args = {"show", "network", "resnet-18", "--image", "64", "--classes", "5", "--json"};
    JsonObject network = Cli.good(args).object();
    assertThat(network.getAsJsonArray("image").get(1).getAsInt()).isEqualTo(64);
    assertThat(network.get("parameters").getAsLong()).isEqualTo(11_689_512 - 995 * 513);
    assertThat(network.get("multiply_accumulates").getAsLong()).isLessThan(160_000_000);
  }

  @Test
  void whatASearchPrunesIsToldApartFromWhatItMay() {
    JsonObject network = Cli.good("show", "network", "mobilenet-v3-small", "--json").object();
    long byDefault = 0;
    long prunable = 0;
    for (var element : network.getAsJsonArray("layers")) {
      JsonObject layer = element.getAsJsonObject();
      boolean kernel = layer.get("role").getAsString().endsWith("_kernel");
      assertThat(layer.get("prunable").getAsBoolean()).isEqualTo(kernel);
      byDefault +=
          layer.get("pruned_by_default").getAsBoolean() ? layer.get("size").getAsLong() : 0;
      prunable += kernel ? layer.get("size").getAsLong() : 0;
    }
    assertThat(network.get("prunable_weights").getAsLong()).isEqualTo(byDefault);
    assertThat(prunable - byDefault).as("the classifier").isEqualTo(1024 * 1000);
    assertThat(Cli.good("show", "network", "mobilenet-v3-small").out().lines())
        .anyMatch(l -> l.matches(".*depthwise/kernel +depthwise_kernel .* yes"))
        .anyMatch(l -> l.matches("linear/kernel +classifier_kernel .* if asked"));
  }
}
