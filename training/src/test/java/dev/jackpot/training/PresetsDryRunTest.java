package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.Presets;
import dev.jackpot.config.proto.Experiment;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every preset's graphs are built and take a step on two random images of its data's shape. */
class PresetsDryRunTest {
  static Stream<String> presets() {
    return Presets.names().stream();
  }

  @ParameterizedTest
  @MethodSource("presets")
  void everyPresetRunsItsStages(String name) {
    Experiment experiment = ExperimentLoader.loadTemplate(name, List.of());
    DryRun.Report report = DryRun.run(experiment, 2);
    assertThat(report.steps()).hasSameSizeAs(experiment.getStagesList());
    assertThat(report.steps()).allSatisfy(step -> assertThat(step.loss()).isPositive());
    if (name.contains("-imagenet") && !name.contains("tiny")) {
      assertThat(report.spec().height()).isEqualTo(224);
      assertThat(report.spec().classes()).isEqualTo(1000);
    } else if (name.contains("tiny-imagenet")) {
      assertThat(report.spec().height()).isEqualTo(64);
      assertThat(report.spec().classes()).isEqualTo(200);
    } else if (name.contains("cifar100")) {
      assertThat(report.spec().classes()).isEqualTo(100);
    }
  }
}
