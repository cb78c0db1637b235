package dev.jackpot.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.graph.HostTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Constant;
import org.tensorflow.types.TFloat32;

class BundleReaderTest {
  @TempDir Path folder;
  private Path prefix;

  @BeforeEach
  void write() {
    prefix = folder.resolve("ckpt-7");
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Constant<TFloat32> kernel = tf.constant(new float[][] {{1, 2, 3}, {4, 0, 6}});
      List<Operand<?>> tensors =
          List.of(
              kernel,
              tf.constant(1L << 40),
              tf.constant(-7),
              tf.dtypes.cast(kernel, org.tensorflow.types.TBfloat16.class),
              tf.constant(new double[] {0.1}),
              tf.constant(new boolean[] {true, false}),
              tf.constant("text"));
      String[] names = {"a/kernel", "global_step", "int", "bf16", "double", "bool", "_graph"};
      var save =
          tf.train.save(
              tf.constant(prefix.toString()),
              tf.array(names),
              tf.array("", "", "", "", "", "", ""),
              tensors);
      try (Session session = new Session(graph)) {
        session.runner().addTarget(save.op()).run();
      }
    }
  }

  @Test
  void listsAndReadsEveryNumericType() {
    try (BundleReader reader = BundleReader.open(prefix)) {
      assertThat(reader.arrays())
          .containsExactly(
              new ArrayInfo("_graph", "string", Shape.scalar(), false),
              new ArrayInfo("a/kernel", "float32", Shape.of(2, 3), true),
              new ArrayInfo("bf16", "bfloat16", Shape.of(2, 3), true),
              new ArrayInfo("bool", "bool", Shape.of(2), true),
              new ArrayInfo("double", "float64", Shape.of(1), true),
              new ArrayInfo("global_step", "int64", Shape.scalar(), true),
              new ArrayInfo("int", "int32", Shape.scalar(), true));
      HostTensor kernel = new HostTensor(Shape.of(2, 3), new float[] {1, 2, 3, 4, 0, 6});
      assertThat(reader.read("a/kernel")).isEqualTo(kernel);
      assertThat(reader.read("bf16")).isEqualTo(kernel);
      assertThat(reader.read("bool").values()).containsExactly(1, 0);
      assertThat(reader.read("double").values()).containsExactly(0.1f);
      assertThat(reader.read("global_step").values()).containsExactly(0x1p40f);
      assertThat(reader.read("int").values()).containsExactly(-7);
      assertThatThrownBy(() -> reader.read("_graph"))
          .hasMessageContaining("dtype string, expected numbers");
      assertThatThrownBy(() -> reader.read("a/kernle"))
          .isInstanceOf(JackpotException.class)
          .hasMessageContaining("no array \"a/kernle\"; nearest: a/kernel");
    }
  }

  @Test
  void isFoundByPrefixByEitherFileAndByFolder() {
    for (Path path :
        List.of(
            prefix,
            folder.resolve("ckpt-7.index"),
            folder.resolve("ckpt-7.data-00000-of-00001"),
            folder)) {
      try (WeightSource source = WeightFormats.open(path)) {
        assertThat(source.path()).isEqualTo(prefix);
      }
    }
  }

  @Test
  void aFolderWithTwoIsAmbiguous() throws IOException {
    Files.copy(folder.resolve("ckpt-7.index"), folder.resolve("ckpt-8.index"));
    assertThatThrownBy(() -> WeightFormats.open(folder))
        .hasMessageContaining("holds 2 checkpoints")
        .hasMessageContaining("ckpt-7.index, ckpt-8.index");
  }

  @Test
  void namesMissingEmptyAndCutFiles() throws IOException {
    Path index = folder.resolve("ckpt-7.index");
    Path data = folder.resolve("ckpt-7.data-00000-of-00001");
    byte[] indexBytes = Files.readAllBytes(index);
    byte[] dataBytes = Files.readAllBytes(data);

    Files.write(data, Arrays.copyOf(dataBytes, dataBytes.length / 2));
    try (BundleReader reader = BundleReader.open(prefix)) {
      assertThatThrownBy(
              () ->
                  reader.arrays().stream()
                      .filter(ArrayInfo::numeric)
                      .forEach(a -> reader.read(a.name())))
          .isInstanceOf(JackpotException.class)
          .hasMessageStartingWith(prefix + ": array ");
    }
    dataBytes[0] ^= 1;
    Files.write(data, dataBytes);
    try (BundleReader reader = BundleReader.open(prefix)) {
      assertThatThrownBy(
              () ->
                  reader.arrays().stream()
                      .filter(ArrayInfo::numeric)
                      .forEach(a -> reader.read(a.name())))
          .isInstanceOf(JackpotException.class)
          .hasMessageContaining("Checksum");
    }
    Files.write(data, new byte[0]);
    assertThatThrownBy(() -> BundleReader.open(prefix))
        .hasMessage(data + ": empty; the checkpoint is not complete");
    Files.delete(data);
    assertThatThrownBy(() -> BundleReader.open(prefix))
        .hasMessageStartingWith(index + ": no data file");
    Files.write(data, dataBytes);
    Files.write(index, Arrays.copyOf(indexBytes, indexBytes.length - 1));
    assertThatThrownBy(() -> BundleReader.open(prefix)).hasMessageContaining("cut short");
    indexBytes[3] ^= 0x20;
    Files.write(index, indexBytes);
    assertThatThrownBy(() -> BundleReader.open(prefix)).isInstanceOf(JackpotException.class);
    Files.delete(index);
    assertThatThrownBy(() -> BundleReader.open(prefix))
        .hasMessage(index + ": missing; the checkpoint is not complete");
  }

  @Test
  void aHundredMutationsGiveOnlyOurErrors() throws IOException {
    Path index = folder.resolve("ckpt-7.index");
    Path data = folder.resolve("ckpt-7.data-00000-of-00001");
    byte[] indexBytes = Files.readAllBytes(index);
    byte[] dataBytes = Files.readAllBytes(data);
    Random random = new Random(5);
    int refused = 0;
    for (int round = 0; round < 100; round++) {
      byte[] mutated = (round % 3 == 0 ? dataBytes : indexBytes).clone();
      // every second one in the footer, which no checksum covers
      int at =
          round % 2 == 0 ? mutated.length - 1 - random.nextInt(48) : random.nextInt(mutated.length);
      mutated[Math.max(0, at)] ^= (byte) (1 + random.nextInt(255));
      Files.write(index, round % 3 == 0 ? indexBytes : mutated);
      Files.write(data, round % 3 == 0 ? mutated : dataBytes);
      try (BundleReader reader = BundleReader.open(prefix)) {
        reader.arrays().stream().filter(ArrayInfo::numeric).forEach(a -> reader.read(a.name()));
      } catch (JackpotException e) {
        refused++;
        assertThat(e.getMessage()).contains("ckpt-7").doesNotContain("\n");
      }
    }
    assertThat(refused).isGreaterThan(60);
  }

  @Test
  void aFooterThatAsksForMuchMemoryIsRefused() throws IOException {
    Path index = folder.resolve("ckpt-7.index");
    byte[] bytes = Files.readAllBytes(index);
    // the size of the first block, after its offset: as large as six varint bytes can say
    int at = bytes.length - 48;
    while (bytes[at] < 0) {
      at++;
    }
    at++;
    for (int i = 0; i < 5; i++) {
      bytes[at + i] = (byte) 0xff;
    }
    bytes[at + 5] = 0x7f;
    Files.write(index, bytes);
    assertThatThrownBy(() -> BundleReader.open(prefix))
        .hasMessage(index + ": not the index of a TensorFlow V2 checkpoint, or cut short");
  }

  @Test
  void aMissingShardIsNamed() throws IOException {
    Files.move(
        folder.resolve("ckpt-7.data-00000-of-00001"), folder.resolve("ckpt-7.data-00000-of-00002"));
    assertThatThrownBy(() -> BundleReader.open(prefix))
        .hasMessage(
            folder.resolve("ckpt-7.data-00001-of-00002")
                + ": missing; the checkpoint is not complete");
  }

  @Test
  void otherPathsAreRefusedWithWhatWasFound() throws IOException {
    Path hdf =
        Files.write(
            folder.resolve("w.h5"), new byte[] {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 26, '\n'});
    assertThatThrownBy(() -> WeightFormats.open(hdf))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            hdf
                + ": not a known kind of weights file; found an HDF5 file, expected one of: NumPy archive (.npz),"
                + " run directory or checkpoint of this program,"
                + " TensorFlow V2 checkpoint (its prefix, its .index file, or its folder)");
    assertThatThrownBy(() -> WeightFormats.open(folder.resolve("w.h6")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no such weights file; nearest: w.h5");
  }
}
