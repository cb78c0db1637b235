package dev.jackpot.training;

import dev.jackpot.config.ExperimentStages;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.LookAheadScale;
import dev.jackpot.config.proto.Rescale;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.graph.Network;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.NetworkSummary;
import dev.jackpot.graph.Networks;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Sessions;
import dev.jackpot.pruning.Mask;
import dev.jackpot.training.LookAheadGraph.Images;
import dev.jackpot.training.data.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.tensorflow.types.TFloat32;

/**
 * Measures what it costs to learn scale factors (docs/rescaling.md): an iteration of the look-ahead
 * against as many plain gradients over the same number of images, taken in turns on random images
 * in memory.
 */
public final class RescaleBenchmark {
  private static final double NEVER = Double.MAX_VALUE;

  private RescaleBenchmark() {}

  /**
   * One kind of iteration.
   *
   * @param constrained on the gradient's norm, not on the objective
   * @param gradients that it counts as: a product with the Hessian is two
   * @param medianMillis of an iteration, wall-clock time
   * @param overGradients how much longer it takes than so many gradients beside it: the median over
   *     the turns
   */
  public record Iteration(
      boolean constrained, int gradients, double medianMillis, double overGradients) {}

  /**
   * What was measured.
   *
   * @param network for people
   * @param images of one gradient: two batches
   * @param turns of each
   * @param threads of one op
   * @param sparsity pruned / all over the kernels that have masks, in [0, 1]
   * @param gradientMillis median of one plain gradient
   */
  public record Report(
      String network,
      int images,
      int turns,
      int threads,
      double sparsity,
      double gradientMillis,
      List<Iteration> iterations) {
    public Report {
      iterations = List.copyOf(iterations);
    }
  }

  /**
   * Measures.
   *
   * @param experiment its network, runtime and masks are used, and the options of its first stage
   *     that looks ahead
   * @param length {@code batch} images in each of a gradient's two batches
   */
  public static Report run(Experiment experiment, StepBenchmark.Length length) {
    Network network = Networks.REGISTRY.create(experiment.getNetwork());
    NetworkSpec spec = NetworkSpecs.of(experiment);
    NetworkSummary summary = NetworkSummary.of(network, spec);
    Stage stage = BenchmarkState.drawn(stage(experiment));
    State first =
        StageKinds.REGISTRY
            .create(stage)
            .begin(
                StageContext.of(summary, experiment.getSeed()),
                BenchmarkState.before(experiment, summary, stage));
    List<Parameter> scaled =
        summary.parameters().stream().filter(p -> !p.role().isAverage()).toList();
    List<Images> sets = sets(spec, 2 * length.batch(), experiment.getSeed());
    LookAheadScale options = stage.getRescale().getLookAhead();
    try (LookAheadGraph<TFloat32> graph =
        new LookAheadGraph<>(
            TFloat32.class, network, spec, scaled, first, experiment.getRuntime())) {
      Turns turns = new Turns(graph, scaled.size(), sets, options);
      turns.take(length.warmup());
      turns.clear();
      turns.take(length.steps());
      return new Report(
          network.title(),
          2 * length.batch(),
          length.steps(),
          Sessions.threads(experiment.getRuntime()),
          sparsity(first, summary),
          StepBenchmark.median(turns.gradient.array()),
          List.of(turns.objective.iteration(), turns.constraint.iteration()));
    }
  }

  private static Stage stage(Experiment experiment) {
    return ExperimentStages.firstRounds(experiment).stream()
        .filter(s -> looksAhead(s.getRescale(), s.hasRescale()))
        .findFirst()
        .or(() -> firstOfMasked(experiment))
        .orElseGet(
            () -> {
              Stage.Builder stage = Stage.newBuilder();
              stage.getTrainBuilder();
              return stage.build();
            });
  }

  /** Without a rule of its own the options are the schema's, but the masks the config's. */
  private static Optional<Stage> firstOfMasked(Experiment experiment) {
    return ExperimentStages.firstRounds(experiment).stream()
        .filter(s -> s.hasTrain() || s.hasSparseTrain())
        .findFirst();
  }

  private static boolean looksAhead(Rescale rescale, boolean given) {
    return given && !rescale.hasDensity() && !rescale.hasCustom();
  }

  /** As an iteration has them: S and S̃. */
  private static List<Images> sets(NetworkSpec spec, int size, long seed) {
    List<Images> sets = new ArrayList<>();
    for (Batch batch : BenchmarkStep.images(spec, size, seed)) {
      sets.add(new Images(batch.images(), batch.labels()));
    }
    return sets;
  }

  private static double sparsity(State state, NetworkSummary summary) {
    long all = 0;
    long kept = 0;
    for (Mask mask : state.masks(summary.kernels()).values()) {
      all += mask.size();
      kept += mask.kept();
    }
    return all == 0 ? 0 : 1 - (double) kept / all;
  }

  /** Milliseconds, one after the other. */
  private static final class Times {
    private final List<Double> millis = new ArrayList<>();

    double[] array() {
      return millis.stream().mapToDouble(Double::doubleValue).toArray();
    }
  }

  /** Iterations of one kind, each beside the gradients that it counts as. */
  private static final class Contender {
    private final boolean constrained;
    private final LookAhead<Images> look;
    private final int gradients;
    private final Times times = new Times();
    private final Times beside = new Times();

    Contender(LookAheadScale options, LookAhead.Oracle<Images> oracle, boolean constrained) {
      LookAheadScale kind = options.toBuilder().setGamma(constrained ? 0 : NEVER).build();
      this.constrained = constrained;
      this.look = new LookAhead<>(kind, oracle);
      this.gradients = LookAhead.gradients(constrained);
    }

    Iteration iteration() {
      return new Iteration(
          constrained,
          gradients,
          StepBenchmark.median(times.array()),
          StepBenchmark.medianRatio(times.array(), beside.array()));
    }
  }

  /** Both kinds of iterations and their gradients, in turns. */
  private static final class Turns {
    private final LookAheadGraph<TFloat32> graph;
    private final List<Images> sets;
    private final double[] alpha;
    private final Contender objective;
    private final Contender constraint;
    private final Times gradient = new Times();
    private int turn;

    Turns(LookAheadGraph<TFloat32> graph, int factors, List<Images> sets, LookAheadScale options) {
      this.graph = graph;
      this.sets = sets;
      alpha = new double[factors];
      Arrays.fill(alpha, 1);
      objective = new Contender(options, graph, false);
      constraint = new Contender(options, graph, true);
    }

    void take(int turns) {
      for (int i = 0; i < turns; i++) {
        for (Contender contender : List.of(objective, constraint)) {
          Images first = sets.get(turn++ % sets.size());
          Images second = sets.get(turn % sets.size());
          contender.times.millis.add(
              millis(() -> contender.look.derivatives(alpha, first, second)));
          double beside = 0;
          for (int g = 0; g < contender.gradients; g++) {
            double one = millis(() -> graph.gradient(alpha, first));
            gradient.millis.add(one);
            beside += one;
          }
          contender.beside.millis.add(beside);
        }
      }
    }

    void clear() {
      gradient.millis.clear();
      for (Contender contender : List.of(objective, constraint)) {
        contender.times.millis.clear();
        contender.beside.millis.clear();
      }
    }

    private static double millis(Runnable action) {
      long begun = System.nanoTime();
      action.run();
      return (System.nanoTime() - begun) / 1e6;
    }
  }
}
