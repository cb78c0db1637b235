package dev.jackpot.training;

import com.sun.management.ThreadMXBean;
import dev.jackpot.config.proto.Criterion;
import dev.jackpot.config.proto.MaskRecipe;
import dev.jackpot.config.proto.Prunable;
import dev.jackpot.config.proto.Runtime;
import dev.jackpot.config.proto.SynFlowCriterion;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.InitialValues;
import dev.jackpot.graph.Network;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.NetworkSummary;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Sessions;
import dev.jackpot.pruning.Masks;
import dev.jackpot.pruning.NetworkGradients;
import dev.jackpot.pruning.PrunableKernels;
import dev.jackpot.pruning.Recipe;
import dev.jackpot.pruning.Rounds;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/**
 * Measures how long masks take: choosing them from given scores, and SynFlow's rounds against what
 * they are made of. Before each round a pass through the network and a selection are timed by
 * themselves, so that whatever else the machine does hits all of them.
 */
public final class MaskBenchmark {
  private static final double MEGABYTE = 1e6;

  /** All that flow goes through. */
  private static final Prunable PRUNABLE =
      Prunable.newBuilder().setClassifier(true).setSqueezeExcite(false).build();

  private final List<Double> passes = new ArrayList<>();
  private final List<Double> selections = new ArrayList<>();
  private final List<Double> allocated = new ArrayList<>();
  private final List<Double> rounds = new ArrayList<>();
  private final List<Parameter> kernels;
  private final Map<String, float[]> scores = new LinkedHashMap<>();
  private final double sparsity;

  /** When the round that runs began, less what was spent on anything but SynFlow since. */
  private double roundBegun;

  private MaskBenchmark(List<Parameter> kernels, double sparsity, long seed) {
    this.kernels = kernels;
    this.sparsity = sparsity;
    Random random = new Random(seed);
    for (Parameter kernel : kernels) {
      float[] drawn = new float[kernel.size()];
      for (int i = 0; i < drawn.length; i++) {
        drawn[i] = Math.abs((float) random.nextGaussian());
      }
      scores.put(kernel.name(), drawn);
    }
  }

  /**
   * What was measured; times are wall-clock.
   *
   * @param network for people
   * @param weights of all kernels, all prunable
   * @param threads of one op
   * @param selectMillis one selection from given scores, one threshold over all kernels: the median
   * @param selectMegabytes what one selection allocates beyond the scores, in 10⁶ bytes, garbage
   *     included
   * @param passMillis one image forward and back in float64, nothing fetched: the median
   * @param rounds of SynFlow
   * @param roundMillis one of them, the selection of its masks included: the median
   * @param ratio how much longer a round takes than the pass and the selection beside it: the
   *     median over rounds
   */
  public record Report(
      String network,
      long weights,
      int threads,
      double selectMillis,
      double selectMegabytes,
      double passMillis,
      int rounds,
      double roundMillis,
      double ratio) {}

  /**
   * Measures on initial values.
   *
   * @param sparsity that is selected and that SynFlow ends at, in [0, 1)
   * @param rounds of SynFlow, at least 1
   */
  public static Report run(
      Network network, NetworkSpec spec, Runtime runtime, double sparsity, int rounds, long seed) {
    NetworkSummary summary = NetworkSummary.of(network, spec);
    Map<String, HostTensor> weights = InitialValues.draw(summary.parameters(), seed, runtime);
    MaskRecipe recipe =
        MaskRecipe.newBuilder()
            .setSparsity(sparsity)
            .setPrunable(PRUNABLE)
            .setCriterion(
                Criterion.newBuilder().setSynflow(SynFlowCriterion.newBuilder().setRounds(rounds)))
            .build();
    List<Parameter> kernels = PrunableKernels.of(PRUNABLE, summary.parameters());
    MaskBenchmark benchmark = new MaskBenchmark(kernels, sparsity, seed);
    benchmark.select();
    benchmark.forget();
    Recipe.of(recipe)
        .masks(
            summary.parameters(),
            weights,
            seed,
            benchmark
            .new Watched(
                asked -> new FlowGraph(network, spec, new State(weights), asked, runtime)));
    benchmark.endRound();
    return new Report(
        network.title(),
        kernels.stream().mapToLong(Parameter::size).sum(),
        Sessions.threads(runtime),
        median(benchmark.selections),
        median(benchmark.allocated),
        median(benchmark.passes),
        rounds,
        median(benchmark.rounds),
        median(benchmark.ratios()));
  }

  /** A flow that times a pass and a selection after each of its rounds. */
  private final class Watched implements NetworkGradients {
    private final Function<List<Parameter>, FlowGraph> open;

    Watched(Function<List<Parameter>, FlowGraph> open) {
      this.open = open;
    }

    @Override
    public Flow flow(List<Parameter> asked) {
      FlowGraph graph = open.apply(asked);
      return new Flow() {
        @Override
        public Map<String, float[]> scores(Masks masks) {
          endRound();
          Map<String, float[]> scores = graph.scores(masks);
          double begun = now();
          if (passes.isEmpty()) {
            // of the first run TensorFlow prepares the graph
            graph.pass();
          }
          double warm = now();
          graph.pass();
          passes.add(now() - warm);
          select();
          roundBegun += now() - begun;
          return scores;
        }

        @Override
        public void close() {
          graph.close();
        }
      };
    }

    @Override
    public Map<String, float[]> gradient(List<Parameter> asked, Sample sample, Average average) {
      throw new IllegalStateException("SynFlow takes no gradients of the loss");
    }

    @Override
    public Map<String, float[]> hessianProduct(
        List<Parameter> asked, Sample sample, Map<String, float[]> direction) {
      throw new IllegalStateException("SynFlow takes no second derivatives");
    }
  }

  private void select() {
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = thread.getCurrentThreadAllocatedBytes();
    double begun = now();
    Rounds.free(kernels, sparsity).masks(scores, sparsity);
    selections.add(now() - begun);
    allocated.add((thread.getCurrentThreadAllocatedBytes() - before) / MEGABYTE);
  }

  /** A round goes from the flow's scores to the masks that are chosen by them. */
  private void endRound() {
    if (!passes.isEmpty()) {
      rounds.add(now() - roundBegun);
    }
    roundBegun = now();
  }

  private List<Double> ratios() {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < rounds.size(); i++) {
      ratios.add(rounds.get(i) / (passes.get(i) + selections.get(i)));
    }
    return ratios;
  }

  private void forget() {
    selections.clear();
    allocated.clear();
  }

  /** Milliseconds. */
  private static double now() {
    return System.nanoTime() / 1e6;
  }

  private static double median(List<Double> values) {
    return StepBenchmark.median(values.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
