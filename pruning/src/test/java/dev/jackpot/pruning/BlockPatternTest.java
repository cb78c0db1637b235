package dev.jackpot.pruning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;
import dev.jackpot.pruning.Criterion.Reduction;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockPatternTest {
  /** A 3 × 3 matrix in blocks of 2 × 2: one whole, two halves, a corner. */
  @Test
  void byHand() {
    Parameter dense = Kernels.of("k", Role.DENSE_KERNEL, 3, 3);
    float[] scores = {
      1, 2, 6, //
      3, 4, 8, //
      9, 1, 5
    };
    Units units = new BlockPattern(2, 2).units(dense);
    assertThat(units.count()).isEqualTo(4);
    assertThat(units.fixed()).isEmpty();
    float[] means = units.scores(scores, Reduction.MEAN);
    assertThat(means).containsExactly(2.5f, 7, 5, 5);
    assertThat(units.scores(scores, Reduction.FIRST)).containsExactly(1, 6, 9, 5);
    assertThat(units.mask(means, 2).toBooleans())
        .as("the second block, and of two equal ones the earlier")
        .containsExactly(false, false, true, false, false, true, true, true, false);
  }

  /** [2, 1, 2, 2]: a filter is a column of the 4 × 2 matrix. */
  @Test
  void filtersByHand() {
    Parameter kernel = Kernels.of("k", Role.CONVOLUTION_KERNEL, 2, 1, 2, 2);
    float[] scores = {1, 2, 1, 2, 1, 2, 1, 3};
    Units units = new FilterPattern().units(kernel);
    float[] means = units.scores(scores, Reduction.MEAN);
    assertThat(means).containsExactly(1, 2.25f);
    assertThat(units.mask(means, 1).toBooleans())
        .containsExactly(false, true, false, true, false, true, false, true);
  }

  /** [1, 2, 2, 2] is 2 × 4: each channel and multiplier has a filter of two taps. */
  @Test
  void depthwiseFiltersAreThoseOfOneChannel() {
    Parameter kernel = Kernels.of("k", Role.DEPTHWISE_KERNEL, 1, 2, 2, 2);
    Units units = new FilterPattern().units(kernel);
    float[] scores = units.scores(new float[] {1, 2, 3, 4, 1, 2, 3, 6}, Reduction.MEAN);
    assertThat(scores).containsExactly(1, 2, 3, 5);
    assertThat(units.mask(scores, 1).toBooleans())
        .containsExactly(false, false, false, true, false, false, false, true);
  }

  /** Every block is whole in the mask or not in it; as many as asked are in it, the best ones. */
  @Test
  void blocksLiveAndDieTogether() {
    Random random = new Random(2);
    for (int trial = 0; trial < 200; trial++) {
      Parameter kernel = Kernels.draw(random, "k");
      int height = 1 + random.nextInt(5);
      int width = 1 + random.nextInt(5);
      KernelMatrix matrix = KernelMatrix.of(kernel);
      assertThat(matrix.rows() * matrix.columns()).isEqualTo(kernel.size());
      Units units = new BlockPattern(height, width).units(kernel);
      float[] scores = units.scores(Draw.scores(random, kernel.size(), trial), Reduction.MEAN);
      int kept = random.nextInt(units.count() + 1);
      Mask mask = units.mask(scores, kept);
      int across = (matrix.columns() + width - 1) / width;
      int[] found = new int[units.count()];
      int[] sizes = new int[units.count()];
      for (int i = 0; i < kernel.size(); i++) {
        int block = i / matrix.columns() / height * across + i % matrix.columns() / width;
        found[block] += mask.kept(i) ? 1 : 0;
        sizes[block]++;
      }
      for (int block = 0; block < found.length; block++) {
        assertThat(found[block]).isIn(0, sizes[block]);
      }
      boolean[] whole = new boolean[found.length];
      for (int block = 0; block < found.length; block++) {
        whole[block] = found[block] > 0;
      }
      assertThat(whole).isEqualTo(MaskUpdateTest.sortedTopK(scores, kept));
      assertThat(Arrays.stream(sizes).sum()).isEqualTo(kernel.size());
    }
  }

  @Test
  void aBlockOfOneIsFree() {
    Random random = new Random(3);
    Parameter kernel = Kernels.of("k", Role.CONVOLUTION_KERNEL, 3, 3, 4, 5);
    float[] scores = Draw.scores(random, kernel.size(), 0);
    Units blocks = new BlockPattern(1, 1).units(kernel);
    assertThat(blocks.scores(scores, Reduction.MEAN)).isEqualTo(scores);
    assertThat(blocks.mask(scores, 50)).isEqualTo(new FreePattern().units(kernel).mask(scores, 50));
  }
}
