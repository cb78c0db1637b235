package dev.jackpot.cli;

import com.google.gson.JsonObject;
import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.training.data.DataCheck;
import dev.jackpot.training.data.DataSet;
import dev.jackpot.training.data.DataSets;
import dev.jackpot.training.data.SplitCheck;
import dev.jackpot.training.report.Figures;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jackpot data check|show|download}. */
@Command(
    name = "data",
    description = "Checks or shows a config's images, or downloads a data set.",
    synopsisSubcommandLabel = "(check | show | download)",
    subcommands = {DataCommand.Check.class, DataCommand.Show.class, DownloadCommand.class},
    footerHeading = "%nExample:%n",
    footer = "  jackpot data check quickstart")
final class DataCommand extends Group {

  /** Whose data. Its weights may be missing. */
  private static final class DataArguments {
    @Parameters(
        paramLabel = "CONFIG|PRESET",
        description = "A .textproto or .json file, or a preset's name.")
    private String config;

    @Mixin private SetOption sets = new SetOption();

    DataSet open() {
      return DataSets.open(ExperimentLoader.loadTemplate(config, sets.values()).getData());
    }
  }

  /** {@code jackpot data check}: reads all of it. */
  @Command(
      name = "check",
      description = "Reads every image and counts: images per class, mean and deviation.",
      footerHeading = "%nExample:%n",
      footer = {
        "  jackpot data check resnet20-cifar10-jackpot90 \\",
        "      --set data.cifar10.path=cifar-10-batches-bin"
      })
  static final class Check implements Runnable {
    @Mixin private HelpOption help;
    @Mixin private DataArguments arguments;
    @Mixin private Output output;

    @Override
    public void run() {
      DataCheck data = DataCheck.of(arguments.open());
      output.print(() -> json(data), out -> print(data, out));
    }

    private static JsonObject json(DataCheck data) {
      return Json.object(
          "data", data.description(),
          "image", List.of(data.shape().height(), data.shape().width(), data.shape().channels()),
          "classes", data.classNames(),
          "train", json(data.train()),
          "test", json(data.test()),
          "fingerprint", data.fingerprint());
    }

    private static JsonObject json(SplitCheck split) {
      return Json.object(
          "images", split.images(),
          "per_class", split.perClass(),
          "mean", split.mean(),
          "std", split.std());
    }

    private static void print(DataCheck data, PrintWriter out) {
      out.printf(
          "%s: %s training and %s test images of %s%n%n",
          data.description(),
          Figures.count(data.train().images()),
          Figures.count(data.test().images()),
          data.shape());
      Table table = new Table().number("LABEL").text("CLASS").number("TRAIN").number("TEST");
      for (int c = 0; c < data.classNames().size(); c++) {
        table.row(
            c,
            data.classNames().get(c),
            Figures.count(data.train().perClass().get(c)),
            Figures.count(data.test().perClass().get(c)));
      }
      out.print(table);
      out.printf("%ntraining pixels / 255, per channel:%n");
      out.printf(
          "  mean: [%s]%n  std: [%s]%n", numbers(data.train().mean()), numbers(data.train().std()));
      out.printf("SHA-256 of all images and labels: %s%n", data.fingerprint());
    }

    private static String numbers(List<Double> values) {
      return values.stream()
          .map(v -> String.format(Locale.ROOT, "%.4f", v))
          .collect(Collectors.joining(", "));
    }
  }

  /** {@code jackpot data show}: a sheet of images. */
  @Command(
      name = "show",
      description = "Writes a PNG of the first training images, a row a class.",
      footerHeading = "%nExample:%n",
      footer = "  jackpot data show quickstart --out images.png")
  static final class Show implements Runnable {
    @Spec private CommandSpec spec;
    @Mixin private HelpOption help;
    @Mixin private DataArguments arguments;
    @Mixin private Output output;

    @Option(
        names = "--out",
        required = true,
        paramLabel = "FILE",
        description = "The PNG file to write.")
    private Path file;

    @Option(
        names = "--images",
        paramLabel = "N",
        defaultValue = "10",
        description = "Images of each class (default: ${DEFAULT-VALUE}).")
    private int images;

    @Override
    public void run() {
      if (images < 1 || images > 1000) {
        throw new ParameterException(
            spec.commandLine(), "--images: found %d, expected 1 to 1000".formatted(images));
      }
      DataSet data = arguments.open();
      ContactSheet.of(data, images).write(file);
      output.print(
          () -> Json.object("file", file, "data", data.description(), "classes", data.classNames()),
          out ->
              out.printf(
                  "%s: %s, from the top: %s%n",
                  file, data.description(), String.join(", ", data.classNames())));
    }
  }
}
