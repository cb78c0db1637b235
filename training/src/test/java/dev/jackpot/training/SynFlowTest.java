package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.proto.MaskRecipe;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.Masks;
import dev.jackpot.pruning.NetworkGradients;
import dev.jackpot.pruning.Recipe;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Masks by synaptic flow of a 20-50-8-50-10 network. */
class SynFlowTest {
  private static final Scored CHAIN =
      Scored.of(new PlainNetwork(List.of(50, 8, 50), false), new NetworkSpec(1, 1, 20, 10));

  /** There are no images to be had. */
  private static final NetworkGradients NO_DATA =
      SampledGradients.of(
          CHAIN.network(),
          CHAIN.spec(),
          CHAIN.state(),
          Scored.ONE_THREAD,
          sample -> {
            throw new AssertionError("data are asked for");
          });

  private static Masks masks(double sparsity, int rounds) {
    MaskRecipe.Builder recipe = MaskRecipe.newBuilder().setSparsity(sparsity);
    recipe.getPrunableBuilder().setClassifier(true);
    recipe.getCriterionBuilder().getSynflowBuilder().setRounds(rounds);
    return Recipe.of(recipe.build())
        .masks(CHAIN.summary().parameters(), CHAIN.state().values(), 1, NO_DATA);
  }

  @ParameterizedTest
  @ValueSource(doubles = {.98, .99})
  void oneShotEmptiesALayerAndAHundredRoundsDoNot(double sparsity) {
    Masks once = masks(sparsity, 1);
    Masks rounds = masks(sparsity, 100);
    assertThat(once.byName().values()).anyMatch(m -> m.kept() == 0);
    assertThat(rounds.byName().values()).allMatch(m -> m.kept() > 0);
    assertThat(once.kept()).isEqualTo(rounds.kept()).isEqualTo(Math.round(2300 * (1 - sparsity)));
  }

  /** Of what is kept, every weight lies on a path from an input to an output. */
  @Test
  void everyKeptWeightCarriesFlow() {
    Masks masks = masks(.99, 100);
    try (NetworkGradients.Flow flow = NO_DATA.flow(CHAIN.kernels())) {
      flow.scores(masks)
          .forEach(
              (name, scores) -> {
                Mask mask = masks.get(name);
                for (int i = 0; i < scores.length; i++) {
                  assertThat(scores[i] > 0).as("%s[%d]", name, i).isEqualTo(mask.kept(i));
                }
              });
    }
  }
}
