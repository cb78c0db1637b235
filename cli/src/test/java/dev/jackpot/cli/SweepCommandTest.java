package dev.jackpot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
}
