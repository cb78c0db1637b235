package dev.jackpot.config;

import static dev.jackpot.config.Configs.problemsOfJson;
import static dev.jackpot.config.Configs.problemsOfText;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every message is compared whole: the place, the path, what was found, what is expected. */
class BadInputTest {
  /** A sound experiment on one line, to which a test adds the second. */
  private static final String SOUND =
      "data { drawn {} } network { cifar_resnet {} } stages { train {} epochs: 2 }\n";

  @Test
  void everyProblemOfAFileIsReportedInTheOrderOfItsPlace() {
    assertThat(
            problemsOfText(
                """
                nam: "x"
                data { drawn {} limit_train: -1 }
                network {
                  cifar_resnet { depth: 21 shortcut: C }
                }
                stages {
                  search { sparsity: 1.0 }
                  epochs: "ten"
                  batch_size: 0
                }
                """,
                "stages.search.sparsty=0.9"))
        .containsExactly(
            "c.textproto:1:1: unknown field \"nam\"; nearest: name, data",
            "c.textproto:2:30: data.limit_train: found -1, expected an integer of at least 0 (0: all)",
            "c.textproto:4:25: network.depth: found 21, expected 6n + 2 from 8 to 1202; nearest: 20, 26",
            "c.textproto:4:38: network.shortcut: found C, expected one of A, B; nearest: A, B",
            "c.textproto:7:22: stages.search.sparsity: found 1.0, expected a number in [0, 1): the share that is"
                + " removed",
            "c.textproto:8:11: stages.search.epochs: found \"ten\", expected an integer from -2147483648 to"
                + " 2147483647",
            "c.textproto:9:15: stages.search.batch_size: found 0, expected an integer of at least 1",
            "--set stages.search.sparsty=0.9: stages.search.sparsty: unknown field \"sparsty\"; nearest: sparsity,"
                + " search");
  }

  @Test
  void everyProblemOfAJsonFileIsReportedToo() {
    assertThat(
            problemsOfJson(
                """
                {
                  "data": {"drawn": {}, "prefetc": 3},
                  "network": {"cifarResnet": {"depth": 8.5}},
                  "stages": [
                    {"train": {}, "epochs": 0, "learningRate": {"initial": -0.1}}
                  ]
                }
                """))
        .containsExactly(
            "c.json:2:25: data: unknown field \"prefetc\"; nearest: prefetch, resize",
            "c.json:3:40: network.depth: found 8.5, expected an integer from -2147483648 to 2147483647",
            "c.json:5:29: stages.train.epochs: found 0, expected an integer from 1 to 1000000",
            "c.json:5:60: stages.train.learning_rate.initial: found -0.1, expected a number above 0");
  }

  @Test
  void anEmptyConfigLacksItsParts() {
    List<String> missing =
        List.of(
            "data: missing, expected where the images come from, for instance data { drawn {} }",
            "network: missing, expected an architecture, for instance network { cifar_resnet {} }",
            "stages: missing, expected at least one stage, for instance stages { train {} epochs: 10 }");
    assertThat(problemsOfText(""))
        .isEqualTo(missing.stream().map(p -> "c.textproto:1:1: " + p).toList());
    assertThat(problemsOfJson("{}"))
        .isEqualTo(missing.stream().map(p -> "c.json:1:1: " + p).toList());
  }

  @Test
  void whatTheUserHasToGiveIsAskedForByItsSetArgument() {
    assertThat(
            problemsOfText(
                """
                data { cifar10 { path: "" } }
                network { cifar_resnet {} }
                weights {}
                stages { train {} epochs: 1 }
                """))
        .containsExactly(
            "c.textproto:1:24: data.path: found \"\", expected the folder of CIFAR-10's binary files: give it with"
                + " --set data.path=DIR",
            "c.textproto:3:1: weights.path: missing, expected the file with the weights: give it with --set"
                + " weights.path=FILE");
  }

  @Test
  void aChoiceThatIsNotMadeListsWhatThereIs() {
    assertThat(problemsOfText("data {}\nnetwork {}\nstages { epochs: 1 }"))
        .containsExactly(
            "c.textproto:1:1: data: no data source is chosen, expected one of cifar10, cifar100, drawn, folder, tiny_imagenet, tfrecord, custom",
            "c.textproto:2:1: network: no network family is chosen, expected one of cifar_resnet, resnet, vgg, mobilenet_v1, mobilenet_v2, mobilenet_v3, wired, custom",
            "c.textproto:3:1: stages.0: no kind of stage is chosen, expected one of train, search, prune, sparse_train,"
                + " rewind, repeat, custom");
  }

  @Test
  void whatAMisspeltNameMeantIsNotReportedAsMissingToo() {
    assertThat(
            problemsOfText(
                "data { drawn {} } network { cifar_resnett {} } stages { serch {} epoch: 3 }"))
        .containsExactly(
            "c.textproto:1:29: network: unknown field \"cifar_resnett\"; nearest: cifar_resnet, resnet",
            "c.textproto:1:57: stages.0: unknown field \"serch\"; nearest: search, epochs",
            "c.textproto:1:66: stages.0: unknown field \"epoch\"; nearest: epochs, search");
  }

  @Test
  void aNameThatIsLikeNothingHidesNoOtherProblem() {
    assertThat(problemsOfText("zzzzz: 1"))
        .hasSize(4)
        .contains("c.textproto:1:1: unknown field \"zzzzz\"; nearest: data, name");
    assertThat(
            problemsOfText(
                "data { drawn {} } network { cifar_resnet {} } stages { train {} epoch: 3 epochs: 0 }"))
        .containsExactly(
            "c.textproto:1:65: stages.train: unknown field \"epoch\"; nearest: epochs, search",
            "c.textproto:1:82: stages.train.epochs: found 0, expected an integer from 1 to 1000000");
  }

  @Test
  void aFieldGivenTwiceAndTwoMembersOfOneChoice() {
    assertThat(problemsOfText(SOUND + "seed: 1\nseed: 2\nruntime {} runtime {}"))
        .containsExactly(
            "c.textproto:3:1: seed: given a second time, the first is at line 2, column 7",
            "c.textproto:4:12: runtime: given a second time, the first is at line 4, column 1");
    assertThat(
            problemsOfText(
                "data { drawn {} cifar10 {} } network { cifar_resnet {} } stages { train {} epochs: 2 }"))
        .containsExactly(
            "c.textproto:1:17: data.cifar10: excludes drawn, which is chosen at line 1, column 8; expected one of"
                + " them");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          seed: 9223372036854775808 | 2:7: seed: found 9223372036854775808, expected an integer from -9223372036854775808 to 9223372036854775807
          seed: 1.0                 | 2:7: seed: found 1.0, expected an integer from -9223372036854775808 to 9223372036854775807
          seed: 089                 | 2:7: seed: found 089, expected an integer from -9223372036854775808 to 9223372036854775807
          seed: nan                 | 2:7: seed: found nan, expected an integer from -9223372036854775808 to 9223372036854775807
          seed: [1]                 | 2:1: seed: found a list, expected a single value
          seed: {}                  | 2:1: seed: found a message in braces, expected a single value
          seed {}                   | 2:1: seed: found a message in braces, expected a single value
          name: full                | 2:7: name: found full, expected a string in quotes
          name: "a/b"               | 2:7: name: found "a/b", expected 1 to 100 letters, digits, '_', '-' or '.', the first neither '-' nor '.'
          name: ".."                | 2:7: name: found "..", expected 1 to 100 letters, digits, '_', '-' or '.', the first neither '-' nor '.'
          name: "\\033[2J"          | 2:7: name: found "\\u001b[2J", expected 1 to 100 letters, digits, '_', '-' or '.', the first neither '-' nor '.'
          runtime: 1                | 2:1: runtime: found 1, expected a message in braces
          runtime { threads: -1 }   | 2:20: runtime.threads: found -1, expected an integer from 0 (all cores) to 1024
          runtime { device: cpu }   | 2:19: runtime.device: found cpu, expected one of AUTO, CPU, GPU; nearest: CPU, GPU
          checkpoints { keep_last: 0 } | 2:26: checkpoints.keep_last: found 0, expected an integer of at least 1
          checkpoints { keep_best: 2 } | 2:26: checkpoints.keep_best: found 2, expected true or false
          checkpoints { every_steps: -1 } | 2:28: checkpoints.every_steps: found -1, expected an integer of at least 0 (0: at the end of epochs)
          export { tolerance: 0 }   | 2:21: export.tolerance: found 0.0, expected a number above 0
          export { tolerance: nan } | 2:21: export.tolerance: found nan, expected a finite number
          export { tolerance: -inf } | 2:21: export.tolerance: found -inf, expected a finite number
          export { tolerance: 1e999 } | 2:21: export.tolerance: found 1e999, expected a finite number
          export { tolerance: few } | 2:21: export.tolerance: found few, expected a number
          export { verify_images: 0 } | 2:25: export.verify_images: found 0, expected an integer of at least 1
          export { values: FLOAT16 } | 2:18: export.values: found FLOAT16, expected FLOAT32, since storage is not PACKED
          export { warmup_requests: 1001 } | 2:27: export.warmup_requests: found 1001, expected an integer from 0 (none) to 1000
          weights { path: "w" rename { pattern: "a(b" } } | 2:39: weights.rename.0.pattern: found "a(b", expected a regular expression (Unclosed group at character 4)
          weights { path: "w" rename { pattern: "a(b)" replacement: "$2" } } | 2:59: weights.rename.0.replacement: found "$2", expected a replacement with groups of the pattern (No group 2)
          weights { path: "w" rename {} } | 2:21: weights.rename.0.pattern: missing, expected a regular expression
          weights { path: "w" ignore: ["a", "*"] } | 2:35: weights.ignore[1]: found "*", expected a regular expression (Dangling meta character '*' at character 1)
          """)
  void oneBadValue(String line, String problem) {
    assertThat(problemsOfText(SOUND + line)).containsExactly("c.textproto:" + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          seed: 1 x         | 2:10: found the end of the file, expected ':' or '{' after the field name
          seed 1            | 2:6: found '1', expected ':' or '{' after the field name
          seed:             | 2:6: found the end of the file, expected a value
          seed: @           | 2:7: found '@', expected a value
          seed: -           | 2:8: found the end of the file, expected a value
          7: 1              | 2:1: found '7', expected a field name
          }                 | 2:1: found '}', expected a field name
          [a.b]: 1          | 2:1: found '[', expected a field name (extensions and Any are not part of the schema)
          runtime {         | 2:10: found the end of the file, expected a field name or '}'
          runtime { ]       | 2:11: found ']', expected a field name or '}'
          runtime < }       | 2:11: found '}', expected a field name or '>'
          name: "abc        | 2:7: the string that starts here has no closing "
          name: 'abc        | 2:7: the string that starts here has no closing '
          name: "\\q"       | 2:9: found 'q', expected an escape (one of abfnrtv\\'"? or octal, x, u, U) after '\\'
          name: "\\xz"      | 2:10: found 'z', expected 1 digits of base 16
          name: "\\777"     | 2:12: found an octal escape above \\377, expected a byte
          name: "\\U00110000" | 2:18: found an escape \\U above 0010FFFF, expected a code point
          name: "\\377"     | 2:7: the string's escapes are not valid UTF-8
          name: "\\ud800"   | 2:7: the string's escapes are not valid UTF-8
          seed: [1          | 2:9: found the end of the file, expected ',' or ']' in a list
          seed: [1 2]       | 2:10: found '2', expected ',' or ']' in a list
          name: "😀" 😀       | 2:11: found '😀', expected a field name
          """)
  void textprotoThatBreaksTheGrammar(String line, String problem) {
    assertThat(problemsOfText(SOUND + line)).containsExactly("c.textproto:" + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                | 1:1: found the end of the file, expected '{', the experiment as an object
          []                | 1:1: found '[', expected '{', the experiment as an object
          {                 | 1:2: found the end of the file, expected a field name in double quotes
          {seed: 1}         | 1:2: found 's', expected a field name in double quotes
          {"seed" 1}        | 1:9: found '1', expected ':' after the field name
          {"seed": }        | 1:10: found '}', expected a JSON value (a string needs double quotes)
          {"seed": 01}      | 1:10: found a number with a leading zero, expected a decimal number
          {"seed": 1.}      | 1:12: found '}', expected a digit
          {"seed": -}       | 1:11: found '}', expected a digit
          {"seed": 1e}      | 1:12: found '}', expected a digit
          {"seed": NaN}     | 1:10: found 'N', expected a JSON value (a string needs double quotes)
          {"seed": nulls}   | 1:10: found 'n', expected a JSON value (a string needs double quotes)
          {"seed": 1,}      | 1:12: found '}', expected a field name in double quotes
          {"seed": 1        | 1:11: found the end of the file, expected ',' or '}' after a field
          {"seed": [1       | 1:12: found the end of the file, expected ',' or ']' in a list
          {"seed": 1} 2     | 1:13: found '2', expected the end of the file after the object
          {"name": "a       | 1:10: the string that starts here has no closing "
          {"name": "\\q"}   | 1:12: found 'q', expected an escape (one of bfnrt\\"/ or u) after '\\'
          {"name": "\\u12"} | 1:15: found '"', expected 4 hexadecimal digits after \\u
          {"name": "\\ud800"} | 1:10: the string holds half of a surrogate pair, expected Unicode
          {"name": "a`tab`b"} | 1:12: found '\\t', expected an escape such as \\t (control characters may not stand in a string)
          // no              | 1:1: found '/', expected '{', the experiment as an object
          """)
  void jsonThatBreaksTheGrammar(String text, String problem) {
    assertThat(problemsOfJson(text.replace("`tab`", "\t"))).containsExactly("c.json:" + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "seed": 1, "seed": 2        | 14: seed: given a second time, the first is at line 1, column 11
          "seed": 1e99999999          | 11: seed: found 1e99999999, expected an integer from -9223372036854775808 to 9223372036854775807
          "seed": "x"                 | 11: seed: found "x", expected an integer from -9223372036854775808 to 9223372036854775807
          "seed": true                | 11: seed: found true, expected an integer from -9223372036854775808 to 9223372036854775807
          "name": 3                   | 11: name: found 3, expected a string in quotes
          "export": {"tolerance": "NaN"} | 27: export.tolerance: found "NaN", expected a finite number
          "export": {"tolerance": 1e999} | 27: export.tolerance: found 1e999, expected a finite number
          "export": []                | 3: export: found a list, expected a message in braces
          "runtime": {"device": 7}    | 25: runtime.device: found 7, expected one of AUTO, CPU, GPU; nearest: CPU, GPU
          "weights": {"path": "w", "ignore": "a"} | 28: weights.ignore: found "a", expected a list in brackets
          "checkpoints": {"keepBest": 1} | 31: checkpoints.keep_best: found 1, expected true or false
          """)
  void oneBadJsonValue(String fields, String problem) {
    String rest =
        ", \"data\": {\"drawn\": {}}, \"network\": {\"cifar_resnet\": {}}, \"stages\": [{\"train\": {}, \"epochs\": 2}]}";
    assertThat(problemsOfJson("{ " + fields + rest)).containsExactly("c.json:1:" + problem);
  }

  @Test
  void linesEndAsTheyDoEverywhereAndAMarkAtTheStartIsSkipped() {
    assertThat(problemsOfText("\uFEFF" + SOUND + "# x\r\n\tsed: 1"))
        .containsExactly("c.textproto:3:2: unknown field \"sed\"; nearest: seed, data");
  }

  @Test
  void bytesThatAreNoTextAreReportedWithTheirPlace() {
    byte[] bytes = "seed: 1\n# \u00e9: ?".getBytes(StandardCharsets.UTF_8);
    bytes[bytes.length - 1] = (byte) 0xC3;
    assertThat(Configs.problems(() -> ExperimentLoader.decode(bytes, "c.textproto")))
        .containsExactly("c.textproto:2:6: found the byte 0xc3, expected UTF-8");
  }

  @Test
  void aNameCannotBreakTheLineThatItStandsIn() {
    String stage = SOUND.replace("train {}", "name: \"a\\nb\" train {}");
    assertThat(problemsOfText(stage))
        .containsExactly(
            "c.textproto:1:62: stages.a\\nb.name: found \"a\\nb\", expected 1 to 100 letters, digits, '_' or '-', the"
                + " first not '-'");
  }

  @Test
  void hostileSizesAreRefused() {
    assertThat(problemsOfText("data{".repeat(100_000)))
        .containsExactly("c.textproto:1:206: nested 41 deep, expected at most 40");
    assertThat(problemsOfText("seed:" + "[".repeat(100_000)))
        .containsExactly("c.textproto:1:47: nested 41 deep, expected at most 40");
    assertThat(problemsOfJson("{\"a\":".repeat(100_000)))
        .containsExactly("c.json:1:206: nested 41 deep, expected at most 40");
    assertThat(problemsOfText(SOUND + "seed: " + "9".repeat(500_000))).hasSize(1);
    assertThat(problemsOfText(SOUND + "export { tolerance: " + "9".repeat(500_000) + " }"))
        .hasSize(1);
    assertThat(problemsOfText(SOUND + "x".repeat(500_000) + ": 1")).hasSize(1);
    assertThat(problemsOfText("#".repeat(ExperimentLoader.LARGEST_FILE + 1)))
        .containsExactly("c.textproto: found more than 1048576 characters, expected a config");
    byte[] large = new byte[ExperimentLoader.LARGEST_FILE + 1];
    assertThat(Configs.problems(() -> ExperimentLoader.decode(large, "c.json")))
        .containsExactly("c.json: found more than 1048576 bytes, expected a config");
  }

  @Test
  void fortyThousandProblemsAreCountedNotListed() {
    List<String> problems = problemsOfText("stages{}".repeat(20_000));
    assertThat(problems).hasSize(51);
    assertThat(problems.get(50)).isEqualTo("… and 39952 more problems");
  }

  @Test
  void aRegularExpressionThatWouldOverflowTheCompilerIsRefused() {
    String regex = "(".repeat(100_000);
    assertThat(problemsOfText(SOUND + "weights { path: \"w\" ignore: \"" + regex + "\" }"))
        .singleElement()
        .asString()
        .endsWith("expected a regular expression of at most 1000 characters");
  }
}
