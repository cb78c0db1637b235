package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.proto.Experiment;
import dev.jackpot.training.run.RunDirectory;
import dev.jackpot.training.run.SwapLog;
import dev.jackpot.training.run.SwapMeasurement;
import dev.jackpot.training.run.SwapMeasurement.Group;
import dev.jackpot.training.run.SwapMeasurement.Together;
import dev.jackpot.training.run.SwapRegion;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches that measure their weight dependency on the way. */
class DependencyListenerTest {
  @TempDir Path temp;

  private static Experiment search(String... sets) {
    return Tiny.experiment(Tiny.TRAIN + Tiny.SEARCH, sets);
  }

  private static Experiment searchOnly(String... sets) {
    return Tiny.experiment(Tiny.SEARCH, sets);
  }

  private static List<SwapMeasurement> measured(Path directory) {
    return SwapLog.read(RunDirectory.open(directory).dependency());
  }

  @Test
  void aSearchEndsInTheSameBitsWithAndWithoutIt() {
    Path without = temp.resolve("without");
    Path with = temp.resolve("with");
    Runs.run(search(), without);
    Runs.run(search("stages.search.dependency={places: 2 swaps: 8}"), with);
    assertThat(Runs.metrics(with)).isEqualTo(Runs.metrics(without));
    assertThat(TrainedNetwork.load(with).state().values())
        .isEqualTo(TrainedNetwork.load(without).state().values());
    assertThat(RunDirectory.open(without).dependency()).doesNotExist();
    List<SwapMeasurement> lines = measured(with);
    assertThat(lines)
        .extracting(m -> m.stage() + " " + m.epoch() + " " + m.step())
        .containsExactly("search 0 12", "search 1 18", "search 2 24");
    for (SwapMeasurement line : lines) {
      assertThat(line.images()).isEqualTo(16);
      assertThat(line.groups())
          .extracting(Group::region)
          .containsExactly(
              SwapRegion.LAYER,
              SwapRegion.LAYER,
              SwapRegion.ADJACENT,
              SwapRegion.ADJACENT,
              SwapRegion.DISTANT,
              SwapRegion.DISTANT,
              SwapRegion.ALL);
      for (Group group : line.groups()) {
        assertThat(group.points()).extracting(Together::swaps).containsExactly(1, 2, 4, 8);
        assertThat(group.points().get(0).interaction()).isZero();
        assertThat(group.points()).allMatch(p -> p.actual() != 0);
      }
    }
    // at some moment the next step would swap
    assertThat(lines).flatExtracting(SwapMeasurement::kernels).anyMatch(k -> k.wanted() > 0);
    assertThat(lines.get(0).learningRate()).isEqualTo(0.1);
    assertThat(lines.get(2).learningRate()).isLessThan(lines.get(1).learningRate());
  }

  @Test
  void aRunStoppedAtManyStepsMeasuresTheSame() {
    Experiment experiment =
        searchOnly(
            "stages.search.dependency={interval: 4 per: STEP places: 1 swaps: 2}",
            "stages.search.epochs=2");
    Path unbroken = temp.resolve("unbroken");
    Runs.run(experiment, unbroken);
    assertThat(measured(unbroken)).extracting(SwapMeasurement::step).containsExactly(0L, 4L, 8L);
    Path broken = temp.resolve("broken");
    assertThat(Runs.broken(experiment, broken, new Random(3))).isGreaterThan(1);
    assertThat(measured(broken)).isEqualTo(measured(unbroken));
    assertThat(Runs.metrics(broken)).isEqualTo(Runs.metrics(unbroken));
  }

  /**
   * A stop that comes while a measurement is due is not waited for; the measurement is not lost.
   */
  @Test
  void aMeasurementThatIsGivenUpIsMadeAnew() {
    Experiment experiment =
        searchOnly(
            "stages.search.dependency={interval: 4 per: STEP places: 1 swaps: 2}",
            "stages.search.epochs=2");
    Path unbroken = temp.resolve("unbroken");
    Runs.run(experiment, unbroken);
    Path broken = temp.resolve("broken");
    for (int stops = 0; ; stops++) {
      StopSignal stop = new StopSignal();
      Listener between =
          new Listener() {
            @Override
            public void stageStarted(Moment moment) {
              // measurements come before the listeners of others: asked for here, the next is given
              // up
              if (moment.stage().equals("search") && moment.progress().epoch() < moment.epochs()) {
                stop.request(StopSignal.INTERRUPTED);
              }
            }
          };
      try {
        ExperimentService.run(experiment, broken, stops > 0, List.of(between), stop);
        break;
      } catch (RunInterruptedException e) {
        assertThat(stops).isLessThan(40);
      }
    }
    assertThat(measured(broken)).isEqualTo(measured(unbroken));
  }

  /** Whole filters and groups are swapped as the search swaps them. */
  @Test
  void patternsAreKeptTo() {
    for (String pattern : List.of("n_m { n: 2 m: 4 }", "filter {}")) {
      Path directory = temp.resolve("p" + pattern.length());
      Runs.run(
          Tiny.experiment(
              Tiny.SEARCH,
              "stages.search.sparsity=0.5",
              "stages.search.pattern={%s}".formatted(pattern),
              "stages.search.dependency={places: 1 swaps: 4}",
              "stages.search.epochs=1"),
          directory);
      SwapMeasurement line = measured(directory).get(0);
      assertThat(line.groups()).extracting(Group::region).contains(SwapRegion.ALL);
      assertThat(line.groups().get(0).points()).extracting(Together::swaps).contains(1, 2);
    }
  }
}
