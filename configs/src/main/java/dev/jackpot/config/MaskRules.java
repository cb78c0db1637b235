package dev.jackpot.config;

import dev.jackpot.config.proto.Allocation;
import dev.jackpot.config.proto.Criterion;
import dev.jackpot.config.proto.ExplicitAllocation;
import dev.jackpot.config.proto.KernelRule;
import dev.jackpot.config.proto.MaskRecipe;
import dev.jackpot.config.proto.NmPattern;
import dev.jackpot.config.proto.Pattern;
import dev.jackpot.config.proto.Prunable;
import java.util.List;

/** What must hold for the making of a mask, wherever its fields stand. */
final class MaskRules {
  private static final int MOST_GROUPED = 1024;
  private static final int LARGEST_BLOCK = 1 << 16;

  /** A sparsity of 0.333 is accepted for a third. */
  private static final double NEAR = 1e-3;

  private MaskRules() {}

  /**
   * @param at a message with the recipe's fields
   */
  static void check(MaskRecipe recipe, At at) {
    at.require(
        NetworkRules.isShare(recipe.getSparsity()),
        "sparsity",
        "a number in [0, 1): the share that is removed");
    at.in("criterion").ifPresent(in -> criterion(recipe.getCriterion(), in));
    at.in("allocation").ifPresent(in -> allocation(recipe.getAllocation(), in));
    at.in("pattern").ifPresent(in -> pattern(recipe.getPattern(), in));
    at.in("prunable").ifPresent(in -> prunable(recipe.getPrunable(), in));
    if (recipe.getPattern().hasNM() && isSound(recipe.getPattern().getNM())) {
      fixed(recipe, at);
    }
  }

  /** N:M decides how much each kernel keeps: nothing else may. */
  private static void fixed(MaskRecipe recipe, At at) {
    NmPattern pattern = recipe.getPattern().getNM();
    double sparsity = 1 - (double) pattern.getN() / pattern.getM();
    String name = "%d:%d".formatted(pattern.getN(), pattern.getM());
    at.require(
        !recipe.hasSparsity()
            || !NetworkRules.isShare(recipe.getSparsity())
            || Math.abs(recipe.getSparsity() - sparsity) < NEAR,
        "sparsity",
        "%s or none: the pattern %s fixes it".formatted(Show.scalar(sparsity), name));
    at.require(
        !recipe.hasAllocation(),
        "allocation",
        "none: the pattern %s fixes what each kernel keeps".formatted(name));
  }

  private static void criterion(Criterion criterion, At at) {
    CriterionRules.check(criterion, at);
    at.in("custom").ifPresent(in -> ExperimentRules.custom(criterion.getCustom(), in));
  }

  private static void allocation(Allocation allocation, At at) {
    at.in("global")
        .flatMap(in -> in.in("by"))
        .ifPresent(in -> criterion(allocation.getGlobal().getBy(), in));
    at.in("explicit").ifPresent(in -> explicit(allocation.getExplicit(), in));
    at.in("custom").ifPresent(in -> ExperimentRules.custom(allocation.getCustom(), in));
  }

  private static void explicit(ExplicitAllocation explicit, At at) {
    at.require(explicit.getRulesCount() > 0, "rules", "at least one rule");
    List<At> rules = at.all("rules");
    for (int i = 0; i < rules.size(); i++) {
      rule(explicit.getRules(i), rules.get(i));
    }
  }

  private static void rule(KernelRule rule, At at) {
    String problem = ExperimentRules.regexProblem(rule.getKernels(), "");
    at.require(
        !rule.getKernels().isEmpty() && problem.isEmpty(),
        "kernels",
        "a regular expression" + problem);
    at.requireChoice("amount", "amount");
    at.require(
        !rule.hasSparsity() || NetworkRules.isShare(rule.getSparsity()),
        "sparsity",
        "a number in [0, 1): the share that is removed");
    at.require(
        !rule.hasDensity() || rule.getDensity() > 0 && rule.getDensity() <= 1,
        "density",
        "a number in (0, 1]: the share that is kept");
  }

  private static void pattern(Pattern pattern, At at) {
    at.in("n_m").ifPresent(in -> nm(pattern.getNM(), in));
    at.in("block")
        .ifPresent(
            in -> {
              blockSize(pattern.getBlock().getHeight(), "height", in);
              blockSize(pattern.getBlock().getWidth(), "width", in);
            });
    at.in("custom").ifPresent(in -> ExperimentRules.custom(pattern.getCustom(), in));
  }

  private static void nm(NmPattern pattern, At at) {
    at.require(
        pattern.getM() >= 1 && pattern.getM() <= MOST_GROUPED,
        "m",
        "an integer from 1 to " + MOST_GROUPED);
    at.require(
        pattern.getN() >= 1 && (pattern.getN() <= pattern.getM() || pattern.getM() < 1),
        "n",
        "an integer from 1 to m, which is " + pattern.getM());
  }

  private static boolean isSound(NmPattern pattern) {
    return pattern.getN() >= 1 && pattern.getN() <= pattern.getM();
  }

  private static void blockSize(int size, String field, At at) {
    at.require(size >= 1 && size <= LARGEST_BLOCK, field, "an integer from 1 to " + LARGEST_BLOCK);
  }

  /** Which kernels are meant. */
  static void prunable(Prunable prunable, At at) {
    for (int i = 0; i < prunable.getDenseCount(); i++) {
      String problem = ExperimentRules.regexProblem(prunable.getDense(i), "");
      at.requireItem(problem.isEmpty(), "dense", i, "a regular expression" + problem);
    }
  }
}
