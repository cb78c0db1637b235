package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.proto.Experiment;
import java.util.List;
import org.junit.jupiter.api.Test;

class DryRunTest {
  @Test
  void everyStageTakesAStepWithNeitherDataNorWeightsThere() {
    Experiment experiment = ExperimentLoader.loadTemplate("resnet20-cifar10-jackpot90", List.of());
    DryRun.Report report = DryRun.run(experiment, 3);
    assertThat(report.network().parameterCount()).isEqualTo(269_722);
    assertThat(report.steps()).hasSize(1);
    DryRun.Step step = report.steps().get(0);
    assertThat(step.stage()).isEqualTo("search");
    assertThat(step.batch()).isEqualTo(3);
    assertThat(step.loss()).isPositive();
  }

  @Test
  void stagesFollowOneAnotherAndBatchesAreTheirOwnWhereTheyAreSmaller() {
    DryRun.Report report =
        DryRun.run(ExperimentLoader.load("quickstart", List.of("stages.search.batch_size=2")), 4);
    assertThat(report.steps()).extracting(DryRun.Step::stage).containsExactly("train", "search");
    assertThat(report.steps()).extracting(DryRun.Step::batch).containsExactly(4, 2);
  }
}
