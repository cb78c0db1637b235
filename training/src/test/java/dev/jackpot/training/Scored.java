package dev.jackpot.training;

import dev.jackpot.config.proto.Runtime;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.InitialValues;
import dev.jackpot.graph.Network;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.NetworkSummary;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.Masks;
import dev.jackpot.pruning.NetworkGradients;
import dev.jackpot.pruning.NetworkGradients.Sample;
import dev.jackpot.training.data.RandomImages;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/** A network with drawn values, and its gradients on noise. */
record Scored(Network network, NetworkSpec spec, NetworkSummary summary, State state) {
  static final Runtime ONE_THREAD =
      Runtime.newBuilder().setThreads(1).setDevice(Runtime.Device.CPU).build();
  static final Sample SAMPLE = new Sample(2, 8, 5, 1);

  static Scored of(Network network, NetworkSpec spec) {
    NetworkSummary summary = NetworkSummary.of(network, spec);
    State state = new State(InitialValues.draw(summary.parameters(), 3, ONE_THREAD));
    return new Scored(network, spec, summary, state);
  }

  List<Parameter> kernels() {
    return summary.kernels();
  }

  NetworkGradients gradients() {
    return gradients(TFloat32.class);
  }

  <T extends TFloating> NetworkGradients gradients(Class<T> type) {
    return SampledGradients.of(
        type,
        network,
        spec,
        state,
        ONE_THREAD,
        s -> RandomImages.batches(spec, s.batchSize(), 4, s.seed()));
  }

  /** With other values for some variables. */
  Scored with(Map<String, HostTensor> values) {
    return new Scored(network, spec, summary, state.with(values));
  }

  /** With a kernel's values replaced. */
  Scored with(Parameter kernel, float[] values) {
    return with(Map.of(kernel.name(), new HostTensor(kernel.shape(), values)));
  }

  /** Every kernel moved by a multiple of a direction. */
  Scored moved(Map<String, float[]> direction, double distance) {
    Map<String, HostTensor> moved = new LinkedHashMap<>();
    direction.forEach(
        (name, u) -> {
          float[] values = weights(name).clone();
          for (int i = 0; i < values.length; i++) {
            values[i] += (float) (distance * u[i]);
          }
          moved.put(name, new HostTensor(state.get(name).shape(), values));
        });
    return with(moved);
  }

  float[] weights(String kernel) {
    return state.get(kernel).values();
  }

  Masks full() {
    Map<String, Mask> masks = new LinkedHashMap<>();
    kernels().forEach(k -> masks.put(k.name(), Mask.full(k.shape())));
    return new Masks(masks);
  }

  static double dot(Map<String, float[]> a, Map<String, float[]> b) {
    double sum = 0;
    for (Map.Entry<String, float[]> kernel : a.entrySet()) {
      float[] other = b.get(kernel.getKey());
      for (int i = 0; i < other.length; i++) {
        sum += (double) kernel.getValue()[i] * other[i];
      }
    }
    return sum;
  }
}
