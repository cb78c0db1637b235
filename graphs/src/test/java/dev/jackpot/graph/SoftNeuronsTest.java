package dev.jackpot.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.proto.GeluNeurons;
import dev.jackpot.config.proto.Ghosts;
import dev.jackpot.config.proto.MishNeurons;
import dev.jackpot.config.proto.Runtime;
import dev.jackpot.config.proto.SwishNeurons;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/** Soft neurons against their formulas, in float64. */
class SoftNeuronsTest {
  /** The largest |x| · σ(−|x|), at x = ±1.27846. */
  private static final double GAP = .278464542761;

  private static final double[] GRID =
      IntStream.rangeClosed(-40_000, 40_000).mapToDouble(i -> i * 5e-4).toArray();

  /** y, and dy/dx by automatic differentiation, [2][x]. */
  private static double[][] run(SoftNeuron neuron, double[] x, double scalar) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat64> in = tf.constant(x);
      Operand<TFloat64> y = neuron.of(tf, in, tf.constant(scalar));
      Operand<TFloat64> sum = tf.sum(y, tf.constant(0));
      Operand<TFloat64> slope = tf.gradients(sum, List.of(in)).dy(0);
      try (Session session = Sessions.open(graph, Runtime.getDefaultInstance());
          Result result = session.runner().fetch(y).fetch(slope).run()) {
        double[][] values = new double[2][x.length];
        result.get(0).asRawTensor().data().asDoubles().read(values[0]);
        result.get(1).asRawTensor().data().asDoubles().read(values[1]);
        return values;
      }
    }
  }

  private static SoftNeuron of(String activation) {
    dev.jackpot.config.proto.SoftNeurons.Builder config =
        dev.jackpot.config.proto.SoftNeurons.newBuilder();
    switch (activation) {
      case "swish" -> config.setSwish(SwishNeurons.getDefaultInstance());
      case "mish" -> config.setMish(MishNeurons.getDefaultInstance());
      default -> config.setGelu(GeluNeurons.getDefaultInstance());
    }
    return SoftNeurons.REGISTRY.create(config.build());
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 2, 10, 50})
  void swishIsHalfAsSteepAtZeroAndNoFurtherFromReluThanItsBound(double beta) {
    double[][] y = run(of("swish"), GRID, beta);
    int zero = GRID.length / 2;
    assertThat(y[0][zero]).isZero();
    assertThat(y[1][zero]).isEqualTo(.5);
    double gap = 0;
    for (int i = 0; i < GRID.length; i++) {
      double sigma = 1 / (1 + Math.exp(-beta * GRID[i]));
      double slope = sigma + beta * GRID[i] * sigma * (1 - sigma);
      assertThat(y[1][i]).isCloseTo(slope, within(1e-12));
      gap = Math.max(gap, Math.abs(Math.max(0, GRID[i]) - y[0][i]));
    }
    // the grid comes within 0.0003 of the place of the largest gap
    assertThat(gap).isLessThanOrEqualTo(GAP / beta).isCloseTo(GAP / beta, within(1e-6 * beta));
  }

  @ParameterizedTest
  @CsvSource({
    "swish, 1, -0.27846, -1.27846",
    "mish, 0, -0.30884, -1.19244",
    "gelu, 0, -0.16997, -0.75179"
  })
  void minimaLieWhereTheyAreKnownToLie(String name, double scalar, double least, double at) {
    double[] y = run(of(name), GRID, scalar)[0];
    int lowest = IntStream.range(0, y.length).reduce((a, b) -> y[b] < y[a] ? b : a).orElseThrow();
    assertThat(y[lowest]).isCloseTo(least, within(1e-5));
    assertThat(GRID[lowest]).isCloseTo(at, within(5e-4));
  }

  @ParameterizedTest
  @CsvSource({"swish, 3", "mish, 0", "mish, 0.7", "gelu, 0", "gelu, 0.7"})
  void gradientsAreThoseOfCentralDifferences(String name, double scalar) {
    double[] x = DoubleStream.of(-30, -4, -1.3, -.2, .4, 1.7, 5, 40).toArray();
    double step = 1e-5;
    double[] above = run(of(name), DoubleStream.of(x).map(v -> v + step).toArray(), scalar)[0];
    double[] below = run(of(name), DoubleStream.of(x).map(v -> v - step).toArray(), scalar)[0];
    double[] slopes = run(of(name), x, scalar)[1];
    for (int i = 0; i < x.length; i++) {
      double expected = (above[i] - below[i]) / (2 * step);
      assertThat(slopes[i]).isCloseTo(expected, within(1e-8));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mish", "gelu"})
  void aBlendThatIsThroughIsReluToTheBit(String name) {
    double[][] y = run(of(name), GRID, of(name).scalar(1));
    for (int i = 0; i < GRID.length; i++) {
      assertThat(y[0][i] + 0.).isEqualTo(Math.max(0, GRID[i]));
    }
    assertThat(of(name).scalar(0)).isZero();
  }

  @Test
  void betaGrowsByTheSameFactorInEqualTimes() {
    SoftNeuron swish = of("swish");
    assertThat(swish.scalar(0)).isEqualTo(1);
    assertThat(swish.scalar(.5)).isCloseTo(Math.sqrt(10), within(1e-12));
    assertThat(swish.scalar(1)).isCloseTo(10, within(1e-12));
  }

  /** In float32, as a network lays it. */
  @ParameterizedTest
  @ValueSource(floats = {1, 10})
  void aSoftReluOfALayerIsAsFarFromReluAsItsBound(float beta) {
    Ghosts.Builder ghosts = Ghosts.newBuilder();
    ghosts.getSoftNeuronsBuilder();
    try (LayerRig rig =
        new LayerRig(Conventions.PYTORCH, Phase.INFERENCE, GhostForm.of(ghosts.build()))) {
      double[] x = {-2, -1.27846 / beta, -.1, 0, .3, 1.27846 / beta, 3, 5};
      Operand<TFloat32> in = rig.constant(Shape.of(8, 1), x);
      float[] soft = rig.run(rig.layers.relu(in), Map.of(GhostForm.NEURON, new float[] {beta}));
      double largest = 0;
      for (int i = 0; i < x.length; i++) {
        double gap = soft[i] - Math.max(0, x[i]);
        largest = Math.max(largest, Math.abs(gap));
      }
      assertThat(largest).isCloseTo(GAP / beta, within(1e-5));
    }
  }

  @Test
  void relu6KeepsItsTopAndGatesAndHardSwishStayAsTheyAre() {
    Ghosts.Builder ghosts = Ghosts.newBuilder();
    ghosts.getSoftNeuronsBuilder();
    double[] x = {-9, -1, 0, 1, 5, 6.5, 9};
    try (LayerRig soft =
            new LayerRig(Conventions.PYTORCH, Phase.INFERENCE, GhostForm.of(ghosts.build()));
        LayerRig plain = new LayerRig()) {
      Map<String, float[]> beta = Map.of(GhostForm.NEURON, new float[] {2});
      Shape shape = Shape.of(7, 1);
      float[] six = soft.run(soft.layers.relu6(soft.constant(shape, x)), beta);
      for (int i = 0; i < x.length; i++) {
        double expected = Math.min(6, x[i] / (1 + Math.exp(-2 * x[i])));
        assertThat((double) six[i]).isCloseTo(expected, within(1e-6));
      }
      assertThat(soft.run(soft.layers.hardSwish(soft.constant(shape, x)), beta))
          .isEqualTo(plain.run(plain.layers.hardSwish(plain.constant(shape, x))));
    }
  }
}
