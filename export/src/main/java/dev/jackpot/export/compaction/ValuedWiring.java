package dev.jackpot.export.compaction;

import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.NetworkSummary;
import dev.jackpot.graph.WiredNetwork;
import dev.jackpot.graph.wiring.Connections;
import dev.jackpot.graph.wiring.Constants;
import dev.jackpot.graph.wiring.Signals;
import dev.jackpot.graph.wiring.Wiring;
import dev.jackpot.pruning.Mask;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A network as data: its layers and what is in them.
 *
 * @param values of its parameters by name, masks applied: a pruned weight is 0
 * @param masks of the kernels that have one
 */
public record ValuedWiring(Wiring wiring, Map<String, HostTensor> values, Map<String, Mask> masks) {
  public ValuedWiring {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    masks = Collections.unmodifiableMap(new LinkedHashMap<>(masks));
  }

  /** Its parameters and costs. */
  public NetworkSummary summary() {
    NetworkSpec spec =
        new NetworkSpec(
            wiring.images().height(),
            wiring.images().width(),
            wiring.images().channels(),
            wiring.logits().channels());
    return NetworkSummary.of(new WiredNetwork(wiring), spec);
  }

  float[] of(String parameter) {
    return values.get(parameter).values();
  }

  Connections connections() {
    return Connections.of(
        wiring,
        kernel -> {
          float[] weights = of(kernel);
          return i -> weights[i] != 0;
        });
  }

  /** What is in each channel in inference. */
  Signals signals() {
    Constants constants = name -> Optional.ofNullable(values.get(name)).map(HostTensor::values);
    return Signals.inference(wiring, connections(), constants);
  }
}
