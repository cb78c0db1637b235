package dev.jackpot.cli;

import com.google.gson.JsonObject;
import dev.jackpot.config.Names;
import dev.jackpot.config.Presets;
import dev.jackpot.export.WeightFormats;
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
  private static final String CRITERIA = "criteria";
  private static final String FORMATS = "formats";

  @Spec private CommandSpec spec;
  @Mixin private HelpOption help;
  @Mixin private Output output;

  @Parameters(
      paramLabel = "KIND",
      description = {
        "presets, networks, data, stages, criteria, allocations,",
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
      case CRITERIA ->
          print(
              output,
              List.of(
                  new Item("magnitude", "|weight|; what a search starts its masks and scores by")));
      case FORMATS ->
          print(
              output,
              WeightFormats.all().stream()
                  .map(f -> new Item(f.getClass().getSimpleName(), f.description()))
                  .toList());
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
    List<String> kinds = new ArrayList<>(List.of(PRESETS, CRITERIA, FORMATS));
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
    List<Choices.Choice> all = choices.all();
    output.print(
        () -> Json.array(all.stream().map(ListCommand::json).toList()),
        out -> {
          Table table = new Table().text("NAME").text("OPTIONS (AND DEFAULTS)");
          all.forEach(c -> table.row(c.name(), c.summary()));
          out.print(table);
          out.printf("%nIn a config: %s%n", choices.usage());
        });
  }
}
