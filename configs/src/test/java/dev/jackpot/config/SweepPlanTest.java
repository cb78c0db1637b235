package dev.jackpot.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.proto.Prune;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SweepPlanTest {
  private static final String SWEEP =
      """
      base: "sparse-quickstart"
      set: "stages.train.epochs=3"
      axes {
        name: "sparsity"
        choices { name: "90" set: "stages.mask.prune.sparsity=0.9" }
        choices { name: "98" set: "stages.mask.prune.sparsity=0.98" set: "stages.train.epochs=4" }
      }
      axes {
        name: "recipe"
        baseline: "plain"
        choices { name: "plain" }
        choices { name: "smooth" set: "stages.train.label_smoothing=0.1" }
      }
      seeds: [7, 8]
      """;

  @TempDir Path temp;

  private SweepPlan plan(String text, String... sets) throws IOException {
    return SweepPlan.load(file(text).toString(), List.of(sets), false);
  }

  private Path file(String text) throws IOException {
    return Files.writeString(temp.resolve("grid.textproto"), text);
  }

  @Test
  void cellsAreTheCrossWithSeedsOutermost() throws IOException {
    SweepPlan plan = plan(SWEEP);
    assertThat(plan.sweep().getName()).isEqualTo("grid");
    assertThat(plan.comparedAxis()).hasValue(1);
    assertThat(plan.cells().stream().map(SweepCell::path))
        .containsExactly(
            "90/plain/seed-7",
            "90/smooth/seed-7",
            "98/plain/seed-7",
            "98/smooth/seed-7",
            "90/plain/seed-8",
            "90/smooth/seed-8",
            "98/plain/seed-8",
            "98/smooth/seed-8");
  }

  @Test
  void overridesApplyInOrder() throws IOException {
    SweepPlan plan = plan(SWEEP, "stages.train.batch_size=32");
    SweepCell first = plan.cells().get(0);
    SweepCell last = plan.cells().get(7);
    Prune prune = last.experiment().getStages(0).getPrune();
    assertThat(prune.getSparsity()).isEqualTo(.98);
    assertThat(first.experiment().getStages(1).getEpochs()).isEqualTo(3);
    assertThat(last.experiment().getStages(1).getEpochs()).isEqualTo(4);
    assertThat(last.experiment().getStages(1).getLabelSmoothing()).isEqualTo(.1);
    assertThat(last.experiment().getStages(1).getBatchSize()).isEqualTo(32);
    assertThat(last.experiment().getSeed()).isEqualTo(8);
    assertThat(last.experiment().getName()).isEqualTo("grid-98-smooth-seed8");
  }

  @Test
  void theBaseMayLieBesideTheSweep() throws IOException {
    Files.writeString(
        temp.resolve("mine.textproto"),
        "data { drawn {} } network { cifar_resnet {} } stages { train {} epochs: 9 }");
    SweepPlan plan = plan("base: 'mine.textproto'");
    assertThat(plan.cells()).hasSize(1);
    assertThat(plan.cells().get(0).path()).isEqualTo("seed-1");
    assertThat(plan.cells().get(0).experiment().getStages(0).getEpochs()).isEqualTo(9);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          base: "" | base: found "", expected a config file or a preset's name for every cell
          base: "x" seed: 1 | unknown field "seed"; nearest: seeds
          base: "x" seeds: [1, 1] | expected each seed once
          base: "x" axes { name: "seed" choices { name: "a" } } | expected 1 to 40 letters, digits, '_' or '-', other than seed
          base: "x" axes { name: "a" } | expected at least one, for instance choices {
          base: "x" axes { name: "a" choices { name: "../b" } } | axes.a.choices.../b.name: found "../b", expected 1 to 40 letters
          base: "x" axes { name: "a" choices { name: "b" } choices { name: "b" } } | expected a name of its own: two choices have it
          base: "x" axes { name: "a" choices { name: "b" } baseline: "c" } | found "c", expected a choice of this axis; nearest: b
          base: "quickstar" | cell seed-1: quickstar: no such file or preset; nearest: quickstart
          """)
  void tellsWhatIsWrong(String text, String expected) {
    assertThatThrownBy(() -> plan(text))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("grid.textproto")
        .hasMessageContaining(expected);
  }

  @Test
  void twoBaselinesAreOneTooMany() {
    String axis = "axes { name: '%s' choices { name: 'a' } baseline: 'a' }";
    assertThatThrownBy(() -> plan("base: 'x' " + axis.formatted("one") + axis.formatted("two")))
        .hasMessageContaining("expected none: axis one has one");
  }

  /** A problem that many cells have is told once. */
  @Test
  void problemsOfCellsAreToldOnce() {
    assertThatThrownBy(() -> plan(SWEEP.replace("label_smoothing=0.1", "label_smoothin=0.1")))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .singleElement()
                    .asString()
                    .contains("cell 90/smooth/seed-7 and 3 more", "nearest: label_smoothing"));
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> SweepPlan.load("no/such.textproto", List.of(), false))
        .isInstanceOf(ConfigException.class)
        .hasMessage("no/such.textproto: no such file; expected a file that describes a sweep");
  }

  static Stream<Path> sweeps() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("sweeps"))) {
      return files.sorted().toList().stream();
    }
  }

  /** Those that come with the program. */
  @ParameterizedTest
  @MethodSource("sweeps")
  void theProgramsOwnAreSound(Path file) {
    SweepPlan plan = SweepPlan.load(file.toString(), List.of(), true);
    assertThat(plan.comparedAxis()).isPresent();
    assertThat(plan.cells()).hasSizeGreaterThan(5);
  }

  @Test
  void aTextThatIsTooLongIsRefusedWhereverItIsFrom() {
    String text = "#".repeat(ExperimentLoader.LARGEST_FILE + 1);
    assertThatThrownBy(
            () -> SweepLoader.parse(text, ExperimentLoader.Format.TEXTPROTO, "long.textproto"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("long.textproto: found more than");
  }
}
