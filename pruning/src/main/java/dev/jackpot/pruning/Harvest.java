package dev.jackpot.pruning;

import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What of a network has become so small that it can be taken away: one way to tell. */
public interface Harvest {
  /**
   * What is ripe.
   *
   * @param kernels that may be pruned
   * @param found the network, its masks those that the harvest shrinks
   */
  Ripe of(List<Parameter> kernels, PruningEvents.Found found);

  /**
   * What is ripe: the live weights of the lowest scores.
   *
   * @param count how many
   * @param scores a score per weight by kernel name
   */
  record Ripe(long count, Map<String, float[]> scores) {}

  /** As many of the smallest weights as can go for nothing: S_free. */
  record Free(Function<PruningEvents.Found, FreeThreshold> threshold) implements Harvest {
    @Override
    public Ripe of(List<Parameter> kernels, PruningEvents.Found found) {
      Map<String, float[]> scores = new LinkedHashMap<>();
      kernels.forEach(k -> scores.put(k.name(), magnitudes(found.weights().get(k.name()), 1)));
      return new Ripe(threshold.apply(found).removed(), scores);
    }
  }

  /**
   * The weights below ε · rms₀ of their kernel.
   *
   * @param epsilon ε, in (0, 1)
   * @param rms rms₀ by kernel name: {@link #rms} when the stage began
   */
  record Small(double epsilon, Function<List<Parameter>, Map<String, Double>> rms)
      implements Harvest {
    @Override
    public Ripe of(List<Parameter> kernels, PruningEvents.Found found) {
      Map<String, Double> scales = rms.apply(kernels);
      Map<String, float[]> scores = new LinkedHashMap<>();
      long count = 0;
      for (Parameter kernel : kernels) {
        double scale = scales.get(kernel.name());
        float[] relative = magnitudes(found.weights().get(kernel.name()), scale);
        Mask mask = found.masks().get(kernel.name());
        for (int i = 0; i < relative.length; i++) {
          if (relative[i] < epsilon && (mask == null || mask.kept(i))) {
            count++;
          }
        }
        scores.put(kernel.name(), relative);
      }
      return new Ripe(count, scores);
    }
  }

  /** Root mean square of the weights of each kernel that are not pruned; 1 where none is left. */
  static Map<String, Double> rms(
      List<Parameter> kernels, Map<String, HostTensor> weights, Map<String, Mask> masks) {
    Map<String, Double> rms = new LinkedHashMap<>();
    for (Parameter kernel : kernels) {
      Mask mask = masks.get(kernel.name());
      float[] values = weights.get(kernel.name()).values();
      double sum = 0;
      long count = 0;
      for (int i = 0; i < values.length; i++) {
        if (mask == null || mask.kept(i)) {
          sum += (double) values[i] * values[i];
          count++;
        }
      }
      rms.put(kernel.name(), sum > 0 ? Math.sqrt(sum / count) : 1);
    }
    return rms;
  }

  private static float[] magnitudes(HostTensor weights, double scale) {
    float[] values = weights.values();
    float[] magnitudes = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      magnitudes[i] = (float) (Math.abs(values[i]) / scale);
    }
    return magnitudes;
  }
}
