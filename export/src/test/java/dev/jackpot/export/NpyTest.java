package dev.jackpot.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.graph.HostTensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.ndarray.Shape;

class NpyTest {
  @TempDir Path folder;

  /** An array with any header, as numpy.lib.format version 1.0. */
  static byte[] npy(String header, byte[] data) {
    byte[] text = (header + "\n").getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer out =
        ByteBuffer.allocate(10 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put("\u0093NUMPY\u0001\u0000".getBytes(StandardCharsets.ISO_8859_1));
    out.putShort((short) text.length).put(text).put(data);
    return out.array();
  }

  private static HostTensor read(byte[] bytes) throws IOException {
    return Npy.read(new ByteArrayInputStream(bytes), "a.npy", bytes.length);
  }

  @Test
  void writesTheBytesNumPyWrites() {
    Path file = folder.resolve("a.npy");
    Npy.write(file, new HostTensor(Shape.of(2, 2), new float[] {1, -2, 0.5f, 0}));
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }";
    assertThat(file)
        .hasBinaryContent(
            HexFormat.of()
                .parseHex(
                    "934e554d505901007600" // magic, 1.0, 118 bytes of header
                        + HexFormat.of()
                            .formatHex(
                                (header + " ".repeat(117 - header.length()) + "\n")
                                    .getBytes(StandardCharsets.US_ASCII))
                        + "0000803f"
                        + "000000c0"
                        + "0000003f"
                        + "00000000"));
  }

  @Test
  void roundTripsEveryRank() {
    for (Shape shape :
        new Shape[] {Shape.scalar(), Shape.of(1), Shape.of(0), Shape.of(5), Shape.of(3, 3, 2, 4)}) {
      float[] values = new float[(int) shape.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) Math.sin(i + 1) * 1e-30f;
      }
      Path file = folder.resolve("r.npy");
      Npy.write(file, new HostTensor(shape, values));
      assertThat(Npy.read(file)).isEqualTo(new HostTensor(shape, values));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "<f2, 003c00c00100ff7b, 1 -2 5.9604645E-8 65504",
    "<f4, 0000803f000000c00000000001000000, 1 -2 0 1.4E-45",
    ">f4, 3f800000c00000000000000000000001, 1 -2 0 1.4E-45",
    "<f8, 000000000000f03f9a9999999999b93f0000000000000080000000000000f07f, 1 0.1 -0 Infinity",
    "<i8, 010000000000000000000000000000800100000100000000ffffffffffffffff, 1 -9223372036854775808 16777216 -1",
    "<i4, 010000000000008001000001ffffffff, 1 -2147483648 16777216 -1",
    "<i2, 0100008002000300, 1 -32768 2 3",
    "|i1, 01807f00, 1 -128 127 0",
    "|u1, 01807f00, 1 128 127 0",
    "<u2, 0100ffff02000300, 1 65535 2 3",
    "<u4, 01000000ffffffff0200000003000000, 1 4294967295 2 3",
    "|b1, 01000001, 1 0 0 1",
  })
  void convertsEveryType(String dtype, String hex, String expected) throws IOException {
    byte[] data = HexFormat.of().parseHex(hex);
    HostTensor tensor =
        read(npy("{'descr': '%s', 'fortran_order': False, 'shape': (4,)}".formatted(dtype), data));
    String[] numbers = expected.split(" ");
    for (int i = 0; i < 4; i++) {
      assertThat(tensor.values()[i]).isEqualTo(Float.parseFloat(numbers[i]));
    }
  }

  @Test
  void writesPixels() {
    Path file = folder.resolve("p.npy");
    Npy.write(file, Shape.of(1, 1, 1, 3), new byte[] {0, (byte) 200, 7});
    assertThat(Npy.dtype(file)).isEqualTo(NumberType.UINT8);
    assertThat(Npy.read(file))
        .isEqualTo(new HostTensor(Shape.of(1, 1, 1, 3), new float[] {0, 200, 7}));
  }

  @Test
  void everyHalfIsExact() {
    // sign, exponent and fraction read as the formula of IEEE 754 says
    for (int bits = 0; bits < 1 << 16; bits++) {
      int exponent = bits >> 10 & 31;
      int fraction = bits & 1023;
      double magnitude =
          exponent == 31
              ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
              : exponent == 0
                  ? fraction * 0x1p-24
                  : (1 + fraction / 1024.0) * Math.pow(2, exponent - 15);
      assertThat(NumberType.half((short) bits))
          .isEqualTo(Float.valueOf((float) (bits >> 15 == 0 ? magnitude : -magnitude)));
    }
  }

  @Test
  void turnsFortranOrderRound() throws IOException {
    // [[1, 2, 3], [4, 5, 6]] column by column
    byte[] data = {1, 4, 2, 5, 3, 6};
    HostTensor tensor =
        read(npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }", data));
    assertThat(tensor.values()).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}; Python objects",
        "{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,)}; structured",
        "{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}; dtype '<c8'",
        "{'descr': '=f4', 'fortran_order': False, 'shape': (1,)}; dtype '=f4'",
        "{'descr': '|f4', 'fortran_order': False, 'shape': (1,)}; dtype '|f4'",
        "{'descr': '', 'fortran_order': False, 'shape': (1,)}; dtype ''",
        "{'descr': '<f4', 'shape': (1,)}; without fortran_order",
        "{'descr': '<f4', 'fortran_order': False}; without shape",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}; twice",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}; True or False",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}; a size",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1)}; not a tuple",
        "{'descr': '<f4', 'fortran_order': False, 'shape': [1]}; '('",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}; key 'x'",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} + exit(); the end",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,)}; at most",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536,)}; more than",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000,)}; expected 4000",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (0,)}; found",
        "{'descr': '<f4'; '}'",
        "; '{'",
      })
  void refusesAnyOtherHeader(String header, String said) {
    assertThatThrownBy(() -> read(npy(header == null ? "" : header, new byte[4])))
        .isInstanceOf(JackpotException.class)
        .hasMessageStartingWith("a.npy: ")
        .hasMessageContaining(said);
  }

  @Test
  void refusesWhatHasNoFloat32() {
    byte[] huge = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(1e300).array();
    assertThatThrownBy(
            () -> read(npy("{'descr': '<f8', 'fortran_order': False, 'shape': ()}", huge)))
        .isInstanceOf(JackpotException.class)
        .hasMessage("a.npy: value 1.0E300 is beyond float32's range");
    assertThatThrownBy(
            () ->
                read(npy("{'descr': '|b1', 'fortran_order': False, 'shape': ()}", new byte[] {7})))
        .hasMessage("a.npy: bool value 7, expected 0 or 1");
  }

  @Test
  void refusesShortLongAndMissingFiles() throws IOException {
    Path file = folder.resolve("a.npy");
    Npy.write(file, new HostTensor(Shape.of(2), new float[] {1, 2}));
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Npy.read(file))
          .isInstanceOf(JackpotException.class)
          .hasMessageStartingWith(file + ": ");
    }
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length + 1));
    assertThatThrownBy(() -> Npy.read(file))
        .hasMessage(file + ": expected 136 bytes for float32 of shape [2], found 137");
    assertThatThrownBy(() -> Npy.read(folder.resolve("b.npy"))).isInstanceOf(ConfigException.class);
  }

  @Test
  void refusesAHugeHeaderBeforeReadingIt() {
    byte[] bytes = HexFormat.of().parseHex("934e554d50590200ffffffff");
    assertThatThrownBy(() -> read(bytes))
        .hasMessage("a.npy: header of 4294967295 bytes, expected at most 10000");
  }
}
