package dev.jackpot.pruning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

class PatternUpdateOpsTest {
  private static final double[] RATES = {1, 0.5, 0.1, 1.0 / 3, 0.0016};

  static List<Pattern> patterns() {
    return PatternUpdateTest.patterns();
  }

  private static List<Parameter> kernels() {
    return List.of(
        Kernels.of("even", Role.CONVOLUTION_KERNEL, 3, 3, 8, 6),
        Kernels.of("rest", Role.CONVOLUTION_KERNEL, 2, 1, 7, 5),
        Kernels.of("dense", Role.DENSE_KERNEL, 10, 3),
        Kernels.of("depthwise", Role.DEPTHWISE_KERNEL, 3, 3, 4, 2));
  }

  @ParameterizedTest
  @MethodSource("patterns")
  void equalsTheJavaUpdateBitForBit(Pattern pattern) {
    Random random = new Random(5);
    for (Parameter kernel : kernels()) {
      Units units = pattern.units(kernel);
      boolean[] expected = PatternUpdateTest.start(random, units, 0);
      boolean[] found = expected.clone();
      Threshold threshold = random.nextBoolean() ? Threshold.NTH_ELEMENT : Threshold.TOP_K;
      try (Graph graph = new Graph()) {
        Ops tf = Ops.create(graph);
        Shape shape = kernel.shape();
        Placeholder<TFloat32> score = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
        Placeholder<TFloat32> mask = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
        Placeholder<TFloat64> rate =
            tf.placeholder(TFloat64.class, Placeholder.shape(Shape.scalar()));
        MaskUpdateOps.Update update =
            PatternUpdateOps.update(
                tf, units, score, mask, Mask.of(shape, expected), rate, threshold);
        Operand<TFloat32> updated = tf.identity(update.mask());
        try (Session session = new Session(graph)) {
          for (int step = 0; step < 40; step++) {
            float[] scores = PatternUpdateTest.scores(random, kernel.size(), step);
            double r = RATES[step % RATES.length];
            int swaps = PatternUpdate.update(units, scores, expected, r);
            float[] ones = Mask.of(shape, found).toFloats();
            try (TFloat32 s = TFloat32.tensorOf(shape, DataBuffers.of(scores));
                TFloat32 m = TFloat32.tensorOf(shape, DataBuffers.of(ones));
                TFloat64 rr = TFloat64.scalarOf(r);
                var result =
                    session
                        .runner()
                        .feed(score, s)
                        .feed(mask, m)
                        .feed(rate, rr)
                        .fetch(updated)
                        .fetch(update.swaps())
                        .run()) {
              assertThat(result.get(0).shape()).isEqualTo(shape);
              result.get(0).asRawTensor().data().asFloats().read(ones);
              assertThat(((TInt32) result.get(1)).getInt())
                  .as("swaps: %s, %s, step %d", pattern, kernel.name(), step)
                  .isEqualTo(swaps);
            }
            for (int i = 0; i < ones.length; i++) {
              assertThat(ones[i]).isIn(0f, 1f);
              found[i] = ones[i] == 1;
            }
            assertThat(found)
                .as("%s, %s, step %d, rate %s", pattern, kernel.name(), step, r)
                .isEqualTo(expected);
          }
        }
      }
    }
  }
}
