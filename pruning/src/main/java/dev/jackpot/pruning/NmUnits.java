package dev.jackpot.pruning;

import dev.jackpot.pruning.Criterion.Reduction;
import java.util.BitSet;
import java.util.OptionalInt;
import org.tensorflow.ndarray.Shape;

/**
 * The groups of {@link NmPattern} in one kernel. The units are single weights; how many may be kept
 * is up to their groups.
 *
 * @param matrix the kernel's; weight (tap, channel, column) has index (tap · channels + channel) ·
 *     columns + column
 * @param n kept in each group
 * @param m channels in a group
 */
record NmUnits(Shape shape, KernelMatrix matrix, int n, int m) implements Units {
  /** Sees the groups in order: by tap, then by their channels, then by column. */
  interface Visitor {
    /**
     * @param first index of the group's first weight; the others follow at distances of {@code
     *     columns}
     * @param size weights in the group
     */
    void group(int first, int size);
  }

  void forEach(Visitor visitor) {
    for (int tap = 0; tap < matrix.taps(); tap++) {
      for (int from = 0; from < matrix.channels(); from += m) {
        int size = Math.min(m, matrix.channels() - from);
        int first = (tap * matrix.channels() + from) * matrix.columns();
        for (int column = 0; column < matrix.columns(); column++) {
          visitor.group(first + column, size);
        }
      }
    }
  }

  @Override
  public int count() {
    return matrix.rows() * matrix.columns();
  }

  @Override
  public OptionalInt fixed() {
    int whole = matrix.channels() / m * n;
    int rest = Math.min(n, matrix.channels() % m);
    return OptionalInt.of(matrix.taps() * (whole + rest) * matrix.columns());
  }

  @Override
  public float[] scores(float[] scores, Reduction reduction) {
    return scores;
  }

  @Override
  public Mask mask(float[] scores, int kept) {
    BitSet bits = new BitSet(scores.length);
    forEach((first, size) -> keepBest(scores, first, size, bits));
    return new Mask(shape, bits);
  }

  /** Keeps those that fewer than n others of the group come before. */
  private void keepBest(float[] scores, int first, int size, BitSet bits) {
    for (int i = 0; i < size; i++) {
      int index = first + i * matrix.columns();
      int key = Cut.key(scores[index]);
      int before = 0;
      for (int j = 0; j < size && before < n; j++) {
        int other = Cut.key(scores[first + j * matrix.columns()]);
        if (other > key || other == key && j < i) {
          before++;
        }
      }
      if (before < n) {
        bits.set(index);
      }
    }
  }
}
