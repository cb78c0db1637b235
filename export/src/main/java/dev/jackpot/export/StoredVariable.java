package dev.jackpot.export;

import dev.jackpot.config.JackpotException;
import dev.jackpot.export.codes.PositionCode;
import dev.jackpot.export.codes.PositionCodes;
import dev.jackpot.graph.HostTensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;

/**
 * How a variable of a SavedModel is stored: as it is, or by its non-zero values and a code for
 * where they stand.
 *
 * @param name the variable's
 * @param shape the variable's
 * @param code of the positions; empty: every value is stored
 * @param positions the code's bytes, empty without one
 * @param type of the values
 * @param values all of them or, with a code, the non-zero ones; already rounded to {@code type}
 */
record StoredVariable(
    String name,
    Shape shape,
    Optional<PositionCode> code,
    byte[] positions,
    ValueType type,
    float[] values) {

  /** Stored as it is, bit for bit. */
  static StoredVariable dense(String name, HostTensor tensor) {
    return new StoredVariable(
        name, tensor.shape(), Optional.empty(), new byte[0], ValueType.FLOAT32, tensor.values());
  }

  /**
   * Stored in the fewest bytes: with each code, or all values, whichever is smallest. Values are
   * rounded to {@code type}; one that becomes zero is left out, and −0 becomes 0.
   *
   * @throws JackpotException if a value is beyond the type's range
   */
  static StoredVariable packed(String name, HostTensor tensor, ValueType type) {
    float[] all = rounded(name, tensor.values(), type);
    int[] positions = new int[(int) new HostTensor(tensor.shape(), all).nonzero()];
    float[] kept = new float[positions.length];
    int found = 0;
    for (int i = 0; i < all.length; i++) {
      if (all[i] != 0) {
        kept[found] = all[i];
        positions[found++] = i;
      }
    }
    StoredVariable best =
        new StoredVariable(name, tensor.shape(), Optional.empty(), new byte[0], type, all);
    for (PositionCode code : PositionCodes.ALL) {
      StoredVariable coded =
          new StoredVariable(
              name,
              tensor.shape(),
              Optional.of(code),
              code.encode(positions, all.length),
              type,
              kept);
      best = coded.bytes() < best.bytes() ? coded : best;
    }
    return best;
  }

  private static float[] rounded(String name, float[] values, ValueType type) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = type.rounded(values[i]) + 0f; // −0 + 0 is 0
      if (Float.isInfinite(rounded[i])) {
        throw new JackpotException(
            "cannot store kernel \"%s\" as %s: value %s at index %d is beyond its range; use export.values FLOAT32%s"
                .formatted(
                    name, type, values[i], i, type == ValueType.FLOAT16 ? " or BFLOAT16" : ""));
      }
    }
    return rounded;
  }

  /** Bytes of its arrays. */
  long bytes() {
    return (long) values.length * type.bytes() + positions.length;
  }

  /** The code's name, or "plain". */
  String codeName() {
    return code.map(PositionCode::name).orElse("plain");
  }

  /** What the variable holds once it is loaded. */
  HostTensor loaded() {
    if (code.isEmpty()) {
      return new HostTensor(shape, values);
    }
    float[] all = new float[Math.toIntExact(shape.size())];
    int[] places = code.get().decode(positions, values.length);
    for (int i = 0; i < places.length; i++) {
      all[places[i]] = values[i];
    }
    return new HostTensor(shape, all);
  }

  /** Of the checkpoint, by name: the variable's own, or NAME/values and NAME/CODE. */
  Map<String, StoredArray> arrays() {
    Map<String, StoredArray> arrays = new LinkedHashMap<>();
    Shape stored = code.isEmpty() ? shape : Shape.of(values.length);
    arrays.put(
        code.isEmpty() ? name : name + "/values",
        new StoredArray(type.type(), stored, type.encode(values)));
    code.ifPresent(
        c ->
            arrays.put(
                name + "/" + c.name(),
                new StoredArray(DataType.DT_UINT8, Shape.of(positions.length), positions)));
    return arrays;
  }
}
