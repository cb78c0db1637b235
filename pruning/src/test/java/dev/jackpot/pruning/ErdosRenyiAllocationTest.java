package dev.jackpot.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

class ErdosRenyiAllocationTest {
  private static final Allocation ERK = new ErdosRenyiAllocation(true);
  private static final Allocation ER = new ErdosRenyiAllocation(false);

  private static Candidates candidates(long... shape) {
    Shape s = Shape.of(shape);
    return new Candidates(s, new float[(int) s.size()]);
  }

  /** The reference implementation's small network. */
  private static Map<String, Candidates> example() {
    Map<String, Candidates> kernels = new LinkedHashMap<>();
    kernels.put("a", candidates(3, 3, 3, 16));
    kernels.put("b", candidates(3, 3, 16, 16));
    kernels.put("c", candidates(3, 3, 16, 32));
    kernels.put("d", candidates(3, 3, 32, 64));
    kernels.put("e", candidates(64, 10));
    return kernels;
  }

  /** Densities that the reference implementation gives, to four digits. */
  @Test
  void densitiesOfTheReference() {
    check(0.9, 0.5289, 0.1507, 0.1071, 0.0506, 1);
    check(0.95, 0.2609, 0.0743, 0.0528, 0.0249, 0.5212);
  }

  private static void check(double sparsity, double... densities) {
    Map<String, Candidates> kernels = example();
    Map<String, Integer> kept = ERK.kept(kernels, sparsity);
    int i = 0;
    for (Map.Entry<String, Integer> kernel : kept.entrySet()) {
      int size = kernels.get(kernel.getKey()).units();
      assertThat((double) kernel.getValue())
          .as("%s at %s", kernel.getKey(), sparsity)
          .isCloseTo(densities[i++] * size, within(1 + 0.00005 * size));
    }
  }

  /** By hand: raw 5/6 · 6 = 5 and 7/10 · 10 = 7 of 12 weighted units share 8 of 16: 3⅓ and 4⅔. */
  @Test
  void countsByHand() {
    Map<String, Candidates> kernels = new LinkedHashMap<>();
    kernels.put("a", candidates(2, 3));
    kernels.put("b", candidates(2, 5));
    assertThat(ERK.kept(kernels, 0.5)).containsExactly(Map.entry("a", 3), Map.entry("b", 5));
    assertThat(ER.kept(kernels, 0.5)).isEqualTo(ERK.kept(kernels, 0.5));
  }

  /** [3, 3, 2, 2]: (2 + 2)/(2 · 2) = 1 for ER, 10/36 for ERK. */
  @Test
  void erSeesChannelsOnly() {
    Map<String, Candidates> kernels = new LinkedHashMap<>();
    kernels.put("a", candidates(3, 3, 2, 2));
    kernels.put("b", candidates(6, 6));
    // ER: 36 · 1 and 36 · 1/3 of 48 share 36: 27 and 9. ERK: 10 and 12 of 22: 16.4 and 19.6.
    assertThat(ER.kept(kernels, 0.5)).containsExactly(Map.entry("a", 27), Map.entry("b", 9));
    assertThat(ERK.kept(kernels, 0.5)).containsExactly(Map.entry("a", 16), Map.entry("b", 20));
  }

  @Test
  void sumsAreExactWithinSizesAndNearTheDensities() {
    Random random = new Random(4);
    for (int trial = 0; trial < 300; trial++) {
      Map<String, Candidates> kernels = draw(random);
      long size = kernels.values().stream().mapToLong(Candidates::units).sum();
      double sparsity = random.nextInt(1000) / 1000.0;
      long wanted = Counts.kept(sparsity, size);
      Map<String, Integer> kept = ERK.kept(kernels, sparsity);
      assertThat(kept.values().stream().mapToLong(k -> k).sum()).isEqualTo(wanted);
      double[] raw = kernels.values().stream().mapToDouble(k -> raw(k.shape())).toArray();
      long[] sizes = kernels.values().stream().mapToLong(Candidates::units).toArray();
      double[] densities = ErdosRenyiAllocation.densities(raw, sizes, wanted);
      int i = 0;
      for (String name : kernels.keySet()) {
        assertThat(kept.get(name)).isBetween(0, (int) sizes[i]);
        assertThat(densities[i]).isBetween(0.0, 1 + 1e-12);
        assertThat((double) kept.get(name)).isCloseTo(densities[i] * sizes[i], within(2.0));
        i++;
      }
    }
  }

  /** Density falls as raw falls; a larger kernel of one kind has the smaller raw value. */
  @Test
  void largerKernelsAreSparser() {
    Map<String, Candidates> kernels = new LinkedHashMap<>();
    for (int width : new int[] {8, 16, 32, 64}) {
      kernels.put("w" + width, candidates(3, 3, width, width));
    }
    double last = 1;
    Map<String, Integer> kept = ERK.kept(kernels, 0.9);
    for (String name : kernels.keySet()) {
      double density = (double) kept.get(name) / kernels.get(name).units();
      assertThat(density).isLessThan(last);
      last = density;
    }
  }

  /** Largest remainders would break this now and then. */
  @Test
  void noKernelGetsMoreAtAHigherSparsity() {
    Random random = new Random(5);
    for (int trial = 0; trial < 20; trial++) {
      Map<String, Candidates> kernels = draw(random);
      Map<String, Integer> before = ERK.kept(kernels, 0);
      kernels.forEach((name, k) -> assertThat(ERK.kept(kernels, 0)).containsEntry(name, k.units()));
      for (int thousandth = 1; thousandth < 1000; thousandth += 3) {
        Map<String, Integer> now = ERK.kept(kernels, thousandth / 1000.0);
        for (String name : kernels.keySet()) {
          assertThat(now.get(name)).isLessThanOrEqualTo(before.get(name));
        }
        before = now;
      }
    }
  }

  private static Map<String, Candidates> draw(Random random) {
    Map<String, Candidates> kernels = new LinkedHashMap<>();
    List<Parameter> drawn = Kernels.draw(random, 1 + random.nextInt(7));
    drawn.stream()
        .filter(k -> k.role() != Role.DEPTHWISE_KERNEL)
        .forEach(k -> kernels.put(k.name(), new Candidates(k.shape(), new float[k.size()])));
    return kernels;
  }

  private static double raw(Shape shape) {
    double sum = 0;
    double product = 1;
    for (long s : shape.asArray()) {
      sum += s;
      product *= s;
    }
    return sum / product;
  }
}
