package dev.jackpot.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.ExperimentStages;
import dev.jackpot.config.Presets;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.PruningSchedule;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.training.DryRun;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Presets' graphs are built and take a step on two random images of their data's shape: in every
 * build of as many presets as have between them each network, each data set and each form of a
 * stage.
 */
class PresetsDryRunTest {
  static Stream<String> all() {
    return Presets.names().stream();
  }

  static Stream<String> some() {
    Set<Object> seen = new HashSet<>();
    return all()
        .filter(
            name -> {
              Experiment preset = ExperimentLoader.loadTemplate(name, List.of());
              boolean isNew = seen.add(preset.getNetwork());
              isNew |= seen.add(preset.getData().getSourceCase());
              for (Stage stage : ExperimentStages.firstRounds(preset)) {
                isNew |= seen.add(form(stage));
              }
              return isNew;
            });
  }

  /**
   * What a stage's graph depends on: not how long it trains, at what rates, when it prunes and
   * where it rewinds to.
   */
  private static Stage form(Stage stage) {
    Stage.Builder form =
        stage.toBuilder()
            .clearName()
            .clearEpochs()
            .clearBatchSize()
            .clearLearningRate()
            .clearWeightDecay()
            .clearShedding();
    if (stage.getSparseTrain().hasSchedule()) {
      form.getSparseTrainBuilder()
          .setSchedule(
              PruningSchedule.newBuilder().setTo(stage.getSparseTrain().getSchedule().getTo()));
    }
    if (stage.hasRewind()) {
      form.getRewindBuilder().clearTo();
    }
    return form.build();
  }

  @ParameterizedTest
  @MethodSource("some")
  void presetsRunTheirStages(String name) {
    tryOut(name);
  }

  @LongRunning
  @ParameterizedTest
  @MethodSource("all")
  void everyPresetRunsItsStages(String name) {
    tryOut(name);
  }

  private static void tryOut(String name) {
    Experiment experiment = ExperimentLoader.loadTemplate(name, List.of());
    DryRun.Report report = DryRun.run(experiment, 2);
    assertThat(report.steps())
        .hasSameSizeAs(
            ExperimentStages.firstRounds(experiment).stream()
                .filter(ExperimentStages::hasEpochs)
                .toList());
    assertThat(report.steps()).allSatisfy(step -> assertThat(step.loss()).isPositive());
    boolean tiny = name.contains("tiny-imagenet");
    boolean large = name.contains("-imagenet") && !tiny;
    assertThat(report.spec().height()).isEqualTo(large ? 224 : tiny ? 64 : 32);
    assertThat(report.spec().classes())
        .isEqualTo(large ? 1000 : tiny ? 200 : name.contains("cifar100") ? 100 : 10);
  }
}
