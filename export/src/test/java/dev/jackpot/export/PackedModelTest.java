package dev.jackpot.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.Export;
import dev.jackpot.config.proto.Export.Storage;
import dev.jackpot.config.proto.Export.Values;
import dev.jackpot.graph.HostTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.ndarray.Shape;

class PackedModelTest {
  private static final ServableModel MODEL = TinyModel.make(1);
  private static final Sample SAMPLE = TinyModel.sample(MODEL, 20);

  @TempDir Path folder;

  private Path target() {
    return folder.resolve("model/1");
  }

  private static Export packed(Values values) {
    return Export.newBuilder().setStorage(Storage.PACKED).setValues(values).build();
  }

  private static HostTensor random(int size, double density, long seed) {
    Random random = new Random(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextDouble() < density ? (float) random.nextGaussian() : 0;
    }
    return new HostTensor(Shape.of(size), values);
  }

  @ParameterizedTest
  @CsvSource({
    "1, plain",
    ".99, plain",
    ".8, bitmask",
    ".55, bitmask",
    ".3, gaps2",
    ".1, gaps4",
    ".05, gaps4",
    ".02, gaps8"
  })
  void theSmallestCodeIsTaken(double density, String code) {
    HostTensor kernel = random(100_000, density, 1);
    StoredVariable stored = StoredVariable.packed("k", kernel, ValueType.FLOAT32);
    assertThat(stored.codeName()).isEqualTo(code);
    assertThat(stored.loaded()).isEqualTo(kernel);
    assertThat(stored.arrays().values().stream().mapToLong(a -> a.bytes().length).sum())
        .isEqualTo(stored.bytes());
  }

  @Test
  void kernelsWithoutAWeightAndWithoutAZero() {
    for (float value : new float[] {0, -0f, 1.5f}) {
      HostTensor kernel = HostTensor.filled(Shape.of(3, 5), value);
      StoredVariable stored = StoredVariable.packed("k", kernel, ValueType.FLOAT16);
      assertThat(stored.loaded()).isEqualTo(HostTensor.filled(Shape.of(3, 5), value + 0f));
      assertThat(stored.bytes()).isEqualTo(value == 0 ? 0 : 30);
    }
  }

  @Test
  void aWeightBeyondFloat16IsRefused() {
    HostTensor kernel = new HostTensor(Shape.of(2), new float[] {1, 70000});
    assertThatThrownBy(() -> StoredVariable.packed("conv/kernel", kernel, ValueType.FLOAT16))
        .isInstanceOf(JackpotException.class)
        .hasMessage(
            "cannot store kernel \"conv/kernel\" as FLOAT16: value 70000.0 at index 1 is beyond its range;"
                + " use export.values FLOAT32 or BFLOAT16");
    assertThat(StoredVariable.packed("k", kernel, ValueType.BFLOAT16).loaded().values())
        .containsExactly(1, 70144);
  }

  @ParameterizedTest
  @CsvSource({
    "FLOAT32, false",
    "FLOAT32, true",
    "FLOAT16, false",
    "FLOAT16, true",
    "BFLOAT16, false"
  })
  void loadsTheSameWeights(Values values, boolean fold) {
    Export options = packed(values).toBuilder().setFoldBatchNorm(fold).build();
    ExportReport report = new SavedModelWriter(options).write(target(), MODEL, SAMPLE);
    assertThat(report.logitDifference()).isLessThan(1e-5);
    assertThat(report.bytes()).isLessThan(report.denseBytes());
    assertThat(report.rounding().isPresent()).isEqualTo(values != Values.FLOAT32);
    report
        .rounding()
        .ifPresent(
            r -> {
              assertThat(r.logitDifference())
                  .isBetween(1e-5, values == Values.FLOAT16 ? 3e-3 : 3e-2);
              assertThat(r.weightsLost()).isZero();
            });
    assertThat(report.kernels().get("linear/kernel").code()).isEqualTo("plain");
    assertThat(report.kernels().get("layer3/0/conv2/kernel").code()).isEqualTo("gaps4");
    report
        .kernels()
        .forEach((n, k) -> assertThat(k.nonzero()).isEqualTo(MODEL.values().get(n).nonzero()));
    try (SavedModelBundle bundle = SavedModelBundle.load(target().toString(), "serve")) {
      assertThat(bundle.metaGraphDef().getGraphDef().getLibrary().getFunctionList())
          .extracting(f -> f.getSignature().getName())
          .contains("expand_gaps4");
    }
  }

  @Test
  void equalModelsAreEqualFiles() throws IOException {
    Map<String, byte[]> first = new LinkedHashMap<>();
    for (int i = 0; i < 2; i++) {
      new SavedModelWriter(packed(Values.FLOAT16)).fill(folder.resolve("m" + i), MODEL);
      for (String file : List.of("saved_model.pb", "variables/variables.data-00000-of-00001")) {
        byte[] bytes = Files.readAllBytes(folder.resolve("m" + i).resolve(file));
        assertThat(bytes).isEqualTo(first.computeIfAbsent(file, f -> bytes));
      }
    }
  }

  @Test
  void theGateSeesAPositionThatMoved() throws IOException {
    Export options = packed(Values.FLOAT32);
    SavedModelWriter.Written written = new SavedModelWriter(options).fill(folder, MODEL);
    ExportGate gate = new ExportGate(MODEL, written, options);
    gate.verify(folder, SAMPLE);
    Map<String, StoredArray> arrays = new LinkedHashMap<>();
    written.variables().forEach(v -> arrays.putAll(v.arrays()));
    String name = "layer2/0/conv1/kernel/gaps4";
    byte[] code = arrays.get(name).bytes().clone();
    int at = 0;
    while ((code[at] & 15) > 10 || (code[at] >> 4 & 15) < 2 || (code[at] >> 4 & 15) > 10) {
      at++;
    }
    code[at] += 1 - 16; // one weight a place on, the next one's gap a zero less
    arrays.put(name, new StoredArray(arrays.get(name).type(), arrays.get(name).shape(), code));
    BundleWriter.writeArrays(SavedModelWriter.variables(folder), arrays);
    assertThatThrownBy(() -> gate.verify(folder, SAMPLE))
        .isInstanceOf(JackpotException.class)
        .hasMessageContaining("kernel \"layer2/0/conv1/kernel\" has")
        .hasMessageContaining("where the mask has a zero");
  }

  @Test
  void weightsThatAreNoNumbersAreRefused() {
    Map<String, HostTensor> values = new LinkedHashMap<>(MODEL.values());
    float[] kernel = values.get("conv1/kernel").values().clone();
    kernel[3] = Float.NaN;
    values.put("conv1/kernel", new HostTensor(values.get("conv1/kernel").shape(), kernel));
    assertThatThrownBy(
            () ->
                new ServableModel(
                    MODEL.network(), MODEL.spec(), values, MODEL.normalization(), MODEL.classes()))
        .isInstanceOf(JackpotException.class)
        .hasMessageContaining(
            "parameter \"conv1/kernel\" has NaN at index 3, expected a finite number");
  }

  @Test
  void frozenGraphsGiveTheSameLogits() throws IOException {
    Path file = folder.resolve("frozen.pb");
    new SavedModelWriter(Export.newBuilder().setFoldBatchNorm(true).build())
        .writeFrozen(file, MODEL, SAMPLE);
    var graph = org.tensorflow.proto.GraphDef.parseFrom(Files.readAllBytes(file));
    assertThat(graph.getNodeList())
        .extracting(n -> n.getOp())
        .doesNotContain("VarHandleOp", "ReadVariableOp", "FusedBatchNormV3", "MapDefun")
        .containsOnlyOnce("Placeholder");
    assertThat(graph.getNodeList())
        .extracting(n -> n.getName())
        .contains("serving_default_images", "logits", "probabilities", "label");
    Sample wrong = SAMPLE.with(HostTensor.filled(SAMPLE.logits().shape(), 1));
    assertThatThrownBy(
            () ->
                new SavedModelWriter(Export.getDefaultInstance())
                    .writeFrozen(folder.resolve("no.pb"), MODEL, wrong))
        .hasMessageContaining("the frozen graph gives logit");
    assertThat(folder.resolve("no.pb")).doesNotExist();
  }

  @Test
  void versionsAreCounted() throws IOException {
    Path model = folder.resolve("net");
    assertThat(ModelVersions.target(model)).isEqualTo(model.resolve("1"));
    assertThat(ModelVersions.newest(model)).isEmpty();
    for (String version : List.of("1", "9", "10", "notes", ".unfinished-3")) {
      Files.createDirectories(model.resolve(version));
      Files.writeString(model.resolve(version).resolve("saved_model.pb"), "x");
    }
    assertThat(ModelVersions.newest(model)).isEqualTo(Optional.of(model.resolve("10")));
    assertThat(ModelVersions.target(model)).isEqualTo(model.resolve("11"));
    assertThat(ModelVersions.target(model.resolve("9"))).isEqualTo(model.resolve("9"));
    assertThat(ModelVersions.target(model.resolve("notes"))).isEqualTo(model.resolve("notes"));
    Files.createDirectory(model.resolve("12")); // claimed, though no model is in it yet
    assertThat(ModelVersions.target(model)).isEqualTo(model.resolve("13"));
    assertThat(ModelVersions.newest(model)).isEqualTo(Optional.of(model.resolve("10")));
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertThatThrownBy(() -> ModelVersions.target(file)).hasMessageContaining("a file");
  }
}
