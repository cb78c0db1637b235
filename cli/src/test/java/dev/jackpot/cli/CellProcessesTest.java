package dev.jackpot.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.SweepCell;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.training.StopSignal;
import dev.jackpot.training.run.RunDirectory;
import dev.jackpot.training.run.RunInUseException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CellProcessesTest {
  private static SweepCell cell(String... choices) {
    return new SweepCell(List.of(choices), 1, List.of(), Experiment.getDefaultInstance());
  }

  @Test
  void noTwoCellsShareAFile() {
    Path root = Path.of("root");
    SweepCell one = cell("a.b", "c");
    SweepCell other = cell("a", "b.c");
    assertThat(CellProcesses.config(root, one)).isNotEqualTo(CellProcesses.config(root, other));
    assertThat(CellProcesses.printed(root, one)).isNotEqualTo(CellProcesses.printed(root, other));
  }

  @Test
  void aRunThatIsInUseIsNotStarted(@TempDir Path temp) {
    Path directory = temp.resolve("cell");
    try (RunDirectory other = RunDirectory.create(directory, Experiment.getDefaultInstance())) {
      assertThat(other.root()).isEqualTo(directory);
      CellProcesses processes = new CellProcesses(temp, 2);
      assertThatThrownBy(() -> processes.run(cell("a"), directory, new StopSignal()))
          .isInstanceOf(RunInUseException.class);
      assertThat(temp.resolve("configs")).doesNotExist();
    }
  }
}
