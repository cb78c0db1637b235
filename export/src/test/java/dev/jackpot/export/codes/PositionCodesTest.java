package dev.jackpot.export.codes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.EagerSession;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

class PositionCodesTest {
  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  @Test
  void bitsOfAMask() {
    assertThat(new Bitmask().encode(new int[] {0, 3, 7, 8}, 10)).isEqualTo(bytes(0b10001001, 1));
    assertThat(new Bitmask().encode(new int[0], 16)).isEqualTo(bytes(0, 0));
  }

  @Test
  void gapsInWholeBytes() {
    // 0 zeros, weight; 254 zeros, weight; 255 zeros and none; 0 zeros, weight
    assertThat(new Gaps(8).encode(new int[] {0, 255, 511}, 512)).isEqualTo(bytes(0, 254, 255, 0));
  }

  @Test
  void gapsInHalfBytesTheLowerFirst() {
    // gaps 2, 0, 31 = 15 + 15 + 1, 14; what is left of the last byte is a skip
    assertThat(new Gaps(4).encode(new int[] {2, 3, 35, 50}, 60)).isEqualTo(bytes(0x02, 0xff, 0xe1));
    assertThat(new Gaps(4).encode(new int[] {1}, 2)).isEqualTo(bytes(0xf1));
  }

  @Test
  void gapsInQuarterBytes() {
    // gaps 1, 0, 4 = 3 + 1: symbols 1 0 3 1
    assertThat(new Gaps(2).encode(new int[] {1, 2, 7}, 8)).isEqualTo(bytes(0b01_11_00_01));
  }

  private static Stream<Arguments> cases() {
    Random random = new Random(7);
    return PositionCodes.ALL.stream()
        .flatMap(
            code ->
                Stream.of(0.0, 0.003, 0.02, 0.1, 0.5, 0.97, 1.0)
                    .flatMap(
                        density ->
                            Stream.of(1, 7, 8, 64, 5003)
                                .map(
                                    size ->
                                        Arguments.of(code, size, draw(random, size, density)))));
  }

  private static int[] draw(Random random, int size, double density) {
    return IntStream.range(0, size).filter(i -> random.nextDouble() < density).toArray();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void opsAndJavaReadWhatWasWritten(PositionCode code, int size, int[] positions) {
    byte[] written = code.encode(positions, size);
    assertThat(code.decode(written, positions.length)).isEqualTo(positions);
    assertThatThrownBy(() -> code.decode(written, positions.length + 1))
        .isInstanceOf(IllegalArgumentException.class);
    try (EagerSession session = EagerSession.create();
        TUint8 bytes = TUint8.tensorOf(Shape.of(written.length), DataBuffers.of(written))) {
      Ops tf = Ops.create(session);
      TInt64 read = code.positions(tf, tf.constantOf(bytes)).asTensor();
      assertThat(read.shape()).isEqualTo(Shape.of(positions.length));
      for (int i = 0; i < positions.length; i++) {
        assertThat(read.getLong(i)).isEqualTo(positions[i]);
      }
    }
  }

  /**
   * docs/formats.md: b / (1 − (1 − d)^m) bits for a non-zero weight, and a bit for every weight.
   */
  @ParameterizedTest
  @MethodSource("densities")
  void takesAsManyBytesAsArithmeticSays(double density) {
    int size = 1_000_000;
    int[] positions = draw(new Random(3), size, density);
    for (int bits : List.of(2, 4, 8)) {
      double symbols = positions.length / (1 - Math.pow(1 - density, (1 << bits) - 1));
      assertThat((double) new Gaps(bits).encode(positions, size).length)
          .isBetween(.98 * symbols * bits / 8, 1.02 * symbols * bits / 8);
    }
    assertThat(new Bitmask().encode(positions, size)).hasSize(size / 8);
  }

  private static Stream<Double> densities() {
    return Stream.of(.02, .05, .1, .2, .5);
  }

  @Test
  void namesAreDifferentAndFitForVariables() {
    List<String> names = PositionCodes.ALL.stream().map(PositionCode::name).toList();
    assertThat(names).doesNotHaveDuplicates().allMatch(n -> n.matches("[a-z][a-z0-9]*"));
  }
}
