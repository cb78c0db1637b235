package dev.jackpot.training;

import dev.jackpot.config.ExperimentStages;
import dev.jackpot.config.Registry;
import dev.jackpot.config.Seeds;
import dev.jackpot.config.proto.DensityScale;
import dev.jackpot.config.proto.LookAheadScale;
import dev.jackpot.config.proto.Rescale;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import dev.jackpot.training.run.RescaleRecord;
import dev.jackpot.training.run.RescaleRecord.Factor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Rules for scale factors by their name in the schema's {@code Rescale.rule}. */
public final class Rescalings {
  /** look_ahead, unless a config says which. */
  public static final Registry<Rescale, Rescaling> REGISTRY =
      new Registry<Rescale, Rescaling>("rescale", RescalingPlugin.class)
          .add("look_ahead", LookAheadScale.class, (o, r) -> new LookAheadRescaling(o))
          .add("density", DensityScale.class, (o, r) -> new DensityRescaling())
          .orElse("look_ahead");

  private Rescalings() {}

  /**
   * Finds what would fail when the stage begins.
   *
   * @throws dev.jackpot.config.ConfigException if its options do not fit the data
   */
  static void check(ExperimentParts parts, Stage stage) {
    State nothing = new State(Map.of());
    REGISTRY.create(stage.getRescale()).check(input(parts, stage, nothing, new StopSignal()));
  }

  /** The same rule at the least effort: one iteration, on batches of the size it is given. */
  static Rescaling trial(Rescale options) {
    Rescale.Builder trial = options.toBuilder();
    if (!options.hasDensity() && !options.hasCustom()) {
      trial.setLookAhead(options.getLookAhead().toBuilder().setIterations(1).clearBatchSize());
    }
    return REGISTRY.create(trial.build());
  }

  /** What a stage's rule is given. */
  static Rescaling.Input input(ExperimentParts parts, Stage stage, State first, StopSignal stop) {
    return new Rescaling.Input(
        ExperimentStages.withoutRound(StageKinds.nameOf(stage)),
        parts.network(),
        parts.spec(),
        parts.summary().parameters(),
        first,
        parts.experiment().getRuntime(),
        parts::sampleBatches,
        stage.getBatchSize(),
        new Seeds(parts.experiment().getSeed()).of("rescale/" + StageKinds.nameOf(stage)),
        stop);
  }

  /** θ_k ← α_k · θ_k for every tensor k that has a factor; masks and averages stay. */
  static State apply(State state, Iterable<Parameter> parameters, RescaleRecord record) {
    Map<String, Double> factors =
        record.factors().stream().collect(Collectors.toMap(Factor::name, Factor::alpha));
    Map<String, HostTensor> scaled = new LinkedHashMap<>();
    for (Parameter p : parameters) {
      double alpha = factors.getOrDefault(p.name(), 1.);
      if (alpha != 1) {
        float[] values = state.get(p.name()).values().clone();
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (alpha * values[i]);
        }
        scaled.put(p.name(), new HostTensor(p.shape(), values));
      }
    }
    return state.with(scaled);
  }
}
