package dev.jackpot.export;

import static dev.jackpot.export.GivenFiles.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.graph.HostTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.ndarray.Shape;

/** Files written by NumPy and by Python TensorFlow. */
class GivenFilesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "resnet20-cifar10, 97, 3",
    "resnet32-cifar10, 157, 3",
    "resnet20-cifar10-jpeg, 97, 0"
  })
  void pretrainedWeights(String name, int parameters, int metadata) {
    try (WeightSource source = WeightFormats.open(given("pretrained/" + name + ".npz"))) {
      assertThat(source.arrays())
          .hasSize(parameters + metadata)
          .allMatch(a -> a.dtype().equals("float32"));
      assertThat(source.info("conv1/kernel").shape()).isEqualTo(Shape.of(3, 3, 3, 16));
      assertThat(source.info("linear/kernel").shape()).isEqualTo(Shape.of(64, 10));
      source
          .arrays()
          .forEach(a -> assertThat(source.read(a.name()).values()).doesNotContain(Float.NaN));
      List<Double> mean = List.of(.485, .456, .406);
      List<Double> std = List.of(.229, .224, .225);
      assertThat(WeightMetadata.of(source).contradictions(1e-5, mean, std)).isEmpty();
      assertThat(WeightMetadata.of(source).contradictions(1e-3, mean, std))
          .hasSize(metadata == 0 ? 0 : 1);
    }
  }

  @Test
  void anArrayWrittenAgainIsTheSameFile() throws IOException {
    Path logits = given("pretrained/resnet20-cifar10-logits-exact1017.npy");
    HostTensor tensor = Npy.read(logits);
    assertThat(tensor.shape()).isEqualTo(Shape.of(1017, 10));
    Npy.write(folder.resolve("again.npy"), tensor);
    assertThat(folder.resolve("again.npy")).hasBinaryContent(Files.readAllBytes(logits));
  }

  @Test
  void nameBasedCheckpointOfTensorFlow1() {
    try (WeightSource source = WeightFormats.open(given("checkpoints/tf1-resnet32"))) {
      assertThat(source.path()).hasFileName("model.ckpt-79999");
      assertThat(source.arrays()).hasSizeGreaterThan(100);
      ArrayInfo step =
          source.arrays().stream().filter(a -> a.dtype().equals("int32")).findFirst().orElseThrow();
      assertThat(step.shape()).isEqualTo(Shape.scalar());
      assertThat(source.arrays()).anyMatch(a -> a.name().endsWith("/Momentum"));
      source.arrays().forEach(a -> assertThat(source.read(a.name()).shape()).isEqualTo(a.shape()));
    }
  }

  @Test
  void objectBasedCheckpointOfKeras() {
    try (WeightSource source = WeightFormats.open(given("checkpoints/tf2-keras-dscnn"))) {
      assertThat(source.info("_CHECKPOINTABLE_OBJECT_GRAPH").dtype()).isEqualTo("string");
      assertThat(source.arrays()).anyMatch(a -> a.name().endsWith("/.ATTRIBUTES/VARIABLE_VALUE"));
      source.arrays().stream()
          .filter(ArrayInfo::numeric)
          .forEach(a -> assertThat(source.read(a.name()).shape()).isEqualTo(a.shape()));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tf1-half-plus-two, a, b",
    "tf2-half-plus-two, a/.ATTRIBUTES/VARIABLE_VALUE, b/.ATTRIBUTES/VARIABLE_VALUE"
  })
  void snappyCompressedIndex(String model, String a, String b) {
    try (WeightSource source = WeightFormats.open(given("checkpoints/" + model))) {
      assertThat(source.read(a).values()).containsExactly(0.5f);
      assertThat(source.read(b).values()).containsExactly(2f);
    }
  }
}
