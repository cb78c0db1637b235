package dev.jackpot.config;

import static dev.jackpot.config.Configs.problemsOfText;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.jackpot.config.proto.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ghosts, and smoothing of labels that ends. */
class SparseRecipeRulesTest {
  private static final String EXPERIMENT =
      """
      data { drawn { train_images: 1000 } }
      network { cifar_resnet {} }
      stages {
        name: "sparse" sparse_train { prune { sparsity: 0.9 } } epochs: 10
        label_smoothing: 0.1
        ghosts { soft_neurons { swish {} } skips {} }
      }
      stages { search {} epochs: 2 }
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          stages.sparse.ghosts.until_epoch=10 | found 10, expected an epoch from 1 to the stage's last, 9: the network that is left must have been trained
          stages.sparse.ghosts.until_epoch=0 | found 0, expected an epoch from 1 to the stage's last, 9: the network that is left must have been trained
          stages.sparse.epochs=1 | missing, expected a stage of at least 2 epochs: the last is the plain network's
          stages.sparse.ghosts.skips.fade_epochs=5 | found 5, expected an integer from 1 to 4: α must reach 0 before the skips go, at epoch 4
          stages.sparse.ghosts.skips.fade_epochs=0 | found 0, expected an integer from 1 to 4: α must reach 0 before the skips go, at epoch 4
          stages.sparse.ghosts.until_epoch=1 | found the default EPOCH, expected per: STEP where the skips go after one epoch, or an until_epoch of at least 2: epoch by epoch α would not have fallen yet
          stages.sparse.epochs=2 | found the default EPOCH, expected per: STEP where the skips go after one epoch, or an until_epoch of at least 2: epoch by epoch α would not have fallen yet
          stages.sparse.ghosts.skips.alpha=0 | found 0.0, expected a number above 0
          stages.sparse.ghosts.skips.initial_weight=0 | found 0.0, expected a number other than 0
          stages.sparse.ghosts.soft_neurons.swish.beta_start=0 | found 0.0, expected a number above 0, at most 1000.0
          stages.sparse.ghosts.soft_neurons.swish.beta_end=0.5 | found 0.5, expected a number from beta_start, which is 1.0, to 1000.0
          stages.sparse.ghosts={until_epoch: 3} | missing, expected soft_neurons, skips or both, for instance soft_neurons { swish {} }
          stages.search.ghosts={skips {}} | expected none: a search trains no weights, so its network stays as it is
          stages.sparse.label_smoothing_until_epoch=10 | found 10, expected an epoch from 1 to the stage's last, 9
          stages.sparse.label_smoothing_until_epoch=0 | found 0, expected an epoch from 1 to the stage's last, 9
          stages.search.label_smoothing_until_epoch=1 | found 1, expected none where label_smoothing is 0
          stages.sparse.label_smoothing=1 | found 1.0, expected a number in [0, 1)
          network={resnet {}} | expected none: the bottlenecks of resnet from depth 50 have no 3×3 convolutions in basic blocks or one after the other
          network={mobilenet_v2 {}} | expected none: MobileNets have no 3×3 convolutions in basic blocks or one after the other
          """)
  void whatCannotBeIsRefusedAtItsPlace(String set, String problem) {
    assertThat(problemsOfText(EXPERIMENT, set)).anySatisfy(p -> assertThat(p).endsWith(problem));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stages.sparse.ghosts.until_epoch=9",
        "stages.sparse.ghosts={until_epoch: 1 per: STEP skips {}}",
        "stages.sparse.ghosts={until_epoch: 1 soft_neurons {}}",
        "stages.sparse.ghosts={until_epoch: 2 skips {}}",
        "stages.sparse.ghosts.skips.fade_epochs=4",
        "stages.sparse.epochs=4",
        "stages.sparse.label_smoothing_until_epoch=9",
        "stages.sparse.label_smoothing_form=OTHER_CLASSES",
        "stages.sparse.ghosts.soft_neurons.mish={}",
        "network={resnet { depth: 34 }}",
        "network={vgg {}}",
        "network={custom { name: \"mine\" }}",
      })
  void whatCanBeIsNot(String set) {
    assertThatCode(() -> Configs.text(EXPERIMENT, set)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stages.sparse.ghosts.until_epoch=0",
        "stages.sparse.ghosts={until_epoch: 0 skips { fade_epochs: 3 }}",
        "stages.sparse.ghosts.until_epoch=1",
        "stages.sparse.epochs=1"
      })
  void oneMistakeIsOneProblem(String set) {
    assertThat(problemsOfText(EXPERIMENT, set)).hasSize(1);
  }

  @Test
  void skipsInARepeatAreRefusedToo() {
    assertThat(
            problemsOfText(
                EXPERIMENT,
                "network={mobilenet_v1 {}}",
                "stages.sparse.repeat={rounds: 1 stages { train {} epochs: 3 ghosts { skips {} }"
                    + " }}"))
        .anySatisfy(
            p ->
                assertThat(p)
                    .contains("stages.train.ghosts.skips: found, expected none: MobileNets have"));
  }

  @Test
  void theHandOverIsAfterTwoFifthsUnlessTheStageSaysWhen() {
    Stage.Builder stage = Stage.newBuilder().setEpochs(182);
    stage.getGhostsBuilder().getSkipsBuilder();
    assertThat(HandOver.epoch(stage.build())).isEqualTo(73);
    assertThat(HandOver.fadeEpochs(stage.build())).isEqualTo(73);
    assertThat(HandOver.epoch(stage.setEpochs(15).build())).isEqualTo(6);
    assertThat(HandOver.epoch(stage.setEpochs(2).build())).isEqualTo(1);
    stage.setEpochs(15).getGhostsBuilder().setUntilEpoch(9).getSkipsBuilder().setFadeEpochs(3);
    assertThat(HandOver.epoch(stage.build())).isEqualTo(9);
    assertThat(HandOver.fadeEpochs(stage.build())).isEqualTo(3);
  }

  @Test
  void aStageIsThePlainOneOnceItsGhostsAndItsSmoothingHaveEnded() {
    Stage plain = Stage.newBuilder().setEpochs(10).setBatchSize(8).build();
    Stage.Builder stage = plain.toBuilder().setLabelSmoothing(.1).setLabelSmoothingUntilEpoch(2);
    Stage smoothed = stage.build();
    stage.getGhostsBuilder().setUntilEpoch(4).getSkipsBuilder();
    Stage ghosts = stage.build();
    assertThat(HandOver.at(ghosts, 0)).isEqualTo(ghosts);
    assertThat(HandOver.at(ghosts, 1)).isEqualTo(ghosts);
    assertThat(HandOver.at(ghosts, 3).hasGhosts()).isTrue();
    assertThat(HandOver.at(ghosts, 3).hasLabelSmoothing()).isFalse();
    assertThat(HandOver.at(ghosts, 4)).isEqualTo(plain);
    assertThat(HandOver.at(smoothed, 1)).isEqualTo(smoothed);
    assertThat(HandOver.at(smoothed, 2)).isEqualTo(plain);
  }
}
