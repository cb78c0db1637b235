package dev.jackpot.training;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.Runtime;
import dev.jackpot.config.proto.Runtime.Precision;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Network;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.NetworkGradients;
import dev.jackpot.training.data.Batch;
import dev.jackpot.training.data.BatchStream;
import dev.jackpot.training.data.Batches;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * The gradients of one network at one state over sampled training batches: float32 graphs, sums
 * over batches in float64. Holds nothing open between calls.
 */
final class SampledGradients<T extends TFloating> implements NetworkGradients {
  /**
   * How far the kernels are moved for a difference of gradients, as a share of their norm. The
   * smallest error in float32 lies between 1e-4 and 1e-3 for ResNets of 8 to 50 layers.
   */
  private static final double DISTANCE = 3e-4;

  private final Class<T> type;
  private final Network network;
  private final NetworkSpec spec;
  private final State state;
  private final Runtime runtime;
  private final Function<Sample, Batches> batches;

  private SampledGradients(
      Class<T> type,
      Network network,
      NetworkSpec spec,
      State state,
      Runtime runtime,
      Function<Sample, Batches> batches) {
    this.type = type;
    this.network = network;
    this.spec = spec;
    this.state = state;
    // differences of gradients need their digits
    this.runtime = runtime.toBuilder().setPrecision(Precision.FLOAT32).build();
    this.batches = batches;
  }

  /**
   * Of this state.
   *
   * @param state values and masks by name
   * @param batches opens shuffled training batches by a sample's seed and batch size
   */
  static NetworkGradients of(
      Network network,
      NetworkSpec spec,
      State state,
      Runtime runtime,
      Function<Sample, Batches> batches) {
    return new SampledGradients<>(TFloat32.class, network, spec, state, runtime, batches);
  }

  /** The same in another element type, for networks that have no fused ops. */
  static <T extends TFloating> NetworkGradients of(
      Class<T> type,
      Network network,
      NetworkSpec spec,
      State state,
      Runtime runtime,
      Function<Sample, Batches> batches) {
    return new SampledGradients<>(type, network, spec, state, runtime, batches);
  }

  @Override
  public Map<String, float[]> gradient(List<Parameter> kernels, Sample sample, Average average) {
    try (GradientGraph<T> graph =
        GradientGraph.at(type, network, spec, state, kernels, sample.temperature(), runtime)) {
      List<double[]> sums = zeros(kernels);
      double share = 1. / sample.batches();
      over(
          sample,
          batch ->
              graph.run(
                  batch.images(),
                  batch.labels(),
                  0,
                  (i, g) -> add(sums.get(i), g, share, average == Average.ABSOLUTE)));
      return floats(kernels, sums);
    }
  }

  @Override
  public Map<String, float[]> hessianProduct(
      List<Parameter> kernels, Sample sample, Map<String, float[]> direction) {
    Map<String, HostTensor> weights = state.effective(kernels);
    Map<String, float[]> kept = kept(kernels, direction);
    double length = norm(kept.values().stream().toList());
    if (length == 0) {
      return floats(kernels, zeros(kernels));
    }
    double size = norm(weights.values().stream().map(HostTensor::values).toList());
    double distance = DISTANCE * (size > 0 ? size : 1) / length;
    try (GradientGraph<T> graph =
        GradientGraph.beside(
            type, network, spec, state, kernels, sample.temperature(), runtime, kept)) {
      List<double[]> sums = zeros(kernels);
      double share = 1 / (2 * distance * sample.batches());
      over(
          sample,
          batch -> {
            for (int side : new int[] {1, -1}) {
              graph.run(
                  batch.images(),
                  batch.labels(),
                  side * distance,
                  (i, g) -> add(sums.get(i), g, side * share, false));
            }
          });
      return floats(kernels, sums);
    }
  }

  @Override
  public Flow flow(List<Parameter> kernels) {
    return new FlowGraph(network, spec, state, kernels, runtime);
  }

  @Override
  public void requireImages(Sample sample) {
    try (Batches source = batches.apply(sample)) {
      requireEnough(sample, source);
    }
  }

  @Override
  public void requireFlow(List<Parameter> kernels) {
    FlowGraph.check(network, spec, kernels);
  }

  private static void requireEnough(Sample sample, Batches source) {
    if (sample.batches() > source.stepsPerEpoch()) {
      throw new ConfigException(
          "criterion.sample.batches: found %d; expected at most the %d of %d training images that there are"
              .formatted(sample.batches(), source.stepsPerEpoch(), sample.batchSize()));
    }
  }

  /** What is done with a batch. */
  private interface Use {
    void of(Batch batch);
  }

  private void over(Sample sample, Use use) {
    try (Batches source = batches.apply(sample)) {
      requireEnough(sample, source);
      try (BatchStream stream = source.open(0, 0)) {
        for (int i = 0; i < sample.batches(); i++) {
          try (Batch batch = stream.next()) {
            use.of(batch);
          }
        }
      }
    }
  }

  /** The direction with 0 at pruned weights. */
  private Map<String, float[]> kept(List<Parameter> kernels, Map<String, float[]> direction) {
    Map<String, float[]> kept = new LinkedHashMap<>();
    for (Parameter kernel : kernels) {
      float[] values = direction.get(kernel.name());
      kept.put(
          kernel.name(),
          state
              .mask(kernel)
              .map(
                  mask -> {
                    float[] masked = values.clone();
                    for (int i = 0; i < masked.length; i++) {
                      masked[i] = mask.kept(i) ? masked[i] : 0;
                    }
                    return masked;
                  })
              .orElse(values));
    }
    return kept;
  }

  private static List<double[]> zeros(List<Parameter> kernels) {
    List<double[]> zeros = new ArrayList<>();
    kernels.forEach(k -> zeros.add(new double[k.size()]));
    return zeros;
  }

  private static void add(double[] sum, double[] values, double factor, boolean absolute) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * (absolute ? Math.abs(values[i]) : values[i]);
    }
  }

  private static double norm(List<float[]> values) {
    double sum = 0;
    for (float[] array : values) {
      for (float v : array) {
        sum += (double) v * v;
      }
    }
    return Math.sqrt(sum);
  }

  private static Map<String, float[]> floats(List<Parameter> kernels, List<double[]> values) {
    Map<String, float[]> floats = new LinkedHashMap<>();
    for (int k = 0; k < values.size(); k++) {
      double[] from = values.get(k);
      float[] to = new float[from.length];
      for (int i = 0; i < to.length; i++) {
        to[i] = (float) from[i];
      }
      floats.put(kernels.get(k).name(), to);
    }
    return floats;
  }
}
