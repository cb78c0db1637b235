package dev.jackpot.pruning;

import dev.jackpot.config.JackpotException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How far two masks of the same kernels agree (lottery jackpots, section 4).
 *
 * @param total over all kernels
 * @param kernels by name, in the first masks' order
 */
public record Overlap(Agreement total, Map<String, Agreement> kernels) {
  /** Kernels that a message names. */
  private static final int LISTED = 4;

  /**
   * The agreement of masks A and B.
   *
   * @param common |A ∩ B|
   * @param keptA |A|
   * @param keptB |B|
   * @param expected E|A ∩ B| if B's positions were drawn at random at its own counts: Σ |A||B| / n
   *     over the kernels
   * @param variance of |A ∩ B| in that case (hypergeometric): Σ |A||B|(n − |A|)(n − |B|) / (n²(n −
   *     1))
   */
  public record Agreement(long common, long keptA, long keptB, double expected, double variance) {
    private static Agreement of(Mask a, Mask b) {
      double n = a.size();
      double draws = (double) a.kept() * b.kept();
      double variance = n > 1 ? draws * a.pruned() * b.pruned() / (n * n * (n - 1)) : 0;
      return new Agreement(a.intersection(b), a.kept(), b.kept(), n > 0 ? draws / n : 0, variance);
    }

    private Agreement plus(Agreement other) {
      return new Agreement(
          common + other.common,
          keptA + other.keptA,
          keptB + other.keptB,
          expected + other.expected,
          variance + other.variance);
    }

    /** |A ∩ B| / |A|, in [0, 1]; 1 if A keeps nothing. */
    public double share() {
      return keptA == 0 ? 1 : (double) common / keptA;
    }

    /** |A ∩ B| / |A ∪ B|, in [0, 1]; 1 if both keep nothing. */
    public double jaccard() {
      long union = keptA + keptB - common;
      return union == 0 ? 1 : (double) common / union;
    }

    /** Number of weights that one keeps and the other does not. */
    public long hamming() {
      return keptA + keptB - 2 * common;
    }

    /**
     * How many standard deviations |A ∩ B| lies above what chance gives; NaN if chance leaves no
     * choice (one of them keeps all or nothing in every kernel).
     */
    public double deviations() {
      return variance > 0 ? (common - expected) / Math.sqrt(variance) : Double.NaN;
    }

    /** The share that chance gives; with one kernel the density of B. */
    public double chance() {
      return keptA == 0 ? 1 : expected / keptA;
    }
  }

  /**
   * Compares two sets of masks.
   *
   * @throws JackpotException if they are not of the same kernels
   */
  public static Overlap of(Masks a, Masks b) {
    return of("A", a, "B", b);
  }

  /**
   * The same, with what messages call them.
   *
   * @throws JackpotException naming the kernels that only one of them has or that differ in shape
   */
  public static Overlap of(String nameA, Masks a, String nameB, Masks b) {
    requireSameKernels(nameA, a, nameB, b);
    Agreement total = new Agreement(0, 0, 0, 0, 0);
    Map<String, Agreement> kernels = new LinkedHashMap<>();
    for (Map.Entry<String, Mask> kernel : a.byName().entrySet()) {
      Agreement agreement = Agreement.of(kernel.getValue(), b.get(kernel.getKey()));
      kernels.put(kernel.getKey(), agreement);
      total = total.plus(agreement);
    }
    return new Overlap(total, kernels);
  }

  private static void requireSameKernels(String nameA, Masks a, String nameB, Masks b) {
    List<String> problems = new ArrayList<>();
    onlyIn(a, b).ifPresent(k -> problems.add("only %s has %s".formatted(nameA, k)));
    onlyIn(b, a).ifPresent(k -> problems.add("only %s has %s".formatted(nameB, k)));
    list(a.byName().entrySet().stream()
            .filter(
                e ->
                    b.names().contains(e.getKey())
                        && !b.get(e.getKey()).shape().equals(e.getValue().shape()))
            .map(
                e ->
                    "%s %s and %s"
                        .formatted(e.getKey(), e.getValue().shape(), b.get(e.getKey()).shape()))
            .toList())
        .ifPresent(k -> problems.add("of different shape are " + k));
    if (!problems.isEmpty()) {
      throw new JackpotException(
          "%s and %s are masks of different kernels and cannot be compared: %s"
              .formatted(nameA, nameB, String.join("; ", problems)));
    }
  }

  private static Optional<String> onlyIn(Masks masks, Masks others) {
    return list(masks.names().stream().filter(n -> !others.names().contains(n)).toList());
  }

  /** The first few of them. */
  private static Optional<String> list(List<String> names) {
    int more = names.size() - LISTED;
    String first = names.stream().limit(LISTED).collect(Collectors.joining(", "));
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(more > 0 ? first + " and %d more".formatted(more) : first);
  }
}
