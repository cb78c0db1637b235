package dev.jackpot.pruning;

import dev.jackpot.config.JackpotException;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;
import org.tensorflow.ndarray.Shape;

/**
 * How the weights that masks keep lie in the groups of an N:M pattern, and what projecting them to
 * it would cost (docs/magnitude-pruning.md). If whole channels were shed, groups are empty and
 * their slots are lost, while others must give up weights that matter: weights in clusters are bad
 * for N:M and good for the removal of whole channels.
 *
 * @param n kept in each group
 * @param m input channels in a group
 * @param total over all kernels
 * @param kernels by name; a depthwise kernel, whose filters see one channel, has no groups and is
 *     left out
 */
public record GroupOccupancy(int n, int m, Tally total, Map<String, Tally> kernels) {

  /**
   * Of one kernel or of all.
   *
   * @param groups how many whole groups have 0, 1, … m live weights; a last, shorter group of
   *     channels is not among them
   * @param expected the same, if each kernel's live weights lay at random places: C(m, j) dʲ (1 −
   *     d)^(m − j) of its groups, d = its density
   * @param live weights that the masks keep
   * @param excess live weights beyond n in their group (all groups): those that the projection
   *     prunes
   * @param unused slots of groups with fewer live weights than the pattern would keep
   * @param mass Σ|w| of the live weights; NaN without weights
   * @param lostMass Σ|w| of those that the projection prunes: all but the n largest of each group
   */
  public record Tally(
      List<Long> groups,
      List<Double> expected,
      long live,
      long excess,
      long unused,
      double mass,
      double lostMass) {
    public Tally {
      groups = List.copyOf(groups);
      expected = List.copyOf(expected);
    }

    /** Whole groups. */
    public long wholeGroups() {
      return groups.stream().mapToLong(g -> g).sum();
    }

    /** Share of |w| that the projection takes away, in [0, 1]; NaN without weights. */
    public double lostShare() {
      return mass == 0 ? 0 : lostMass / mass;
    }

    private Tally plus(Tally other) {
      return new Tally(
          sums(groups, other.groups, Long::sum),
          sums(expected, other.expected, Double::sum),
          live + other.live,
          excess + other.excess,
          unused + other.unused,
          mass + other.mass,
          lostMass + other.lostMass);
    }

    private static <T> List<T> sums(List<T> a, List<T> b, BinaryOperator<T> plus) {
      return IntStream.range(0, a.size()).mapToObj(i -> plus.apply(a.get(i), b.get(i))).toList();
    }
  }

  /**
   * Counts.
   *
   * @param weights values by name; empty where only positions are asked for
   * @param n from 1 to m
   * @param m at least 1
   * @throws JackpotException naming the kernel, if there are weights but none of its shape
   */
  public static GroupOccupancy of(Masks masks, Map<String, HostTensor> weights, int n, int m) {
    if (n < 1 || m < n) {
      throw new IllegalArgumentException("%d:%d; expected 1 ≤ n ≤ m".formatted(n, m));
    }
    Map<String, Tally> kernels = new LinkedHashMap<>();
    masks
        .byName()
        .forEach(
            (name, mask) -> {
              if (!isDepthwise(mask.shape())) {
                kernels.put(name, tally(mask, values(name, mask, weights), n, m));
              }
            });
    double noMass = weights.isEmpty() ? Double.NaN : 0;
    Tally none =
        new Tally(
            Collections.nCopies(m + 1, 0L),
            Collections.nCopies(m + 1, 0.),
            0,
            0,
            0,
            noMass,
            noMass);
    return new GroupOccupancy(n, m, kernels.values().stream().reduce(none, Tally::plus), kernels);
  }

  /**
   * Masks alone do not tell what a kernel is to its network: one output channel of several taps is
   * a depthwise kernel with a multiplier of 1, which all networks here have.
   */
  private static boolean isDepthwise(Shape shape) {
    return shape.numDimensions() == 4
        && shape.get(3) == 1
        && shape.get(0) * shape.get(1) > 1
        && shape.get(2) > 1;
  }

  private static float[] values(String name, Mask mask, Map<String, HostTensor> weights) {
    if (weights.isEmpty()) {
      return new float[0];
    }
    HostTensor values = weights.get(name);
    if (values == null || !values.shape().equals(mask.shape())) {
      throw new JackpotException(
          "kernel %s: found weights of shape %s; expected the mask's %s"
              .formatted(name, values == null ? "none" : values.shape(), mask.shape()));
    }
    return values.values();
  }

  private static Tally tally(Mask mask, float[] weights, int n, int m) {
    Role role = mask.shape().numDimensions() == 2 ? Role.DENSE_KERNEL : Role.CONVOLUTION_KERNEL;
    KernelMatrix matrix = KernelMatrix.of(new Parameter("kernel", role, mask.shape()));
    NmUnits units = new NmUnits(mask.shape(), matrix, n, m);
    long[] groups = new long[m + 1];
    long[] counts = new long[2];
    units.forEach(
        (first, size) -> {
          int live = 0;
          for (int i = 0; i < size; i++) {
            live += mask.kept(first + i * matrix.columns()) ? 1 : 0;
          }
          if (size == m) {
            groups[live]++;
          }
          counts[0] += Math.max(0, live - n);
          counts[1] += Math.max(0, Math.min(n, size) - live);
        });
    double mass = weights.length == 0 ? Double.NaN : 0;
    double lost = mass;
    if (weights.length > 0) {
      Mask left = projected(mask, weights, units);
      for (int i = 0; i < weights.length; i++) {
        double magnitude = mask.kept(i) ? Math.abs(weights[i]) : 0;
        mass += magnitude;
        lost += left.kept(i) ? 0 : magnitude;
      }
    }
    return new Tally(
        Arrays.stream(groups).boxed().toList(),
        expected(groups, mask.density()),
        mask.kept(),
        counts[0],
        counts[1],
        mass,
        lost);
  }

  /** The n largest |w| of each group, of those that the mask keeps. */
  private static Mask projected(Mask mask, float[] weights, NmUnits units) {
    float[] scores = new float[weights.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = mask.kept(i) ? Math.abs(weights[i]) : Rounds.BELOW_EVERYTHING;
    }
    return units.mask(scores, units.fixed().orElseThrow()).and(mask);
  }

  private static List<Double> expected(long[] groups, double density) {
    long all = Arrays.stream(groups).sum();
    return binomial(groups.length - 1, density).stream().map(share -> share * all).toList();
  }

  /** C(m, j) dʲ (1 − d)^(m − j) for j = 0 … m. */
  static List<Double> binomial(int m, double density) {
    // row by row of Pascal's triangle, weighted: no factorials, no cancellation
    double[] shares = new double[m + 1];
    shares[0] = 1;
    for (int row = 1; row <= m; row++) {
      for (int j = row; j >= 0; j--) {
        shares[j] = shares[j] * (1 - density) + (j > 0 ? shares[j - 1] * density : 0);
      }
    }
    return Arrays.stream(shares).boxed().toList();
  }
}
