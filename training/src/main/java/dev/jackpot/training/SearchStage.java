package dev.jackpot.training;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.MaskRecipes;
import dev.jackpot.config.Seeds;
import dev.jackpot.config.proto.Search;
import dev.jackpot.config.proto.WeightDecay;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.KernelForm;
import dev.jackpot.graph.NetworkSummary;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Tower;
import dev.jackpot.graph.Variable;
import dev.jackpot.graph.Variables;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.MaskUpdateOps;
import dev.jackpot.pruning.Masks;
import dev.jackpot.pruning.PatternUpdate;
import dev.jackpot.pruning.PatternUpdateOps;
import dev.jackpot.pruning.Recipe;
import dev.jackpot.pruning.Restriction;
import dev.jackpot.pruning.Restrictions;
import dev.jackpot.pruning.Threshold;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/**
 * Searches a mask over frozen weights (docs/lottery-jackpots.md). The first masks are the recipe's
 * (by magnitude, unless the config says otherwise); the optimizer moves scores only; after each
 * step every kernel swaps kept and pruned weights at a fixed count. Batch norm's averages keep
 * moving with the forward passes.
 */
final class SearchStage implements StageKind {
  private final Search options;
  private final WeightDecay decay;
  private final Recipe recipe;
  private final Restriction restriction;

  SearchStage(Search options, WeightDecay decay) {
    this.options = options;
    this.decay = decay;
    this.recipe = Recipe.of(MaskRecipes.of(options));
    this.restriction = Restrictions.REGISTRY.create(options.getRestriction());
  }

  @Override
  public State begin(StageContext context, State before) {
    NetworkSummary network = context.network();
    Masks masks =
        recipe.masks(
            network.parameters(),
            before.values(),
            context.seed(),
            context.gradients().apply(before));
    Map<String, HostTensor> added = new LinkedHashMap<>();
    for (Parameter p : network.kernels()) {
      Mask mask = masks.byName().get(p.name());
      if (mask == null) {
        continue;
      }
      requireSearchable(p);
      added.put(p.mask(), mask.toTensor());
      added.put(
          p.score(),
          options.getScores() == Search.Scores.RANDOM
              ? InitialScores.random(
                  mask,
                  options.getScorePruned(),
                  options.getScoreKept(),
                  new Seeds(context.seed()).of("scores/" + p.name()))
              : mask.toTensor((float) options.getScoreKept(), (float) options.getScorePruned()));
    }
    // in place of all masks there are, which the criterion may have looked at: the others are dense
    return before.unmasked(context.parameters()).with(added);
  }

  /** A plug-in's pattern makes masks, but the search knows no swaps that keep to it. */
  private void requireSearchable(Parameter kernel) {
    if (!PatternUpdate.supports(recipe.units(kernel))) {
      throw new ConfigException(
          "search.pattern: found custom %s; expected free, n_m, block or filter, whose swaps are known"
              .formatted(options.getPattern().getCustom().getName()));
    }
  }

  @Override
  public KernelForm form(Parameter kernel, State first) {
    return searched(kernel, first) ? KernelForm.SEARCHED : StageKind.super.form(kernel, first);
  }

  /** Only kernels this stage prunes have scores. */
  private static boolean searched(Parameter kernel, State first) {
    return first.values().containsKey(kernel.score());
  }

  @Override
  public List<Trained<TFloat32>> trained(Tower<TFloat32> tower) {
    List<Trained<TFloat32>> trained = new ArrayList<>();
    tower
        .scores()
        .forEach(
            (kernel, score) ->
                trained.add(
                    new Trained<>(
                        tower.parameters().get(kernel).score(), score, score, decay.getScores())));
    return trained;
  }

  @Override
  public Operand<TInt32> afterUpdate(
      Ops tf,
      Collection<Parameter> kernels,
      Variables<TFloat32> variables,
      State first,
      Operand<TFloat64> rate,
      Threshold threshold) {
    List<Operand<TInt32>> swaps = new ArrayList<>();
    List<Op> assignments = new ArrayList<>();
    for (Parameter kernel : kernels.stream().filter(k -> searched(k, first)).toList()) {
      Variable<TFloat32> score = variables.get(kernel.score());
      Variable<TFloat32> mask = variables.get(kernel.mask());
      MaskUpdateOps.Update update =
          PatternUpdateOps.update(
              tf,
              recipe.units(kernel),
              score.read(tf),
              mask.read(tf),
              Mask.of(first.get(mask.name())),
              rate,
              threshold);
      assignments.add(tf.assignVariableOp(mask.handle(), update.mask()));
      swaps.add(update.swaps());
    }
    Ops after = tf.withControlDependencies(assignments);
    return after.math.addN(swaps);
  }

  @Override
  public double restriction(int epoch, int epochs) {
    return restriction.rate(epoch, epochs);
  }

  @Override
  public OptionalInt startBatches() {
    return OptionalInt.of(options.getStartBatches());
  }
}
