package dev.jackpot.training;

import dev.jackpot.config.proto.Stage;
import dev.jackpot.config.proto.WiredLayer.Kind;
import dev.jackpot.graph.NetworkWiring;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.wiring.Reachability;
import dev.jackpot.graph.wiring.Reachability.DeadUnits;
import dev.jackpot.graph.wiring.Wiring;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.shedding.SilentUnits;
import dev.jackpot.training.data.Batch;
import dev.jackpot.training.run.SheddingMeasurement.Deaths;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which units of a network are dead: by what they do on one batch, always the same, and by the
 * paths of live weights.
 */
final class UnitDeaths {
  private final ExperimentParts parts;
  private final Optional<FixedBatch> batch;
  private final Optional<Wiring> wiring;

  /**
   * @param stage that is watched
   */
  UnitDeaths(ExperimentParts parts, Stage stage) {
    this.parts = parts;
    int images = Math.min(stage.getShedding().getBatchSize(), parts.data().train().size());
    batch =
        images > 0
            ? Optional.of(FixedBatch.of(parts, stage, images, "shedding"))
            : Optional.empty();
    // a plug-in's network may have ops whose paths are not known
    wiring =
        Optional.of(NetworkWiring.of(parts.network(), parts.spec()))
            .filter(w -> w.nodes().stream().noneMatch(n -> n.kind() == Kind.UNKNOWN));
  }

  /** Of every kernel of the network, by its name. */
  Map<String, Deaths> of(State state, StageGraph graph) {
    Map<String, Integer> silent = new HashMap<>();
    batch.ifPresent(
        b -> {
          try (Batch images = b.open()) {
            graph
                .outputVariances(images)
                .forEach((kernel, v) -> silent.put(kernel, SilentUnits.count(v)));
          }
        });
    Map<String, DeadUnits> dead = new HashMap<>();
    Map<String, Mask> masks = state.masks(parts.summary().kernels());
    Optional<Reachability> paths =
        wiring.map(
            w ->
                Reachability.of(
                    w, kernel -> i -> !masks.containsKey(kernel) || masks.get(kernel).kept(i)));
    paths.ifPresent(p -> p.deadUnits().forEach(u -> dead.put(u.kernel(), u)));
    Map<String, Deaths> deaths = new LinkedHashMap<>();
    for (Parameter kernel : parts.summary().kernels()) {
      String name = kernel.name();
      deaths.put(
          name,
          new Deaths(
              silent.getOrDefault(name, -1),
              dead.containsKey(name) ? dead.get(name).dead().cardinality() : -1,
              paths.map(p -> (long) p.deadWeights(name).cardinality()).orElse(-1L)));
    }
    return deaths;
  }
}
