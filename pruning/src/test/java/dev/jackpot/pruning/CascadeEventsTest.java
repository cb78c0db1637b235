package dev.jackpot.pruning;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import dev.jackpot.config.proto.PruningSchedule;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;
import dev.jackpot.pruning.PruningEvents.Cut;
import dev.jackpot.pruning.PruningEvents.Found;
import dev.jackpot.pruning.PruningEvents.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

class CascadeEventsTest {
  private static final List<Parameter> KERNELS =
      List.of(
          new Parameter("a/kernel", Role.CONVOLUTION_KERNEL, Shape.of(1, 1, 10, 6)),
          new Parameter("b/kernel", Role.CONVOLUTION_KERNEL, Shape.of(1, 1, 8, 5)));
  private static final int SIZE = 100;

  private static PruningSchedule schedule(String text) {
    try {
      return TextFormat.parse(text, PruningSchedule.class);
    } catch (TextFormat.ParseException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static CascadeEvents cascade(String options, Harvest harvest) {
    PruningSchedule schedule =
        schedule(
            "to { sparsity: 0.9 } cascade { seed_fraction: 0.2 %s } begin: 1 end: 9 interval: 2"
                .formatted(options));
    return new CascadeEvents(schedule, Shrinking.of(schedule.getTo()), harvest, 0);
  }

  /** So many of the smallest, whatever the loss. */
  private static Harvest smallest(long count) {
    FreeThreshold free = new FreeThreshold(1, count, SIZE, 0, 0, 0, 2);
    return new Harvest.Free(found -> free);
  }

  private static Map<String, HostTensor> weights(long seed) {
    Random random = new Random(seed);
    Map<String, HostTensor> weights = new LinkedHashMap<>();
    for (Parameter kernel : KERNELS) {
      float[] values = new float[kernel.size()];
      for (int i = 0; i < values.length; i++) {
        // many equal ones
        values[i] = Math.round(10 * random.nextGaussian()) / 10f;
      }
      weights.put(kernel.name(), new HostTensor(kernel.shape(), values));
    }
    return weights;
  }

  private static Found found(long seed, Map<String, Mask> masks) {
    return new Found(KERNELS, weights(seed), masks, 1, m -> NetworkGradients.NONE);
  }

  private static Map<String, Mask> pruned(long count) {
    Shrinking shrinking = Shrinking.of(schedule("to { sparsity: 0.5 }").toBuilder().getTo());
    return shrinking.masks(KERNELS, weights(1), Map.of(), count, 1, NetworkGradients.NONE).byName();
  }

  private static long pruned(Cut cut) {
    return cut.masks().pruned();
  }

  @Test
  void theSeedIsAShareOfAll() {
    List<Cut> cuts = cascade("", smallest(0)).at(1, found(1, Map.of()));
    assertThat(cuts).extracting(Cut::kind).containsExactly(Kind.SEED);
    assertThat(pruned(cuts.get(0))).isEqualTo(20);
    // more than that is pruned already
    assertThat(cascade("", smallest(0)).at(1, found(1, pruned(33)))).isEmpty();
  }

  @Test
  void aGoodHarvestIsAllThatIsDone() {
    List<Cut> cuts = cascade("least_harvest: 0.1", smallest(8)).at(3, found(1, pruned(20)));
    assertThat(cuts).extracting(Cut::kind).containsExactly(Kind.HARVEST);
    assertThat(pruned(cuts.get(0))).isEqualTo(28);
  }

  @Test
  void aSmallHarvestIsFollowedByAPush() {
    // 7 of 80 are less than a tenth; a push prunes floor(0.25 · 73)
    List<Cut> cuts =
        cascade("least_harvest: 0.1 push_fraction: 0.25", smallest(7)).at(3, found(1, pruned(20)));
    assertThat(cuts).extracting(Cut::kind).containsExactly(Kind.HARVEST, Kind.PUSH);
    assertThat(cuts).extracting(CascadeEventsTest::pruned).containsExactly(27L, 45L);
  }

  /** Without a fraction pushes lead to the end by equal factors. */
  @Test
  void pushesOfTheirOwnSizeLeadToTheEnd() {
    CascadeEvents events = cascade("least_harvest: 1", smallest(0));
    // events at 1, 3, 5, 7 and 9: from 80 left to 10 in four steps, 80 / 8^(1/4) = 47.57
    List<Cut> cuts = events.at(3, found(1, pruned(20)));
    assertThat(cuts).extracting(CascadeEventsTest::pruned).containsExactly(20L, 52L);
    // 48 / 4.8^(1/3) = 28.46
    assertThat(events.at(5, found(1, pruned(52))))
        .extracting(CascadeEventsTest::pruned)
        .containsExactly(52L, 71L);
    // 29 / 2.9^(1/2) = 17.03
    assertThat(events.at(7, found(1, pruned(71))))
        .extracting(CascadeEventsTest::pruned)
        .containsExactly(71L, 82L);
    assertThat(events.at(9, found(1, pruned(82))))
        .extracting(CascadeEventsTest::pruned)
        .containsExactly(90L);
  }

  @Test
  void nothingGoesBeyondTheEnd() {
    List<Cut> cuts = cascade("", smallest(70)).at(5, found(1, pruned(50)));
    assertThat(cuts).extracting(CascadeEventsTest::pruned).containsExactly(90L);
    List<Cut> pushed = cascade("push_fraction: 0.9", smallest(0)).at(5, found(1, pruned(88)));
    assertThat(pushed).extracting(CascadeEventsTest::pruned).containsExactly(88L, 90L);
    assertThat(cascade("", smallest(5)).at(7, found(1, pruned(90)))).isEmpty();
    assertThat(cascade("", smallest(5)).at(9, found(1, pruned(90)))).isEmpty();
  }

  @Test
  void theEndIsExact() {
    List<Cut> cuts = cascade("", smallest(3)).at(9, found(1, pruned(50)));
    assertThat(cuts).extracting(Cut::kind).containsExactly(Kind.FINAL);
    assertThat(pruned(cuts.get(0))).isEqualTo(90);
  }

  /**
   * Whatever the weights become: masks are nested, and what goes is never larger than what stays.
   */
  @Test
  void harvestsTakeTheSmallestThatAreLeft() {
    CascadeEvents events = cascade("push_fraction: 0.05", smallest(4));
    Map<String, Mask> masks = Map.of();
    for (int time = 1; time <= 9; time += 2) {
      Found found = found(time, masks);
      for (Cut cut : events.at(time, found)) {
        float largestGone = 0;
        float smallestLeft = Float.POSITIVE_INFINITY;
        for (Parameter kernel : KERNELS) {
          Mask before = masks.get(kernel.name());
          Mask after = cut.masks().get(kernel.name());
          for (int i = 0; i < kernel.size(); i++) {
            float magnitude = Math.abs(found.weights().get(kernel.name()).values()[i]);
            if (after.kept(i)) {
              assertThat(before == null || before.kept(i)).isTrue();
              smallestLeft = Math.min(smallestLeft, magnitude);
            } else if (before == null || before.kept(i)) {
              largestGone = Math.max(largestGone, magnitude);
            }
          }
        }
        assertThat(largestGone).isLessThanOrEqualTo(smallestLeft);
        masks = cut.masks().byName();
      }
    }
    assertThat(new Masks(masks).pruned()).isEqualTo(90);
  }

  /** Of a kernel of small weights nothing goes that is not small for it. */
  @Test
  void smallIsRelativeToTheKernel() {
    List<Parameter> kernels =
        List.of(
            new Parameter("a/kernel", Role.DENSE_KERNEL, Shape.of(4, 1)),
            new Parameter("b/kernel", Role.DENSE_KERNEL, Shape.of(4, 1)));
    Map<String, HostTensor> start =
        Map.of(
            "a/kernel", new HostTensor(Shape.of(4, 1), new float[] {2, -2, 2, 99}),
            "b/kernel", new HostTensor(Shape.of(4, 1), new float[] {.02f, .02f, .02f, -.02f}));
    Mask last = Mask.of(Shape.of(4, 1), new boolean[] {true, true, true, false});
    Map<String, Double> rms = Harvest.rms(kernels, start, Map.of("a/kernel", last));
    assertThat(rms.get("a/kernel")).isEqualTo(2);
    assertThat(rms.get("b/kernel")).isCloseTo(0.02, org.assertj.core.api.Assertions.within(1e-9));
    Map<String, HostTensor> now =
        Map.of(
            "a/kernel", new HostTensor(Shape.of(4, 1), new float[] {.1f, -.3f, 2, 0}),
            "b/kernel", new HostTensor(Shape.of(4, 1), new float[] {.02f, .001f, .0015f, -.02f}));
    Harvest.Ripe ripe =
        new Harvest.Small(0.1, k -> rms)
            .of(
                kernels,
                new Found(kernels, now, Map.of("a/kernel", last), 1, m -> NetworkGradients.NONE));
    // 0.1 of a; 0.001 and 0.0015 of b; the last of a is pruned already
    assertThat(ripe.count()).isEqualTo(3);
    Masks before = new Masks(Map.of("a/kernel", last, "b/kernel", Mask.full(Shape.of(4, 1))));
    Masks two = Survivors.best(kernels, ripe.scores(), before, 5);
    // both of the smallest for their kernel: 0.1 / 2 and 0.001 / 0.02 tie, the later one goes first
    assertThat(two.get("b/kernel").kept() + two.get("a/kernel").kept()).isEqualTo(5);
    assertThat(two.get("a/kernel").kept(1)).isTrue();
    assertThat(two.get("b/kernel").kept(1)).isFalse();
  }

  @Test
  void aKernelThatIsGoneHasNoScale() {
    Parameter kernel = KERNELS.get(0);
    Mask none = Mask.of(kernel.shape(), new boolean[kernel.size()]);
    assertThat(Harvest.rms(List.of(kernel), weights(1), Map.of(kernel.name(), none)))
        .containsEntry(kernel.name(), 1.);
  }
}
