package dev.jackpot.cli;

import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.Data;
import dev.jackpot.training.data.DataCheck;
import dev.jackpot.training.data.DataSet;
import dev.jackpot.training.data.DataSets;
import dev.jackpot.training.report.Figures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
      return DataSets.open(data());
    }

    private Data data() {
      return ExperimentLoader.loadTemplate(config, sets.values()).getData();
    }

    boolean skipsCorrupt() {
      return data().getOnCorrupt() == Data.OnCorrupt.SKIP;
    }
  }

  /** {@code jackpot data check}: reads all of it. */
  @Command(
      name = "check",
      description = {
        "Reads every image and counts: images per class, sizes, mean and deviation.",
        "Lists images that cannot be decoded (then it exits with 1, unless the config skips",
        "them), those that are in two splits (then too), and classes without images."
      },
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
      output.print(() -> DataReport.json(data), out -> DataReport.print(data, out));
      List<String> problems = new ArrayList<>();
      int unreadable = data.unreadable().size();
      if (unreadable > 0 && !arguments.skipsCorrupt()) {
        problems.add(
            "%s of %s images cannot be decoded; data.on_corrupt: SKIP trains without them"
                .formatted(Figures.count(unreadable), Figures.count(data.images())));
      }
      List<DataCheck.Overlap> overlaps = data.overlaps();
      if (!overlaps.isEmpty()) {
        problems.add(
            "%s of %s images are in two splits, byte for byte; the first: %s is %s"
                .formatted(
                    Figures.count(overlaps.size()),
                    Figures.count(data.images()),
                    overlaps.get(0).held(),
                    overlaps.get(0).train()));
      }
      if (!problems.isEmpty()) {
        throw new JackpotException(String.join("; ", problems));
      }
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
      int shown = ContactSheet.fitting(data);
      List<String> names = data.classNames().subList(0, shown);
      ContactSheet.of(data, images, shown).write(file);
      output.print(
          () -> Json.object("file", file, "data", data.description(), "classes", names),
          out ->
              out.printf(
                  "%s: %s, from the top: %s%s%n",
                  file,
                  data.description(),
                  String.join(", ", names),
                  shown < data.classes()
                      ? " (the first %d of %d classes)".formatted(shown, data.classes())
                      : ""));
    }
  }
}
