package dev.jackpot.export;

import java.nio.ByteOrder;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/**
 * An array as a checkpoint holds it.
 *
 * @param type float32, float16, bfloat16 or uint8
 * @param bytes little-endian, row-major
 */
record StoredArray(DataType type, Shape shape, byte[] bytes) {
  Class<? extends TType> javaType() {
    return switch (type) {
      case DT_FLOAT -> TFloat32.class;
      case DT_HALF -> TFloat16.class;
      case DT_BFLOAT16 -> TBfloat16.class;
      case DT_UINT8 -> TUint8.class;
      default -> throw new IllegalArgumentException("not stored: " + type);
    };
  }

  /** A copy that TensorFlow owns; the caller closes it. */
  Tensor tensor() {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw new IllegalStateException("TensorFlow Java has no native library for this byte order");
    }
    return Tensor.of(javaType(), shape, DataBuffers.of(bytes));
  }
}
