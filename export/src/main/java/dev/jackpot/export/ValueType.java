package dev.jackpot.export;

import dev.jackpot.config.proto.Export;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.tensorflow.proto.DataType;

/** What weights are stored as. Rounding is to the nearest, halves to the even last bit. */
enum ValueType {
  FLOAT32(DataType.DT_FLOAT, 4) {
    @Override
    int bits(float value) {
      return Float.floatToRawIntBits(value);
    }

    @Override
    float value(int bits) {
      return Float.intBitsToFloat(bits);
    }
  },
  FLOAT16(DataType.DT_HALF, 2) {
    @Override
    int bits(float value) {
      int bits = Float.floatToRawIntBits(value);
      int sign = bits >>> 16 & 0x8000;
      float magnitude = Math.abs(value);
      if (magnitude >= HALF_OVERFLOW) {
        return sign | 0x7c00;
      } else if (magnitude < Math.scalb(1f, -14)) { // multiples of 2^−24
        return sign | (int) Math.rint(Math.scalb((double) magnitude, 24));
      }
      // 13 bits of the fraction go; the exponent's bias is 15 in place of 127
      int rounded = (bits & 0x7fffffff) + 0xfff + (bits >>> 13 & 1);
      return sign | (rounded >>> 13) - (112 << 10);
    }

    @Override
    float value(int bits) {
      return NumberType.half((short) bits);
    }
  },
  BFLOAT16(DataType.DT_BFLOAT16, 2) {
    @Override
    int bits(float value) {
      int bits = Float.floatToRawIntBits(value);
      return bits + 0x7fff + (bits >>> 16 & 1) >>> 16;
    }

    @Override
    float value(int bits) {
      return Float.intBitsToFloat(bits << 16);
    }
  };

  /** Half a step beyond float16's largest value, 65504. */
  private static final float HALF_OVERFLOW = 65520;

  private final DataType type;
  private final int bytes;

  ValueType(DataType type, int bytes) {
    this.type = type;
    this.bytes = bytes;
  }

  static ValueType of(Export.Values values) {
    return valueOf(values.name());
  }

  DataType type() {
    return type;
  }

  /** Bytes of one value. */
  int bytes() {
    return bytes;
  }

  /** The nearest value's bits; an infinite one's if there is none. For finite values. */
  abstract int bits(float value);

  abstract float value(int bits);

  /** The nearest value there is. */
  float rounded(float value) {
    return value(bits(value));
  }

  /** Little-endian. */
  byte[] encode(float[] values) {
    ByteBuffer out =
        ByteBuffer.allocate(Math.multiplyExact(values.length, bytes))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      if (bytes == Integer.BYTES) {
        out.putInt(bits(value));
      } else {
        out.putShort((short) bits(value));
      }
    }
    return out.array();
  }
}
