package dev.jackpot.pruning;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.MaskRecipe;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  private Recipe(MaskRecipe options) {
    this.options = options;
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
    return new Recipe(options);
  }

  /** What it was made of. */
  public MaskRecipe options() {
    return options;
  }

  /** How the recipe's pattern divides a kernel. */
  public Units units(Parameter kernel) {
    return pattern.units(kernel);
  }

  /**
   * The masks of a network's prunable kernels.
   *
   * @param parameters of the network, in its order
   * @param weights values by name, of the kernels at least
   * @param seed of random scores that have none of their own
   * @throws ConfigException if no kernel may be pruned, or a rule matches nothing
   * @throws dev.jackpot.config.JackpotException naming the kernel, if a score is NaN
   */
  public Masks masks(Collection<Parameter> parameters, Map<String, HostTensor> weights, long seed) {
    List<Parameter> kernels = PrunableKernels.of(options.getPrunable(), parameters);
    if (kernels.isEmpty()) {
      throw new ConfigException(
          "prunable: leaves none of the network's %d kernels to be pruned; expected at least one"
              .formatted(parameters.stream().filter(p -> p.role().isKernel()).count()));
    }
    ScoringInput input = new ScoringInput(kernels, weights, seed);
    Map<String, Candidates> candidates = candidates(criterion, input);
    Map<String, Integer> kept = kept(candidates, input);
    Map<String, Mask> masks = new LinkedHashMap<>();
    for (Parameter kernel : kernels) {
      float[] scores = candidates.get(kernel.name()).scores();
      masks.put(kernel.name(), pattern.units(kernel).mask(scores, kept.get(kernel.name())));
    }
    return new Masks(masks);
  }

  /** Scores by unit. */
  private Map<String, Candidates> candidates(Criterion by, ScoringInput input) {
    Map<String, float[]> scores = by.scores(input);
    Map<String, Candidates> candidates = new LinkedHashMap<>();
    for (Parameter kernel : input.kernels()) {
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
      candidates.put(kernel.name(), new Candidates(kernel.shape(), reduced));
    }
    return candidates;
  }

  private Map<String, Integer> kept(Map<String, Candidates> candidates, ScoringInput input) {
    Map<String, Integer> fixed = new LinkedHashMap<>();
    for (Parameter kernel : input.kernels()) {
      pattern.units(kernel).fixed().ifPresent(k -> fixed.put(kernel.name(), k));
    }
    if (fixed.size() == input.kernels().size()) {
      return fixed;
    }
    Map<String, Candidates> ranked = budget == criterion ? candidates : candidates(budget, input);
    Map<String, Candidates> open = new LinkedHashMap<>(ranked);
    open.keySet().removeAll(fixed.keySet());
    Map<String, Integer> kept = new LinkedHashMap<>(allocation.kept(open, options.getSparsity()));
    kept.putAll(fixed);
    return kept;
  }
}
