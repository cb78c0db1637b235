package dev.jackpot.pruning;

import dev.jackpot.pruning.Criterion.Reduction;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.tensorflow.ndarray.Shape;

/**
 * The blocks of a kernel's matrix, numbered row-major.
 *
 * @param rows of the matrix
 * @param columns of the matrix
 * @param height rows of a block
 * @param width columns of a block
 */
record BlockUnits(Shape shape, int rows, int columns, int height, int width) implements Units {
  /** Rows of blocks. */
  int down() {
    return rows / height + (rows % height == 0 ? 0 : 1);
  }

  /** Columns of blocks. */
  int across() {
    return columns / width + (columns % width == 0 ? 0 : 1);
  }

  @Override
  public int count() {
    return down() * across();
  }

  /** Number of weights of each block. */
  double[] sizes() {
    double[] sizes = new double[count()];
    for (int block = 0; block < sizes.length; block++) {
      int row = block / across() * height;
      int column = block % across() * width;
      sizes[block] = (double) Math.min(height, rows - row) * Math.min(width, columns - column);
    }
    return sizes;
  }

  @Override
  public float[] scores(float[] scores, Reduction reduction) {
    double[] sums = new double[count()];
    int across = across();
    for (int row = 0, i = 0; row < rows; row++) {
      int start = row / height * across;
      for (int column = 0; column < columns; column++, i++) {
        boolean first = row % height == 0 && column % width == 0;
        if (first || reduction == Reduction.MEAN) {
          sums[start + column / width] += scores[i];
        }
      }
    }
    double[] sizes = sizes();
    float[] reduced = new float[sums.length];
    for (int block = 0; block < reduced.length; block++) {
      reduced[block] =
          (float) (reduction == Reduction.MEAN ? sums[block] / sizes[block] : sums[block]);
    }
    return reduced;
  }

  @Override
  public Mask mask(float[] scores, int kept) {
    return spread(MaskSelection.topK(scores, kept));
  }

  /** The kernel's mask from that of its blocks. */
  Mask spread(Mask blocks) {
    BitSet bits = new BitSet(rows * columns);
    int across = across();
    for (int row = 0, i = 0; row < rows; row++) {
      int start = row / height * across;
      for (int column = 0; column < columns; column++, i++) {
        if (blocks.kept(start + column / width)) {
          bits.set(i);
        }
      }
    }
    return new Mask(shape, bits);
  }

  /** Row-major indices of a block's weights. */
  int[] weights(int block) {
    int top = block / across() * height;
    int left = block % across() * width;
    int high = Math.min(height, rows - top);
    int wide = Math.min(width, columns - left);
    return IntStream.range(0, high * wide)
        .map(i -> (top + i / wide) * columns + left + i % wide)
        .toArray();
  }

  /** Which blocks a mask keeps: by their first weights. */
  boolean[] blocks(boolean[] kept) {
    boolean[] blocks = new boolean[count()];
    for (int block = 0; block < blocks.length; block++) {
      int row = block / across() * height;
      int column = block % across() * width;
      blocks[block] = kept[row * columns + column];
    }
    return blocks;
  }
}
