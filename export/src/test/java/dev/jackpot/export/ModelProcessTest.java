package dev.jackpot.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.Export;
import dev.jackpot.config.proto.Runtime;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

class ModelProcessTest {
  private static final Runtime ONE = Runtime.newBuilder().setThreads(1).build();

  @TempDir Path folder;

  @Test
  void itsClassPathHasNoOtherClassOfJackpot() throws IOException {
    List<Path> entries =
        Stream.of(LoaderClassPath.in(folder).split(File.pathSeparator)).map(Path::of).toList();
    assertThat(entries.get(0)).isEqualTo(folder.toAbsolutePath());
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile))
          .containsExactly(folder.resolve("dev/jackpot/export/loader/PlainLoader.class"));
    }
    for (Path entry : entries.subList(1, entries.size())) {
      assertThat(Files.exists(entry.resolve("dev/jackpot"))).as("%s", entry).isFalse();
      assertThat(entry.getFileName().toString()).doesNotStartWith("jackpot-");
    }
  }

  @Test
  void answersCallsAndSaysWhatFails() throws IOException {
    ServableModel model = TinyModel.make(1);
    new SavedModelWriter(Export.getDefaultInstance()).fill(folder, model);
    try (ModelProcess process = ModelProcess.load(folder, ONE);
        Tensor images = TUint8.tensorOf(model.spec().images(2));
        Tensor floats = TFloat32.tensorOf(Shape.of(1))) {
      assertThat(process.loadSeconds()).isPositive();
      assertThat(process.meta().getSignatureDefMap()).hasSize(3);
      try (ModelProcess.Answer answer = process.call("serving_uint8", "images", images, 3)) {
        assertThat(answer.nanos()).hasSize(3);
        assertThat(answer.outputs()).containsOnlyKeys("logits", "probabilities", "label");
        assertThat(answer.outputs().get("label")).isInstanceOf(TInt64.class);
      }
      assertThatThrownBy(() -> process.call("serving_uint8", "images", floats, 1))
          .isInstanceOf(JackpotException.class)
          .hasMessageStartingWith(folder + ": ");
      assertThatThrownBy(() -> process.read("nothing:0")).isInstanceOf(JackpotException.class);
      // and goes on
      try (Tensor bias = process.read("linear/bias/Read/ReadVariableOp:0")) {
        assertThat(bias.shape()).isEqualTo(Shape.of(5));
      }
    }
  }

  /**
   * Its heap has 512 MB; a kernel of a VGG's first hidden layer has 411 and needs no copy there.
   */
  @Test
  void aTensorLargerThanTheHeapIsRead() throws IOException {
    int size = 140_000_000;
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      tf.withName("large").fill(tf.constant(new int[] {size}), tf.constant(1.5f));
      MetaGraphDef.Builder meta = MetaGraphDef.newBuilder().setGraphDef(graph.toGraphDef());
      meta.getMetaInfoDefBuilder().addTags(SavedModelWriter.TAG);
      Files.write(
          folder.resolve(SavedModelWriter.FILE),
          SavedModel.newBuilder()
              .setSavedModelSchemaVersion(1)
              .addMetaGraphs(meta)
              .build()
              .toByteArray());
    }
    try (ModelProcess process = ModelProcess.load(folder, ONE);
        TFloat32 large = (TFloat32) process.read("large:0")) {
      assertThat(large.shape()).isEqualTo(Shape.of(size));
      assertThat(large.getFloat(0)).isEqualTo(1.5f);
      assertThat(large.getFloat(size - 1)).isEqualTo(1.5f);
    }
  }

  @Test
  void aBatchThatNoArrayHoldsIsRefused() throws IOException {
    new SavedModelWriter(Export.getDefaultInstance()).fill(folder, TinyModel.make(1));
    InferenceBenchmark benchmark = new InferenceBenchmark(List.of(2_000_000), 1, 0);
    assertThatThrownBy(() -> benchmark.run(List.of(folder), 1))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("--batch: expected at most 1242756 images")
        .hasMessageEndingWith("found 2000000");
  }

  @Test
  void aFolderWithoutAModel() {
    assertThatThrownBy(() -> ModelProcess.load(folder, ONE))
        .isInstanceOf(JackpotException.class)
        .hasMessageStartingWith(folder + ": ");
  }

  @Test
  void measuresInTurns() throws IOException {
    ServableModel model = TinyModel.make(1);
    new SavedModelWriter(Export.getDefaultInstance()).fill(folder.resolve("a"), model);
    List<InferenceBenchmark.Measurement> measured =
        new InferenceBenchmark(List.of(1, 3), 2, 1)
            .run(List.of(folder.resolve("a"), folder.resolve("a")), 1);
    assertThat(measured).hasSize(2);
    for (InferenceBenchmark.Measurement m : measured) {
      assertThat(m.bytes()).isGreaterThan(10_000);
      assertThat(m.firstMillis()).isPositive();
      assertThat(m.latencies()).extracting(l -> l.batch()).containsExactly(1, 3);
      InferenceBenchmark.Latency three = m.latencies().get(1);
      assertThat(three.imagesPerSecond())
          .isCloseTo(3000 / three.medianMillis(), org.assertj.core.data.Offset.offset(1e-6));
    }
    assertThat(InferenceBenchmark.median(new double[] {3, 1, 2})).isEqualTo(2);
    assertThat(InferenceBenchmark.median(new double[] {4, 1, 3, 2})).isEqualTo(2.5);
  }
}
