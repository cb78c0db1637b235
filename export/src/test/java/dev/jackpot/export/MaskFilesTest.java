package dev.jackpot.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.Sha256;
import dev.jackpot.config.proto.KernelMask;
import dev.jackpot.config.proto.MaskFile;
import dev.jackpot.config.proto.MaskProvenance;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.Masks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;

class MaskFilesTest {
  private static final MaskProvenance PROVENANCE =
      MaskProvenance.newBuilder()
          .setSource("prune")
          .setCriterion("magnitude { }")
          .setSparsity(0.9)
          .setSeed(-3)
          .build();

  @TempDir Path folder;

  private static Masks masks(Random random, int kernels) {
    Map<String, Mask> masks = new LinkedHashMap<>();
    for (int i = 0; i < kernels; i++) {
      Shape shape =
          random.nextBoolean()
              ? Shape.of(1 + random.nextInt(3), 1 + random.nextInt(3), 1 + random.nextInt(5), 3)
              : Shape.of(1 + random.nextInt(9), 1 + random.nextInt(9));
      boolean[] kept = new boolean[(int) shape.size()];
      for (int j = 0; j < kept.length; j++) {
        kept[j] = random.nextInt(3) == 0;
      }
      masks.put("layer%d/kernel".formatted(i), Mask.of(shape, kept));
    }
    return new Masks(masks);
  }

  private Path write(Masks masks) {
    Path file = folder.resolve("a.masks");
    MaskFiles.write(file, masks, PROVENANCE);
    return file;
  }

  @Test
  void roundTrips() throws IOException {
    Random random = new Random(1);
    for (int trial = 0; trial < 30; trial++) {
      Masks masks = masks(random, 1 + random.nextInt(5));
      Path file = write(masks);
      StoredMasks read = MaskFiles.open(file);
      assertThat(read.masks()).isEqualTo(masks);
      assertThat(read.masks().sha256()).isEqualTo(masks.sha256());
      assertThat(read.provenance()).isEqualTo(PROVENANCE);
      assertThat(read.kind()).isEqualTo("mask file");
      byte[] bytes = Files.readAllBytes(file);
      assertThat(Files.readAllBytes(write(masks))).as("equal masks, equal files").isEqualTo(bytes);
    }
  }

  @Test
  void roundTripsAsNumpyArraysOfUint8() {
    Masks masks = masks(new Random(2), 4);
    Path file = folder.resolve("a.npz");
    MaskFiles.write(file, masks, PROVENANCE);
    assertThat(MaskFiles.open(file).masks()).isEqualTo(masks);
    assertThat(MaskFiles.open(file).kind()).isEqualTo("NumPy archive");
    try (WeightSource source = WeightFormats.open(file)) {
      assertThat(source.arrays()).extracting(ArrayInfo::dtype).containsOnly("uint8");
    }
  }

  /** The bytes by hand: a reader in another language needs nothing but masks.proto. */
  @Test
  void bitsAreRowMajorWithTheFirstLowest() throws IOException {
    boolean[] kept = {true, false, false, true, false, false, false, false, true};
    Path file = write(new Masks(Map.of("k", Mask.of(Shape.of(3, 3), kept))));
    MaskFile message = MaskFile.parseFrom(Files.readAllBytes(file));
    assertThat(message.getFormat()).isEqualTo("jackpot masks");
    assertThat(message.getVersion()).isEqualTo(1);
    assertThat(message.getKernels(0).getName()).isEqualTo("k");
    assertThat(message.getKernels(0).getShapeList()).containsExactly(3L, 3L);
    assertThat(message.getKernels(0).getKept()).isEqualTo(3);
    assertThat(message.getKernels(0).getBits().toByteArray()).containsExactly(0b00001001, 1);
  }

  @Test
  void masksOfACheckpointGoThroughTheSameDoor() {
    Masks masks = masks(new Random(3), 2);
    Map<String, HostTensor> state = new LinkedHashMap<>();
    masks
        .byName()
        .forEach(
            (name, mask) -> {
              state.put(name, HostTensor.filled(mask.shape(), 0.5f));
              state.put(name + "/mask", mask.toTensor());
              state.put(name + "/score", HostTensor.filled(mask.shape(), 1));
            });
    state.put("dense/kernel", HostTensor.filled(Shape.of(2), 1));
    Path prefix = folder.resolve("state");
    BundleWriter.write(prefix, state);
    assertThat(MaskFiles.open(prefix).masks()).isEqualTo(masks);
  }

  @Test
  void whatHoldsNoMasksSaysSo() throws IOException {
    Path weights = folder.resolve("w.npz");
    Npz.write(weights, Map.of("conv/kernel", HostTensor.filled(Shape.of(2), 0.5f)));
    assertBad(
        weights,
        "w.npz: array \"conv/kernel\" is no mask: mask of shape [2]: element 0 is 0.5; expected 0"
            + " or 1");
    Path prefix = folder.resolve("state");
    BundleWriter.write(prefix, Map.of("conv/kernel", HostTensor.filled(Shape.of(2), 0.5f)));
    assertBad(prefix, "state: holds no masks: none of its kernels is pruned");
    Path other = folder.resolve("b.masks");
    Files.writeString(other, "{\"masks\": 1}");
    assertBad(other, "b.masks: not a mask file: found a file starting with bytes 7b 22");
    assertThatThrownBy(() -> MaskFiles.open(folder.resolve("c.masks")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("c.masks: no such weights file; nearest: b.masks");
    assertThatThrownBy(
            () -> MaskFiles.write(folder.resolve("a.pt"), masks(new Random(1), 1), PROVENANCE))
        .isInstanceOf(ConfigException.class)
        .hasMessageEndingWith("a.pt: expected a name ending in .masks or .npz");
  }

  @Test
  void everyContradictionIsNamed() throws IOException {
    bad(f -> f.setVersion(2), "found version 2, expected 1 (a newer program wrote it)");
    bad(f -> f.clearVersion(), "found version 0, expected 1");
    bad(f -> f.clearKernels(), "found no kernel, expected at least one");
    bad(f -> f.addKernels(f.getKernels(0)), "found kernel \"k\" twice, expected once");
    bad(f -> kernel(f).clearName(), "found a kernel without a name");
    bad(f -> kernel(f).setKept(2), "found kernel \"k\": 3 bits set, but kept says 2");
    bad(f -> kernel(f).clearKept(), "found kernel \"k\": 3 bits set, but kept says 0");
    bad(
        f -> kernel(f).setShape(0, 7),
        "found kernel \"k\": 2 bytes of bits, expected 3 for shape [7, 3]");
    bad(
        f -> kernel(f).setShape(0, 1L << 60),
        "found kernel \"k\": shape [1152921504606846976, 3], expected sizes of at least 1 and at"
            + " most 2147483647 weights");
    bad(f -> kernel(f).setShape(0, -3), "found kernel \"k\": shape [-3, 3], expected");
    bad(f -> kernel(f).clearShape(), "found kernel \"k\": a shape of 0 sizes, expected 1 to 8");
    bad(
        f -> kernel(f).setBits(ByteString.copyFrom(new byte[] {9, 3})),
        "found kernel \"k\": a bit set behind the last of its 9 weights; expected zeros there");
    bad(
        f ->
            f.setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(9, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                    .build()),
        "found bytes that are none of masks' fields, or fields in another order; expected");
  }

  /** A digest is right, so that what is wrong is found by its own rule. */
  private void bad(Consumer<MaskFile.Builder> change, String message) throws IOException {
    boolean[] kept = {true, false, false, true, false, false, false, false, true};
    Path file = write(new Masks(Map.of("k", Mask.of(Shape.of(3, 3), kept))));
    MaskFile.Builder changed = MaskFile.parseFrom(Files.readAllBytes(file)).toBuilder();
    change.accept(changed);
    byte[] rest = changed.clearSha256().build().toByteArray();
    changed.setSha256(ByteString.copyFrom(HexFormat.of().parseHex(Sha256.of(rest))));
    Files.write(file, changed.build().toByteArray());
    assertBad(file, "a.masks: " + message);
  }

  private static KernelMask.Builder kernel(MaskFile.Builder file) {
    return file.getKernelsBuilder(0);
  }

  private static void assertBad(Path file, String message) {
    assertThatThrownBy(() -> MaskFiles.open(file))
        .isInstanceOf(JackpotException.class)
        .isNotInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }

  @Test
  void anotherMaskOfTheSameCountsIsFoundByItsDigest() throws IOException {
    boolean[] kept = {true, false, false, true, false, false, false, false, true};
    Path file = write(new Masks(Map.of("k", Mask.of(Shape.of(3, 3), kept))));
    MaskFile.Builder changed = MaskFile.parseFrom(Files.readAllBytes(file)).toBuilder();
    kernel(changed).setBits(ByteString.copyFrom(new byte[] {5, 1}));
    Files.write(file, changed.build().toByteArray());
    assertBad(file, "it is damaged");
  }

  /** Cut, lengthened, changed: always an error that names the file, never a mask. */
  @Test
  void noMutationLoads() throws IOException {
    Random random = new Random(4);
    byte[] good = Files.readAllBytes(write(masks(random, 3)));
    Path file = folder.resolve("m.masks");
    for (int trial = 0; trial < 600; trial++) {
      byte[] bytes = mutation(random, good, trial);
      Files.write(file, bytes);
      assertThatThrownBy(() -> MaskFiles.open(file))
          .as("mutation %d", trial)
          .isInstanceOf(JackpotException.class)
          .hasMessageContaining("m.masks");
    }
  }

  private static byte[] mutation(Random random, byte[] good, int trial) {
    byte[] bytes;
    switch (trial % 4) {
      case 0 -> bytes = Arrays.copyOf(good, random.nextInt(good.length));
      case 1 -> {
        bytes = Arrays.copyOf(good, good.length + 1 + random.nextInt(20));
        byte[] tail = new byte[bytes.length - good.length];
        random.nextBytes(tail);
        System.arraycopy(tail, 0, bytes, good.length, tail.length);
      }
      case 2 -> {
        bytes = good.clone();
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      default -> {
        bytes = good.clone();
        int from = random.nextInt(bytes.length);
        for (int i = from; i < Math.min(bytes.length, from + 1 + random.nextInt(6)); i++) {
          bytes[i] ^= (byte) (1 + random.nextInt(255));
        }
      }
    }
    return bytes;
  }

  @Test
  void inspectShowsDensityAndProvenance() {
    Masks masks = masks(new Random(5), 3);
    Inspection found = Inspect.of(write(masks));
    assertThat(found.kind()).isEqualTo("mask file");
    assertThat(found.facts())
        .containsEntry("criterion", "magnitude { }")
        .containsEntry("kept", "%d of %d weights".formatted(masks.kept(), masks.size()));
    assertThat(found.arrays())
        .extracting(Inspection.Entry::nonzero)
        .containsExactlyElementsOf(
            masks.byName().values().stream().map(m -> (long) m.kept()).toList());
  }
}
