package dev.jackpot.pruning;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.MaskRecipes;
import dev.jackpot.config.proto.Prune;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes masks that only shrink: what is pruned already ranks below everything and stays pruned, so
 * that the masks of one round after another are nested. Pure: arrays in, masks out.
 */
public final class Shrinking {
  private final Prune options;
  private final Recipe recipe;

  private Shrinking(Prune options) {
    this.options = options;
    this.recipe = Recipe.of(MaskRecipes.of(options));
  }

  /**
   * The one that these options say.
   *
   * @throws ConfigException if they name a plug-in that is not on the class path
   */
  public static Shrinking of(Prune options) {
    return new Shrinking(options);
  }

  /**
   * How much of the prunable kernels is pruned, in units of the pattern: weights, where it ties
   * none together.
   *
   * @param pruned units of which nothing is kept
   * @param size all units
   */
  public record Count(long pruned, long size) {}

  /** How much is pruned now; a kernel without a mask has all its weights. */
  public Count count(Collection<Parameter> parameters, Map<String, Mask> present) {
    Recipe within = recipe.within(present);
    long kept = 0;
    long size = 0;
    for (Parameter kernel : kernels(parameters)) {
      Recipe.UnitCount count = within.count(kernel);
      kept += count.kept();
      size += count.all();
    }
    return new Count(size - kept, size);
  }

  /**
   * How much is to be pruned in the end, what is pruned now included. A pattern that fixes what
   * kernels keep has its own say.
   *
   * @throws ConfigException if less than is pruned now
   */
  public long target(Count now) {
    if (options.hasFraction()) {
      return now.pruned() + Counts.pruned(options.getFraction(), now.size() - now.pruned());
    }
    long target = Counts.pruned(options.getSparsity(), now.size());
    if (target < now.pruned() && !isFixed()) {
      throw new ConfigException(
          "sparsity: found %s, which prunes %d of %d; %d are pruned already and stay so: expected at least %s"
              .formatted(
                  options.getSparsity(),
                  target,
                  now.size(),
                  now.pruned(),
                  Counts.sparsity(now.pruned(), now.size())));
    }
    return target;
  }

  private boolean isFixed() {
    return options.getPattern().hasNM();
  }

  /** The masks that the prunable kernels have; full ones where there is none. */
  public Masks unchanged(Collection<Parameter> parameters, Map<String, Mask> present) {
    Map<String, Mask> masks = new LinkedHashMap<>();
    for (Parameter kernel : kernels(parameters)) {
      Mask mask = present.get(kernel.name());
      masks.put(kernel.name(), mask != null ? mask : Mask.full(kernel.shape()));
    }
    return new Masks(masks);
  }

  /**
   * {@link #masks(Collection, Map, Map, long, long, NetworkGradients)} at the count that the
   * options say.
   */
  public Masks masks(
      Collection<Parameter> parameters,
      Map<String, HostTensor> weights,
      Map<String, Mask> present,
      long seed,
      NetworkGradients network) {
    long target = target(count(parameters, present));
    return masks(parameters, weights, present, target, seed, network);
  }

  /**
   * The prunable kernels' next masks, each a part of the present one. Where an allocation gives a
   * kernel more than it has left, it keeps what it has.
   *
   * @param parameters of the network, in its order
   * @param weights values by name, of the kernels at least
   * @param present masks by kernel; a kernel without one has all its weights
   * @param pruned how many units are pruned in all, at least as many as are now
   * @param seed of whatever is drawn
   * @param network its gradients at these weights and masks
   */
  public Masks masks(
      Collection<Parameter> parameters,
      Map<String, HostTensor> weights,
      Map<String, Mask> present,
      long pruned,
      long seed,
      NetworkGradients network) {
    Count now = count(parameters, present);
    if (pruned == now.pruned() && !isFixed()) {
      return unchanged(parameters, present);
    }
    return recipe
        .at(sparsity(pruned, now.size()))
        .within(present)
        .masks(parameters, weights, seed, network);
  }

  /** The one of the options where it means that count: kernel by kernel it may round otherwise. */
  private double sparsity(long pruned, long size) {
    return !options.hasFraction() && pruned == Counts.pruned(options.getSparsity(), size)
        ? options.getSparsity()
        : Counts.sparsity(pruned, size);
  }

  /**
   * The kernels that may lose weights.
   *
   * @throws ConfigException if there are none
   */
  public List<Parameter> kernels(Collection<Parameter> parameters) {
    List<Parameter> kernels = PrunableKernels.of(options.getPrunable(), parameters);
    if (kernels.isEmpty()) {
      throw new ConfigException(
          "prunable: leaves none of the network's kernels to be pruned; expected at least one");
    }
    return kernels;
  }
}
