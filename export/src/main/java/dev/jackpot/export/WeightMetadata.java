package dev.jackpot.export;

import dev.jackpot.config.ConfigException;
import dev.jackpot.graph.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What a weights file says of the network and the images it was trained with. It is no parameter,
 * but a config that contradicts it gives a network that runs and is wrong.
 *
 * @param epsilon batch norm's, from the scalar {@code meta/bn_eps}
 * @param mean of the input's normalisation per channel, of pixels / 255, from {@code meta/mean};
 *     empty if not said
 * @param std likewise, from {@code meta/std}
 */
public record WeightMetadata(OptionalDouble epsilon, List<Float> mean, List<Float> std) {
  private static final String EPSILON = "meta/bn_eps";
  private static final String MEAN = "meta/mean";
  private static final String STD = "meta/std";

  /** The arrays that are metadata. */
  static final Set<String> NAMES = Set.of(EPSILON, MEAN, STD);

  // the file's values went through float32
  private static final double TOLERANCE = 1e-6;

  /** What {@code source} says; all of it may be absent. */
  public static WeightMetadata of(WeightSource source) {
    float[] epsilon = values(source, EPSILON);
    if (epsilon.length > 1) {
      throw new ConfigException(
          "%s: array \"%s\" has %d values, expected one"
              .formatted(source.path(), EPSILON, epsilon.length));
    }
    return new WeightMetadata(
        epsilon.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(epsilon[0]),
        list(values(source, MEAN)),
        list(values(source, STD)));
  }

  private static float[] values(WeightSource source, String name) {
    Optional<ArrayInfo> found =
        source.arrays().stream().filter(a -> a.name().equals(name)).findFirst();
    return found.map(a -> source.read(a.name())).map(HostTensor::values).orElse(new float[0]);
  }

  private static List<Float> list(float[] values) {
    List<Float> list = new ArrayList<>();
    for (float v : values) {
      list.add(v);
    }
    return List.copyOf(list);
  }

  /**
   * Holds the config against it.
   *
   * @param epsilon the config's batch-norm epsilon
   * @param mean the config's (or its data set's) mean per channel
   * @param std likewise
   * @return a line for each contradiction; none if all agrees or nothing is said
   */
  public List<String> contradictions(double epsilon, List<Double> mean, List<Double> std) {
    List<String> problems = new ArrayList<>();
    if (this.epsilon.isPresent() && !near(this.epsilon.getAsDouble(), epsilon)) {
      problems.add(
          "network.batch_norm.epsilon: found %s, but the weights were trained with %s"
              .formatted(epsilon, (float) this.epsilon.getAsDouble()));
    }
    compare("mean", this.mean, mean, problems);
    compare("std", this.std, std, problems);
    return problems;
  }

  private static void compare(
      String field, List<Float> said, List<Double> found, List<String> problems) {
    boolean equal = said.isEmpty() || said.size() == found.size();
    for (int i = 0; equal && i < said.size(); i++) {
      equal = near(said.get(i), found.get(i));
    }
    if (!equal) {
      problems.add(
          "data.normalization.%s: found %s, but the weights were trained with %s"
              .formatted(field, found, said));
    }
  }

  private static boolean near(double a, double b) {
    return Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
  }
}
