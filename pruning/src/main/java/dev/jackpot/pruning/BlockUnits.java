package dev.jackpot.pruning;

import dev.jackpot.pruning.Criterion.Reduction;
import java.util.BitSet;
import org.tensorflow.ndarray.Shape;

/** The blocks of a kernel's matrix, numbered row-major. */
final class BlockUnits implements Units {
  private final Shape shape;
  private final int rows;
  private final int columns;
  private final int height;
  private final int width;
  private final int across;

  BlockUnits(Shape shape, KernelMatrix matrix, int height, int width) {
    this.shape = shape;
    this.rows = matrix.rows();
    this.columns = matrix.columns();
    this.height = height;
    this.width = width;
    this.across = ceilDiv(columns, width);
  }

  private static int ceilDiv(int a, int b) {
    return a / b + (a % b == 0 ? 0 : 1);
  }

  @Override
  public int count() {
    return across * ceilDiv(rows, height);
  }

  @Override
  public float[] scores(float[] scores, Reduction reduction) {
    double[] sums = new double[count()];
    int[] sizes = new int[sums.length];
    for (int row = 0, i = 0; row < rows; row++) {
      int start = row / height * across;
      for (int column = 0; column < columns; column++, i++) {
        int unit = start + column / width;
        if (sizes[unit]++ == 0 || reduction == Reduction.MEAN) {
          sums[unit] += scores[i];
        }
      }
    }
    float[] reduced = new float[sums.length];
    for (int unit = 0; unit < reduced.length; unit++) {
      reduced[unit] = (float) (reduction == Reduction.MEAN ? sums[unit] / sizes[unit] : sums[unit]);
    }
    return reduced;
  }

  @Override
  public Mask mask(float[] scores, int kept) {
    Mask units = MaskSelection.topK(scores, kept);
    BitSet bits = new BitSet(rows * columns);
    for (int row = 0, i = 0; row < rows; row++) {
      int start = row / height * across;
      for (int column = 0; column < columns; column++, i++) {
        if (units.kept(start + column / width)) {
          bits.set(i);
        }
      }
    }
    return new Mask(shape, bits);
  }
}
