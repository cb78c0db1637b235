package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.MaskSelection;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

class InitialScoresTest {
  private static Mask everyThird(int size) {
    boolean[] kept = new boolean[size];
    for (int i = 0; i < size; i += 3) {
      kept[i] = true;
    }
    return Mask.of(Shape.of(size), kept);
  }

  @Test
  void theMaskKeepsTheHighestOfUniformScores() {
    Mask mask = everyThird(30_000);
    HostTensor scores = InitialScores.random(mask, -1, 3, 5);
    assertThat(MaskSelection.topK(scores.values(), mask.kept())).isEqualTo(mask);
    float[] sorted = scores.values().clone();
    Arrays.sort(sorted);
    for (int i = 0; i < sorted.length; i += 1000) {
      assertThat((double) sorted[i]).isCloseTo(-1 + 4.0 * i / sorted.length, within(0.05));
    }
    assertThat(InitialScores.random(mask, -1, 3, 5)).isEqualTo(scores);
    assertThat(InitialScores.random(mask, -1, 3, 6)).isNotEqualTo(scores);
  }

  @Test
  void aSearchStartsFromARandomMaskAtTheMagnitudeMasksCounts() {
    ExperimentParts parts = Tiny.parts(Tiny.SEARCH);
    State dense = StartingValues.of(parts);
    State random =
        begin(
            parts,
            dense,
            "stages.search.criterion={ random {} }",
            "stages.search.allocation={ global { by { magnitude {} } } }",
            "stages.search.scores=RANDOM");
    State magnitude = begin(parts, dense);
    List<Parameter> kernels = parts.summary().kernels();
    magnitude
        .masks(kernels)
        .forEach(
            (name, mask) -> {
              Mask drawn = random.masks(kernels).get(name);
              assertThat(drawn.kept()).as(name).isEqualTo(mask.kept());
              assertThat(drawn).as(name).isNotEqualTo(mask);
              float[] scores = random.get(name + "/score").values();
              assertThat(MaskSelection.topK(drawn.shape(), scores, drawn.kept())).isEqualTo(drawn);
            });
  }

  private static State begin(ExperimentParts parts, State dense, String... sets) {
    return StageKinds.REGISTRY
        .create(Tiny.experiment(Tiny.SEARCH, sets).getStages(0))
        .begin(StageContext.of(parts.summary(), 1), dense);
  }
}
