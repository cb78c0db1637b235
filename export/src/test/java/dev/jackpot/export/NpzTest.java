package dev.jackpot.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.JackpotException;
import dev.jackpot.graph.HostTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;

class NpzTest {
  private static final String SCALAR = "{'descr': '<f4', 'fortran_order': False, 'shape': ()}";

  @TempDir Path folder;

  private static Map<String, HostTensor> arrays() {
    Map<String, HostTensor> arrays = new LinkedHashMap<>();
    arrays.put("conv1/kernel", new HostTensor(Shape.of(1, 1, 2, 2), new float[] {1, 0, -3, 0.25f}));
    arrays.put("linear/bias", new HostTensor(Shape.of(3), new float[] {0, 1e-40f, 7}));
    arrays.put("meta/bn_eps", new HostTensor(Shape.scalar(), new float[] {1e-5f}));
    return arrays;
  }

  private Path zip(Map<String, byte[]> entries) throws IOException {
    Path file = folder.resolve("z.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> e : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(e.getKey()));
        zip.write(e.getValue());
      }
    }
    return file;
  }

  private static void readAll(Path file) {
    try (WeightSource source = WeightFormats.open(file)) {
      source.arrays().forEach(a -> source.read(a.name()));
    }
  }

  @Test
  void roundTrips() throws IOException {
    Path file = folder.resolve("a.npz");
    Npz.write(file, arrays());
    try (WeightSource source = WeightFormats.open(file)) {
      assertThat(source.arrays())
          .containsExactly(
              new ArrayInfo("conv1/kernel", "float32", Shape.of(1, 1, 2, 2), true),
              new ArrayInfo("linear/bias", "float32", Shape.of(3), true),
              new ArrayInfo("meta/bn_eps", "float32", Shape.scalar(), true));
      arrays().forEach((name, value) -> assertThat(source.read(name)).isEqualTo(value));
      assertThatThrownBy(() -> source.read("linear/bais"))
          .hasMessage(file + ": no array \"linear/bais\"; nearest: linear/bias, meta/bn_eps");
    }
    byte[] once = Files.readAllBytes(file);
    Npz.write(file, arrays());
    assertThat(file).hasBinaryContent(once);
    try (var left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void readsDeflatedArchives() throws IOException {
    byte[] zeros =
        NpyTest.npy(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (100000,)}", new byte[400_000]);
    try (WeightSource source = WeightFormats.open(zip(Map.of("w.npy", zeros)))) {
      assertThat(source.read("w").nonzero()).isZero();
      assertThat(source.read("w").shape()).isEqualTo(Shape.of(100_000));
    }
  }

  @Test
  void refusesForeignEntries() throws IOException {
    assertThatThrownBy(() -> readAll(zip(Map.of("archive/data.pkl", new byte[9]))))
        .isInstanceOf(JackpotException.class)
        .hasMessageContaining("entry \"archive/data.pkl\" is not a NumPy array");
    assertThatThrownBy(() -> readAll(zip(Map.of("a\nb.npy", NpyTest.npy(SCALAR, new byte[4])))))
        .isInstanceOf(JackpotException.class)
        .hasMessageContaining("control characters");
  }

  @Test
  void refusesDuplicates() throws IOException {
    Map<String, byte[]> two = new LinkedHashMap<>();
    two.put("a.npy", NpyTest.npy(SCALAR, new byte[4]));
    two.put("b.npy", NpyTest.npy(SCALAR, new byte[4]));
    Path file = zip(two);
    String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    Files.write(file, bytes.replace("b.npy", "a.npy").getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> readAll(file)).hasMessage(file + ": has array \"a\" twice");
  }

  @Test
  void refusesABombByItsSizes() throws IOException {
    Path file = folder.resolve("bomb.npz");
    Npz.write(file, arrays());
    byte[] bytes = Files.readAllBytes(file);
    // the first central entry's unpacked size, 24 bytes into it
    int central = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("PK\u0001\u0002");
    bytes[central + 27] = 0x7f;
    Files.write(file, bytes);
    assertThatThrownBy(() -> readAll(file))
        .isInstanceOf(JackpotException.class)
        .hasMessageContaining("conv1/kernel")
        .hasMessageContaining("cannot come from 144 packed ones");
  }

  @Test
  void noticesOneFlippedBitAnywhereInTheValues() throws IOException {
    Path file = folder.resolve("a.npz");
    Npz.write(file, arrays());
    byte[] whole = Files.readAllBytes(file);
    int first = new String(whole, StandardCharsets.ISO_8859_1).indexOf(" \n") + 2;
    for (int bit = 0; bit < 128; bit++) {
      byte[] bytes = whole.clone();
      bytes[first + bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file, bytes);
      assertThatThrownBy(() -> readAll(file))
          .hasMessageContaining("array \"conv1/kernel\": damaged: checksum");
    }
  }

  @Test
  void fiveHundredMutationsGiveOnlyOurErrors() throws IOException {
    Path stored = folder.resolve("a.npz");
    Npz.write(stored, arrays());
    byte[] deflated =
        Files.readAllBytes(
            zip(
                Map.of(
                    "w.npy",
                        NpyTest.npy(
                            "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3)}",
                            new byte[48]),
                    "v.npy",
                        NpyTest.npy(
                            "{'descr': '<i4', 'fortran_order': False, 'shape': (5,)}",
                            new byte[20]))));
    byte[][] seeds = {Files.readAllBytes(stored), deflated};
    Random random = new Random(42);
    int refused = 0;
    for (int round = 0; round < 500; round++) {
      Path file = folder.resolve("m" + round + ".npz");
      Files.write(file, mutate(seeds[round % 2], random));
      try {
        readAll(file);
      } catch (JackpotException e) {
        refused++;
        assertThat(e.getMessage()).contains(file.getFileName().toString()).doesNotContain("\n");
      }
    }
    assertThat(refused).isGreaterThan(300);
  }

  private static byte[] mutate(byte[] seed, Random random) throws IOException {
    byte[] bytes = seed.clone();
    switch (random.nextInt(4)) {
      case 0 -> {
        for (int i = random.nextInt(4); i >= 0; i--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
      }
      case 1 -> bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 2 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      default -> {
        int from = random.nextInt(bytes.length);
        int to = Math.min(bytes.length, from + 1 + random.nextInt(40));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, to);
        out.write(bytes, from, bytes.length - from);
        bytes = out.toByteArray();
      }
    }
    return bytes;
  }
}
