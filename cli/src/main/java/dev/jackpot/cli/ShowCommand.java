package dev.jackpot.cli;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.ExperimentText;
import dev.jackpot.config.Names;
import dev.jackpot.config.Presets;
import dev.jackpot.config.proto.Experiment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code jackpot show preset|network NAME}. */
@Command(
    name = "show",
    description = "Shows a preset's text, or a network layer by layer.",
    synopsisSubcommandLabel = "(preset | network)",
    subcommands = {ShowCommand.Preset.class, NetworkCommand.class},
    footerHeading = "%nExample:%n",
    footer = "  jackpot show network cifar_resnet --set network.cifar_resnet.depth=56")
final class ShowCommand extends Group {

  /** {@code jackpot show preset NAME}. */
  @Command(
      name = "preset",
      description = {"Shows a preset's text; with --set or --json, the preset as it would run."},
      footerHeading = "%nExample:%n",
      footer = "  jackpot show preset quickstart > mine.textproto")
  static final class Preset implements Runnable {
    @Mixin private HelpOption help;
    @Mixin private Output output;
    @Mixin private SetOption sets;

    @Parameters(paramLabel = "NAME", description = "A preset's name; see `jackpot presets`.")
    private String name;

    @Override
    public void run() {
      String text =
          Presets.text(name)
              .orElseThrow(
                  () ->
                      new ConfigException(
                          "no preset is called \"%s\"%s"
                              .formatted(name, Names.hint(name, Presets.names()))));
      if (sets.values().isEmpty() && !output.isJson()) {
        output.out().print(text);
        return;
      }
      Experiment experiment = ExperimentLoader.loadTemplate(name, sets.values());
      output.print(
          () -> ExperimentJson.of(experiment), out -> out.print(ExperimentText.print(experiment)));
    }
  }
}
