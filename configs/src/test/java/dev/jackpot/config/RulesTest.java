package dev.jackpot.config;

import static dev.jackpot.config.Configs.problemsOfText;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.MaskRecipe;
import dev.jackpot.config.proto.Search;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ranges of data, networks, stages and rates: what lies just outside is refused, what lies just
 * inside is not.
 */
class RulesTest {
  private static final String EXPERIMENT =
      """
      data { drawn { train_images: 1000 } }
      network { cifar_resnet {} }
      stages { train {} epochs: 10 batch_size: 100 learning_rate {} }
      stages { search {} epochs: 10 batch_size: 100 }
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          data.limit_test=-1                  | found -1, expected an integer of at least 0 (0: all)
          data.evaluation_batch_size=0        | found 0, expected an integer of at least 1
          data.prefetch=0                     | found 0, expected an integer of at least 1
          data.train_images=0                 | found 0, expected an integer of at least 1
          data.test_images=-5                 | found -5, expected an integer of at least 1
          data.augmentation.pad=-1            | found -1, expected an integer from 0 to 128
          data.augmentation.pad=129           | found 129, expected an integer from 0 to 128
          data.augmentation={pad: 4 random_resized_crop {}} | found 4, expected 0 with random_resized_crop: one crop or the other
          data.augmentation.random_resized_crop.scale_min=0 | found 0.0, expected a number above 0, at most 1
          data.augmentation.random_resized_crop.scale_max=0.01 | found 0.01, expected a number from scale_min (0.08) to 1
          data.augmentation.random_resized_crop.scale_max=1.5 | found 1.5, expected a number from scale_min (0.08) to 1
          data.augmentation.random_resized_crop.ratio_min=0 | found 0.0, expected a number above 0
          data.augmentation.random_resized_crop.ratio_max=0.5 | found 0.5, expected a number of at least ratio_min (0.75)
          data.image_size=-1                  | found -1, expected an integer from 1 to 4096, or 0 for the set's own
          data.image_size=4097                | found 4097, expected an integer from 1 to 4096, or 0 for the set's own
          data.resize=31                      | found 31, expected an integer from image_size (32) to 8192, or 0 to crop only
          data.resize=8193                    | found 8193, expected an integer from image_size (32) to 8192, or 0 to crop only
          data.validation.share=0             | found 0.0, expected a number above 0 and below 1
          data.validation.share=1             | found 1.0, expected a number above 0 and below 1
          data.validation.images=0            | found 0, expected an integer of at least 1
          network.depth=2                     | found 2, expected 6n + 2 from 8 to 1202; nearest: 8
          network.depth=18                    | found 18, expected 6n + 2 from 8 to 1202; nearest: 14, 20
          network.depth=1208                  | found 1208, expected 6n + 2 from 8 to 1202; nearest: 1202
          network.depth=-10                   | found -10, expected 6n + 2 from 8 to 1202; nearest: 8
          network.width=0                     | found 0, expected an integer from 1 to 4096
          network.classes=1                   | found 1, expected 0 (the data set's) or an integer of at least 10
          network.classes=9                   | found 9, expected 0 (the data set's) or an integer of at least 10
          network.batch_norm.epsilon=0        | found 0.0, expected a number above 0
          network.batch_norm.momentum=1       | found 1.0, expected a number in [0, 1)
          stages.train.epochs=0               | found 0, expected an integer from 1 to 1000000
          stages.train.batch_size=1001        | found 1001, expected at most the number of training images, 1000 (a smaller last batch is dropped)
          stages.train.label_smoothing=1      | found 1.0, expected a number in [0, 1)
          stages.train.label_smoothing=-0.1   | found -0.1, expected a number in [0, 1)
          stages.train.name=a.b               | found "a.b", expected 1 to 100 letters, digits, '_' or '-', the first not '-'
          stages.train.learning_rate.initial=0 | found 0.0, expected a number above 0
          stages.train.learning_rate.cosine.final=0.2 | found 0.2, expected a number from 0 to initial, which is 0.1
          stages.train.learning_rate.warmup.epochs=10 | found 10.0, expected a number below the schedule's epochs, 10
          stages.train.learning_rate.warmup.epochs=0 | found 0.0, expected a number above 0
          stages.train.learning_rate.warmup.start=1.1 | found 1.1, expected a number in [0, 1]
          stages.train.optimizer.sgd.momentum=1 | found 1.0, expected a number in [0, 1)
          stages.train.weight_decay.kernels=-1 | found -1.0, expected a number of at least 0
          stages.train.weight_decay.biases=-1 | found -1.0, expected a number of at least 0
          stages.train.weight_decay.batch_norm=-1 | found -1.0, expected a number of at least 0
          stages.search.criterion.snip.sample.batches=0 | found 0, expected an integer of at least 1
          stages.search.criterion.gradient.sample.batch_size=0 | found 0, expected an integer of at least 1
          stages.search.criterion.grasp.temperature=0 | found 0.0, expected a number above 0
          stages.search.criterion.grasp.sample.reduction=ABSOLUTE | found ABSOLUTE, expected SIGNED: the Hessian is of the mean loss
          stages.search.criterion={taylor { signed: true sample { reduction: ABSOLUTE } }} | found ABSOLUTE, expected SIGNED: signed scores have no absolute values
          stages.search.criterion.synflow.rounds=0 | found 0, expected an integer from 1 to 10000
          stages.search.weight_decay.scores=-1 | found -1.0, expected a number of at least 0
          stages.search.sparsity=1.0          | found 1.0, expected a number in [0, 1): the share that is removed
          stages.search.sparsity=-0.01        | found -0.01, expected a number in [0, 1): the share that is removed
          stages.search.score_pruned=1        | found 1.0, expected a number below score_kept, which is 1.0
          stages.search.restriction.polynomial.power=0 | found 0.0, expected a number above 0
          stages.search.restriction.constant.rate=0 | found 0.0, expected a number in (0, 1]
          stages.search.pattern.n_m={n: 5 m: 4} | found 5, expected an integer from 1 to m, which is 4
          stages.search.pattern.n_m={n: 0} | found 0, expected an integer from 1 to m, which is 4
          stages.search.pattern.n_m={m: 1025} | found 1025, expected an integer from 1 to 1024
          stages.search.pattern.block={height: 0} | found 0, expected an integer from 1 to 65536
          stages.search.pattern.block={width: 65537} | found 65537, expected an integer from 1 to 65536
          stages.search.allocation=explicit | missing, expected at least one rule
          stages.search.prunable.dense=["a["] | found "a[", expected a regular expression (Unclosed character class at character 2)
          stages.search.restriction.constant.rate=1.01 | found 1.01, expected a number in (0, 1]
          stages.search.dependency.interval=0 | found 0, expected an integer of at least 1
          stages.search.dependency.batch_size=0 | found 0, expected an integer of at least 1
          stages.search.dependency.batch_size=1001 | found 1001, expected at most the number of training images, 1000
          stages.search.dependency.swaps=0    | found 0, expected an integer from 1 to 4096
          stages.search.dependency.swaps=4097 | found 4097, expected an integer from 1 to 4096
          stages.search.dependency.places=0   | found 0, expected an integer from 1 to 1000
          """)
  void outOfRange(String set, String problem) {
    assertThat(problemsOfText(EXPERIMENT, set))
        .singleElement()
        .asString()
        .startsWith("--set " + set + ": ")
        .endsWith(": " + problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data.limit_train=100",
        "data.augmentation.pad=0",
        "data.augmentation={random_resized_crop {scale_min: 1}}",
        "data.augmentation={random_resized_crop {} pad: 0}",
        "data.image_size=4096",
        "data.resize=0",
        "stages.search.dependency={}",
        "stages.search.dependency={interval: 20 per: STEP batch_size: 1000 swaps: 1 places: 1 seed: -1}",
        "data.resize=32",
        "data.validation.share=0.999",
        "data.validation={images: 1 seed: -3}",
        "data={folder { path: \"here\" }}",
        "data={tiny_imagenet { path: \"here\" }}",
        "data={tfrecord { path: \"here\" label_offset: 1 }}",
        "network.depth=8",
        "network.depth=1202",
        "network.classes=10",
        "network.batch_norm.momentum=0",
        "stages.train.batch_size=1000",
        "stages.train.label_smoothing=0.999",
        "stages.train.learning_rate.cosine.final=0.1",
        "stages.train.learning_rate.warmup.epochs=9.5",
        "stages.train.learning_rate.step={epochs: [1, 9]}",
        "stages.search.sparsity=0",
        "stages.search.sparsity=0.9999",
        "stages.search.restriction.constant.rate=1",
        "stages.search.restriction.staircase.rates=1,1,1,1,1,1,1,1,1,1",
        "data={custom { name: \"mine\" } normalization { mean: 1 std: 2 }}",
      })
  void justInsideTheRange(String set) {
    assertThatCode(() -> Configs.text(EXPERIMENT, set)).doesNotThrowAnyException();
  }

  @Test
  void stagesOfOneNameAreRefusedWhetherTheNameIsGivenOrTheKinds() {
    assertThat(
            problemsOfText(
                """
                data { drawn {} }
                network { cifar_resnet {} }
                stages { train {} epochs: 1 }
                stages { search {} epochs: 1 name: "train" }
                stages { train {} epochs: 1 }
                """))
        .containsExactly(
            "c.textproto:4:36: stages.train.name: found \"train\", expected a name of its own: the stage at line 3,"
                + " column 1 is called \"train\", too",
            "c.textproto:5:1: stages.train.name: missing, expected a name of its own: the stage at line 3, column 1"
                + " is called \"train\", too");
  }

  @Test
  void normalizationHasOneValuePerChannel() {
    String set = "data.normalization={mean: [0.5, 0.5] std: [1, 0, 1, 1]}";
    assertThat(problemsOfText(EXPERIMENT, set))
        .containsExactly(
            "--set "
                + set
                + ": data.normalization.mean: found [0.5, 0.5], expected 3 numbers, one per channel",
            "--set "
                + set
                + ": data.normalization.std: found [1.0, 0.0, 1.0, 1.0], expected 3 numbers, one per"
                + " channel",
            "--set " + set + ": data.normalization.std[1]: found 0.0, expected a number above 0");
    assertThat(
            problemsOfText(
                EXPERIMENT, "data={custom { name: \"a\" } normalization { mean: [1, 2] std: 1 }}"))
        .singleElement()
        .asString()
        .endsWith("data.normalization.std: found [1.0], expected as many numbers as mean has: 2");
  }

  @Test
  void epochsOfAStepRateGrowInsideTheStage() {
    assertThat(
            problemsOfText(
                EXPERIMENT,
                "stages.train.learning_rate={step { epochs: [0, 5, 5, 10] factor: 0 }}"))
        .extracting(problem -> problem.substring(problem.indexOf("}}: ") + 4))
        .containsExactly(
            "stages.train.learning_rate.epochs[0]: found 0, expected an epoch of at least 1",
            "stages.train.learning_rate.epochs[2]: found 5, expected an epoch after the one before, 5",
            "stages.train.learning_rate.epochs[3]: found 10, expected an epoch before the schedule's end, 10",
            "stages.train.learning_rate.factor: found 0.0, expected a number above 0");
    assertThat(problemsOfText(EXPERIMENT, "stages.train.learning_rate.step={}"))
        .singleElement()
        .asString()
        .endsWith("stages.train.learning_rate.epochs: missing, expected at least one epoch");
  }

  @Test
  void aStaircaseHasStepsButNoMoreThanEpochs() {
    assertThat(problemsOfText(EXPERIMENT, "stages.search.restriction=staircase"))
        .containsExactly(
            "--set stages.search.restriction=staircase: stages.search.restriction.rates: missing, expected at least"
                + " one number in (0, 1]");
    assertThat(
            problemsOfText(
                EXPERIMENT, "stages.search.restriction.staircase.rates=1,1,1,1,1,1,1,1,1,1,0"))
        .extracting(problem -> problem.substring(problem.indexOf(": stages") + 28))
        .containsExactly(
            "rates: found [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0], expected no more rates than the stage has"
                + " epochs, 10",
            "rates[10]: found 0.0, expected a number in (0, 1]");
  }

  @Test
  void anNmPatternFixesSparsityAndAllocation() {
    String pattern = "stages.search.pattern={n_m { n: 1 m: 4 }}";
    assertThat(problemsOfText(EXPERIMENT, pattern, "stages.search.sparsity=0.9"))
        .singleElement()
        .asString()
        .endsWith("sparsity: found 0.9, expected 0.75 or none: the pattern 1:4 fixes it");
    assertThat(problemsOfText(EXPERIMENT, pattern, "stages.search.allocation=erk"))
        .singleElement()
        .asString()
        .endsWith("expected none: the pattern 1:4 fixes what each kernel keeps");
    for (String sparsity : new String[] {"0.75", "0.7501"}) {
      assertThatCode(() -> Configs.text(EXPERIMENT, pattern, "stages.search.sparsity=" + sparsity))
          .doesNotThrowAnyException();
    }
    assertThatCode(() -> Configs.text(EXPERIMENT, pattern)).doesNotThrowAnyException();
  }

  @Test
  void everyRuleOfAnExplicitAllocationIsChecked() {
    assertThat(
            problemsOfText(
                EXPERIMENT,
                "stages.search.allocation.explicit={rules { kernels: \"(\" density: 0 } rules { sparsity: 1"
                    + " } rules { kernels: \"a\" }}"))
        .extracting(problem -> problem.substring(problem.lastIndexOf("rules.")))
        .containsExactly(
            "rules.density.kernels: found \"(\", expected a regular expression (Unclosed group at"
                + " character 2)",
            "rules.density.density: found 0.0, expected a number in (0, 1]: the share that is kept",
            "rules.sparsity.kernels: missing, expected a regular expression",
            "rules.sparsity.sparsity: found 1.0, expected a number in [0, 1): the share that is"
                + " removed",
            "rules.2: no amount is chosen, expected one of sparsity, density");
  }

  /** A recipe stands in a search field by field. */
  @Test
  void aSearchHasTheFieldsOfAMaskRecipe() {
    for (var field : MaskRecipe.getDescriptor().getFields()) {
      var same = Search.getDescriptor().findFieldByNumber(field.getNumber());
      assertThat(same.toProto()).as(field.getName()).isEqualTo(field.toProto());
    }
    Search search =
        Configs.text(EXPERIMENT, "stages.search.pattern=filter", "stages.search.sparsity=0.25")
            .getStages(1)
            .getSearch();
    MaskRecipe recipe = MaskRecipes.of(search);
    assertThat(recipe.getPattern()).isEqualTo(search.getPattern());
    assertThat(recipe.getSparsity()).isEqualTo(0.25);
    assertThat(recipe.hasAllocation()).isFalse();
  }

  @Test
  void nesterovNeedsMomentumAndOnlyCifar100HasCoarseLabels() {
    assertThat(
            problemsOfText(EXPERIMENT, "stages.train.optimizer.sgd={momentum: 0 nesterov: true}"))
        .singleElement()
        .asString()
        .endsWith(
            "stages.train.optimizer.nesterov: found true, expected false where momentum is 0");
    assertThat(problemsOfText(EXPERIMENT, "data={cifar10 { path: \"d\" labels: COARSE }}"))
        .singleElement()
        .asString()
        .endsWith("data.labels: found COARSE, expected FINE: only CIFAR-100 has coarse labels");
  }

  @Test
  void aPluginMustBeNamedWhereverItStands() {
    for (String choice :
        new String[] {
          "data={custom {}}",
          "network={custom {}}",
          "stages.train.learning_rate={custom {}}",
          "stages.train.optimizer={custom {}}",
          "stages.search.allocation={custom {}}",
          "stages.search.criterion={custom {}}",
          "stages.search.pattern={custom {}}",
          "stages.search.restriction={custom {}}",
          "stages.0={custom {} epochs: 1}"
        }) {
      assertThat(problemsOfText(EXPERIMENT, choice))
          .singleElement()
          .asString()
          .endsWith("custom.name: missing, expected the name of a plug-in");
    }
  }

  @Test
  void anExperimentThatAProgramBuiltIsValidatedWithoutPlaces() {
    Experiment sound = Configs.text(EXPERIMENT);
    assertThatCode(() -> ExperimentLoader.validate(sound)).doesNotThrowAnyException();
    Experiment.Builder bad = sound.toBuilder();
    bad.getStagesBuilder(1).getSearchBuilder().setSparsity(Double.NaN);
    bad.getStagesBuilder(0).clearEpochs();
    assertThat(Configs.problems(() -> ExperimentLoader.validate(bad.build())))
        .containsExactly(
            "stages.train.epochs: missing, expected an integer from 1 to 1000000",
            "stages.search.sparsity: found nan, expected a number in [0, 1): the share that is removed");
  }
}
