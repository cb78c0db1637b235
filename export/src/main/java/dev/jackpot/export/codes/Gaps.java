package dev.jackpot.export.codes;

import java.util.Arrays;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

/**
 * How many zeros stand before each non-zero weight, in symbols of 2, 4 or 8 bits, the lowest bits
 * of a byte first. The highest symbol m = 2^bits − 1 stands for m zeros and no weight, so that a
 * gap of g zeros takes ⌊g / m⌋ + 1 symbols. What is left of the last byte is filled with m.
 *
 * <p>With density d and weights kept at random a symbol ends a gap with probability 1 − (1 − d)^m:
 * bits / (1 − (1 − d)^m) bits for a non-zero weight.
 */
final class Gaps implements PositionCode {
  private final int bits;
  private final int skip;
  private final int perByte;

  /**
   * @param bits of a symbol: 2, 4 or 8
   */
  Gaps(int bits) {
    this.bits = bits;
    this.skip = (1 << bits) - 1;
    this.perByte = Byte.SIZE / bits;
  }

  @Override
  public String name() {
    return "gaps" + bits;
  }

  @Override
  public byte[] encode(int[] positions, int size) {
    long symbols = 0;
    int next = 0;
    for (int position : positions) {
      symbols += (position - next) / skip + 1;
      next = position + 1;
    }
    byte[] code = new byte[Math.toIntExact((symbols + perByte - 1) / perByte)];
    Arrays.fill(code, (byte) -1); // every symbol a skip
    int at = 0;
    next = 0;
    for (int position : positions) {
      int gap = position - next;
      at += gap / skip;
      put(code, at++, gap % skip);
      next = position + 1;
    }
    return code;
  }

  private void put(byte[] code, int at, int symbol) {
    int shift = at % perByte * bits;
    code[at / perByte] = (byte) (code[at / perByte] & ~(skip << shift) | symbol << shift);
  }

  @Override
  public int[] decode(byte[] code, int count) {
    int[] positions = new int[count];
    int found = 0;
    int next = 0;
    for (long at = 0; at < (long) code.length * perByte; at++) {
      int symbol = code[(int) (at / perByte)] >>> (int) (at % perByte) * bits & skip;
      next += symbol;
      if (symbol != skip) {
        if (found < count) {
          positions[found] = next;
        }
        found++;
        next++;
      }
    }
    if (found != count) {
      throw new IllegalArgumentException("%d gaps, expected %d".formatted(found, count));
    }
    return positions;
  }

  @Override
  public Operand<TInt64> positions(Ops tf, Operand<TUint8> code) {
    Operand<TInt32> symbols = tf.dtypes.cast(symbols(tf, code), TInt32.class);
    Operand<TBool> weight = tf.math.less(symbols, tf.constant(skip));
    // a skip passes over m elements, a weight over its gap and itself
    Operand<TInt32> passed = tf.math.add(symbols, tf.dtypes.cast(weight, TInt32.class));
    Operand<TInt32> ends = tf.math.cumsum(passed, tf.constant(0));
    Operand<TInt32> weights =
        tf.gather(ends, tf.squeeze(tf.where(weight), Squeeze.axis(1L)), tf.constant(0));
    return tf.dtypes.cast(tf.math.sub(weights, tf.constant(1)), TInt64.class);
  }

  private Operand<TUint8> symbols(Ops tf, Operand<TUint8> code) {
    if (perByte == 1) {
      return code;
    }
    int[] shifts = new int[perByte];
    Arrays.setAll(shifts, i -> i * bits);
    Operand<TUint8> shifted =
        tf.bitwise.rightShift(
            tf.expandDims(code, tf.constant(1)), tf.dtypes.cast(tf.constant(shifts), TUint8.class));
    return tf.reshape(
        tf.bitwise.bitwiseAnd(shifted, tf.dtypes.cast(tf.constant(new int[] {skip}), TUint8.class)),
        tf.constant(new int[] {-1}));
  }
}
