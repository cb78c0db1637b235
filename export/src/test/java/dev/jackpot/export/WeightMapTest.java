package dev.jackpot.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.Rename;
import dev.jackpot.config.proto.Weights;
import dev.jackpot.graph.HostTensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;

class WeightMapTest {
  @TempDir Path folder;

  private static final Map<String, Shape> NETWORK = new LinkedHashMap<>();

  static {
    NETWORK.put("conv1/kernel", Shape.of(1, 1, 1, 2));
    NETWORK.put("linear/kernel", Shape.of(2, 2));
    NETWORK.put("linear/bias", Shape.of(2));
  }

  private Path file(Object... namesAndShapes) {
    Map<String, HostTensor> arrays = new LinkedHashMap<>();
    for (int i = 0; i < namesAndShapes.length; i += 2) {
      arrays.put(
          (String) namesAndShapes[i], HostTensor.filled((Shape) namesAndShapes[i + 1], i + 1));
    }
    Path file = folder.resolve("w.npz");
    Npz.write(file, arrays);
    return file;
  }

  private static Map<String, HostTensor> load(Weights.Builder config, Path file) {
    try (WeightSource source = WeightFormats.open(file)) {
      return new WeightMap(config.build()).load(source, NETWORK);
    }
  }

  private static Weights.Builder config() {
    return Weights.newBuilder();
  }

  private static Rename rename(String pattern, String replacement) {
    return Rename.newBuilder().setPattern(pattern).setReplacement(replacement).build();
  }

  @Test
  void takesEveryParameterInTheNetworksOrder() {
    Path file =
        file(
            "linear/bias",
            Shape.of(2),
            "meta/bn_eps",
            Shape.scalar(),
            "linear/kernel",
            Shape.of(2, 2),
            "conv1/kernel",
            Shape.of(1, 1, 1, 2));
    Map<String, HostTensor> values = load(config(), file);
    assertThat(values.keySet()).containsExactly("conv1/kernel", "linear/kernel", "linear/bias");
    assertThat(values.get("linear/kernel")).isEqualTo(HostTensor.filled(Shape.of(2, 2), 5));
  }

  @Test
  void theFirstRenameThatMatchesAWholeNameApplies() {
    Path file =
        file(
            "conv1.weight",
            Shape.of(1, 1, 1, 2),
            "linear.weight",
            Shape.of(2, 2),
            "linear.bias",
            Shape.of(2),
            "conv1.weight.step",
            Shape.scalar());
    Map<String, HostTensor> values =
        load(
            config()
                .addRename(rename("(.*)\\.weight", "$1/kernel"))
                .addRename(rename("(.*)\\.(.*)", "$1/$2"))
                .addIgnore(".*/step"),
            file);
    assertThat(values)
        .hasSize(3)
        .containsEntry("conv1/kernel", HostTensor.filled(Shape.of(1, 1, 1, 2), 1));
  }

  @Test
  void listsEveryProblemAtOnce() {
    Path file =
        file(
            "conv1/kernels",
            Shape.of(1, 1, 1, 2),
            "linear/kernel",
            Shape.of(2, 3),
            "linear/bias",
            Shape.of(2),
            "extra",
            Shape.of(4));
    ConfigException e =
        catchThrowableOfType(
            ConfigException.class,
            () -> load(config().addRename(rename("lin/(.*)", "linear/$1")), file));
    assertThat(e.problems())
        .containsExactly(
            "weights.rename[0].pattern: \"lin/(.*)\" is never the first to match a name in %s; nearest: linear/bias, extra"
                .formatted(file),
            file
                + ": no array for parameter \"conv1/kernel\" of shape [1, 1, 1, 2]; nearest: conv1/kernels, extra",
            file
                + ": array \"conv1/kernels\" of shape [1, 1, 1, 2] belongs to no parameter of the network; nearest: conv1/kernel",
            file
                + ": array \"extra\" of shape [4] belongs to no parameter of the network; nearest: conv1/kernel",
            file + ": array \"linear/kernel\" has shape [2, 3], expected [2, 2]");
    assertThat(e.exitCode()).isEqualTo(2);
  }

  @Test
  void refusesTwoArraysWithOneName() {
    Path file =
        file(
            "a/conv1/kernel",
            Shape.of(1, 1, 1, 2),
            "conv1/kernel",
            Shape.of(1, 1, 1, 2),
            "linear/kernel",
            Shape.of(2, 2),
            "linear/bias",
            Shape.of(2));
    assertThatThrownBy(() -> load(config().addRename(rename("a/(.*)", "$1")), file))
        .hasMessage(
            file
                + ": arrays \"a/conv1/kernel\" and \"conv1/kernel\" would both be called \"conv1/kernel\"");
  }

  @Test
  void refusesValuesThatAreNotFinite() {
    Map<String, HostTensor> arrays = new LinkedHashMap<>();
    NETWORK.forEach((n, s) -> arrays.put(n, HostTensor.filled(s, 1)));
    arrays.put("linear/bias", new HostTensor(Shape.of(2), new float[] {0, Float.NaN}));
    Path file = folder.resolve("nan.npz");
    Npz.write(file, arrays);
    assertThatThrownBy(() -> load(config(), file))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            file + ": array \"linear/bias\" has the value NaN at index 1, expected finite numbers");
  }

  @Test
  void listsEveryRuleThatIsNotOne() {
    ConfigException e =
        catchThrowableOfType(
            ConfigException.class,
            () ->
                new WeightMap(
                    config()
                        .addRename(rename("(", ""))
                        .addRename(rename("(a)", "$2"))
                        .addIgnore("[")
                        .build()));
    assertThat(e.problems())
        .satisfiesExactly(
            p ->
                assertThat(p)
                    .startsWith(
                        "weights.rename[0].pattern: expected a regular expression, found \"(\""),
            p -> assertThat(p).startsWith("weights.rename[1].replacement: ").endsWith("No group 2"),
            p -> assertThat(p).startsWith("weights.ignore[0]: "));
  }

  @Test
  void metadataIsHeldAgainstTheConfig() {
    Map<String, HostTensor> arrays = new LinkedHashMap<>();
    arrays.put("meta/bn_eps", new HostTensor(Shape.scalar(), new float[] {1e-5f}));
    arrays.put("meta/mean", new HostTensor(Shape.of(3), new float[] {.485f, .456f, .406f}));
    Path file = folder.resolve("meta.npz");
    Npz.write(file, arrays);
    try (WeightSource source = WeightFormats.open(file)) {
      WeightMetadata metadata = WeightMetadata.of(source);
      List<Double> std = List.of(.1, .1, .1);
      assertThat(metadata.contradictions(1e-5, List.of(.485, .456, .406), std)).isEmpty();
      assertThat(metadata.contradictions(1e-3, List.of(.485, .456, .4), std))
          .containsExactly(
              "network.batch_norm.epsilon: found 0.001, but the weights were trained with 1.0E-5",
              "data.normalization.mean: found [0.485, 0.456, 0.4], but the weights were trained with [0.485, 0.456, 0.406]");
      assertThat(metadata.contradictions(1e-5, List.of(), std)).hasSize(1);
    }
  }
}
