package dev.jackpot.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

class MaskUpdateOpsTest {
  private static final double[] RATES = {1, 0.5, 0.4096, 0.1, 0.0016, 1.0 / 3, Double.MIN_NORMAL};

  /** A graph that updates one kernel of given scores and mask. */
  private static final class Device implements AutoCloseable {
    final Graph graph = new Graph();
    final Ops tf = Ops.create(graph);
    final Session session;
    final Shape shape;
    final Placeholder<TFloat32> score;
    final Placeholder<TFloat32> mask;
    final Placeholder<TFloat64> rate;
    final MaskUpdateOps.Update update;

    Device(Shape shape, int kept, Threshold threshold) {
      this.shape = shape;
      score = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
      mask = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
      rate = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.scalar()));
      update = MaskUpdateOps.update(tf, score, mask, kept, rate, threshold);
      session = new Session(graph);
    }

    /** Changes the mask in place as MaskUpdate does. */
    int update(float[] scores, boolean[] kept, double r) {
      float[] ones = Mask.of(shape, kept).toFloats();
      try (TFloat32 s = TFloat32.tensorOf(shape, DataBuffers.of(scores));
          TFloat32 m = TFloat32.tensorOf(shape, DataBuffers.of(ones));
          TFloat64 rr = TFloat64.scalarOf(r);
          var result =
              session
                  .runner()
                  .feed(score, s)
                  .feed(mask, m)
                  .feed(rate, rr)
                  .fetch(update.mask())
                  .fetch(update.swaps())
                  .run()) {
        Tensor updated = result.get(0);
        assertThat(updated.shape()).isEqualTo(shape);
        updated.asRawTensor().data().asFloats().read(ones);
        for (int i = 0; i < ones.length; i++) {
          assertThat(ones[i]).isIn(0f, 1f);
          kept[i] = ones[i] == 1;
        }
        return ((TInt32) result.get(1)).getInt();
      }
    }

    @Override
    public void close() {
      session.close();
      graph.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Threshold.class)
  void equalsTheJavaUpdateBitForBit(Threshold threshold) {
    Random random = new Random(11);
    for (Shape shape :
        new Shape[] {Shape.of(2), Shape.of(3, 1), Shape.of(3, 3, 2, 5), Shape.of(3, 3, 16, 16)}) {
      int n = (int) shape.size();
      for (int k : new int[] {1, n / 10, n / 2, n - 1}) {
        if (k == 0) {
          continue;
        }
        try (Device device = new Device(shape, k, threshold)) {
          for (int trial = 0; trial < 28; trial++) {
            float[] scores = Draw.scores(random, n, trial);
            boolean[] expected =
                MaskSelection.topK(Draw.scores(random, n, trial / 4), k).toBooleans();
            boolean[] found = expected.clone();
            for (int step = 0; step < 3; step++) {
              double rate = RATES[(trial + step) % RATES.length];
              int swaps = MaskUpdate.update(scores, expected, rate);
              assertThat(device.update(scores, found, rate))
                  .as("swaps, %s of %s, trial %d", k, shape, trial)
                  .isEqualTo(swaps);
              assertThat(found)
                  .as("%s of %s, trial %d, rate %s", k, shape, trial, rate)
                  .isEqualTo(expected);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Threshold.class)
  void zerosOfBothSignsTie(Threshold threshold) {
    try (Device device = new Device(Shape.of(4), 2, threshold)) {
      float[] scores = {-0f, 0f, -0f, 0f};
      boolean[] expected = {false, false, true, true};
      boolean[] found = expected.clone();
      assertThat(device.update(scores, found, 0.5))
          .isEqualTo(MaskUpdate.update(scores, expected, 0.5));
      assertThat(found).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource(Threshold.class)
  void infiniteScoresAreOrdered(Threshold threshold) {
    float inf = Float.POSITIVE_INFINITY;
    try (Device device = new Device(Shape.of(6), 3, threshold)) {
      for (float[] scores :
          new float[][] {
            {-inf, 1, inf, -inf, inf, 0},
            {-inf, -inf, -inf, -inf, -inf, 0},
            {inf, inf, 1, inf, inf, inf}
          }) {
        boolean[] expected = {true, false, false, true, false, true};
        boolean[] found = expected.clone();
        assertThat(device.update(scores, found, 1))
            .isEqualTo(MaskUpdate.update(scores, expected, 1));
        assertThat(found).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Threshold.class)
  void countsHoldEvenWithNaN(Threshold threshold) {
    Random random = new Random(3);
    try (Device device = new Device(Shape.of(1000), 100, threshold)) {
      for (int nans : new int[] {1, 50, 500, 1000}) {
        float[] scores = Draw.scores(random, 1000, 0);
        for (int i = 0; i < nans; i++) {
          scores[nans == 1000 ? i : random.nextInt(1000)] = Float.NaN;
        }
        boolean[] kept = MaskSelection.topK(Draw.scores(random, 1000, 0), 100).toBooleans();
        device.update(scores, kept, 1);
        assertThat(Mask.of(Shape.of(1000), kept).kept()).isEqualTo(100);
      }
    }
  }

  @Test
  void kernelsKeptInFullOrNotAtAllGetNoOps() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> score = tf.constant(new float[] {1, 2});
      Operand<TFloat32> mask = tf.constant(new float[] {1, 1});
      Operand<TFloat64> rate = tf.constant(1.0);
      for (int kept : new int[] {0, 2}) {
        MaskUpdateOps.Update update =
            MaskUpdateOps.update(tf, score, mask, kept, rate, Threshold.TOP_K);
        assertThat(update.mask()).isSameAs(mask);
      }
      assertThatThrownBy(() -> MaskUpdateOps.update(tf, score, mask, 3, rate, Threshold.TOP_K))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
