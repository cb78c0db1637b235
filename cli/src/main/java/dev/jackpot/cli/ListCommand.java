package dev.jackpot.cli;

import com.google.gson.JsonObject;
import dev.jackpot.config.NamedNetworks;
import dev.jackpot.config.Names;
import dev.jackpot.config.Presets;
import dev.jackpot.config.proto.NamedNetwork;
import dev.jackpot.export.WeightFormats;
import dev.jackpot.training.report.Figures;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jackpot list KIND}: the names a config may use. */
@Command(
    name = "list",
    description = "Lists what a config may choose from.",
    footerHeading = "%nExample:%n",
    footer = "  jackpot list restrictions")
final class ListCommand implements Runnable {
  private static final String PRESETS = "presets";
  private static final String FORMATS = "formats";
  private static final String NETWORKS = "networks";

  @Spec private CommandSpec spec;
  @Mixin private HelpOption help;
  @Mixin private Output output;

  @Parameters(
      paramLabel = "KIND",
      description = {
        "presets, networks, data, stages, criteria, allocations, patterns,",
        "restrictions, optimizers, learning_rates or formats (of weight files)."
      })
  private String kind;

  /** A line of a list. */
  private record Item(String name, String description) {}

  @Override
  public void run() {
    String wanted = kind.toLowerCase(Locale.ROOT);
    switch (wanted) {
      case PRESETS -> presets(output);
      case FORMATS ->
          print(
              output,
              WeightFormats.all().stream()
                  .map(f -> new Item(f.getClass().getSimpleName(), f.description()))
                  .toList());
      case NETWORKS -> networks();
      default -> choices(wanted);
    }
  }

  /** Also {@code jackpot presets}. */
  static void presets(Output output) {
    print(output, Presets.list().stream().map(p -> new Item(p.name(), p.description())).toList());
  }

  private static void print(Output output, List<Item> items) {
    output.print(
        () ->
            Json.array(
                items.stream()
                    .map(i -> Json.object("name", i.name(), "description", i.description()))
                    .toList()),
        out -> {
          Table table = new Table().text("NAME").text("DESCRIPTION");
          items.forEach(i -> table.row(i.name(), i.description()));
          out.print(table);
        });
  }

  private void choices(String wanted) {
    List<String> kinds = new ArrayList<>(List.of(PRESETS, FORMATS));
    for (Choices choices : Choices.values()) {
      String name = choices.name().toLowerCase(Locale.ROOT);
      if (name.equals(wanted)) {
        print(choices);
        return;
      }
      kinds.add(name);
    }
    throw new ParameterException(
        spec.commandLine(), "nothing is called '%s'%s".formatted(kind, Names.hint(kind, kinds)));
  }

  /** Those that have a name, and below them the families with their options. */
  private void networks() {
    output.print(
        () ->
            Json.object(
                "networks",
                NamedNetworks.list().stream().map(ListCommand::json).toList(),
                "families",
                Choices.NETWORKS.all().stream().map(ListCommand::json).toList()),
        out -> {
          Table table =
              new Table()
                  .text("NAME")
                  .number("IMAGE")
                  .number("CLASSES")
                  .number("PARAMETERS")
                  .number("MULT-ADDS")
                  .text("DESCRIPTION");
          for (NamedNetwork n : NamedNetworks.list()) {
            table.row(
                n.getName(),
                n.getImage(),
                n.getClasses(),
                Figures.count(n.getParameters()),
                Figures.magnitude(n.getMultiplyAccumulates()),
                n.getTitle());
          }
          out.print(table);
          out.printf("%nIn a config: network { name: \"NAME\" }, and beside it what differs%n%n");
          print(Choices.NETWORKS, out);
        });
  }

  private static JsonObject json(NamedNetwork named) {
    return Json.object(
        "name", named.getName(),
        "title", named.getTitle(),
        "family", NamedNetworks.family(named),
        "image", named.getImage(),
        "classes", named.getClasses(),
        "parameters", named.getParameters(),
        "multiply_accumulates", named.getMultiplyAccumulates());
  }

  private static JsonObject json(Choices.Choice choice) {
    return Json.object(
        "name",
        choice.name(),
        "plugin",
        choice.plugin(),
        "options",
        choice.settings().stream()
            .map(s -> Json.object("name", s.name(), "type", s.type(), "default", s.defaultValue()))
            .toList());
  }

  private void print(Choices choices) {
    output.print(
        () -> Json.array(choices.all().stream().map(ListCommand::json).toList()),
        out -> print(choices, out));
  }

  private static void print(Choices choices, PrintWriter out) {
    Table table =
        new Table()
            .text(choices == Choices.NETWORKS ? "FAMILY" : "NAME")
            .text("OPTIONS (AND DEFAULTS)");
    choices.all().forEach(c -> table.row(c.name(), c.summary()));
    out.print(table);
    out.printf("%nIn a config: %s%n", choices.usage());
  }
}
