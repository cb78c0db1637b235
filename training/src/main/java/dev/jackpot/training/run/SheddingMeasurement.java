package dev.jackpot.training.run;

import dev.jackpot.pruning.shedding.Clustering;
import dev.jackpot.pruning.shedding.MagnitudeHistogram;
import dev.jackpot.pruning.shedding.ShedCounts;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How much of a network is shed at one moment of a stage: a line of shedding.jsonl. What the
 * numbers mean: docs/shedding.md.
 *
 * @param cause why it was measured then
 * @param relative ε, in the order of all counts' lists
 * @param quantiles q, in the order of all counts' lists
 * @param norm ‖θ‖ of the live watched weights
 * @param size watched weights, live and pruned
 * @param total over all watched kernels
 * @param control the unpruned network after as many steps, if a control was run and was measured
 *     then
 * @param layers a watched kernel each, in the network's order; none after single steps and events
 * @param kept which weights magnitude pruning would keep, one a quantile; as {@code layers}
 * @param free what can go for nothing, if that was looked for
 */
public record SheddingMeasurement(
    SheddingMoment moment,
    Cause cause,
    List<Double> relative,
    List<Double> quantiles,
    double norm,
    long size,
    ShedCounts total,
    Optional<Control> control,
    List<Layer> layers,
    List<Kept> kept,
    Optional<Free> free) {
  public SheddingMeasurement {
    relative = List.copyOf(relative);
    quantiles = List.copyOf(quantiles);
    layers = List.copyOf(layers);
    kept = List.copyOf(kept);
  }

  /** Why something was measured. */
  public enum Cause {
    /** The stage's first state. */
    START,
    /** An epoch and its evaluation are done. */
    EPOCH,
    /** The masks have shrunk, and the next step is still to come. */
    EVENT,
    /** One of the first steps after the start or an event. */
    STEP;

    /** As it stands in files. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The unpruned network.
   *
   * @param accuracy as the stage's; NaN if it was not measured
   * @param layers in the order of the measurement's own; none where that has none
   */
  public record Control(double accuracy, ShedCounts total, List<ShedCounts> layers) {
    public Control {
      layers = List.copyOf(layers);
    }
  }

  /**
   * A kernel.
   *
   * @param histogram of log₁₀(|w| / rms₀) of its live weights
   * @param filterNorms spread of the root mean squares of the filters' live weights
   * @param foldedNorms the same of |w| · scale; empty if no batch norm follows
   * @param gammas spread of |γ| of the batch norm that follows; empty if none does
   * @param clusters how what is kept lies over channels: of the masks, then for each quantile of
   *     what is live and not below its threshold
   * @param units output channels
   * @param deaths how many of them are dead, and how
   */
  public record Layer(
      String kernel,
      long size,
      ShedCounts shed,
      MagnitudeHistogram histogram,
      List<Double> filterNorms,
      List<Double> foldedNorms,
      List<Double> gammas,
      List<Clustering> clusters,
      int units,
      Deaths deaths) {
    public Layer {
      filterNorms = List.copyOf(filterNorms);
      foldedNorms = List.copyOf(foldedNorms);
      gammas = List.copyOf(gammas);
      clusters = List.copyOf(clusters);
    }
  }

  /**
   * Dead units of a kernel; −1 where that was not looked at.
   *
   * @param silent units whose output hardly varies
   * @param units those that no live path of weights reaches from the images or leads from to a
   *     logit
   * @param weights live weights that have no gradient, whatever the images are, because of such
   *     units
   */
  public record Deaths(int silent, int units, long weights) {}

  /**
   * Which weights magnitude pruning would keep at the density 1 − q.
   *
   * @param before Jaccard index with those of the measurement before; NaN if there is none
   * @param first Jaccard index with those of the stage's start; NaN if they are lost
   * @param chance what independent sets of these sizes come to
   */
  public record Kept(double quantile, double before, double first, double chance) {}

  /** The same beside a control. */
  public SheddingMeasurement with(Control beside) {
    return new SheddingMeasurement(
        moment,
        cause,
        relative,
        quantiles,
        norm,
        size,
        total,
        Optional.of(beside),
        layers,
        kept,
        free);
  }

  /**
   * What can be pruned by magnitude at almost no loss.
   *
   * @param delta by how much the loss may rise, in nats
   * @param threshold all live weights below this magnitude; infinite if all can go
   * @param removed how many these are
   * @param loss of the calibration images, in nats
   * @param lossAfter without these weights
   */
  public record Free(double delta, double threshold, long removed, double loss, double lossAfter) {}

  /** Weights that are not live. */
  public long pruned() {
    return size - total.live();
  }

  /** The same with what can go for nothing. */
  public SheddingMeasurement with(Free found) {
    return new SheddingMeasurement(
        moment,
        cause,
        relative,
        quantiles,
        norm,
        size,
        total,
        control,
        layers,
        kept,
        Optional.of(found));
  }

  /** Whether each layer was looked at. */
  public boolean isWhole() {
    return !layers.isEmpty();
  }
}
