package dev.jackpot.pruning;

import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.Criterion.Reduction;
import java.util.BitSet;
import java.util.OptionalInt;
import org.tensorflow.ndarray.Shape;

/**
 * N:M along input channels: of every M consecutive input channels at one tap of one filter, exactly
 * the N with the highest scores are kept. Groups are laid from channel 0. If the number of channels
 * is no multiple of M, the last group is shorter, as if it were filled up with pruned weights: of
 * its r channels min(N, r) are kept.
 *
 * <p>A filter of a depthwise kernel sees one channel, a group by itself: these kernels stay dense.
 *
 * @param n kept in each group, 1 to m
 * @param m channels in a group
 */
public record NmPattern(int n, int m) implements Pattern {
  @Override
  public Units units(Parameter kernel) {
    return new Groups(kernel.shape(), KernelMatrix.of(kernel), n, m);
  }

  /**
   * The units are single weights; which may be kept together is up to their groups.
   *
   * @param matrix the kernel's; weight (tap, channel, column) has index (tap · channels + channel)
   *     · columns + column
   */
  private record Groups(Shape shape, KernelMatrix matrix, int n, int m) implements Units {
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
      for (int tap = 0; tap < matrix.taps(); tap++) {
        for (int from = 0; from < matrix.channels(); from += m) {
          int size = Math.min(m, matrix.channels() - from);
          int first = (tap * matrix.channels() + from) * matrix.columns();
          for (int column = 0; column < matrix.columns(); column++) {
            keepBest(scores, first + column, size, bits);
          }
        }
      }
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
}
