package dev.jackpot.pruning;

import dev.jackpot.config.proto.KernelRule;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Each kernel's sparsity by the first rule that matches its name: a kernel of n units loses
 * floor(sparsity · n). A kernel that no rule matches has the mask's sparsity.
 */
public final class ExplicitAllocation implements Allocation {
  private final List<KernelRule> rules;

  public ExplicitAllocation(List<KernelRule> rules) {
    this.rules = List.copyOf(rules);
  }

  @Override
  public Map<String, Integer> kept(Map<String, Candidates> kernels, double sparsity) {
    MaskSelection.requireNumbers(kernels);
    Map<String, Integer> first = first(kernels.keySet());
    Map<String, Integer> kept = new LinkedHashMap<>();
    kernels.forEach(
        (name, kernel) -> {
          Integer rule = first.get(name);
          kept.put(
              name,
              rule == null
                  ? (int) Counts.kept(sparsity, kernel.units())
                  : kept(rules.get(rule), kernel.units()));
        });
    return kept;
  }

  @Override
  public void check(Collection<String> kernels) {
    first(kernels);
  }

  /** The index of each kernel's rule; a kernel without one is absent. */
  private Map<String, Integer> first(Collection<String> kernels) {
    return NameRules.first(
        rules.stream().map(KernelRule::getKernels).toList(),
        kernels,
        "allocation.explicit.rules[%d].kernels");
  }

  private static int kept(KernelRule rule, int units) {
    return (int)
        (rule.hasDensity()
            ? Counts.keptOf(rule.getDensity(), units)
            : Counts.kept(rule.getSparsity(), units));
  }
}
