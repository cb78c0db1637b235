package dev.jackpot.config;

import static dev.jackpot.config.Configs.problemsOfText;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.StagePoint.Unit;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.ScoresCriterion;
import dev.jackpot.config.proto.Stage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stages that prune, rewind and repeat, and what may refer to what. */
class StageRulesTest {
  private static final String EXPERIMENT =
      """
      data { drawn { train_images: 1000 } }
      network { cifar_resnet {} }
      stages { name: "first" train {} epochs: 10 }
      stages {
        name: "tickets"
        repeat {
          rounds: 3
          stages { sparse_train {} epochs: 4 }
          stages { prune { fraction: 0.2 } }
          stages { rewind { to: "first@epoch 2" } }
        }
      }
      stages {
        name: "last" sparse_train {
          schedule { to { sparsity: 0.9 } cubic {} begin: 1 end: 5 }
        }
        epochs: 8
      }
      """;

  private static final String TICKETS = "stages.tickets.repeat.";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          stages.tickets.rounds=0 | found 0, expected an integer from 1 to 1000
          stages.tickets.rounds=1001 | found 1001, expected an integer from 1 to 1000
          stages.tickets.epochs=3 | found 3, expected none: a stage that prunes, rewinds or repeats trains nothing itself
          stages.tickets.evaluate_every=2 | found 2, expected none: a stage that prunes, rewinds or repeats trains nothing itself
          stages.first.evaluate_every=0 | found 0, expected an integer of at least 1
          stages.tickets.stages.prune.epochs=3 | found 3, expected none: a stage that prunes, rewinds or repeats trains nothing itself
          stages.tickets.stages.prune.fraction=0 | found 0.0, expected a number in (0, 1): the share of what is left that is removed
          stages.tickets.stages.prune.fraction=1 | found 1.0, expected a number in (0, 1): the share of what is left that is removed
          stages.tickets.stages.prune.sparsity=0.5 | found 0.2, expected none where sparsity is given: one of them says how much
          stages.tickets.stages.sparse_train.name=prune | expected a name of its own: the stage at line 8, column 5 is called "prune", too
          stages.tickets.stages.rewind.to=last | found "last", expected a stage that runs before this one; nearest: first, prune/round-1
          stages.tickets.stages.rewind.to=frist | found "frist", expected a stage that runs before this one; nearest: first, prune/round-1
          stages.tickets.stages.rewind.to=prune/round-2 | found "prune/round-2", expected a stage that runs before this one; nearest: prune/round-1, sparse_train/round-1
          stages.tickets.stages.rewind.to=prune@epoch 1 | found "prune@epoch 1", expected "prune" alone: that stage has no epochs and steps
          stages.tickets.stages.rewind.to=first@epoch 11 | found "first@epoch 11", expected an epoch from 0 to the stage's 10
          stages.tickets.stages.rewind.to=first at 2 | found "first at 2", expected NAME, "NAME@epoch 2", "NAME@step 500" or @start, NAME a stage that runs before
          stages.tickets.stages.rewind.to= | found "", expected NAME, "NAME@epoch 2", "NAME@step 500" or @start, NAME a stage that runs before
          stages.first.from=first | found "first", expected a stage that runs before this one: there is none; @start is the experiment's start
          stages.last.from_masks=NONE | found NONE, expected none where there is no from
          stages.last.schedule.begin=5 | found 5, expected an integer after begin, which is 5
          stages.last.schedule.begin=-1 | found -1, expected an integer of at least 0
          stages.last.schedule.end=1 | found 1, expected an integer after begin, which is 1
          stages.last.schedule.end=8 | found 8, expected an epoch before the stage's end, 8
          stages.last.schedule.interval=0 | found 0, expected an integer of at least 1
          stages.last.schedule.iterative.fraction=1 | found 1.0, expected a number in (0, 1): the share of what is left that is removed
          stages.last.schedule.to.sparsity=1 | found 1.0, expected a number in [0, 1): the share that is removed
          stages.last.learning_rate.start_epoch=-1 | found -1, expected an integer from 0 to 1000000
          """)
  void whatCannotBeIsRefusedAtItsPlace(String set, String problem) {
    assertThat(problemsOfText(EXPERIMENT, set)).anySatisfy(p -> assertThat(p).endsWith(problem));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stages.tickets.rounds=1",
        "stages.tickets.rounds=1000",
        "stages.tickets.stages.rewind.to=@start",
        "stages.tickets.stages.rewind.to=first",
        "stages.tickets.stages.rewind.to=first@epoch 0",
        "stages.tickets.stages.rewind.to=sparse_train@step 12",
        "stages.tickets.stages.rewind.to=sparse_train/round-1@epoch 4",
        "stages.last.from=first",
        "stages.last.from=prune/round-3",
        "stages.last.from=sparse_train/round-2@step 7",
        "stages.last.schedule.end=7",
        "stages.last.schedule={to {} one_shot {} begin: 7}",
        "stages.last.schedule={to {} linear {} end: 700 per: STEP}",
        "stages.last.schedule={to { pattern { n_m {} } } one_shot {}}",
        "stages.last.learning_rate={step { epochs: [9, 11] } start_epoch: 4}",
      })
  void whatCanBeIsNot(String set) {
    assertThatCode(() -> Configs.text(EXPERIMENT, set)).doesNotThrowAnyException();
  }

  @Test
  void aRepeatInARepeatAndAPatternThatCannotBeReachedByAndByAreRefused() {
    assertThat(
            problemsOfText(
                EXPERIMENT,
                "stages.tickets.repeat.stages=[{repeat { rounds: 1 stages { prune {} } }}]"))
        .anySatisfy(p -> assertThat(p).endsWith("a repeat cannot be repeated"));
    assertThat(
            problemsOfText(
                EXPERIMENT, "stages.last.schedule={to { pattern { n_m {} } } linear {} end: 3}"))
        .anySatisfy(p -> assertThat(p).endsWith("reached in one_shot only"));
    assertThat(problemsOfText(EXPERIMENT, "stages.last.schedule={to {} end: 3}"))
        .anySatisfy(
            p ->
                assertThat(p)
                    .endsWith(
                        "no shape of the schedule is chosen, expected one of one_shot, linear, cubic,"
                            + " geometric, iterative, cascade"));
    assertThat(problemsOfText(EXPERIMENT, "stages.last.schedule={linear {} end: 3}"))
        .anySatisfy(p -> assertThat(p).contains("missing, expected what is pruned in the end"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prune { sparsity: 0.8 } | prune { sparsity: 0.5 } | two.sparsity: found 0.5, expected at least"
            + " 0.8: that is pruned before it, and what is pruned stays so",
        "prune { fraction: 0.8 } | prune { sparsity: 0.5 } | expected at least 0.8",
        "prune {} | sparse_train { prune { sparsity: 0.5 } } epochs: 1 | expected at least 0.9",
        "search { sparsity: 0.6 } epochs: 1 | prune { sparsity: 0.5 } | expected at least 0.6",
        "repeat { rounds: 2 stages { prune { sparsity: 0.8 } } } | prune { sparsity: 0.7 } | at least 0.8",
        "repeat { rounds: 2 stages { name: \"a\" prune { sparsity: 0.8 } } stages { name: \"b\" prune {} } }"
            + " | rewind { to: \"@start\" } | sparsity: found 0.8, expected at least 0.9",
      })
  void aSparsityThatFallsIsSeenBeforeTheRun(String first, String second, String problem) {
    assertThat(problemsOfText(two(first, second))).singleElement().asString().contains(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prune { sparsity: 0.5 } | prune { sparsity: 0.5 }",
        "prune { sparsity: 0.8 } | search { sparsity: 0.5 } epochs: 1",
        "prune { sparsity: 0.8 } | prune { sparsity: 0.5 prunable { classifier: true } }",
        "prune { sparsity: 0.8 } | prune { pattern { n_m {} } }",
        "prune { sparsity: 0.8 } | prune { sparsity: 0.5 } from: \"@start\"",
        "repeat { rounds: 9 stages { prune { fraction: 0.2 } } } | prune { sparsity: 0.9 }",
      })
  void oneThatDoesNotFallIsFine(String first, String second) {
    assertThatCode(() -> Configs.text(two(first, second))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "search {} epochs: 4 | search { criterion { scores { stage: \"%s\" } } } epochs: 1",
        "search {} epochs: 4 | prune { allocation { global { by { scores { stage: \"%s\" } } } } }",
        "search {} epochs: 4 | sparse_train { prune { criterion { scores { stage: \"%s\" } } } } epochs: 2",
        "search {} epochs: 4 | sparse_train { schedule { one_shot {} to { criterion { scores { stage:"
            + " \"%s\" } } } } } epochs: 2",
        "repeat { rounds: 2 stages { name: \"one\" search {} epochs: 4 } } | prune { criterion { scores {"
            + " stage: \"%s\" } } }",
      })
  void searchedScoresAreAnEarlierSearchsWhereverTheirCriterionStands(String first, String second) {
    boolean repeated = first.startsWith("repeat");
    String stages = two(first, second).replace("\"one\" repeat", "\"rounds\" repeat");
    Experiment experiment = Configs.text(stages.formatted("one@epoch 2"));
    String search = repeated ? "one/round-2" : "one";
    StagePoint point = new StagePoint(search, Unit.EPOCH, 2);
    assertThat(ExperimentStages.points(experiment)).containsExactly(point);
    List<Stage> flat = ExperimentStages.of(experiment);
    assertThat(ScoreSources.of(flat.get(flat.size() - 1)))
        .singleElement()
        .isEqualTo(ScoresCriterion.newBuilder().setStage(point.toString()).build());
    assertThat(problemsOfText(stages.formatted("one@epoch 5")))
        .singleElement()
        .asString()
        .endsWith(".stage: found \"one@epoch 5\", expected an epoch from 0 to the stage's 4");
    assertThat(problemsOfText(stages.formatted("two")))
        .singleElement()
        .asString()
        .contains("a stage that runs before this one");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stage: \"one\" | stage: found \"one\", expected a search: other stages leave no scores",
        "stage: \"@start\" | stage: found \"@start\", expected a search that runs before this stage",
        "stage: \"one\" path: \"run\" | path: found \"run\", expected none where stage is given: one of"
            + " them says whose scores",
        "path: \"\" | path: found \"\", expected a run or a checkpoint",
        "'' | path: missing, expected a run or a checkpoint, or a stage: the experiment has no weights"
            + " beside which scores lie",
      })
  void searchedScoresThatCannotBeFoundAreRefused(String source, String problem) {
    String stages =
        two("train {} epochs: 1", "prune { criterion { scores { %s } } }".formatted(source));
    assertThat(problemsOfText(stages))
        .anySatisfy(p -> assertThat(p).endsWith("stages.two.criterion." + problem));
  }

  private static String two(String first, String second) {
    return """
        data { drawn { train_images: 1000 } }
        network { cifar_resnet {} }
        stages { name: "one" %s }
        stages { name: "two" %s }
        """
        .formatted(first, second);
  }

  @Test
  void roundsAreLaidOutOneAfterAnotherAndReferencesNameTheirStage() {
    Experiment experiment =
        Configs.text(EXPERIMENT, "stages.tickets.stages.rewind.to=sparse_train@step 3");
    List<Stage> flat = ExperimentStages.of(experiment);
    assertThat(flat.stream().map(Stage::getName))
        .containsExactly(
            "first",
            "sparse_train/round-1",
            "prune/round-1",
            "rewind/round-1",
            "sparse_train/round-2",
            "prune/round-2",
            "rewind/round-2",
            "sparse_train/round-3",
            "prune/round-3",
            "rewind/round-3",
            "last");
    assertThat(flat.get(6).getRewind().getTo()).isEqualTo("sparse_train/round-2@step 3");
    assertThat(ExperimentStages.firstRounds(experiment).stream().map(Stage::getName))
        .containsExactly(
            "first", "sparse_train/round-1", "prune/round-1", "rewind/round-1", "last");
    assertThat(ExperimentStages.points(experiment))
        .containsExactly(
            new StagePoint("sparse_train/round-1", Unit.STEP, 3),
            new StagePoint("sparse_train/round-2", Unit.STEP, 3),
            new StagePoint("sparse_train/round-3", Unit.STEP, 3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"@start", "a", "a/round-12", "a-b_C@epoch 0", "a/round-2@step 123456789"})
  void aPointIsWrittenAsItIsRead(String text) {
    assertThat(StagePoint.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "@",
        "@end",
        "a@",
        "a@epoch",
        "a@epoch -1",
        "a@epoch 1.5",
        "a@Step 1",
        "a@step  1",
        "a@step 1234567890",
        "a/round-0",
        "a/b",
        "a b",
        "a@step 1\n",
        "é"
      })
  void whatIsNoPointIsToldWhatIs(String text) {
    assertThatThrownBy(() -> StagePoint.parse(text))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("expected NAME");
  }
}
