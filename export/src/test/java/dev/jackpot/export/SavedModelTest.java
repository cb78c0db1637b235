package dev.jackpot.export;

import static dev.jackpot.export.GivenFiles.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.CifarResNet;
import dev.jackpot.config.proto.Export;
import dev.jackpot.config.proto.Weights;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Network;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.NetworkSummary;
import dev.jackpot.graph.Networks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.NodeDef;

class SavedModelTest {
  @TempDir Path folder;

  private static final ServableModel MODEL = TinyModel.make(1);
  private static final Sample SAMPLE = TinyModel.sample(MODEL, 150);

  private Path target() {
    return folder.resolve("saved_model").resolve("1");
  }

  private static Export options(boolean normalizeInside, boolean fold) {
    return Export.newBuilder().setNormalizeInside(normalizeInside).setFoldBatchNorm(fold).build();
  }

  private static Map<String, byte[]> files(Path root) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        files.put(root.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  @ParameterizedTest
  @CsvSource({"true, false", "false, false", "true, true", "false, true"})
  void givesTheTrainingGraphsLogits(boolean normalizeInside, boolean fold) throws IOException {
    ExportReport report =
        new SavedModelWriter(options(normalizeInside, fold)).write(target(), MODEL, SAMPLE);
    assertThat(report.directory()).isEqualTo(target());
    assertThat(report.images()).isEqualTo(150);
    assertThat(report.logitDifference()).isLessThan(1e-5);
    assertThat(report.signatureDifference()).isLessThan(1e-5);
    assertThat(report.labelsAgreeing()).isEqualTo(150);
    assertThat(report.foldedBatchNorms()).isEqualTo(fold ? 9 : 0);
    report
        .kernels()
        .forEach(
            (name, count) ->
                assertThat(count.nonzero()).isEqualTo(MODEL.values().get(name).nonzero()));
    assertThat(report.kernels()).hasSize(10);
    assertThat(report.total().nonzero())
        .isBetween(report.total().size() / 20, report.total().size() / 5);
    assertThat(files(target()).keySet())
        .containsExactly(
            "assets.extra/jackpot.json",
            "assets/labels.txt",
            "saved_model.pb",
            "variables/variables.data-00000-of-00001",
            "variables/variables.index");
    assertThat(files(target()).values().stream().mapToLong(b -> b.length).sum())
        .isEqualTo(report.bytes());
    try (Stream<Path> beside = Files.list(target().getParent())) {
      assertThat(beside).containsExactly(target());
    }
    assertThat(ModelCard.read(target()).orElseThrow().input())
        .isEqualTo(normalizeInside ? "pixels" : "normalized");
    assertThat(ModelCard.read(target()).orElseThrow().classes())
        .containsExactly("a", "b", "c", "d", "e");
  }

  @Test
  void foldingIsTheFormula() throws IOException {
    SavedModelWriter.Written written =
        new SavedModelWriter(options(true, true)).fill(folder, MODEL);
    Map<String, HostTensor> v = MODEL.values();
    int channel = 2;
    double scale =
        v.get("bn1/gamma").values()[channel]
            / Math.sqrt(v.get("bn1/moving_variance").values()[channel] + 1e-5);
    float[] kernel = written.loaded().get("conv1/kernel").values();
    for (int i = channel; i < kernel.length; i += 4) {
      assertThat((double) kernel[i])
          .isCloseTo(
              v.get("conv1/kernel").values()[i] * scale, org.assertj.core.data.Offset.offset(1e-5));
    }
    assertThat((double) written.loaded().get("bn1/beta").values()[channel])
        .isCloseTo(
            v.get("bn1/beta").values()[channel]
                - v.get("bn1/moving_mean").values()[channel] * scale,
            org.assertj.core.data.Offset.offset(1e-5));
    assertThat(written.loaded().keySet())
        .noneMatch(n -> n.endsWith("gamma") || n.contains("moving_"));
  }

  @Test
  void holdsNothingButServing() {
    new SavedModelWriter(options(true, false)).write(target(), MODEL, SAMPLE);
    try (SavedModelBundle bundle = SavedModelBundle.load(target().toString(), "serve")) {
      List<NodeDef> nodes = bundle.metaGraphDef().getGraphDef().getNodeList();
      Map<String, Long> ops = new HashMap<>();
      nodes.forEach(n -> ops.merge(n.getOp(), 1L, Long::sum));
      long variables = MODEL.values().size();
      assertThat(ops)
          .containsEntry("Placeholder", 1L) // of encoded images
          .containsEntry("PlaceholderWithDefault", 3L) // pixels, floats, the checkpoint's name
          .containsEntry("VarHandleOp", variables)
          .containsEntry("AssignVariableOp", variables)
          .containsEntry("ReadVariableOp", variables)
          .containsEntry("SaveV2", 1L)
          .containsEntry("RestoreV2", 1L)
          .doesNotContainKeys("BroadcastTo", "StopGradient");
      assertThat(
              bundle
                  .metaGraphDef()
                  .getCollectionDefOrThrow("variables")
                  .getBytesList()
                  .getValueCount())
          .isEqualTo((int) variables);
      assertThat(bundle.metaGraphDef().getMetaInfoDef().getTagsList()).containsExactly("serve");
    }
  }

  @Test
  void equalModelsAreEqualFiles() throws IOException {
    new SavedModelWriter(options(true, true)).write(target(), MODEL, SAMPLE);
    Map<String, byte[]> once = files(target());
    new SavedModelWriter(options(true, true)).write(target(), MODEL, SAMPLE);
    files(target()).forEach((name, bytes) -> assertThat(bytes).as(name).isEqualTo(once.get(name)));
  }

  @Test
  void aWrongLogitLeavesNothing() {
    float[] logits = SAMPLE.logits().values().clone();
    logits[5 * 77 + 3] += 1;
    Sample wrong =
        new Sample(
            SAMPLE.shape(), SAMPLE.pixels(), new HostTensor(SAMPLE.logits().shape(), logits));
    assertThatThrownBy(
            () -> new SavedModelWriter(options(true, false)).write(target(), MODEL, wrong))
        .isInstanceOf(JackpotException.class)
        .hasMessageStartingWith("the exported model differs: serving_default gives logit ")
        .hasMessageContaining(
            "for image 77, class 3, where the training graph gives " + logits[5 * 77 + 3]);
    assertThat(folder).isEmptyDirectory();
    logits[5 * 77 + 3] = Float.NaN;
    assertThatThrownBy(
            () -> new SavedModelWriter(options(true, false)).write(target(), MODEL, wrong))
        .hasMessageContaining("for image 77, class 3");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void anotherLabelIsRefusedUnlessItsLogitsTie() {
    Shape shape = Shape.of(2, 3);
    HostTensor reference = new HostTensor(shape, new float[] {1, 2, 10, 4, 4.05f, 0});
    HostTensor served = new HostTensor(shape, new float[] {1, 2, 10, 4.05f, 4, 0});
    var tied = new ServedImages.Outputs("serving_default", served, served, new long[] {2, 0});
    tied.checkLabels(reference, 0.01); // 4.05 − 4 is within 0.01 · 10
    assertThat(tied.labelsAgreeing(reference)).isEqualTo(1);
    assertThatThrownBy(() -> tied.checkLabels(reference, 0.001))
        .isInstanceOf(JackpotException.class)
        .hasMessage(
            "the exported model differs: serving_default gives label 0 for image 1, the training graph 1;"
                + " the training graph's logits are 4.0 and 4.05, which is no tie within 0.00100 of the largest logit");
    var unknown = new ServedImages.Outputs("serving_uint8", served, served, new long[] {7, 0});
    assertThatThrownBy(() -> unknown.checkLabels(reference, 0.01))
        .hasMessageContaining("serving_uint8 gives label 7 for image 0, the training graph 2");
  }

  @Test
  void theGateHoldsLabelsAgainstTheTrainingGraphs() {
    double tolerance = 0.5;
    float[] logits = SAMPLE.logits().values().clone();
    double largest = 0;
    for (float logit : logits) {
      largest = Math.max(largest, Math.abs(logit));
    }
    // the first image's best and next logit trade places, each by less than the tolerance
    int best = 0;
    for (int c = 1; c < 5; c++) {
      best = logits[c] > logits[best] ? c : best;
    }
    int next = best == 0 ? 1 : 0;
    for (int c = 0; c < 5; c++) {
      next = c != best && logits[c] > logits[next] ? c : next;
    }
    float shift = (float) (0.45 * largest);
    logits[best] -= shift;
    logits[next] += shift;
    assertThat((double) logits[next] - logits[best])
        .as("no tie")
        .isGreaterThan(tolerance * largest);
    Sample moved =
        new Sample(
            SAMPLE.shape(), SAMPLE.pixels(), new HostTensor(SAMPLE.logits().shape(), logits));
    Export lenient = options(true, false).toBuilder().setTolerance(tolerance).build();
    assertThatThrownBy(() -> new SavedModelWriter(lenient).write(target(), MODEL, moved))
        .isInstanceOf(JackpotException.class)
        .hasMessageContaining(
            "serving_default gives label %d for image 0, the training graph %d"
                .formatted(best, next));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFailureKeepsTheModelThatWasThere() throws IOException {
    new SavedModelWriter(options(true, false)).write(target(), MODEL, SAMPLE);
    Map<String, byte[]> before = files(target());
    ServableModel other = TinyModel.make(2);
    assertThatThrownBy(
            () -> new SavedModelWriter(options(true, false)).write(target(), other, SAMPLE))
        .hasMessageContaining("the exported model differs");
    files(target())
        .forEach((name, bytes) -> assertThat(bytes).as(name).isEqualTo(before.get(name)));
    try (Stream<Path> beside = Files.list(target().getParent())) {
      assertThat(beside).containsExactly(target());
    }
    new SavedModelWriter(options(true, false)).write(target(), other, TinyModel.sample(other, 3));
    assertThat(files(target()).get("variables/variables.data-00000-of-00001"))
        .isNotEqualTo(before.get("variables/variables.data-00000-of-00001"));
  }

  private static SavedModelWriter.Written withVariables(
      SavedModelWriter.Written written, Map<String, HostTensor> values) {
    return new SavedModelWriter.Written(
        written.serving(),
        values.entrySet().stream()
            .map(e -> StoredVariable.dense(e.getKey(), e.getValue()))
            .toList(),
        Map.of(),
        0);
  }

  @Test
  void theGateFindsEveryKindOfTampering() throws IOException {
    SavedModelWriter.Written written =
        new SavedModelWriter(options(true, false)).fill(folder, MODEL);
    ExportGate gate = new ExportGate(MODEL, written, options(true, false));
    gate.verify(folder, SAMPLE);
    Path variables = SavedModelWriter.variables(folder);
    HostTensor kernel = MODEL.values().get("layer1/0/conv1/kernel");
    int zero = 0;
    while (kernel.values()[zero] != 0) {
      zero++;
    }

    Map<String, HostTensor> more = new LinkedHashMap<>(written.loaded());
    float[] weights = kernel.values().clone();
    weights[zero] = 1e-20f; // far below what any logit would show
    more.put("layer1/0/conv1/kernel", new HostTensor(kernel.shape(), weights));
    BundleWriter.write(variables, more);
    assertThatThrownBy(() -> gate.verify(folder, SAMPLE))
        .hasMessage(
            "the exported model differs: kernel \"layer1/0/conv1/kernel\" has %d non-zero weights of %d, expected %d"
                .formatted(kernel.nonzero() + 1, kernel.values().length, kernel.nonzero()));

    ExportGate lenient = new ExportGate(MODEL, withVariables(written, more), options(true, false));
    assertThatThrownBy(() -> lenient.verify(folder, SAMPLE))
        .hasMessageContaining("where the mask has a zero");

    Map<String, HostTensor> moved = new LinkedHashMap<>(written.loaded());
    moved.put("bn1/beta", HostTensor.filled(Shape.of(4), 0.25f));
    BundleWriter.write(variables, moved);
    assertThatThrownBy(() -> gate.verify(folder, SAMPLE))
        .hasMessageContaining("variable \"bn1/beta\" has 0.25 at index 0, expected");

    Map<String, HostTensor> fewer = new LinkedHashMap<>(written.loaded());
    fewer.remove("linear/bias");
    BundleWriter.write(variables, fewer);
    assertThatThrownBy(() -> gate.verify(folder, SAMPLE))
        .isInstanceOf(JackpotException.class)
        .hasMessageContaining("the exported model cannot be loaded")
        .hasMessageContaining("linear/bias");

    BundleWriter.write(variables, written.loaded());
    gate.verify(folder, SAMPLE);
    Files.write(folder.resolve("saved_model.pb"), new byte[] {1, 2, 3});
    assertThatThrownBy(() -> gate.verify(folder, SAMPLE)).hasMessageContaining("cannot be loaded");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void exportsAPretrainedNetwork(boolean fold) {
    Network network =
        Networks.REGISTRY.create(
            dev.jackpot.config.proto.Network.newBuilder()
                .setCifarResnet(CifarResNet.getDefaultInstance())
                .build());
    NetworkSpec spec = new NetworkSpec(32, 32, 3, 10);
    Map<String, Shape> expected = new LinkedHashMap<>();
    NetworkSummary.of(network, spec).parameters().forEach(p -> expected.put(p.name(), p.shape()));
    Map<String, HostTensor> values;
    try (WeightSource source = WeightFormats.open(given("pretrained/resnet20-cifar10.npz"))) {
      values = new WeightMap(Weights.getDefaultInstance()).load(source, expected);
    }
    List<String> classes = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    ServableModel model =
        new ServableModel(network, spec, values, TinyModel.NORMALIZATION, classes);
    ExportReport report =
        new SavedModelWriter(options(true, fold))
            .write(target(), model, TinyModel.sample(model, 9));
    assertThat(report.logitDifference()).isLessThan(1e-5);
    assertThat(report.foldedBatchNorms()).isEqualTo(fold ? 19 : 0);
    assertThat(report.total().size()).isEqualTo(268_336);
  }

  @Test
  void refusesToReplaceAnythingElse() throws IOException {
    Files.createDirectories(target());
    Files.writeString(target().resolve("thesis.tex"), "years of work");
    assertThatThrownBy(
            () -> new SavedModelWriter(options(true, false)).write(target(), MODEL, SAMPLE))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("something else than a SavedModel");
    assertThat(target().resolve("thesis.tex")).hasContent("years of work");
    assertThatThrownBy(
            () ->
                new SavedModelWriter(options(true, false))
                    .write(target().resolve("thesis.tex"), MODEL, SAMPLE))
        .isInstanceOf(ConfigException.class);
  }

  @Test
  void listsWhatDoesNotFitTogether() {
    Map<String, HostTensor> values = new LinkedHashMap<>(MODEL.values());
    values.put("bn1/gama", values.remove("bn1/gamma"));
    values.put("linear/bias", HostTensor.filled(Shape.of(4), 0));
    assertThatThrownBy(
            () ->
                new ServableModel(
                    MODEL.network(),
                    MODEL.spec(),
                    values,
                    MODEL.normalization(),
                    List.of("a", "b")))
        .isInstanceOf(JackpotException.class)
        .hasMessageContaining("no value for parameter \"bn1/gamma\"; nearest: bn1/gama")
        .hasMessageContaining("\"linear/bias\" has shape [4], expected [5]")
        .hasMessageContaining("value \"bn1/gama\" belongs to no parameter")
        .hasMessageContaining("2 names of classes, expected 5");
  }
}
