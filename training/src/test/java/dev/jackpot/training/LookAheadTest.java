package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.proto.CifarResNet;
import dev.jackpot.config.proto.LookAheadScale;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.Networks;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.Mask;
import dev.jackpot.training.LookAhead.Derivatives;
import dev.jackpot.training.LookAheadGraph.Images;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/** Derivatives by scale factors, against differences of what they are derivatives of. */
class LookAheadTest {
  private static final NetworkSpec IMAGES = new NetworkSpec(4, 4, 3, 5);
  private static final Scored SMOOTH =
      masked(Scored.of(new PlainNetwork(List.of(9, 8), true), IMAGES), 3);
  private static final Images FIRST = images(IMAGES, 16, 1);
  private static final Images SECOND = images(IMAGES, 16, 2);

  /** Every n-th weight of the first kernel is left. */
  private static Scored masked(Scored scored, int every) {
    Parameter kernel = scored.kernels().get(0);
    boolean[] kept = new boolean[kernel.size()];
    for (int i = 0; i < kept.length; i += every) {
      kept[i] = true;
    }
    return scored.with(Map.of(kernel.mask(), Mask.of(kernel.shape(), kept).toTensor()));
  }

  private static Images images(NetworkSpec spec, int count, long seed) {
    Random random = new Random(seed);
    float[] pixels = new float[count * spec.height() * spec.width() * spec.channels()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return new Images(pixels, random.ints(count, 0, spec.classes()).toArray());
  }

  private static List<Parameter> scaled(Scored scored) {
    return scored.summary().parameters().stream().filter(p -> !p.role().isAverage()).toList();
  }

  private static LookAheadGraph<TFloat64> graph(Scored scored) {
    return new LookAheadGraph<>(
        TFloat64.class,
        scored.network(),
        scored.spec(),
        scaled(scored),
        scored.state(),
        Scored.ONE_THREAD);
  }

  private static double[] factors(int count) {
    Random random = new Random(4);
    return random.doubles(count, .7, 1.4).toArray();
  }

  /** Section by section of the objective: normalised or not, and the constraint. */
  @ParameterizedTest
  @CsvSource({"true, 1e9", "false, 1e9", "true, 0", "false, 0"})
  void derivativesAreThoseOfDifferences(boolean normalized, double gamma) {
    LookAheadScale options =
        LookAheadScale.newBuilder().setNormalized(normalized).setGamma(gamma).setEta(.3).build();
    try (LookAheadGraph<TFloat64> graph = graph(SMOOTH)) {
      LookAhead<Images> look = new LookAhead<>(options, graph);
      double[] alpha = factors(scaled(SMOOTH).size());
      Derivatives found = look.derivatives(alpha, FIRST, SECOND);
      assertThat(found.constrained()).isEqualTo(gamma == 0);
      ToDoubleFunction<double[]> value =
          a -> {
            Derivatives d = look.value(a, FIRST, SECOND);
            return gamma == 0 ? d.norm() : d.objective() / options.getEta();
          };
      double largest = 0;
      for (int k = 0; k < alpha.length; k++) {
        double expected = difference(value, alpha, k);
        assertThat(found.values()[k])
            .as(scaled(SMOOTH).get(k).name())
            .isCloseTo(expected, within(1e-6 + 1e-5 * Math.abs(expected)));
        largest = Math.max(largest, Math.abs(expected));
      }
      assertThat(largest).isGreaterThan(.05);
    }
  }

  /** Of fourth order. */
  private static double difference(ToDoubleFunction<double[]> value, double[] at, int k) {
    double h = 1e-3;
    double[] f = new double[4];
    double[] steps = {-2, -1, 1, 2};
    for (int i = 0; i < steps.length; i++) {
      double[] moved = at.clone();
      moved[k] += steps[i] * h;
      f[i] = value.applyAsDouble(moved);
    }
    return (f[0] - 8 * f[1] + 8 * f[2] - f[3]) / (12 * h);
  }

  /**
   * Batch norm after a convolution takes its scale back, and ∂L/∂w ∝ 1/α: a factor of 2 changes
   * neither the loss nor what the other tensors want.
   */
  @Test
  void aConvolutionBeforeBatchNormHasNoScale() {
    Scored resnet = resNet();
    List<Parameter> scaled = scaled(resnet);
    Images batch = images(resnet.spec(), 16, 3);
    try (LookAheadGraph<TFloat32> graph =
        new LookAheadGraph<>(
            TFloat32.class,
            resnet.network(),
            resnet.spec(),
            scaled,
            resnet.state(),
            Scored.ONE_THREAD)) {
      double[] ones = factors(scaled.size());
      double[] doubled = ones.clone();
      for (int k = 0; k < doubled.length; k++) {
        doubled[k] *= scaled.get(k).name().contains("conv") ? 64 : 1;
      }
      assertThat(graph.gradient(doubled, batch).loss())
          .isCloseTo(graph.gradient(ones, batch).loss(), within(1e-3));
      // ∂L/∂α_k = ⟨∂L/∂θ_k, θ0_k⟩ is 0 where the scale has no effect
      double[] u = graph.ahead(ones, 0, batch).derivatives();
      for (int k = 0; k < u.length; k++) {
        if (scaled.get(k).name().contains("conv")) {
          assertThat(u[k]).as(scaled.get(k).name()).isCloseTo(0, within(1e-3));
        }
      }
    }
  }

  static Scored resNet() {
    return Scored.of(
        Networks.REGISTRY.create(
            dev.jackpot.config.proto.Network.newBuilder()
                .setCifarResnet(CifarResNet.newBuilder().setDepth(8).setWidth(4))
                .build()),
        new NetworkSpec(8, 8, 3, 4));
  }

  /** Masked weights take no part: garbage at their places changes no number. */
  @Test
  void prunedWeightsTakeNoPart() {
    Parameter kernel = SMOOTH.kernels().get(0);
    Mask mask = SMOOTH.state().mask(kernel).orElseThrow();
    float[] garbage = SMOOTH.weights(kernel.name()).clone();
    for (int i = 0; i < garbage.length; i++) {
      garbage[i] = mask.kept(i) ? garbage[i] : 17;
    }
    LookAheadScale options = LookAheadScale.newBuilder().setGamma(1e9).build();
    double[] alpha = factors(scaled(SMOOTH).size());
    Derivatives expected;
    try (LookAheadGraph<TFloat64> graph = graph(SMOOTH)) {
      expected = new LookAhead<>(options, graph).derivatives(alpha, FIRST, SECOND);
    }
    try (LookAheadGraph<TFloat64> graph = graph(SMOOTH.with(kernel, garbage))) {
      Derivatives found = new LookAhead<>(options, graph).derivatives(alpha, FIRST, SECOND);
      assertThat(found.values()).containsExactly(expected.values());
      assertThat(found.norm()).isEqualTo(expected.norm());
    }
  }
}
