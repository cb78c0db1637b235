package dev.jackpot.training;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.LookAheadScale;
import dev.jackpot.config.proto.Runtime;
import dev.jackpot.config.proto.Runtime.Precision;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;
import dev.jackpot.pruning.NetworkGradients.Sample;
import dev.jackpot.training.LookAhead.Derivatives;
import dev.jackpot.training.LookAheadGraph.Images;
import dev.jackpot.training.run.RescaleRecord;
import dev.jackpot.training.run.RescaleRecord.Factor;
import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * Learns the factors by looking a step of training ahead ({@link LookAhead}): each iteration draws
 * batches a, b and c; S = a ∪ b, S̃ = a ∪ c. Masks hold in every gradient, also in the one that is
 * looked ahead by.
 */
final class LookAheadRescaling implements Rescaling {
  private static final Logger LOG = LogManager.getLogger(LookAheadRescaling.class);
  private static final int BATCHES = 3;

  /** How often progress is logged. */
  private static final int LINES = 10;

  private final LookAheadScale options;

  LookAheadRescaling(LookAheadScale options) {
    this.options = options;
  }

  @Override
  public void check(Input input) {
    try {
      // refuses a batch that is larger than the data
      input.batches().apply(sample(input)).close();
    } catch (ConfigException e) {
      throw new ConfigException(place(input) + "." + e.getMessage());
    }
  }

  @Override
  public RescaleRecord factors(Input input) {
    return factors(TFloat32.class, input);
  }

  /** The same in another element type, for networks that have no fused ops. */
  <T extends TFloating> RescaleRecord factors(Class<T> type, Input input) {
    long begun = System.nanoTime();
    List<Parameter> scaled = input.scaled();
    // differences of gradients need their digits
    Runtime runtime = input.runtime().toBuilder().setPrecision(Precision.FLOAT32).build();
    LookAheadOptimizer optimizer = new LookAheadOptimizer(options, floors(scaled));
    int iterations = options.getIterations();
    try (LookAheadGraph<T> graph =
            new LookAheadGraph<>(
                type, input.network(), input.spec(), scaled, input.state(), runtime);
        LookAheadImages images = new LookAheadImages(input.batches().apply(sample(input)))) {
      LookAhead<Images> look = new LookAhead<>(options, graph);
      LookAheadImages.Pair fixed = images.next();
      Derivatives before = look.value(optimizer.factors(), fixed.first(), fixed.second());
      for (int i = 0; i < iterations; i++) {
        input.stop().throwIfRequested("while the parameters were rescaled");
        LookAheadImages.Pair drawn = i == 0 ? fixed : images.next();
        Derivatives d = look.derivatives(optimizer.factors(), drawn.first(), drawn.second());
        refuseIfNotFinite(d, i, input);
        optimizer.step(d.values(), d.constrained());
        log(i, iterations, d);
      }
      Derivatives after = look.value(optimizer.factors(), fixed.first(), fixed.second());
      return new RescaleRecord(
          "look_ahead",
          named(scaled, optimizer.factors()),
          iterations,
          optimizer.constraintSteps(),
          before.objective(),
          after.objective(),
          before.norm(),
          after.norm(),
          (System.nanoTime() - begun) / 1e9);
    }
  }

  private static String place(Input input) {
    return "stages." + input.stage() + ".rescale.look_ahead";
  }

  /** Which images: a, b and c of every iteration. */
  Sample sample(Input input) {
    int size = options.hasBatchSize() ? options.getBatchSize() : input.batchSize();
    long seed = options.hasSeed() ? options.getSeed() : input.seed();
    return new Sample(BATCHES, size, seed, 1);
  }

  private double[] floors(List<Parameter> scaled) {
    return scaled.stream().mapToDouble(p -> isBias(p.role()) ? 0 : options.getAlphaMin()).toArray();
  }

  private static boolean isBias(Role role) {
    return role == Role.BIAS || role == Role.BETA;
  }

  private static List<Factor> named(List<Parameter> scaled, double[] alpha) {
    List<Factor> factors = new ArrayList<>();
    for (int k = 0; k < alpha.length; k++) {
      factors.add(new Factor(scaled.get(k).name(), alpha[k]));
    }
    return factors;
  }

  private static void refuseIfNotFinite(Derivatives d, int iteration, Input input) {
    if (!Double.isFinite(d.norm()) || !d.constrained() && !Double.isFinite(d.objective())) {
      throw new JackpotException(
          "%s: iteration %d: the gradient's norm is %s, the objective %s; expected finite numbers (smaller eta or learning_rate may help)"
              .formatted(place(input), iteration + 1, d.norm(), d.objective()));
    }
    for (int k = 0; k < d.values().length; k++) {
      if (!Double.isFinite(d.values()[k])) {
        throw new JackpotException(
            "%s: iteration %d: the derivative by the factor of %s is %s, expected a finite number"
                .formatted(
                    place(input), iteration + 1, input.scaled().get(k).name(), d.values()[k]));
      }
    }
  }

  private static void log(int i, int iterations, Derivatives d) {
    if ((i + 1) % Math.max(1, iterations / LINES) == 0) {
      LOG.info(
          "rescale: {} of {} iterations, gradient norm {}{}",
          i + 1,
          iterations,
          "%.4f".formatted(d.norm()),
          d.constrained() ? "" : ", loss ahead %.4f".formatted(d.objective()));
    }
  }
}
