package dev.jackpot.pruning;

import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * What the events of a pruning schedule prune; one class for each kind of schedule. What an event
 * does is a function of its time and of what it finds, so that a resumed run repeats it.
 */
public interface PruningEvents {
  /**
   * What an event prunes, in the order it does so; nothing, if nothing is due.
   *
   * @param time of an event
   * @param found the network before it
   */
  List<Cut> at(long time, Found found);

  /**
   * What an event finds.
   *
   * @param parameters of the network, in its order
   * @param weights values by name, of the kernels at least
   * @param masks by kernel name; a kernel without one has all its weights
   * @param seed of whatever is drawn
   * @param gradients the network's at these weights and given masks
   */
  record Found(
      List<Parameter> parameters,
      Map<String, HostTensor> weights,
      Map<String, Mask> masks,
      long seed,
      Function<Map<String, Mask>, NetworkGradients> gradients) {

    /** The same network under other masks of some kernels. */
    Found under(Map<String, Mask> others) {
      Map<String, Mask> all = new LinkedHashMap<>(masks);
      all.putAll(others);
      return new Found(parameters, weights, all, seed, gradients);
    }
  }

  /**
   * Masks that shrink by a recipe.
   *
   * @param pruned units in all
   */
  static Cut byRecipe(Kind kind, Shrinking recipe, long pruned, Found found) {
    return new Cut(
        kind,
        recipe.masks(
            found.parameters(),
            found.weights(),
            found.masks(),
            pruned,
            found.seed(),
            found.gradients().apply(found.masks())));
  }

  /** Why something is pruned. */
  enum Kind {
    /** The schedule's count at that time. */
    SCHEDULED,
    /** The first pruning of a cascade. */
    SEED,
    /** What has become free. */
    HARVEST,
    /** More, because the harvest was small. */
    PUSH,
    /** What is missing at the end. */
    FINAL;

    /** As it is written in files. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Masks that have shrunk.
   *
   * @param masks of all prunable kernels, after it
   */
  record Cut(Kind kind, Masks masks) {}
}
