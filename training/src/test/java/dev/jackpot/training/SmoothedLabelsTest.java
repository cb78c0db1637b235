package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.Seeds;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.config.proto.Stage.Smoothing;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Losses.Targets;
import dev.jackpot.training.data.Batch;
import dev.jackpot.training.data.BatchStream;
import dev.jackpot.training.data.Batches;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a stage's training loss is taken against. */
class SmoothedLabelsTest {
  private static final double EPSILON = .2;

  /** By hand, of 5 classes: 1 − ε + ε/5 and ε/5, or 1 − ε and ε/4. */
  @Test
  void bothFormsAreWhatTheyAreCalled() {
    Stage.Builder stage = Stage.newBuilder().setLabelSmoothing(EPSILON);
    assertClose(StageGraph.targets(stage.build(), 5), .84, .04);
    stage.setLabelSmoothingForm(Smoothing.ALL_CLASSES);
    assertClose(StageGraph.targets(stage.build(), 5), .84, .04);
    stage.setLabelSmoothingForm(Smoothing.OTHER_CLASSES);
    assertClose(StageGraph.targets(stage.build(), 5), .8, .05);
    assertThat(StageGraph.targets(stage.clearLabelSmoothing().build(), 5)).isEqualTo(Targets.HARD);
  }

  private static void assertClose(Targets found, double on, double off) {
    assertThat(found.on()).isCloseTo(on, within(1e-12));
    assertThat(found.off()).isCloseTo(off, within(1e-12));
  }

  /**
   * With a classifier of zeros the logits are its biases, so that the loss of a step depends on the
   * labels alone.
   */
  @ParameterizedTest
  @EnumSource
  void aStepsLossIsTheOneAgainstThem(Smoothing form) {
    ExperimentParts parts =
        Tiny.parts(
            "stages { train {} epochs: 1 batch_size: 16 label_smoothing: %s label_smoothing_form: %s }"
                .formatted(EPSILON, form));
    Stage stage = parts.experiment().getStages(0);
    StageKind kind = StageKinds.REGISTRY.create(stage);
    int classes = parts.spec().classes();
    State start = StartingValues.of(parts);
    float[] logits = new float[classes];
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      logits[c] = c * c / 4f - 1;
      sum += Math.exp(logits[c]);
    }
    Map<String, HostTensor> classifier = new LinkedHashMap<>();
    classifier.put("linear/kernel", HostTensor.filled(start.get("linear/kernel").shape(), 0));
    classifier.put("linear/bias", new HostTensor(start.get("linear/bias").shape(), logits));
    try (StageGraph graph =
            StageGraph.open(
                parts.network(),
                parts.spec(),
                stage,
                kind,
                start.with(classifier),
                parts.experiment().getRuntime(),
                0);
        Batches batches = parts.trainingBatches(stage, new Seeds(1));
        BatchStream stream = batches.open(0, 0);
        Batch batch = stream.next()) {
      double expected = 0;
      for (int label : batch.labels()) {
        for (int c = 0; c < classes; c++) {
          double target =
              form == Smoothing.ALL_CLASSES
                  ? (c == label ? 1 - EPSILON : 0) + EPSILON / classes
                  : c == label ? 1 - EPSILON : EPSILON / (classes - 1);
          expected -= target * (logits[c] - Math.log(sum)) / batch.labels().length;
        }
      }
      assertThat(graph.step(batch, .1, 1).loss()).isCloseTo(expected, within(1e-5));
    }
  }
}
