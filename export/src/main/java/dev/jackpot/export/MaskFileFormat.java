package dev.jackpot.export;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.Sha256;
import dev.jackpot.config.Show;
import dev.jackpot.config.proto.KernelMask;
import dev.jackpot.config.proto.MaskFile;
import dev.jackpot.config.proto.MaskProvenance;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.Masks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.ndarray.Shape;

/**
 * Mask files: {@code masks.proto}'s {@link MaskFile} in canonical encoding.
 *
 * <p>A file may come from anywhere. Nothing larger than the file is allocated before its sizes have
 * been compared; a digest over everything else is verified; what decodes but would be encoded
 * otherwise (bytes behind the end, fields twice, fields that are not known) is refused.
 */
final class MaskFileFormat {
  private static final String FORMAT = "jackpot masks";
  private static final int VERSION = 1;
  private static final int MOST_DIMENSIONS = 8;

  /** Bytes: masks of two thousand million weights. */
  private static final long LARGEST = 1L << 28;

  /** What every file starts with: the tag and length of field 1, and its text. */
  private static final String HEAD = "\n" + (char) FORMAT.length() + FORMAT;

  private MaskFileFormat() {}

  static boolean recognizes(Path path) {
    return FileKinds.startsWith(path, HEAD);
  }

  static byte[] encode(Masks masks, MaskProvenance provenance) {
    MaskFile.Builder file =
        MaskFile.newBuilder().setFormat(FORMAT).setVersion(VERSION).setProvenance(provenance);
    masks
        .byName()
        .forEach(
            (name, mask) ->
                file.addKernels(
                    KernelMask.newBuilder()
                        .setName(name)
                        .addAllShape(Arrays.stream(mask.shape().asArray()).boxed().toList())
                        .setKept(mask.kept())
                        .setBits(ByteString.copyFrom(mask.toBytes()))));
    return file.setSha256(digest(file.build())).build().toByteArray();
  }

  private static ByteString digest(MaskFile file) {
    byte[] rest = file.toBuilder().clearSha256().build().toByteArray();
    return ByteString.copyFrom(HexFormat.of().parseHex(Sha256.of(rest)));
  }

  /**
   * Reads a file.
   *
   * @throws JackpotException naming the file, the kernel, what was found and what is expected
   */
  static StoredMasks read(Path path) {
    MaskFile file = parse(path);
    if (!file.getFormat().equals(FORMAT)) {
      throw bad(path, "format %s, expected \"%s\"", Show.quoted(file.getFormat()), FORMAT);
    }
    if (file.getVersion() != VERSION) {
      throw bad(
          path,
          "version %d, expected %d%s",
          file.getVersion(),
          VERSION,
          file.getVersion() > VERSION ? " (a newer program wrote it)" : "");
    }
    Map<String, Mask> masks = new LinkedHashMap<>();
    for (KernelMask kernel : file.getKernelsList()) {
      if (masks.put(kernel.getName(), mask(path, kernel)) != null) {
        throw bad(path, "kernel %s twice, expected once", Show.quoted(kernel.getName()));
      }
    }
    if (masks.isEmpty()) {
      throw bad(path, "no kernel, expected at least one");
    }
    ByteString expected = digest(file);
    if (!file.getSha256().equals(expected)) {
      throw bad(
          path,
          "SHA-256 %.12s, expected %.12s: it is damaged",
          file.hasSha256() ? hex(file.getSha256()) : "none",
          hex(expected));
    }
    return new StoredMasks("mask file", new Masks(masks), file.getProvenance());
  }

  private static MaskFile parse(Path path) {
    byte[] bytes;
    try {
      long size = Files.size(path);
      if (size > LARGEST) {
        throw bad(path, "%d bytes, expected at most %d", size, LARGEST);
      }
      bytes = Files.readAllBytes(path);
    } catch (IOException e) {
      throw AtomicFiles.failure("read", path, e);
    }
    MaskFile file;
    try {
      file = MaskFile.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new JackpotException(
          "%s: damaged mask file: %s".formatted(path, Show.oneLine(e.getMessage())), e);
    }
    // a version that is not known may well have fields that are not known: say the former
    if (file.getVersion() == VERSION && !Arrays.equals(bytes, known(file).toByteArray())) {
      throw bad(
          path,
          "bytes that are none of masks' fields, or fields in another order; expected %d bytes in"
              + " canonical encoding",
          known(file).getSerializedSize());
    }
    return file;
  }

  /** Less every field that is not in the schema. */
  private static MaskFile known(MaskFile file) {
    MaskFile.Builder known = file.toBuilder();
    known.setUnknownFields(UnknownFieldSet.getDefaultInstance());
    if (file.hasProvenance()) {
      known.getProvenanceBuilder().setUnknownFields(UnknownFieldSet.getDefaultInstance());
    }
    for (KernelMask.Builder kernel : known.getKernelsBuilderList()) {
      kernel.setUnknownFields(UnknownFieldSet.getDefaultInstance());
    }
    return known.build();
  }

  private static Mask mask(Path path, KernelMask kernel) {
    String place = "kernel %s: ".formatted(Show.quoted(kernel.getName()));
    if (kernel.getName().isEmpty()) {
      throw bad(path, "a kernel without a name");
    }
    long size = size(path, place, kernel.getShapeList());
    long bytes = (size + 7) / 8;
    if (kernel.getBits().size() != bytes) {
      throw bad(
          path,
          place + "%d bytes of bits, expected %d for shape %s",
          kernel.getBits().size(),
          bytes,
          kernel.getShapeList());
    }
    int behind = (int) (8 * bytes - size);
    int last = kernel.getBits().byteAt((int) bytes - 1) & 0xff;
    if (last >> 8 - behind != 0) {
      throw bad(
          path, place + "a bit set behind the last of its %d weights; expected zeros there", size);
    }
    long[] shape = kernel.getShapeList().stream().mapToLong(Long::longValue).toArray();
    Mask mask = Mask.ofBytes(Shape.of(shape), kernel.getBits().toByteArray());
    if (!kernel.hasKept() || mask.kept() != kernel.getKept()) {
      throw bad(path, place + "%d bits set, but kept says %d", mask.kept(), kernel.getKept());
    }
    return mask;
  }

  /** The number of weights, which must be an int's. */
  private static long size(Path path, String place, List<Long> shape) {
    if (shape.isEmpty() || shape.size() > MOST_DIMENSIONS) {
      throw bad(
          path, place + "a shape of %d sizes, expected 1 to %d", shape.size(), MOST_DIMENSIONS);
    }
    long size = 1;
    for (long length : shape) {
      if (length < 1 || length > Integer.MAX_VALUE / size) {
        throw bad(
            path,
            place + "shape %s, expected sizes of at least 1 and at most %d weights",
            shape,
            Integer.MAX_VALUE);
      }
      size *= length;
    }
    return size;
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  private static JackpotException bad(Path path, String what, Object... values) {
    return new JackpotException("%s: found ".formatted(path) + what.formatted(values));
  }
}
