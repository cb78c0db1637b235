package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.proto.CifarResNet;
import dev.jackpot.config.proto.LookAheadScale;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.Networks;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.Mask;
import dev.jackpot.training.LookAhead.Derivatives;
import dev.jackpot.training.LookAheadGraph.Images;
import java.util.Arrays;
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
   * A step of one kept weight would be the same without the mask; the gradient's length and the
   * loss ahead would not: pruned weights would count, and would come back to life.
   */
  @Test
  void onlyKeptWeightsMove() {
    List<Parameter> scaled = scaled(SMOOTH);
    assertThat(scaled.stream().map(Parameter::name))
        .containsExactly(
            "hidden0/kernel",
            "hidden0/bias",
            "hidden1/kernel",
            "hidden1/bias",
            "linear/kernel",
            "linear/bias");
    List<HostTensor> values = scaled.stream().map(p -> SMOOTH.state().get(p.name())).toList();
    Mask mask = SMOOTH.state().mask(scaled.get(0)).orElseThrow();
    boolean[] kept = new boolean[mask.size()];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = mask.kept(i);
    }
    double[] alpha = factors(scaled.size());
    TanhReference at =
        TanhReference.of(
                List.of(values.get(0), values.get(2), values.get(4)),
                List.of(values.get(1), values.get(3), values.get(5)),
                alpha)
            .under(kept);
    TanhReference.Gradient dense = at.gradient(FIRST);
    TanhReference g = dense.values().under(kept);
    double step = .3 / g.norm();
    double loss = at.minus(step, g).gradient(SECOND).loss();
    try (LookAheadGraph<TFloat64> graph = graph(SMOOTH)) {
      LookAhead.Gradient found = graph.gradient(alpha, FIRST);
      assertThat(found.loss()).isCloseTo(dense.loss(), within(1e-10));
      assertThat(found.norm()).isCloseTo(g.norm(), within(1e-10));
      assertThat(graph.ahead(alpha, step, SECOND).loss()).isCloseTo(loss, within(1e-10));
    }
    // what they would be if pruned weights moved too
    assertThat(dense.values().norm()).isGreaterThan(g.norm() + .05);
    assertThat(at.minus(step, dense.values()).gradient(SECOND).loss())
        .isNotCloseTo(loss, within(1e-3));
  }

  /**
   * Batch norm after a convolution takes its scale back, and ∂L/∂w ∝ 1/α: a factor of 2 halves its
   * gradient and changes neither the loss nor what the other tensors want.
   */
  @Test
  void aConvolutionBeforeBatchNormHasNoScale() {
    Scored resnet = resNet();
    Images batch = images(resnet.spec(), 16, 3);
    Parameter convolution = resnet.kernels().get(1);
    assertThat(convolution.name()).isEqualTo("layer1/0/conv1/kernel");
    float[] twice = resnet.weights(convolution.name()).clone();
    for (int i = 0; i < twice.length; i++) {
      twice[i] *= 2;
    }
    try (LookAheadGraph<TFloat32> graph = float32(resnet, List.of(convolution))) {
      double single = graph.gradient(new double[] {1}, batch).norm();
      assertThat(single).isGreaterThan(1e-3);
      assertThat(graph.gradient(new double[] {2}, batch).norm())
          .isCloseTo(single / 2, within(2e-3 * single));
      // ∂L/∂α = ⟨∂L/∂w, w⟩ is 0 where the scale has no effect
      assertThat(graph.ahead(new double[] {1}, 0, batch).derivatives()[0])
          .isCloseTo(0, within(1e-3 * single));
    }
    List<Parameter> others = scaled(resnet).stream().filter(p -> !p.equals(convolution)).toList();
    double[] ones = new double[others.size()];
    Arrays.fill(ones, 1);
    try (LookAheadGraph<TFloat32> before = float32(resnet, others);
        LookAheadGraph<TFloat32> after = float32(resnet.with(convolution, twice), others)) {
      LookAhead.Gradient expected = before.gradient(ones, batch);
      LookAhead.Gradient found = after.gradient(ones, batch);
      assertThat(found.loss()).isCloseTo(expected.loss(), within(1e-4));
      assertThat(found.norm()).isCloseTo(expected.norm(), within(2e-3 * expected.norm()));
      double[] wanted = before.ahead(ones, 0, batch).derivatives();
      double[] now = after.ahead(ones, 0, batch).derivatives();
      for (int k = 0; k < wanted.length; k++) {
        assertThat(now[k]).as(others.get(k).name()).isCloseTo(wanted[k], within(1e-3));
      }
    }
  }

  private static LookAheadGraph<TFloat32> float32(Scored scored, List<Parameter> parameters) {
    return new LookAheadGraph<>(
        TFloat32.class,
        scored.network(),
        scored.spec(),
        parameters,
        scored.state(),
        Scored.ONE_THREAD);
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

  /** Which gradients an oracle is asked for; a product is two of them. */
  private static final class Counting implements LookAhead.Oracle<Images> {
    private final LookAhead.Oracle<Images> oracle;
    private int gradients;

    Counting(LookAhead.Oracle<Images> oracle) {
      this.oracle = oracle;
    }

    @Override
    public LookAhead.Gradient gradient(double[] alpha, Images batch) {
      gradients++;
      return oracle.gradient(alpha, batch);
    }

    @Override
    public LookAhead.Ahead ahead(double[] alpha, double step, Images batch) {
      gradients++;
      return oracle.ahead(alpha, step, batch);
    }

    @Override
    public double[] product(double[] alpha, double a, double b, Images batch) {
      gradients += 2;
      return oracle.product(alpha, a, b, batch);
    }
  }

  @ParameterizedTest
  @CsvSource({"true, 1e9, 4", "false, 1e9, 4", "true, 0, 3"})
  void anIterationTakesAtMostFiveGradients(boolean normalized, double gamma, int gradients) {
    LookAheadScale options =
        LookAheadScale.newBuilder().setNormalized(normalized).setGamma(gamma).build();
    try (LookAheadGraph<TFloat64> graph = graph(SMOOTH)) {
      Counting counting = new Counting(graph);
      new LookAhead<>(options, counting).derivatives(factors(scaled(SMOOTH).size()), FIRST, SECOND);
      assertThat(counting.gradients)
          .isEqualTo(gradients)
          .isEqualTo(LookAhead.gradients(gamma == 0))
          .isLessThanOrEqualTo(5);
    }
  }
}
