package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.proto.CifarResNet;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Losses;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.Networks;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.FreePattern;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.Swap;
import dev.jackpot.pruning.SwapRanking;
import dev.jackpot.training.data.Batch;
import dev.jackpot.training.data.BatchStream;
import dev.jackpot.training.data.Batches;
import dev.jackpot.training.data.RandomImages;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/** What swaps do to the loss, in float64 on smooth networks and against arithmetic. */
class SwapGraphTest {
  private static final NetworkSpec IMAGES = new NetworkSpec(4, 4, 3, 5);
  private static final Scored SMOOTH = masked(Scored.of(smooth(), IMAGES));
  private static final int IMAGES_PER_BATCH = 8;

  private static PlainNetwork smooth() {
    return new PlainNetwork(List.of(7, 6), true);
  }

  /** Every other weight of every kernel is pruned. */
  private static Scored masked(Scored scored) {
    Map<String, HostTensor> masks = new LinkedHashMap<>();
    for (Parameter kernel : scored.kernels()) {
      boolean[] kept = new boolean[kernel.size()];
      for (int i = 0; i < kept.length; i += 2) {
        kept[i] = true;
      }
      masks.put(kernel.mask(), Mask.of(kernel.shape(), kept).toTensor());
    }
    return scored.with(masks);
  }

  private interface Use<R> {
    R of(SwapLosses graph, Batch batch);
  }

  private static <T extends TFloating, R> R on(
      Scored scored, Class<T> type, double smoothing, Use<R> use) {
    try (Batches batches = RandomImages.batches(scored.spec(), IMAGES_PER_BATCH, 1, 5);
        BatchStream stream = batches.open(0, 0);
        Batch batch = stream.next();
        SwapGraph<T> graph =
            new SwapGraph<>(
                type,
                scored.network(),
                scored.spec(),
                scored.state(),
                scored.kernels(),
                Losses.Targets.smoothed(smoothing, scored.spec().classes()),
                Scored.ONE_THREAD,
                batch)) {
      return use.of(graph, batch);
    }
  }

  private static KernelSwap swap(String kernel, int revived, int removed) {
    return new KernelSwap(kernel, new Swap(new int[] {revived}, new int[] {removed}));
  }

  /** Swaps in both kernels, with the swapped weights scaled. */
  private static Scored scaled(Scored scored, double scale, List<KernelSwap> swaps) {
    Map<String, HostTensor> values = new LinkedHashMap<>();
    for (KernelSwap swap : swaps) {
      HostTensor weights = values.getOrDefault(swap.kernel(), scored.state().get(swap.kernel()));
      float[] moved = weights.values().clone();
      moved[swap.swap().revived()[0]] *= (float) scale;
      moved[swap.swap().removed()[0]] *= (float) scale;
      values.put(swap.kernel(), new HostTensor(weights.shape(), moved));
    }
    return scored.with(values);
  }

  /** |ΔL − D1| falls with the square of the swapped weights' size, D1 with the size itself. */
  @Test
  void thePredictionIsRightToFirstOrder() {
    List<KernelSwap> swaps =
        List.of(
            swap("hidden0/kernel", 5, 8),
            swap("hidden1/kernel", 3, 12),
            swap("linear/kernel", 7, 2));
    double before = 0;
    for (double scale : new double[] {.1, .01, .001}) {
      double[] measured =
          on(
              scaled(SMOOTH, scale, swaps),
              TFloat64.class,
              0.1,
              (graph, batch) ->
                  new double[] {
                    swaps.stream().mapToDouble(graph::predicted).sum(),
                    graph.after(swaps) - graph.after(List.of())
                  });
      double error = Math.abs(measured[1] - measured[0]);
      assertThat(error).isLessThan(scale * Math.abs(measured[0]));
      assertThat(Math.abs(measured[0])).isGreaterThan(1e-3 * scale);
      if (before > 0) {
        assertThat(before / error).isBetween(80., 125.);
      }
      before = error;
    }
  }

  /**
   * A step of plain SGD from equal scores: a swap that it wants lowers the loss whenever D1 exceeds
   * the second-order term, which is bounded by what it is for weights ten times as large.
   */
  @Test
  void oneSwapByTheRuleLowersTheLoss() {
    Parameter kernel = SMOOTH.kernels().get(0);
    double bound = 100 * worst(swapsOf(small(kernel, .1)));
    int sure = 0;
    List<double[]> swaps = swapsOf(small(kernel, .01));
    for (double[] swap : swaps) {
      assertThat(swap[0]).as("predicted").isNegative();
      if (-swap[0] > bound * 1e-4) {
        assertThat(swap[1]).as("actual, predicted %s", swap[0]).isNegative();
        sure++;
      }
    }
    assertThat(swaps).hasSizeGreaterThan(20);
    assertThat(sure).isGreaterThan(15);
  }

  private static double worst(List<double[]> swaps) {
    return swaps.stream().mapToDouble(s -> Math.abs(s[1] - s[0])).max().orElseThrow();
  }

  private static Scored small(Parameter kernel, double scale) {
    float[] weights = SMOOTH.weights(kernel.name()).clone();
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= (float) scale;
    }
    return SMOOTH.with(kernel, weights);
  }

  /** D1 and ΔL of the first kernel's wanted swaps, each alone. */
  private static List<double[]> swapsOf(Scored scored) {
    Parameter kernel = scored.kernels().get(0);
    boolean[] kept = Mask.of(scored.state().get(kernel.mask())).toBooleans();
    return on(
        scored,
        TFloat64.class,
        0,
        (graph, batch) -> {
          float[] scores = new float[kernel.size()];
          for (int i = 0; i < scores.length; i++) {
            Swap only = new Swap(new int[] {i}, new int[0]);
            scores[i] = (float) -graph.predicted(new KernelSwap(kernel.name(), only));
          }
          SwapRanking ranking =
              SwapRanking.of(new FreePattern().units(kernel), scores, kept, kernel.size());
          double start = graph.after(List.of());
          List<double[]> measured = new ArrayList<>();
          for (Swap swap : ranking.swaps().subList(0, ranking.wanted())) {
            KernelSwap one = new KernelSwap(kernel.name(), swap);
            measured.add(new double[] {graph.predicted(one), graph.after(List.of(one)) - start});
          }
          return measured;
        });
  }

  /** A linear network's loss, with smoothed labels, added up by hand. */
  @Test
  void theLossIsThatOfTheSwappedMask() {
    Scored linear = masked(Scored.of(new PlainNetwork(List.of(), false), IMAGES));
    float[] weights = linear.weights("linear/kernel");
    List<KernelSwap> swaps = List.of(swap("linear/kernel", 1, 0), swap("linear/kernel", 33, 40));
    on(
        linear,
        TFloat64.class,
        0.2,
        (graph, batch) -> {
          boolean[] kept = new boolean[weights.length];
          for (int i = 0; i < kept.length; i += 2) {
            kept[i] = true;
          }
          double before = byHand(weights, kept, batch);
          kept[1] = kept[33] = true;
          kept[0] = kept[40] = false;
          double after = byHand(weights, kept, batch);
          assertThat(graph.after(List.of())).isCloseTo(before, within(1e-12));
          assertThat(graph.after(swaps)).isCloseTo(after, within(1e-12));
          assertThat(graph.after(List.of())).as("as it was").isCloseTo(before, within(1e-12));
          assertThat(Math.abs(after - before)).isGreaterThan(1e-4);
          return null;
        });
  }

  /** ε = 0.2 over five classes; biases are drawn as 0. */
  private static double byHand(float[] weights, boolean[] kept, Batch batch) {
    int classes = IMAGES.classes();
    int inputs = weights.length / classes;
    double loss = 0;
    for (int image = 0; image < batch.size(); image++) {
      double[] logits = new double[classes];
      for (int i = 0; i < weights.length; i++) {
        if (kept[i]) {
          logits[i % classes] += (double) weights[i] * batch.images()[image * inputs + i / classes];
        }
      }
      double sum = 0;
      for (double logit : logits) {
        sum += Math.exp(logit);
      }
      for (int c = 0; c < classes; c++) {
        double target = (batch.labels()[image] == c ? 0.8 : 0) + 0.2 / classes;
        loss += target * (Math.log(sum) - logits[c]) / batch.size();
      }
    }
    return loss;
  }

  /** In float32, with batch norm: the same masks give the same bits, whatever came between. */
  @Test
  void nothingMoves() {
    Scored resnet =
        masked(
            Scored.of(
                Networks.REGISTRY.create(
                    dev.jackpot.config.proto.Network.newBuilder()
                        .setCifarResnet(CifarResNet.newBuilder().setDepth(8).setWidth(4))
                        .build()),
                new NetworkSpec(8, 8, 3, 4)));
    String kernel = resnet.kernels().get(0).name();
    List<KernelSwap> swaps = List.of(swap(kernel, 1, 2), swap(kernel, 5, 4));
    on(
        resnet,
        TFloat32.class,
        0,
        (graph, batch) -> {
          double before = graph.after(List.of());
          double after = graph.after(swaps);
          assertThat(graph.after(swaps.subList(0, 1))).isNotEqualTo(after);
          assertThat(graph.after(swaps)).isEqualTo(after).isNotEqualTo(before);
          assertThat(graph.after(List.of())).isEqualTo(before);
          return null;
        });
  }
}
