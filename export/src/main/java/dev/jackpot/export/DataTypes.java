package dev.jackpot.export;

import java.util.Locale;
import org.tensorflow.proto.DataType;

/** TensorFlow's types by the names people know. */
final class DataTypes {
  private DataTypes() {}

  /** float32, int64, string, … */
  static String name(DataType type) {
    return NumberType.ofTensorFlow(type.getNumber())
        .map(NumberType::dtype)
        .orElseGet(() -> type.name().replaceFirst("^DT_", "").toLowerCase(Locale.ROOT));
  }
}
