package dev.jackpot.export;

import static dev.jackpot.export.GivenFiles.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.JsonParser;
import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.Sha256;
import dev.jackpot.config.proto.Export;
import dev.jackpot.graph.HostTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.ndarray.Shape;

class InspectTest {
  @TempDir Path folder;

  private static Map<String, HostTensor> state() {
    Map<String, HostTensor> state = new LinkedHashMap<>();
    state.put("conv1/kernel", new HostTensor(Shape.of(1, 1, 2, 2), new float[] {1, 2, 3, 4}));
    state.put("conv1/kernel/mask", new HostTensor(Shape.of(1, 1, 2, 2), new float[] {1, 0, 0, 1}));
    state.put("conv1/kernel/score", HostTensor.filled(Shape.of(1, 1, 2, 2), 1));
    state.put("conv1/kernel/score/momentum", HostTensor.filled(Shape.of(1, 1, 2, 2), 0));
    state.put("linear/bias", HostTensor.filled(Shape.of(3), 0));
    return state;
  }

  private static Path checkpoint(
      Path run, int stage, int epoch, long step, String name, Map<String, HostTensor> state)
      throws IOException {
    Path checkpoint = run.resolve("checkpoints").resolve(name);
    BundleWriter.write(checkpoint.resolve("state"), state);
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> files = Files.list(checkpoint)) {
      files.forEach(f -> digests.put(f.getFileName().toString(), Sha256.of(f)));
    }
    Map<String, Long> progress = Map.of("stage", (long) stage, "epoch", (long) epoch, "step", step);
    Files.writeString(
        checkpoint.resolve("checkpoint.json"),
        new Gson().toJson(Map.of("version", 1, "progress", progress, "sha256", digests)));
    return checkpoint;
  }

  private static Map<String, HostTensor> biases(float value) {
    return Map.of("linear/bias", HostTensor.filled(Shape.of(3), value));
  }

  private static float bias(Path path) {
    try (WeightSource source = WeightFormats.open(path)) {
      return source.read("linear/bias").values()[0];
    }
  }

  private Path run() throws IOException {
    Path run = folder.resolve("run");
    checkpoint(run, 0, 2, 10, "00-train-epoch0002-step00000010", state());
    checkpoint(run, 1, 1, 5, "01-search-epoch0001-step00000005", state());
    Files.createDirectories(run.resolve("checkpoints/.unfinished-1-1-x"));
    Files.writeString(run.resolve("config.textproto"), "");
    return run;
  }

  @Test
  void arraysAndArchives() {
    Path npz = folder.resolve("a.npz");
    Npz.write(npz, state());
    assertThat(Inspect.of(npz).kind()).isEqualTo("NumPy archive");
    assertThat(Inspect.of(npz).arrays())
        .contains(
            new Inspection.Entry("conv1/kernel/mask", "float32", List.of(1L, 1L, 2L, 2L), 4, 2L),
            new Inspection.Entry("linear/bias", "float32", List.of(3L), 3, 0L))
        .hasSize(5);
    Path npy = folder.resolve("a.npy");
    Npy.write(npy, new HostTensor(Shape.scalar(), new float[] {7}));
    assertThat(Inspect.of(npy).arrays())
        .containsExactly(new Inspection.Entry("a.npy", "float32", List.of(), 1, 1L));
  }

  @Test
  void runsAndTheirCheckpoints() throws IOException {
    Inspection run = Inspect.of(run());
    assertThat(run.kind()).isEqualTo("run directory");
    assertThat(run.facts())
        .containsEntry(
            "checkpoints", "00-train-epoch0002-step00000010, 01-search-epoch0001-step00000005")
        .containsEntry("arrays of", "01-search-epoch0001-step00000005")
        .containsEntry("finished", "no");
    assertThat(run.arrays())
        .extracting(Inspection.Entry::name)
        .containsExactlyElementsOf(state().keySet());
    assertThat(
            Inspect.of(folder.resolve("run/checkpoints/00-train-epoch0002-step00000010")).arrays())
        .hasSize(5);
  }

  @Test
  void aRunAsWeightsShowsItsParameters() throws IOException {
    Path run = run();
    for (Path path : List.of(run, run.resolve("checkpoints/00-train-epoch0002-step00000010"))) {
      try (WeightSource source = WeightFormats.open(path)) {
        assertThat(source.arrays())
            .extracting(ArrayInfo::name)
            .containsExactly("conv1/kernel", "linear/bias");
        assertThat(source.read("conv1/kernel")).isEqualTo(state().get("conv1/kernel"));
        assertThatThrownBy(() -> source.read("conv1/kernel/mask")).hasMessageContaining("no array");
      }
    }
    Files.createDirectories(folder.resolve("young"));
    Files.writeString(folder.resolve("young/config.textproto"), "");
    assertThatThrownBy(() -> WeightFormats.open(folder.resolve("young")))
        .hasMessageContaining("no checkpoint yet");
  }

  @Test
  void theNewestCheckpointIsToldByNumbersNotByName() throws IOException {
    Path run = folder.resolve("long");
    checkpoint(run, 0, 9999, 99990, "00-train-epoch9999-step00099990", biases(1));
    checkpoint(run, 0, 10000, 100000, "00-train-epoch10000-step00100000", biases(2));
    Files.writeString(run.resolve("config.textproto"), "");
    assertThat(bias(run)).isEqualTo(2);
    assertThat(Inspect.of(run).facts())
        .containsEntry(
            "checkpoints", "00-train-epoch9999-step00099990, 00-train-epoch10000-step00100000")
        .containsEntry("arrays of", "00-train-epoch10000-step00100000");
  }

  @Test
  void aDamagedCheckpointIsPassedOver() throws IOException {
    Path run = folder.resolve("damaged");
    Path first = checkpoint(run, 0, 1, 5, "00-train-epoch0001-step00000005", biases(1));
    Path second = checkpoint(run, 0, 2, 10, "00-train-epoch0002-step00000010", biases(2));
    Path third = checkpoint(run, 0, 3, 15, "00-train-epoch0003-step00000015", biases(3));
    Files.writeString(run.resolve("config.textproto"), "");
    Files.writeString(third.resolve("checkpoint.json"), "{}");
    assertThat(bias(run)).isEqualTo(2);
    BundleWriter.write(second.resolve("state"), biases(7)); // readable, but not what was saved
    assertThat(bias(run)).isEqualTo(1);
    assertThat(Inspect.of(run).facts())
        .containsEntry("arrays of", "00-train-epoch0001-step00000005");
    assertThatThrownBy(() -> WeightFormats.open(second))
        .isInstanceOf(JackpotException.class)
        .hasMessageContaining("is damaged: state.data-00000-of-00001 has SHA-256");
    Files.delete(first.resolve("state.index"));
    assertThatThrownBy(() -> WeightFormats.open(first))
        .hasMessageContaining("is damaged: state.index is missing");
    assertThatThrownBy(() -> WeightFormats.open(run))
        .isInstanceOf(JackpotException.class)
        .hasMessageContaining("all checkpoints of the run are damaged");
  }

  @Test
  void savedModels() throws IOException {
    ServableModel model = TinyModel.make(4);
    new SavedModelWriter(Export.getDefaultInstance()).fill(folder, model);
    Inspection inspection = Inspect.of(folder);
    assertThat(inspection.kind()).isEqualTo("SavedModel");
    assertThat(inspection.facts())
        .containsEntry("network", model.network().title())
        .containsEntry(
            "signature [serve] serving_uint8",
            "tensorflow/serving/predict: images uint8[-1, 12, 12, 3] → label int64[-1], logits float32[-1, 5],"
                + " probabilities float32[-1, 5]");
    assertThat(inspection.arrays()).hasSize(model.values().size());
    for (Inspection.Entry entry : inspection.arrays()) {
      assertThat(entry.nonzero()).isEqualTo(model.values().get(entry.name()).nonzero());
    }
    Files.write(folder.resolve("saved_model.pb"), new byte[] {7, 7, 7});
    assertThatThrownBy(() -> Inspect.of(folder))
        .isInstanceOf(JackpotException.class)
        .hasMessageContaining("not a SavedModel");
  }

  @Test
  void jsonHasEveryField() {
    Path npy = folder.resolve("a.npy");
    Npy.write(npy, new HostTensor(Shape.of(2), new float[] {0, 7}));
    var json = JsonParser.parseString(Inspect.of(npy).toJson()).getAsJsonObject();
    assertThat(json.get("kind").getAsString()).isEqualTo("NumPy array");
    var array = json.getAsJsonArray("arrays").get(0).getAsJsonObject();
    assertThat(array.get("shape").getAsJsonArray().get(0).getAsInt()).isEqualTo(2);
    assertThat(array.get("nonzero").getAsInt()).isEqualTo(1);
  }

  @Test
  void whatIsNotThere() {
    assertThatThrownBy(() -> Inspect.of(folder.resolve("x"))).isInstanceOf(ConfigException.class);
    assertThatThrownBy(() -> Inspect.of(folder)).isInstanceOf(ConfigException.class);
  }

  @ParameterizedTest
  @CsvSource({"tf1-half-plus-two, 2", "tf2-half-plus-two, 4", "tf2-keras-dscnn, 20"})
  void savedModelsOfOthers(String name, int atLeast) {
    Inspection inspection = Inspect.of(given("checkpoints/" + name));
    assertThat(inspection.kind()).isEqualTo("SavedModel");
    assertThat(inspection.arrays()).hasSizeGreaterThanOrEqualTo(atLeast);
    assertThat(inspection.facts().keySet())
        .anyMatch(k -> k.startsWith("signature [serve] serving_default"));
  }
}
