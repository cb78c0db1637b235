package dev.jackpot.export.codes;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

/** A bit for each weight, eight to a byte, the lowest bit first; 1: not zero. size / 8 bytes. */
final class Bitmask implements PositionCode {
  private static final byte[] BITS = {1, 2, 4, 8, 16, 32, 64, -128};

  @Override
  public String name() {
    return "bitmask";
  }

  @Override
  public byte[] encode(int[] positions, int size) {
    byte[] code = new byte[(int) (((long) size + Byte.SIZE - 1) / Byte.SIZE)];
    for (int position : positions) {
      code[position / Byte.SIZE] |= BITS[position % Byte.SIZE];
    }
    return code;
  }

  @Override
  public int[] decode(byte[] code, int count) {
    int[] positions = new int[count];
    int found = 0;
    for (int i = 0; i < code.length; i++) {
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        if ((code[i] & BITS[bit]) != 0) {
          if (found < count) {
            positions[found] = i * Byte.SIZE + bit;
          }
          found++;
        }
      }
    }
    if (found != count) {
      throw new IllegalArgumentException("%d bits set, expected %d".formatted(found, count));
    }
    return positions;
  }

  @Override
  public Operand<TInt64> positions(Ops tf, Operand<TUint8> code) {
    Operand<TUint8> bits =
        tf.dtypes.cast(tf.constant(new int[] {1, 2, 4, 8, 16, 32, 64, 128}), TUint8.class);
    // [bytes, 8]
    Operand<TUint8> single = tf.bitwise.bitwiseAnd(tf.expandDims(code, tf.constant(1)), bits);
    Operand<TUint8> flat = tf.reshape(single, tf.constant(new int[] {-1}));
    // where: [count, 1]
    return tf.squeeze(tf.where(flat), org.tensorflow.op.core.Squeeze.axis(1L));
  }
}
