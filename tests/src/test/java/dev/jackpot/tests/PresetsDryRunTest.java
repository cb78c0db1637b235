package dev.jackpot.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.ExperimentStages;
import dev.jackpot.config.Presets;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.training.DryRun;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every preset's graphs are built and take a step on two random images of its data's shape. */
class PresetsDryRunTest {
  static Stream<String> all() {
    return Presets.names().stream();
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyPresetRunsItsStages(String name) {
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
