package dev.jackpot.config;

import static dev.jackpot.config.Configs.problemsOfText;
import static dev.jackpot.config.Configs.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.Runtime.Device;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverridesTest {
  private static final String EXPERIMENT =
      """
      data { cifar10 { path: "" } augmentation { pad: 2 } }
      network { cifar_resnet { depth: 8 } }
      stages { train {} epochs: 3 }
      stages {
        name: "jackpot"
        search { sparsity: 0.9 restriction { polynomial { power: 3 } } }
        epochs: 3
      }
      """;

  private static Experiment with(String... sets) {
    String[] all = new String[sets.length + 1];
    all[0] = "data.path=/d";
    System.arraycopy(sets, 0, all, 1, sets.length);
    return text(EXPERIMENT, all);
  }

  @Test
  void aFieldOfAChosenMemberNeedsNotNameTheMember() {
    Experiment e =
        with(
            "stages.jackpot.sparsity=0.95",
            "network.depth=14",
            "stages.jackpot.restriction.power=2");
    assertThat(e.getData().getCifar10().getPath()).isEqualTo("/d");
    assertThat(e.getStages(1).getSearch().getSparsity()).isEqualTo(0.95);
    assertThat(e.getNetwork().getCifarResnet().getDepth()).isEqualTo(14);
    assertThat(e.getStages(1).getSearch().getRestriction().getPolynomial().getPower()).isEqualTo(2);
  }

  @Test
  void aStageIsAddressedByNameByKindOrByIndex() {
    Experiment e =
        with(
            "stages.train.epochs=4",
            "stages.jackpot.epochs=5",
            "stages.0.batch_size=7",
            "stages.1.batch_size=8");
    assertThat(e.getStages(0).getEpochs()).isEqualTo(4);
    assertThat(e.getStages(1).getEpochs()).isEqualTo(5);
    assertThat(e.getStages(0).getBatchSize()).isEqualTo(7);
    assertThat(e.getStages(1).getBatchSize()).isEqualTo(8);
    assertThat(with("stages.jackpot.name=other", "stages.other.epochs=9").getStages(1).getEpochs())
        .isEqualTo(9);
  }

  @Test
  void messagesThatAreNotThereAreMadeOnTheWay() {
    Experiment e = with("stages.train.learning_rate.initial=0.05", "runtime.device=cpu");
    assertThat(e.getStages(0).getLearningRate().getInitial()).isEqualTo(0.05);
    assertThat(e.getRuntime().getDevice()).isEqualTo(Device.CPU);
    assertThat(with().hasRuntime()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stages.jackpot.restriction=none",
        "stages.jackpot.restriction={none {}}",
        "stages.jackpot.restriction.none={}",
        "stages.jackpot.search.restriction.none= {} ",
      })
  void anotherMemberTakesThePlaceOfTheChosenOne(String set) {
    var restriction = with(set).getStages(1).getSearch().getRestriction();
    assertThat(restriction.hasNone()).isTrue();
    assertThat(restriction.hasPolynomial()).isFalse();
  }

  @Test
  void choosingAMemberKeepsWhatStandsBesideItAndForgetsItsOwnFields() {
    Experiment e = with("data=drawn", "stages.jackpot.restriction=polynomial");
    assertThat(e.getData().hasDrawn()).isTrue();
    assertThat(e.getData().hasCifar10()).isFalse();
    assertThat(e.getData().getAugmentation().getPad()).isEqualTo(2);
    assertThat(e.getStages(1).getSearch().getRestriction().getPolynomial().hasPower()).isFalse();
    assertThat(with("data={drawn {}}").getData().hasAugmentation()).isFalse();
  }

  @Test
  void listsAreWrittenWithCommasOrInBrackets() {
    assertThat(
            with("stages.jackpot.restriction.staircase.rates=0.9, 0.6,0.3")
                .getStages(1)
                .getSearch()
                .getRestriction()
                .getStaircase()
                .getRatesList())
        .containsExactly(0.9, 0.6, 0.3);
    assertThat(
            with(
                    "data.normalization={mean: [1, 2, 3] std: [1, 1, 1]}",
                    "data.normalization.mean=[4, 5, 6]")
                .getData()
                .getNormalization()
                .getMeanList())
        .containsExactly(4.0, 5.0, 6.0);
    Experiment e =
        with(
            "weights.path=w.npz",
            "weights.ignore=a.*,[bc]",
            "weights.rename=[{pattern: 'x' replacement: 'y'}, {pattern: 'z'}]",
            "weights.rename.0.replacement=u");
    assertThat(e.getWeights().getIgnoreList()).containsExactly("a.*", "[bc]");
    assertThat(e.getWeights().getRename(0).getReplacement()).isEqualTo("u");
    assertThat(e.getWeights().getRename(1).getPattern()).isEqualTo("z");
    assertThat(
            with("weights={path: 'w' ignore: 'a'}", "weights.ignore=").getWeights().getIgnoreList())
        .isEmpty();
  }

  @Test
  void stringsNeedNoQuotesAndMayHaveThem() {
    assertThat(with("data.path=/a b=c/\"d\"").getData().getCifar10().getPath())
        .isEqualTo("/a b=c/\"d\"");
    assertThat(with("data.path=\"a\\tb\"").getData().getCifar10().getPath()).isEqualTo("a\tb");
    assertThat(with("name=007").getName()).isEqualTo("007");
  }

  @Test
  void optionsOfAPluginAreSetByKey() {
    Experiment e =
        with(
            "network={custom { name: 'mine' options { key: 'width' value: '1' } }}",
            "network.custom.options.width=2",
            "network.options.a.b=x=y");
    assertThat(e.getNetwork().getCustom().getOptionsMap())
        .containsOnly(java.util.Map.entry("width", "2"), java.util.Map.entry("a.b", "x=y"));
  }

  @Test
  void theLastOfTwoWinsAndAnOverrideMendsABadRange() {
    assertThat(with("seed=3", "seed=-4").getSeed()).isEqualTo(-4);
    assertThat(
            text(EXPERIMENT.replace("0.9", "9.0"), "data.path=d", "stages.jackpot.sparsity=0.5")
                .getStages(1)
                .getSearch()
                .getSparsity())
        .isEqualTo(0.5);
  }

  @Test
  void aWholeElementIsReplaced() {
    Experiment e = with("stages.jackpot={train {} name: 'again' epochs: 1}");
    assertThat(e.getStages(1).hasTrain()).isTrue();
    assertThat(e.getStages(1).getName()).isEqualTo("again");
    assertThat(e.getStagesCount()).isEqualTo(2);
    assertThat(with("stages=[{train {} epochs: 1}]").getStagesCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          stages.serch.sparsity=0.5      | stages.serch.sparsity: stages has no element "serch"; nearest: train, jackpot
          stages.9.epochs=1              | stages.9.epochs: stages has no element "9"; nearest: train, jackpot
          stages.99999999999.epochs=1    | stages.99999999999.epochs: stages has no element "99999999999"; nearest: jackpot, train
          stages.jackpot.sparsty=0.5     | stages.jackpot.sparsty: unknown field "sparsty"; nearest: sparsity, search
          sed=1                          | sed: unknown field "sed"; nearest: seed, data
          stages..epochs=1               | stages..epochs: stages has no element ""; nearest: train, jackpot
          data.labels.x=1                | data.labels.x: data.labels is no message, expected data.labels=VALUE
          data.train_images=5            | data.train_images: unknown field "train_images" of what is chosen there; nearest: data.drawn.train_images
          stages.jackpot.restriction.rate=1 | stages.jackpot.restriction.rate: unknown field "rate" of what is chosen there; nearest: stages.jackpot.restriction.constant.rate
          stages.jackpot.restriction=nune | stages.jackpot.restriction: found "nune", expected a message in braces or one of none, polynomial, cosine, constant, staircase, custom; nearest: none, cosine
          checkpoints=3                  | checkpoints: found "3", expected a message in braces
          checkpoints={keep_lst: 3}      | checkpoints: unknown field "keep_lst"; nearest: keep_last, keep_best
          checkpoints={keep_last: 3      | checkpoints: found the end of the value, expected a field name or '}'
          checkpoints={} {}              | checkpoints: found '{', expected the end of the value
          stages.jackpot.sparsity=high   | stages.jackpot.sparsity: found high, expected a number
          stages.jackpot.sparsity=       | stages.jackpot.sparsity: found "", expected a number
          stages.jackpot.sparsity=1e400  | stages.jackpot.sparsity: found 1e400, expected a finite number
          stages.train.epochs=2.5        | stages.train.epochs: found 2.5, expected an integer from -2147483648 to 2147483647
          runtime.device=tpu             | runtime.device: found tpu, expected one of AUTO, CPU, GPU; nearest: CPU, GPU
          name="a                        | name: the string that starts here has no closing "
          weights.rename=x               | weights.rename: found x, expected a message in braces
          seed                           | found no path=value, expected for instance stages.search.sparsity=0.95
          =3                             | found no path=value, expected for instance stages.search.sparsity=0.95
          """)
  void badOverrides(String set, String problem) {
    List<String> problems = problemsOfText(EXPERIMENT, "data.path=/d", "weights.path=w", set);
    assertThat(problems).containsExactly("--set " + set + ": " + problem);
  }

  @Test
  void allBadOverridesAreReportedInTheirOrder() {
    assertThat(problemsOfText(EXPERIMENT, "b=1", "data.path=", "a=1\n2"))
        .containsExactly(
            "--set b=1: b: unknown field \"b\"; nearest: data, name",
            "--set data.path=: data.path: found \"\", expected the folder of CIFAR-10's binary files: give it with"
                + " --set data.path=DIR",
            "--set a=1\\n2: a: unknown field \"a\"; nearest: data, name");
  }
}
