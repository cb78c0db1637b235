package dev.jackpot.pruning;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.MaskRecipe;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Makes masks as a config says: a criterion scores the weights, a pattern ties them together, an
 * allocation says how much each kernel keeps. Pure: arrays in, masks out.
 */
public final class Recipe {
  private final MaskRecipe options;
  private final Criterion criterion;
  private final Criterion budget;
  private final Allocation allocation;
  private final Pattern pattern;
  private final Map<String, Mask> present;

  private Recipe(MaskRecipe options, Map<String, Mask> present) {
    this.options = options;
    this.present = Map.copyOf(present);
    this.criterion = Criteria.REGISTRY.create(options.getCriterion());
    this.budget =
        options.getAllocation().getGlobal().hasBy()
            ? Criteria.REGISTRY.create(options.getAllocation().getGlobal().getBy())
            : criterion;
    this.allocation = Allocations.REGISTRY.create(options.getAllocation());
    this.pattern = Patterns.REGISTRY.create(options.getPattern());
  }

  /**
   * The recipe of these options.
   *
   * @throws ConfigException if they name a plug-in that is not on the class path
   */
  public static Recipe of(MaskRecipe options) {
    return new Recipe(options, Map.of());
  }

  /** The same at another sparsity, in [0, 1). */
  Recipe at(double sparsity) {
    return new Recipe(options.toBuilder().setSparsity(sparsity).build(), present);
  }

  /**
   * The same for masks that only shrink: a unit of which nothing is kept ranks below all others,
   * and a weight that is pruned stays so.
   *
   * @param masks by kernel name; a kernel without one has all its weights
   */
  Recipe within(Map<String, Mask> masks) {
    return new Recipe(options, masks);
  }

  /** How much of a kernel there is to keep. */
  UnitCount count(Parameter kernel) {
    Units units = pattern.units(kernel);
    Mask mask = present.get(kernel.name());
    return new UnitCount(
        mask == null ? units.count() : mask.reduced(units).cardinality(),
        units.count(),
        units.fixed());
  }

  /**
   * Units of a kernel.
   *
   * @param kept of which something is kept
   * @param fixed how many the pattern keeps, if it alone decides
   */
  record UnitCount(int kept, int all, OptionalInt fixed) {}

  /** What it was made of. */
  public MaskRecipe options() {
    return options;
  }

  /** How the recipe's pattern divides a kernel. */
  public Units units(Parameter kernel) {
    return pattern.units(kernel);
  }

  /**
   * {@link #masks(Collection, Map, long, NetworkGradients)} by a criterion that needs no gradients.
   */
  public Masks masks(Collection<Parameter> parameters, Map<String, HostTensor> weights, long seed) {
    return masks(parameters, weights, seed, NetworkGradients.NONE);
  }

  /**
   * The masks of a network's prunable kernels.
   *
   * @param parameters of the network, in its order
   * @param weights values by name, of the kernels at least
   * @param seed of random scores that have none of their own
   * @param network its gradients at these weights
   * @throws ConfigException if no kernel may be pruned, or a rule matches nothing
   * @throws dev.jackpot.config.JackpotException naming the kernel, if a score is NaN
   */
  public Masks masks(
      Collection<Parameter> parameters,
      Map<String, HostTensor> weights,
      long seed,
      NetworkGradients network) {
    List<Parameter> kernels = prunable(parameters);
    Optional<Map<String, Candidates>> ranked = Optional.empty();
    if (budget != criterion) {
      Rounds free = Rounds.free(kernels, options.getSparsity());
      ScoringInput input = new ScoringInput(kernels, weights, seed, network, free);
      ranked = Optional.of(candidates(budget, kernels, budget.scores(input)));
    }
    Optional<Map<String, Candidates>> by = ranked;
    Rounds rounds = rounds(kernels, by);
    Map<String, float[]> scores =
        criterion.scores(new ScoringInput(kernels, weights, seed, network, rounds));
    return rounds.masks(scores, rounds.sparsity());
  }

  private Rounds rounds(List<Parameter> kernels, Optional<Map<String, Candidates>> by) {
    Rounds.Choice choice = (scores, sparsity) -> select(kernels, scores, by, sparsity);
    Map<String, Integer> fixed = fixed(kernels);
    if (fixed.size() == kernels.size()) {
      long kept = fixed.values().stream().mapToLong(n -> n).sum();
      return Rounds.around(kernels, kept, choice);
    } else if (allocation instanceof ExplicitAllocation) {
      Map<String, Candidates> unscored = unscored(kernels);
      Map<String, Integer> units = new LinkedHashMap<>();
      unscored.forEach((name, k) -> units.put(name, k.units()));
      Map<String, Integer> kept = kept(kernels, unscored, options.getSparsity());
      return Rounds.towards(
          units,
          kept,
          (scores, now) -> masks(kernels, candidates(criterion, kernels, scores), now));
    }
    return isOneThreshold()
        ? Rounds.global(kernels, options.getSparsity(), choice)
        : Rounds.of(options.getSparsity(), choice);
  }

  /**
   * Finds what {@link #masks} would fail at whatever the weights are: rules that match nothing, a
   * sample larger than the data, kernels that no flow goes through.
   *
   * @param parameters of the network, in its order
   * @param network asked for nothing that needs weights
   * @return the prunable kernels
   * @throws ConfigException with every rule that matches nothing, or else with what the criterion
   *     lacks
   */
  public List<Parameter> check(Collection<Parameter> parameters, NetworkGradients network) {
    List<Parameter> kernels = prunable(parameters);
    List<String> open =
        kernels.stream()
            .filter(k -> pattern.units(k).fixed().isEmpty())
            .map(Parameter::name)
            .toList();
    if (!open.isEmpty()) {
      allocation.check(open);
    }
    criterion.check(kernels, network);
    if (budget != criterion) {
      budget.check(kernels, network);
    }
    return kernels;
  }

  private List<Parameter> prunable(Collection<Parameter> parameters) {
    List<Parameter> kernels = PrunableKernels.of(options.getPrunable(), parameters);
    if (kernels.isEmpty()) {
      throw new ConfigException(
          "prunable: leaves none of the network's %d kernels to be pruned; expected at least one"
              .formatted(parameters.stream().filter(p -> p.role().isKernel()).count()));
    }
    return kernels;
  }

  /** Whether weights are chosen each by itself, by their scores alone, over all kernels. */
  private boolean isOneThreshold() {
    return budget == criterion
        && allocation instanceof GlobalAllocation
        && pattern instanceof FreePattern
        && present.isEmpty();
  }

  /**
   * Masks of given scores.
   *
   * @param ranked what an allocation goes by, if not by the scores themselves
   */
  private Masks select(
      List<Parameter> kernels,
      Map<String, float[]> scores,
      Optional<Map<String, Candidates>> ranked,
      double sparsity) {
    Map<String, Candidates> candidates = candidates(criterion, kernels, scores);
    return masks(kernels, candidates, kept(kernels, ranked.orElse(candidates), sparsity));
  }

  private Masks masks(
      List<Parameter> kernels, Map<String, Candidates> candidates, Map<String, Integer> kept) {
    Map<String, Mask> masks = new LinkedHashMap<>();
    for (Parameter kernel : kernels) {
      float[] of = candidates.get(kernel.name()).scores();
      masks.put(kernel.name(), mask(kernel, of, kept.get(kernel.name())));
    }
    return new Masks(masks);
  }

  private Mask mask(Parameter kernel, float[] scores, int kept) {
    Mask before = present.get(kernel.name());
    Units units = pattern.units(kernel);
    if (before == null) {
      return units.mask(scores, kept);
    }
    int most =
        units.fixed().isPresent() ? kept : Math.min(kept, before.reduced(units).cardinality());
    return units.mask(scores, most).and(before);
  }

  /** Units of which nothing is left come last. */
  private float[] ranked(Parameter kernel, float[] scores) {
    Mask before = present.get(kernel.name());
    if (before == null) {
      return scores;
    }
    BitSet left = before.reduced(pattern.units(kernel));
    float[] ranked = scores.clone();
    for (int unit = 0; unit < ranked.length; unit++) {
      if (!left.get(unit)) {
        ranked[unit] = Float.NEGATIVE_INFINITY;
      }
    }
    return ranked;
  }

  /** Scores by unit. */
  private Map<String, Candidates> candidates(
      Criterion by, List<Parameter> kernels, Map<String, float[]> scores) {
    Map<String, Candidates> candidates = new LinkedHashMap<>();
    for (Parameter kernel : kernels) {
      float[] all = scores.get(kernel.name());
      if (all == null || all.length != kernel.size()) {
        throw new IllegalStateException(
            "%s gave kernel %s %s scores; expected %d"
                .formatted(
                    by.getClass().getName(),
                    kernel.name(),
                    all == null ? "no" : all.length,
                    kernel.size()));
      }
      MaskSelection.requireNumbers(kernel.name(), all);
      float[] reduced = pattern.units(kernel).scores(all, by.reduction());
      candidates.put(kernel.name(), new Candidates(kernel.shape(), ranked(kernel, reduced)));
    }
    return candidates;
  }

  /** For an allocation that does not go by scores. */
  private Map<String, Candidates> unscored(List<Parameter> kernels) {
    Map<String, Candidates> candidates = new LinkedHashMap<>();
    for (Parameter kernel : kernels) {
      float[] none = new float[pattern.units(kernel).count()];
      candidates.put(kernel.name(), new Candidates(kernel.shape(), none));
    }
    return candidates;
  }

  /** The counts that the pattern alone decides. */
  private Map<String, Integer> fixed(List<Parameter> kernels) {
    Map<String, Integer> fixed = new LinkedHashMap<>();
    for (Parameter kernel : kernels) {
      pattern.units(kernel).fixed().ifPresent(k -> fixed.put(kernel.name(), k));
    }
    return fixed;
  }

  private Map<String, Integer> kept(
      List<Parameter> kernels, Map<String, Candidates> candidates, double sparsity) {
    Map<String, Integer> fixed = fixed(kernels);
    if (fixed.size() == kernels.size()) {
      return fixed;
    }
    Map<String, Candidates> open = new LinkedHashMap<>(candidates);
    open.keySet().removeAll(fixed.keySet());
    Map<String, Integer> kept = new LinkedHashMap<>(allocation.kept(open, sparsity));
    kept.putAll(fixed);
    return kept;
  }
}
