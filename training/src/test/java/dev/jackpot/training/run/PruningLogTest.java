package dev.jackpot.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.JackpotException;
import dev.jackpot.training.run.PruningRecord.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PruningLogTest {
  @TempDir Path temp;

  private static PruningRecord record(String stage, long step, double loss) {
    return new PruningRecord(
        stage,
        "harvest",
        step / 8.,
        step,
        loss,
        loss + 0.25,
        List.of(new Kernel("a/kernel", 100, 90, 80), new Kernel("b/kernel", 10, 10, 10)));
  }

  @Test
  void linesAreReadAsTheyWereWritten() throws IOException {
    Path file = temp.resolve("pruning.jsonl");
    assertThat(PruningLog.read(file)).isEmpty();
    List<PruningRecord> records = List.of(record("a", 0, 0.5), record("a", 8, Double.NaN));
    PruningLog.append(file, records);
    assertThat(PruningLog.read(file)).isEqualTo(records);
    assertThat(Files.readAllLines(file).get(0))
        .contains("\"pruned_before\":10,\"pruned_after\":20,\"size\":110");
    assertThat(Files.readAllLines(file).get(1)).doesNotContain("loss");
    assertThat(records.get(0).summary())
        .isEqualTo(
            "a: harvest after step 0, 20 of 110 weights are pruned (10 more), loss 0.5000 to"
                + " 0.7500");
  }

  /** An event of the checkpoint's own step comes after it. */
  @Test
  void whatLiesBehindACheckpointIsDropped() {
    Path file = temp.resolve("pruning.jsonl");
    PruningLog.append(
        file, List.of(record("a", 0, 1), record("a", 8, 1), record("b", 8, 1), record("b", 12, 1)));
    PruningLog.truncateAfter(file, List.of("a", "b"), "b", 12);
    assertThat(PruningLog.read(file)).extracting(PruningRecord::step).containsExactly(0L, 8L, 8L);
    PruningLog.truncateAfter(file, List.of("a", "b"), "b", 8);
    assertThat(PruningLog.read(file)).extracting(PruningRecord::stage).containsExactly("a", "a");
    PruningLog.truncateAfter(file, List.of("a", "b"), "a", 8);
    assertThat(PruningLog.read(file)).extracting(PruningRecord::step).containsExactly(0L);
  }

  @Test
  void linesOfOthersAreRefused() throws IOException {
    Path file = temp.resolve("pruning.jsonl");
    Files.writeString(
        file,
        """
        {"stage":"a","kind":"push","epoch":1,"step":8,"kernels":["k"],"sizes":[4],"kept_before":[4],"kept_after":[1,2]}
        """);
    assertThatThrownBy(() -> PruningLog.read(file))
        .isInstanceOf(JackpotException.class)
        .hasMessageContaining("pruning.jsonl:1:")
        .hasMessageContaining("kept_after");
  }
}
