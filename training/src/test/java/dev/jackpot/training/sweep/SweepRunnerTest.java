package dev.jackpot.training.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.SweepPlan;
import dev.jackpot.training.ExperimentService;
import dev.jackpot.training.Listener;
import dev.jackpot.training.Moment;
import dev.jackpot.training.StepResult;
import dev.jackpot.training.StopSignal;
import dev.jackpot.training.run.Result;
import dev.jackpot.training.run.RunDirectory;
import dev.jackpot.training.run.RunInUseException;
import dev.jackpot.training.sweep.table.CellOutcome;
import dev.jackpot.training.sweep.table.CellOutcome.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps of tiny experiments, unbroken and broken. */
class SweepRunnerTest {
  private static final String BASE =
      """
      runtime { threads: 1 device: CPU }
      data { custom { name: "tiny" } evaluation_batch_size: 20 }
      network { cifar_resnet { depth: 8 width: 4 } }
      stages { train {} epochs: 1 batch_size: 16 }
      """;

  private static final String SWEEP =
      """
      base: "base.textproto"
      axes {
        name: "recipe"
        baseline: "plain"
        choices { name: "plain" }
        choices { name: "smooth" set: "stages.train.label_smoothing=0.1" }
      }
      seeds: [1, 2]
      """;

  @TempDir Path temp;
  private SweepPlan plan;

  @BeforeEach
  void load() throws IOException {
    Files.writeString(temp.resolve("base.textproto"), BASE);
    plan = plan(SWEEP);
  }

  private SweepPlan plan(String text) throws IOException {
    Path file = Files.writeString(temp.resolve("sweep.textproto"), text);
    return SweepPlan.load(file.toString(), List.of(), false);
  }

  private static CellRunner running(Listener... listeners) {
    return (cell, directory, stop) ->
        ExperimentService.run(cell.experiment(), directory, true, List.of(listeners), stop);
  }

  private List<CellOutcome> run(SweepPlan some, Path root, CellRunner runner, StopSignal stop) {
    return new SweepRunner(some, root, runner, o -> {}, stop).run(1);
  }

  private static List<Status> statuses(List<CellOutcome> outcomes) {
    return outcomes.stream().map(CellOutcome::status).toList();
  }

  private static List<Double> accuracies(List<CellOutcome> outcomes) {
    return outcomes.stream().map(o -> o.result().map(Result::accuracy).orElse(-1.)).toList();
  }

  /** Stopped every few steps until it is done: the accuracies are those of an unbroken sweep. */
  @Test
  void aBrokenSweepEndsAsAnUnbrokenOne() {
    List<CellOutcome> whole = run(plan, temp.resolve("whole"), running(), new StopSignal());
    assertThat(statuses(whole)).containsOnly(Status.DONE);
    List<CellOutcome> broken = List.of();
    int stops = -1;
    do {
      StopSignal stop = new StopSignal();
      Listener stopper =
          new Listener() {
            private int seen;

            @Override
            public void stepDone(Moment moment, StepResult result) {
              if (++seen == 5) {
                stop.request(StopSignal.INTERRUPTED);
              }
            }
          };
      broken = run(plan, temp.resolve("broken"), running(stopper), stop);
      if (stops < 0) {
        assertThat(statuses(broken))
            .containsExactly(Status.STOPPED, Status.OPEN, Status.OPEN, Status.OPEN);
      }
      stops++;
    } while (broken.stream().anyMatch(o -> o.result().isEmpty()));
    assertThat(stops).isGreaterThan(2);
    assertThat(accuracies(broken)).isEqualTo(accuracies(whole));
  }

  @Test
  void whatIsCompleteIsKeptByItsConfig() throws IOException {
    Path root = temp.resolve("root");
    CellRunner refusing =
        (cell, directory, stop) -> {
          throw new AssertionError("the cell is complete");
        };
    List<CellOutcome> first = run(plan, root, running(), new StopSignal());
    List<CellOutcome> again = run(plan, root, refusing, new StopSignal());
    assertThat(statuses(again)).containsOnly(Status.KEPT);
    assertThat(accuracies(again)).isEqualTo(accuracies(first));
    SweepPlan changed = plan(SWEEP.replace("smoothing=0.1", "smoothing=0.2"));
    List<CellOutcome> other = run(changed, root, running(), new StopSignal());
    assertThat(statuses(other))
        .containsExactly(Status.KEPT, Status.FAILED, Status.KEPT, Status.FAILED);
    assertThat(other.get(1).message()).contains("begun with another config", "label_smoothing");
  }

  @Test
  void aFailureIsToldAndTheOthersGoOn() {
    List<CellOutcome> told = new ArrayList<>();
    CellRunner failing =
        (cell, directory, stop) -> {
          if (cell.path().equals("smooth/seed-1")) {
            throw new IllegalStateException("broken");
          }
          return Result.builder().accuracy(.5).build();
        };
    List<CellOutcome> outcomes =
        new SweepRunner(plan, temp.resolve("root"), failing, told::add, new StopSignal()).run(3);
    assertThat(statuses(outcomes))
        .containsExactly(Status.DONE, Status.FAILED, Status.DONE, Status.DONE);
    assertThat(outcomes.get(1).message()).isEqualTo("broken");
    assertThat(told).containsExactlyInAnyOrderElementsOf(outcomes);
  }

  /** The others are run first; then it is waited for, and continued where the other left it. */
  @Test
  void aCellThatIsGivenUpByAnotherProcessIsRunAtTheEnd() throws Exception {
    Path root = temp.resolve("root");
    Path directory = SweepRunner.directory(root, plan.cells().get(0));
    List<CellOutcome> told = new ArrayList<>();
    RunDirectory other = RunDirectory.create(directory, plan.cells().get(0).experiment());
    Consumer<CellOutcome> release =
        outcome -> {
          told.add(outcome);
          if (told.size() == 3) {
            other.close();
          }
        };
    List<CellOutcome> outcomes =
        new SweepRunner(plan, root, running(), release, new StopSignal()).run(1);
    assertThat(statuses(outcomes)).containsOnly(Status.DONE);
    assertThat(told.get(3).cell()).isEqualTo(plan.cells().get(0));
    assertThat(told).hasSize(4);
  }

  /** What the other completes is taken as it is: the table is whole in both. */
  @Test
  void aCellThatAnotherProcessCompletesIsTaken() {
    Path root = temp.resolve("root");
    List<CellOutcome> told = new ArrayList<>();
    AtomicInteger refused = new AtomicInteger();
    CellRunner racing =
        (cell, directory, stop) -> {
          if (cell.path().equals("smooth/seed-1") && refused.getAndIncrement() < 2) {
            if (refused.get() == 2) {
              running().run(cell, directory, stop);
            }
            throw new RunInUseException("it is in use");
          }
          return running().run(cell, directory, stop);
        };
    List<CellOutcome> outcomes =
        new SweepRunner(plan, root, racing, told::add, new StopSignal()).run(2);
    assertThat(statuses(outcomes))
        .containsExactly(Status.DONE, Status.KEPT, Status.DONE, Status.DONE);
    assertThat(told).containsExactlyInAnyOrderElementsOf(outcomes);
  }

  @Test
  void aSweepThatWaitsForAnotherProcessCanBeStopped() {
    StopSignal stop = new StopSignal();
    List<CellOutcome> told = new ArrayList<>();
    CellRunner inUse =
        (cell, directory, signal) -> {
          if (cell.path().equals("smooth/seed-2")) {
            stop.request(StopSignal.INTERRUPTED);
          }
          throw new RunInUseException("it is in use");
        };
    List<CellOutcome> outcomes =
        new SweepRunner(plan, temp.resolve("root"), inUse, told::add, stop).run(1);
    assertThat(statuses(outcomes)).containsOnly(Status.IN_USE);
    assertThat(told).isEqualTo(outcomes);
  }
}
