package dev.jackpot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class CommandsTest {
  static Stream<List<String>> everyCommand() {
    List<List<String>> paths = new ArrayList<>();
    collect(
        Commands.commandLine(
            new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter())),
        List.of(),
        paths);
    return paths.stream();
  }

  private static void collect(CommandLine line, List<String> path, List<List<String>> paths) {
    paths.add(path);
    line.getSubcommands()
        .forEach(
            (name, sub) -> {
              List<String> longer = new ArrayList<>(path);
              longer.add(name);
              collect(sub, longer, paths);
            });
  }

  @ParameterizedTest
  @MethodSource("everyCommand")
  void helpGoesToStdoutWithAnExample(List<String> path) {
    List<String> args = new ArrayList<>(path);
    args.add("--help");
    Cli cli = Cli.good(args.toArray(String[]::new));
    String command = ("jackpot " + String.join(" ", path)).strip();
    assertThat(cli.out()).startsWith("Usage: " + command).containsPattern("Examples?:\\R  jackpot");
    assertThat(cli.err()).isEmpty();
  }

  @Test
  void theContractsCommandsAreThere() {
    assertThat(everyCommand().map(p -> String.join(" ", p)))
        .contains(
            "run",
            "evaluate",
            "export",
            "inspect",
            "prune",
            "overlap",
            "compact",
            "widen",
            "predict",
            "data check",
            "data show",
            "presets",
            "list",
            "show preset",
            "show network",
            "report",
            "benchmark train",
            "doctor");
  }

  @Test
  void versionNamesProgramTensorFlowAndJava() {
    assertThat(Cli.good("--version").out())
        .matches("jackpot \\d+\\.\\S+\\RTensorFlow Java \\d+\\.\\S+\\RJava \\d+\\S*\\R");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "evaluat quickstart        | unknown command 'evaluat'; nearest: evaluate",
        "run quickstart --ou x     | unknown option '--ou'; nearest: --out",
        "run --resumee             | unknown option '--resumee'; nearest: --resume",
        "run                       | Missing required parameter: 'CONFIG|PRESET'",
        "run quikstart             | no such file or preset; nearest: quickstart",
        "list restriction          | nothing is called 'restriction'; nearest: restrictions",
        "show preset quikstart     | no preset is called \"quikstart\"; nearest: quickstart",
        "show network resnet-18 --image 16 | layer4/0/conv1 has stride 2",
        "show network resnet-18 --image 0  | --image: found 0, expected an integer from 1 to 4096",
        "show network resnet-18 --classes 1 | --classes: found 1, expected an integer from 2 to",
        "show network resnet-55    | is called \"resnet-55\"; nearest: resnet-50, resnet-56",
        "show network cifar_resnt  | is called \"cifar_resnt\"; nearest: cifar_resnet",
        "data                      | which one? expected check or show",
        "benchmark train --steps 0 | --steps: found 0, expected at least 1",
        "benchmark train --mode up | --mode",
        "predict no-model no-image | no-model: no such SavedModel or run",
        "evaluate no-such-thing    | no-such-thing: no such file or preset",
        "inspect no-such-thing     | no-such-thing",
        "report no-such-run        | no-such-run is not a run directory",
        "presets extra             | unexpected argument 'extra'",
      })
  void badUsageIsOneLineAndTwo(String args, String message) {
    Cli cli = Cli.run(args.strip().split(" +"));
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.errors()).singleElement().asString().startsWith("jackpot: ").contains(message);
  }

  @Test
  void noCommandIsBadUsage() {
    Cli cli = Cli.run();
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.errors()).singleElement().asString().contains("jackpot --help");
  }

  @Test
  void everyConfigProblemHasItsLine() {
    Cli cli =
        Cli.run(
            "run",
            "quickstart",
            "--set",
            "stages.search.search.sparsity=1.0",
            "--set",
            "stages.train.epochs=0",
            "--set",
            "network.cifar_resnet.dept=20");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.errors())
        .hasSize(3)
        .allMatch(line -> line.startsWith("jackpot: "))
        .anyMatch(line -> line.contains("sparsity"))
        .anyMatch(line -> line.contains("epochs"))
        .anyMatch(line -> line.contains("dept") && line.contains("depth"));
  }
}
