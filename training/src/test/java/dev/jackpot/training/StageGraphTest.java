package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.MaskRecipes;
import dev.jackpot.config.Seeds;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;
import dev.jackpot.pruning.Criterion;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.Recipe;
import dev.jackpot.pruning.Units;
import dev.jackpot.training.data.Batch;
import dev.jackpot.training.data.BatchStream;
import dev.jackpot.training.data.Batches;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One stage's graph, step by step. */
class StageGraphTest {
  /** A stage opened on the tiny data, with its first state. */
  private static final class Opened implements AutoCloseable {
    final ExperimentParts parts;
    final Stage stage;
    final StageKind kind;
    final State first;
    final StageGraph graph;
    final Batches batches;

    Opened(ExperimentParts parts, State before) {
      this.parts = parts;
      stage = parts.experiment().getStages(0);
      kind = StageKinds.REGISTRY.create(stage);
      first = kind.begin(StageContext.of(parts.summary(), 1), before);
      graph =
          StageGraph.open(
              parts.network(),
              parts.spec(),
              stage,
              kind,
              first,
              parts.experiment().getRuntime(),
              0);
      batches = parts.trainingBatches(stage, new Seeds(1));
    }

    static Opened fresh(String stages, String... sets) {
      ExperimentParts parts = Tiny.parts(stages, sets);
      return new Opened(parts, StartingValues.of(parts));
    }

    int steps(int epochs, double rate, double allowed) {
      int swaps = 0;
      for (int epoch = 0; epoch < epochs; epoch++) {
        try (BatchStream stream = batches.open(epoch, 0)) {
          while (stream.hasNext()) {
            try (Batch batch = stream.next()) {
              swaps += graph.step(batch, rate, allowed).swaps();
            }
          }
        }
      }
      return swaps;
    }

    List<Parameter> parameters() {
      return parts.summary().parameters();
    }

    @Override
    public void close() {
      batches.close();
      graph.close();
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.3})
  void searchMovesMasksScoresAndAveragesAndNothingElse(double allowed) {
    try (Opened opened = Opened.fresh(Tiny.SEARCH)) {
      int swaps = opened.steps(2, 0.5, allowed);
      State last = opened.graph.state();
      assertThat(swaps).isPositive();
      for (Parameter p : opened.parameters()) {
        HostTensor before = opened.first.get(p.name());
        HostTensor after = last.get(p.name());
        if (p.role().isAverage()) {
          assertThat(after).as(p.name()).isNotEqualTo(before);
        } else {
          assertThat(after).as(p.name()).isEqualTo(before);
        }
        if (p.role() == Role.CLASSIFIER_KERNEL) {
          assertThat(last.values()).doesNotContainKeys(p.mask(), p.score());
        } else if (p.role().isKernel()) {
          Mask start = opened.first.mask(p).orElseThrow();
          Mask end = last.mask(p).orElseThrow();
          assertThat(end.kept()).as("kept weights of " + p.name()).isEqualTo(start.kept());
          assertThat(last.get(p.score())).isNotEqualTo(opened.first.get(p.score()));
        }
      }
    }
  }

  @Test
  void theSearchCanPruneTheClassifierToo() {
    try (Opened opened = Opened.fresh(Tiny.SEARCH, "stages.search.prunable.classifier=true")) {
      assertThat(opened.first.values()).containsKeys("linear/kernel/mask", "linear/kernel/score");
      opened.steps(1, 0.5, 1);
      Parameter kernel = kernel(opened, "linear/kernel");
      assertThat(opened.graph.state().mask(kernel).orElseThrow().kept())
          .isEqualTo(opened.first.mask(kernel).orElseThrow().kept());
    }
  }

  /** Every step's mask is one that the pattern could choose: here, the best of its scores. */
  @ParameterizedTest
  @ValueSource(strings = {"n_m { n: 2 m: 4 }", "block { height: 4 width: 2 }", "filter {}"})
  void theSearchKeepsToItsPattern(String pattern) {
    String search =
        Tiny.SEARCH.replace(
            "sparsity: 0.8",
            "sparsity: 0.5 score_pruned: 0.9999 pattern { %s } criterion { random {} }"
                .formatted(pattern));
    try (Opened opened = Opened.fresh(search)) {
      assertThat(opened.steps(1, 0.5, 0.3)).isPositive();
      opened.steps(1, 0.5, 1);
      Recipe recipe = Recipe.of(MaskRecipes.of(opened.stage.getSearch()));
      State last = opened.graph.state();
      for (Parameter p : opened.parameters()) {
        if (last.values().containsKey(p.score())) {
          Units units = recipe.units(p);
          Mask mask = last.mask(p).orElseThrow();
          float[] kept = units.scores(mask.toFloats(), Criterion.Reduction.MEAN);
          int count = 0;
          for (float unit : kept) {
            assertThat(unit).as("whole or not at all").isIn(0f, 1f);
            count += (int) unit;
          }
          float[] scores = units.scores(last.get(p.score()).values(), Criterion.Reduction.MEAN);
          assertThat(mask).as(p.name()).isEqualTo(units.mask(scores, count));
        }
      }
    }
  }

  @Test
  void afterAStepWithoutRestrictionTheMaskIsTheTopKOfTheScores() {
    try (Opened opened = Opened.fresh(Tiny.SEARCH)) {
      opened.steps(1, 0.5, 1);
      State last = opened.graph.state();
      for (Parameter p : opened.parameters()) {
        if (last.values().containsKey(p.score())) {
          float[] scores = last.get(p.score()).values();
          Mask mask = last.mask(p).orElseThrow();
          assertThat(mask)
              .isEqualTo(dev.jackpot.pruning.MaskSelection.topK(mask.shape(), scores, mask.kept()));
        }
      }
    }
  }

  @Test
  void trainingMovesEveryParameterButLeavesPrunedWeightsAsTheyAre() {
    ExperimentParts parts = Tiny.parts(Tiny.TRAIN);
    ExperimentParts searching = Tiny.parts(Tiny.SEARCH);
    State masked =
        StageKinds.REGISTRY
            .create(searching.experiment().getStages(0))
            .begin(StageContext.of(parts.summary(), 1), StartingValues.of(parts))
            .carried(parts.summary().parameters());
    try (Opened opened = new Opened(parts, masked)) {
      opened.steps(2, 0.05, 1);
      State last = opened.graph.state();
      for (Parameter p : opened.parameters()) {
        HostTensor before = masked.get(p.name());
        HostTensor after = last.get(p.name());
        assertThat(after).as(p.name()).isNotEqualTo(before);
        masked
            .mask(p)
            .ifPresent(
                mask -> {
                  assertThat(last.mask(p)).hasValue(mask);
                  for (int i = 0; i < mask.size(); i++) {
                    if (!mask.kept(i)) {
                      assertThat(after.values()[i]).isEqualTo(before.values()[i]);
                    }
                  }
                });
      }
    }
  }

  @Test
  void runningAveragesFollowTheClosedFormOfTheirBatches() {
    try (Opened opened = Opened.fresh(Tiny.TRAIN)) {
      // averages of the first norm after one batch from 0 and 1: (1 − momentum) of the batch's own
      String name = "bn1/moving_mean";
      HostTensor mean;
      HostTensor variance;
      HostTensor twice;
      try (BatchStream stream = opened.batches.open(0, 0);
          Batch batch = stream.next()) {
        opened.graph.updateAverages(batch);
        State once = opened.graph.state();
        mean = once.get(name);
        variance = once.get("bn1/moving_variance");
        opened.graph.updateAverages(batch);
        twice = opened.graph.state().get(name);
        double[][] expected = firstConvolutionMoments(opened, batch);
        for (int c = 0; c < mean.values().length; c++) {
          assertThat((double) mean.values()[c]).isCloseTo(0.1 * expected[0][c], within(1e-5));
          assertThat((double) variance.values()[c])
              .isCloseTo(0.9 + 0.1 * expected[1][c], within(1e-4));
          // m(1 − μ²) after two updates by the same batch
          assertThat((double) twice.values()[c]).isCloseTo(0.19 * expected[0][c], within(1e-5));
        }
      }
    }
  }

  /**
   * Mean and unbiased variance per channel of the first 3×3 convolution's output, computed by hand.
   */
  private static double[][] firstConvolutionMoments(Opened opened, Batch batch) {
    float[] kernel = opened.first.get("conv1/kernel").values();
    int filters = 4;
    double[] sum = new double[filters];
    double[] squares = new double[filters];
    int positions = batch.size() * 64;
    for (int n = 0; n < batch.size(); n++) {
      for (int y = 0; y < 8; y++) {
        for (int x = 0; x < 8; x++) {
          double[] out = convolve(batch.images(), kernel, n, y, x, filters);
          for (int f = 0; f < filters; f++) {
            sum[f] += out[f];
            squares[f] += out[f] * out[f];
          }
        }
      }
    }
    double[][] moments = new double[2][filters];
    for (int f = 0; f < filters; f++) {
      moments[0][f] = sum[f] / positions;
      moments[1][f] =
          (squares[f] / positions - moments[0][f] * moments[0][f]) * positions / (positions - 1);
    }
    return moments;
  }

  private static double[] convolve(
      float[] images, float[] kernel, int n, int y, int x, int filters) {
    double[] out = new double[filters];
    for (int ky = 0; ky < 3; ky++) {
      for (int kx = 0; kx < 3; kx++) {
        int iy = y + ky - 1;
        int ix = x + kx - 1;
        if (iy < 0 || iy >= 8 || ix < 0 || ix >= 8) {
          continue;
        }
        for (int c = 0; c < 3; c++) {
          double pixel = images[((n * 8 + iy) * 8 + ix) * 3 + c];
          for (int f = 0; f < filters; f++) {
            out[f] += pixel * kernel[((ky * 3 + kx) * 3 + c) * filters + f];
          }
        }
      }
    }
    return out;
  }

  @Test
  void twoRunsFromOneSeedAgreeToTheBit() {
    Map<String, HostTensor> first = new LinkedHashMap<>();
    for (int run = 0; run < 2; run++) {
      try (Opened opened = Opened.fresh(Tiny.SEARCH)) {
        opened.steps(1, 0.3, 0.5);
        Map<String, HostTensor> values = opened.graph.state().values();
        if (run == 0) {
          first.putAll(values);
        } else {
          assertThat(values).isEqualTo(first);
        }
      }
    }
  }

  private static Parameter kernel(Opened opened, String name) {
    return opened.parameters().stream()
        .filter(p -> p.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
