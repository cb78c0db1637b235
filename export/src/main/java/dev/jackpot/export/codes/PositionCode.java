package dev.jackpot.export.codes;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

/**
 * Writes the positions of a kernel's non-zero weights as bytes. A position is an index into the
 * kernel's row-major values.
 *
 * <p>To add one: write a class and a line in {@link PositionCodes}.
 */
public interface PositionCode {
  /** What the array in the checkpoint is called after; letters and digits. */
  String name();

  /**
   * Writes positions.
   *
   * @param positions ascending, each below {@code size}
   * @param size elements of the kernel
   */
  byte[] encode(int[] positions, int size);

  /**
   * Reads them again.
   *
   * @param count how many there are
   * @throws IllegalArgumentException if the code holds another number of positions
   */
  int[] decode(byte[] code, int count);

  /**
   * Lays the ops that read them again.
   *
   * @param code uint8 [bytes], what {@link #encode} gave
   * @return int64 [count], ascending
   */
  Operand<TInt64> positions(Ops tf, Operand<TUint8> code);
}
