package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.training.run.EvaluationSplit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.exceptions.TFInvalidArgumentException;

class CheckpointStoreTest {
  // Linux's limit is 4096: enough for the folder's temporary name, too long for TensorFlow's files
  private static final int LONG_PATH = 4020;

  @Test
  @EnabledOnOs(OS.LINUX)
  void whatTensorFlowCannotWriteIsToldOfItsCheckpoint(@TempDir Path folder) throws IOException {
    ExperimentParts parts = Tiny.parts(Tiny.TRAIN);
    Stage stage = parts.experiment().getStages(0);
    StageKind kind = StageKinds.REGISTRY.create(stage);
    State first = kind.begin(StageContext.of(parts.summary(), 1), StartingValues.of(parts));
    Path root = folder;
    while (root.toString().length() < LONG_PATH) {
      int left = LONG_PATH - root.toString().length() - 1;
      root = root.resolve("x".repeat(Math.max(1, Math.min(200, left))));
    }
    Files.createDirectories(root);
    CheckpointStore store = new CheckpointStore(root, parts.experiment());
    try (StageGraph graph =
        StageGraph.open(
            parts.network(),
            parts.spec(),
            stage,
            kind,
            first,
            parts.experiment().getRuntime(),
            0)) {
      Moment moment = new Moment("train", 2, 6, Progress.START, 0.1, EvaluationSplit.TEST, graph);
      assertThatThrownBy(() -> store.interrupted(moment))
          .isInstanceOf(JackpotException.class)
          .hasCauseInstanceOf(TFInvalidArgumentException.class)
          .hasMessageStartingWith("cannot write checkpoint " + root);
    }
    assertThat(root).isEmptyDirectory();
  }
}
