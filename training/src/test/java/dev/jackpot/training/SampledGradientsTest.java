package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.CifarResNet;
import dev.jackpot.config.proto.Vgg;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.Networks;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.NetworkGradients;
import dev.jackpot.pruning.NetworkGradients.Average;
import dev.jackpot.pruning.NetworkGradients.Sample;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tensorflow.types.TFloat64;

/** Gradients and products with the Hessian, against differences and against each other. */
class SampledGradientsTest {
  private static final NetworkSpec IMAGES = new NetworkSpec(4, 4, 3, 5);
  private static final Scored SMOOTH = Scored.of(new PlainNetwork(List.of(7, 6), true), IMAGES);
  private static final Scored BENT = Scored.of(new PlainNetwork(List.of(20, 16), false), IMAGES);

  private static Map<String, float[]> gradient(Scored scored) {
    return scored
        .gradients(TFloat64.class)
        .gradient(scored.kernels(), Scored.SAMPLE, Average.SIGNED);
  }

  private static Map<String, float[]> random(Scored scored, long seed) {
    Random random = new Random(seed);
    Map<String, float[]> drawn = new LinkedHashMap<>();
    for (Parameter k : scored.kernels()) {
      float[] values = new float[k.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      drawn.put(k.name(), values);
    }
    return drawn;
  }

  private static void close(
      Map<String, float[]> found, Map<String, float[]> expected, double share) {
    Map<String, float[]> difference = new LinkedHashMap<>();
    expected.forEach(
        (name, values) -> {
          float[] d = found.get(name).clone();
          for (int i = 0; i < d.length; i++) {
            d[i] -= values[i];
          }
          difference.put(name, d);
        });
    double norm = Math.sqrt(Scored.dot(expected, expected));
    assertThat(norm).isPositive();
    assertThat(Math.sqrt(Scored.dot(difference, difference)) / norm).isLessThan(share);
  }

  @Test
  void theHessiansProductIsTheDifferenceOfGradients() {
    Map<String, float[]> u = random(SMOOTH, 1);
    double step = 1e-3;
    Map<String, float[]> ahead = gradient(SMOOTH.moved(u, step));
    Map<String, float[]> behind = gradient(SMOOTH.moved(u, -step));
    Map<String, float[]> expected = new LinkedHashMap<>();
    ahead.forEach(
        (name, values) -> {
          float[] difference = new float[values.length];
          for (int i = 0; i < values.length; i++) {
            difference[i] = (float) ((values[i] - behind.get(name)[i]) / (2 * step));
          }
          expected.put(name, difference);
        });
    close(
        SMOOTH.gradients(TFloat64.class).hessianProduct(SMOOTH.kernels(), Scored.SAMPLE, u),
        expected,
        1e-3);
  }

  /** uᵀHv = vᵀHu also where the network bends: the sides of the bends are kept. */
  @Test
  void theHessianIsSymmetric() {
    Map<String, float[]> u = random(BENT, 1);
    Map<String, float[]> v = random(BENT, 2);
    NetworkGradients gradients = BENT.gradients();
    double uv = Scored.dot(u, gradients.hessianProduct(BENT.kernels(), Scored.SAMPLE, v));
    double vu = Scored.dot(v, gradients.hessianProduct(BENT.kernels(), Scored.SAMPLE, u));
    assertThat(uv).isNotCloseTo(0, within(1e-3));
    assertThat(uv).isCloseTo(vu, within(1e-3 * Math.abs(vu)));
  }

  /** A step of one weight changes ‖g‖² by −2δ w (Hg) of that weight (GraSP's argument). */
  @Test
  void shrinkingAWeightChangesTheGradientsNormAsPredicted() {
    Map<String, float[]> g = gradient(SMOOTH);
    Map<String, float[]> product =
        SMOOTH.gradients(TFloat64.class).hessianProduct(SMOOTH.kernels(), Scored.SAMPLE, g);
    double delta = 1e-2;
    Parameter kernel = SMOOTH.kernels().get(1);
    int strongest = 0;
    for (int i = 0; i < kernel.size(); i++) {
      strongest =
          Math.abs(predicted(kernel, i, product)) > Math.abs(predicted(kernel, strongest, product))
              ? i
              : strongest;
    }
    float[] ahead = SMOOTH.weights(kernel.name()).clone();
    float[] behind = ahead.clone();
    ahead[strongest] *= (float) (1 - delta);
    behind[strongest] *= (float) (1 + delta);
    Map<String, float[]> less = gradient(SMOOTH.with(kernel, ahead));
    Map<String, float[]> more = gradient(SMOOTH.with(kernel, behind));
    double change = (Scored.dot(less, less) - Scored.dot(more, more)) / (2 * delta);
    double expected = -2 * predicted(kernel, strongest, product);
    assertThat(change).isCloseTo(expected, within(.01 * Math.abs(expected)));
  }

  private static double predicted(Parameter kernel, int i, Map<String, float[]> product) {
    return (double) SMOOTH.weights(kernel.name())[i] * product.get(kernel.name())[i];
  }

  /** w ⊙ ∂L/∂w does not see a layer's scale that the next one takes back. */
  @Test
  void saliencyIsInvariantUnderRescaling() {
    Map<String, HostTensor> scaled = new LinkedHashMap<>();
    for (int layer = 0; layer < 2; layer++) {
      Parameter k = BENT.kernels().get(layer);
      float[] values = BENT.weights(k.name()).clone();
      for (int i = 0; i < values.length; i++) {
        values[i] *= layer == 0 ? 4 : .25f;
      }
      scaled.put(k.name(), new HostTensor(k.shape(), values));
    }
    Scored rescaled = BENT.with(scaled);
    close(saliency(rescaled), saliency(BENT), 1e-5);
    assertThat(gradient(rescaled).get("hidden0/kernel"))
        .isNotEqualTo(gradient(BENT).get("hidden0/kernel"));
  }

  private static Map<String, float[]> saliency(Scored scored) {
    Map<String, float[]> saliency = gradient(scored);
    saliency.forEach(
        (name, g) -> {
          for (int i = 0; i < g.length; i++) {
            g[i] *= scored.weights(name)[i];
          }
        });
    return saliency;
  }

  @Test
  void batchesAreAveragedByValueOrByAbsoluteValue() {
    NetworkGradients gradients = BENT.gradients(TFloat64.class);
    Map<String, float[]> mean = gradients.gradient(BENT.kernels(), Scored.SAMPLE, Average.SIGNED);
    Map<String, float[]> absolute =
        gradients.gradient(BENT.kernels(), Scored.SAMPLE, Average.ABSOLUTE);
    boolean cancelled = false;
    for (String name : mean.keySet()) {
      for (int i = 0; i < mean.get(name).length; i++) {
        assertThat(absolute.get(name)[i]).isGreaterThanOrEqualTo(Math.abs(mean.get(name)[i]));
        cancelled |= absolute.get(name)[i] > 2 * Math.abs(mean.get(name)[i]);
      }
    }
    assertThat(cancelled).isTrue();
  }

  /** The gradient at a pruned weight is what it would be if the weight came back; u ends there. */
  @Test
  void masksAreInForce() {
    Parameter kernel = BENT.kernels().get(0);
    boolean[] kept = new boolean[kernel.size()];
    for (int i = 0; i < kept.length; i += 3) {
      kept[i] = true;
    }
    Mask mask = Mask.of(kernel.shape(), kept);
    Scored masked = BENT.with(Map.of(kernel.mask(), mask.toTensor()));
    float[] effective = BENT.weights(kernel.name()).clone();
    for (int i = 0; i < kept.length; i++) {
      effective[i] = kept[i] ? effective[i] : 0;
    }
    Scored zeroed = BENT.with(kernel, effective);
    close(gradient(masked), gradient(zeroed), 1e-9);
    Map<String, float[]> u = random(BENT, 1);
    Map<String, float[]> ends = new LinkedHashMap<>(u);
    float[] within = u.get(kernel.name()).clone();
    for (int i = 0; i < kept.length; i++) {
      within[i] = kept[i] ? within[i] : 0;
    }
    ends.put(kernel.name(), within);
    close(
        masked.gradients().hessianProduct(BENT.kernels(), Scored.SAMPLE, u),
        zeroed.gradients().hessianProduct(BENT.kernels(), Scored.SAMPLE, ends),
        1e-3);
  }

  @Test
  void aTemperatureOnlyScalesTheLogits() {
    Sample cold = new Sample(1, 8, 5, 1);
    Sample hot = new Sample(1, 8, 5, 200);
    Parameter last = BENT.kernels().get(2);
    float[] divided = BENT.weights(last.name()).clone();
    for (int i = 0; i < divided.length; i++) {
      divided[i] /= 200;
    }
    Map<String, float[]> byTemperature =
        BENT.gradients(TFloat64.class)
            .gradient(List.of(BENT.kernels().get(0)), hot, Average.SIGNED);
    Map<String, float[]> byWeights =
        BENT.with(last, divided)
            .gradients(TFloat64.class)
            .gradient(List.of(BENT.kernels().get(0)), cold, Average.SIGNED);
    close(byTemperature, byWeights, 1e-5);
  }

  /** Dropout of a half, and yet twice the same; and of the same images whatever the class asks. */
  @Test
  void nothingIsDroppedAndNothingMoves() {
    Scored vgg =
        Scored.of(
            Networks.REGISTRY.create(
                dev.jackpot.config.proto.Network.newBuilder()
                    .setVgg(
                        Vgg.newBuilder()
                            .setDepth(11)
                            .setHead(Vgg.Head.IMAGENET)
                            .setHidden(8)
                            .setWidth(.1))
                    .build()),
            new NetworkSpec(32, 32, 3, 4));
    NetworkGradients gradients = vgg.gradients();
    Map<String, float[]> first = gradients.gradient(vgg.kernels(), Scored.SAMPLE, Average.SIGNED);
    Map<String, float[]> second = gradients.gradient(vgg.kernels(), Scored.SAMPLE, Average.SIGNED);
    first.forEach((name, g) -> assertThat(second.get(name)).as(name).isEqualTo(g));
    assertThat(Scored.dot(first, first)).isPositive();
    // max-pooling, too, keeps its sides
    Map<String, float[]> u = random(vgg, 1);
    Map<String, float[]> v = random(vgg, 2);
    double uv = Scored.dot(u, gradients.hessianProduct(vgg.kernels(), Scored.SAMPLE, v));
    double vu = Scored.dot(v, gradients.hessianProduct(vgg.kernels(), Scored.SAMPLE, u));
    assertThat(uv).isCloseTo(vu, within(.02 * Math.abs(vu)));
  }

  /** Scaling a convolution before batch norm changes nothing but the gradient's length. */
  @Test
  void batchNormTakesTheBatchsStatistics() {
    Scored resnet =
        Scored.of(
            Networks.REGISTRY.create(
                dev.jackpot.config.proto.Network.newBuilder()
                    .setCifarResnet(CifarResNet.newBuilder().setDepth(8).setWidth(4))
                    .build()),
            new NetworkSpec(8, 8, 3, 4));
    Parameter first = resnet.kernels().get(0);
    float[] doubled = resnet.weights(first.name()).clone();
    for (int i = 0; i < doubled.length; i++) {
      doubled[i] *= 64;
    }
    Map<String, float[]> g =
        resnet.gradients().gradient(List.of(first), Scored.SAMPLE, Average.SIGNED);
    Map<String, float[]> scaled =
        resnet
            .with(first, doubled)
            .gradients()
            .gradient(List.of(first), Scored.SAMPLE, Average.SIGNED);
    for (float[] values : scaled.values()) {
      for (int i = 0; i < values.length; i++) {
        values[i] *= 64;
      }
    }
    close(scaled, g, 1e-2);
  }

  @Test
  void moreBatchesThanThereAreIsAnError() {
    assertThatThrownBy(
            () -> BENT.gradients().gradient(BENT.kernels(), new Sample(5, 8, 1, 1), Average.SIGNED))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("batches: found 5; expected at most the 4 of 8 training images");
  }
}
