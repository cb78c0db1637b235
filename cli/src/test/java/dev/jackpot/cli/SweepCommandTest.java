package dev.jackpot.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.SweepCell;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.training.RunInterruptedException;
import dev.jackpot.training.StopSignal;
import dev.jackpot.training.run.Result;
import dev.jackpot.training.sweep.table.CellOutcome;
import dev.jackpot.training.sweep.table.CellOutcome.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps of a small network on a few drawn images. */
class SweepCommandTest {
  private static final String SWEEP =
      """
      name: "small"
      base: "sparse-quickstart"
      set: "data.drawn.train_images=96"
      set: "data.drawn.test_images=50"
      set: "network.cifar_resnet.width=4"
      set: "stages.train.epochs=1"
      set: "stages.train.batch_size=32"
      set: "runtime.threads=1"
      axes {
        name: "recipe"
        baseline: "plain"
        choices { name: "plain" }
        choices { name: "density" set: "stages.train.rescale=density" }
      }
      """;

  @TempDir private static Path folder;
  private static Path file;

  @BeforeAll
  static void write() throws IOException {
    file = Files.writeString(folder.resolve("small.textproto"), SWEEP);
  }

  @Test
  void aDryRunListsTheCells() {
    Cli cli = Cli.good("sweep", file.toString(), "--dry-run");
    assertThat(cli.out())
        .contains("plain/seed-1", "density/seed-1", "stages.train.rescale=density", "2 cells");
    assertThat(Cli.good("sweep", file.toString(), "--dry-run", "--json").json().getAsJsonArray())
        .hasSize(2);
  }

  @Test
  void cellsRunAsProcessesAndAreKept() throws IOException {
    String out = folder.resolve("out").toString();
    Cli first = Cli.good("sweep", file.toString(), "--out", out, "--jobs", "2");
    assertThat(first.out()).contains("RECIPE", "GAIN", "baseline", "2 cells: 2 done");
    assertThat(first.err()).contains("[1/2] ", "[2/2] ");
    assertThat(Path.of(out, "cells/density/seed-1/report.html")).exists();
    assertThat(Files.readString(Path.of(out, "sweep.html"))).contains("small", "density");
    Cli again = Cli.good("sweep", file.toString(), "--out", out, "--json", "--quiet");
    JsonObject json = again.object();
    assertThat(json.getAsJsonArray("cells"))
        .allMatch(c -> c.getAsJsonObject().get("status").getAsString().equals("kept"));
    assertThat(json.getAsJsonArray("rows").get(1).getAsJsonObject().has("gain_mean")).isTrue();
  }

  /** The loss of one cell is soon no number: the others are run, the exit code is 1. */
  @Test
  void aCellThatFailsIsTold() throws IOException {
    Path broken =
        Files.writeString(
            folder.resolve("broken.textproto"),
            SWEEP.replace(
                "stages.train.rescale=density", "stages.train.learning_rate.initial=1e30"));
    String out = folder.resolve("broken").toString();
    Cli cli = Cli.run("sweep", broken.toString(), "--out", out);
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.out()).contains("2 cells: 1 done, 1 failed");
    assertThat(cli.err()).contains("density/seed-1: failed", "the loss is", "1 of 2 cells failed");
  }

  @Test
  void badUsageIsToldBeforeAnythingRuns() {
    assertThat(Cli.run("sweep", file.toString(), "--jobs", "0").code()).isEqualTo(2);
    Cli misspelt = Cli.run("sweep", file.toString(), "--set", "stages.train.epoch=1");
    assertThat(misspelt.code()).isEqualTo(2);
    assertThat(misspelt.err()).contains("cell plain/seed-1 and 1 more", "nearest: epochs");
  }

  private static CellOutcome outcome(Status status) {
    SweepCell cell = new SweepCell(List.of("a"), 1, List.of(), Experiment.getDefaultInstance());
    boolean complete = status == Status.DONE || status == Status.KEPT;
    return complete
        ? CellOutcome.complete(cell, folder, status, Result.builder().build())
        : CellOutcome.incomplete(cell, folder, status, "");
  }

  /** A signal that comes when the last cell is done has stopped nothing. */
  @Test
  void onlyASignalThatStoppedACellEndsASweepAsStopped() {
    StopSignal stop = new StopSignal();
    stop.request(StopSignal.INTERRUPTED);
    assertThatCode(
            () -> SweepCommand.fail(List.of(outcome(Status.DONE), outcome(Status.KEPT)), stop))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () -> SweepCommand.fail(List.of(outcome(Status.DONE), outcome(Status.FAILED)), stop))
        .isInstanceOf(JackpotException.class)
        .isNotInstanceOf(RunInterruptedException.class)
        .hasMessageContaining("1 of 2 cells failed");
    for (Status status : List.of(Status.STOPPED, Status.OPEN, Status.IN_USE)) {
      assertThatThrownBy(
              () -> SweepCommand.fail(List.of(outcome(Status.DONE), outcome(status)), stop))
          .isInstanceOf(RunInterruptedException.class);
    }
  }
}
