package dev.jackpot.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.EagerSession;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

class ValueTypeTest {
  @ParameterizedTest
  @EnumSource(names = "FLOAT32", mode = EnumSource.Mode.EXCLUDE)
  void everyValueIsItsOwnNearest(ValueType type) {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = type.value(bits);
      if (!Float.isNaN(value)) {
        assertThat(type.bits(value)).isEqualTo(bits);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = "FLOAT32", mode = EnumSource.Mode.EXCLUDE)
  void roundsAsTensorFlowDoes(ValueType type) {
    Random random = new Random(5);
    float[] values = new float[200_000];
    for (int i = 0; i < values.length; i++) {
      float low = type.value(random.nextInt(0x7b00));
      values[i] =
          switch (i % 4) {
            case 0 -> Float.intBitsToFloat(random.nextInt(0x47000000));
            case 1 -> (low + type.value(type.bits(low) + 1)) / 2; // half-way
            case 2 -> Math.nextUp((low + type.value(type.bits(low) + 1)) / 2);
            default -> (float) random.nextGaussian() * .02f;
          };
    }
    Class<? extends TNumber> stored = type == ValueType.FLOAT16 ? TFloat16.class : TBfloat16.class;
    try (EagerSession session = EagerSession.create();
        TFloat32 given = TFloat32.tensorOf(Shape.of(values.length), DataBuffers.of(values))) {
      Ops tf = Ops.create(session);
      TFloat32 theirs =
          tf.dtypes.cast(tf.dtypes.cast(tf.constantOf(given), stored), TFloat32.class).asTensor();
      for (int i = 0; i < values.length; i++) {
        assertThat(type.rounded(values[i])).as("%s", values[i]).isEqualTo(theirs.getFloat(i));
      }
    }
  }

  @Test
  void handComputed() {
    assertThat(ValueType.FLOAT16.bits(1)).isEqualTo(0x3c00);
    assertThat(ValueType.FLOAT16.bits(-2)).isEqualTo(0xc000);
    assertThat(ValueType.FLOAT16.bits(65519)).isEqualTo(0x7bff); // 65504
    assertThat(ValueType.FLOAT16.bits(65520)).isEqualTo(0x7c00); // beyond
    assertThat(ValueType.FLOAT16.rounded(0x1p-24f)).isEqualTo(0x1p-24f); // the smallest
    assertThat(ValueType.FLOAT16.rounded(0x1p-25f)).isZero(); // half of it, to even
    assertThat(ValueType.BFLOAT16.bits(1)).isEqualTo(0x3f80);
    assertThat(ValueType.BFLOAT16.rounded(1 + 0x1p-8f)).isEqualTo(1); // half-way, to even
    assertThat(ValueType.BFLOAT16.rounded(1 + 0x1.8p-7f)).isEqualTo(1 + 0x1p-6f);
    assertThat(ValueType.FLOAT32.rounded(.1f)).isEqualTo(.1f);
    assertThat(ValueType.FLOAT16.encode(new float[] {1, -2}))
        .isEqualTo(new byte[] {0, 0x3c, 0, (byte) 0xc0});
  }
}
