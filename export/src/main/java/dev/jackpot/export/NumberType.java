package dev.jackpot.export;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.stream.Stream;

/** A numeric type as files store it, and its conversion to float32. */
enum NumberType {
  FLOAT32("float32", "f4", 1, 4),
  FLOAT64("float64", "f8", 2, 8),
  FLOAT16("float16", "f2", 19, 2),
  BFLOAT16("bfloat16", "", 14, 2),
  INT8("int8", "i1", 6, 1),
  INT16("int16", "i2", 5, 2),
  INT32("int32", "i4", 3, 4),
  INT64("int64", "i8", 9, 8),
  UINT8("uint8", "u1", 4, 1),
  UINT16("uint16", "u2", 17, 2),
  UINT32("uint32", "u4", 22, 4),
  BOOL("bool", "b1", 10, 1);

  private static final int HALF_FRACTION_BITS = 10;
  private static final int HALF_BIAS = 15;

  private final String dtype;
  private final String numpy;
  private final int tensorFlow;
  private final int bytes;

  NumberType(String dtype, String numpy, int tensorFlow, int bytes) {
    this.dtype = dtype;
    this.numpy = numpy;
    this.tensorFlow = tensorFlow;
    this.bytes = bytes;
  }

  /** The name TensorFlow and NumPy print: float32. */
  String dtype() {
    return dtype;
  }

  /** NumPy's kind and size: f4. */
  String numpy() {
    return numpy;
  }

  /** Bytes of one element. */
  int bytes() {
    return bytes;
  }

  static Optional<NumberType> ofNumpy(String code) {
    return Stream.of(values()).filter(t -> !t.numpy.isEmpty() && t.numpy.equals(code)).findFirst();
  }

  /** By the number in TensorFlow's types.proto. */
  static Optional<NumberType> ofTensorFlow(int number) {
    return Stream.of(values()).filter(t -> t.tensorFlow == number).findFirst();
  }

  /**
   * Converts {@code count} elements from the buffer's position on, in the buffer's byte order.
   *
   * @throws ArithmeticException if a value has no float32 (a finite float64 out of range, a bool
   *     that is not 0 or 1)
   */
  void decode(ByteBuffer in, float[] out, int offset, int count) {
    if (this == FLOAT32) {
      in.asFloatBuffer().get(out, offset, count);
      in.position(in.position() + count * bytes);
      return;
    }
    for (int i = offset; i < offset + count; i++) {
      out[i] =
          switch (this) {
            case FLOAT32 -> in.getFloat();
            case FLOAT64 -> narrow(in.getDouble());
            case FLOAT16 -> half(in.getShort());
            case BFLOAT16 -> Float.intBitsToFloat(in.getShort() << 16);
            case INT8 -> in.get();
            case INT16 -> in.getShort();
            case INT32 -> in.getInt();
            case INT64 -> in.getLong();
            case UINT8 -> in.get() & 0xff;
            case UINT16 -> in.getShort() & 0xffff;
            case UINT32 -> in.getInt() & 0xffffffffL;
            case BOOL -> bool(in.get());
          };
    }
  }

  private static float narrow(double value) {
    float narrowed = (float) value;
    if (Float.isInfinite(narrowed) && !Double.isInfinite(value)) {
      throw new ArithmeticException("value %s is beyond float32's range".formatted(value));
    }
    return narrowed;
  }

  private static float bool(byte value) {
    if (value != 0 && value != 1) {
      throw new ArithmeticException("bool value %d, expected 0 or 1".formatted(value & 0xff));
    }
    return value;
  }

  /** IEEE 754 binary16, exactly. */
  static float half(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >>> HALF_FRACTION_BITS & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0x1f) {
      return Float.intBitsToFloat(sign | 0x7f800000 | fraction << 13);
    } else if (exponent == 0) {
      float magnitude = Math.scalb((float) fraction, 1 - HALF_BIAS - HALF_FRACTION_BITS);
      return sign == 0 ? magnitude : -magnitude;
    }
    return Float.intBitsToFloat(sign | ((exponent - HALF_BIAS + 127) << 23) | (fraction << 13));
  }
}
