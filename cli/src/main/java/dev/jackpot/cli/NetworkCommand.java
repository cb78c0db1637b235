package dev.jackpot.cli;

import com.google.gson.JsonObject;
import dev.jackpot.config.ConfigException;
import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.ExperimentLoader.Format;
import dev.jackpot.config.Names;
import dev.jackpot.config.Presets;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.graph.LayerCost;
import dev.jackpot.graph.Network;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.NetworkSummary;
import dev.jackpot.graph.Networks;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;
import dev.jackpot.training.NetworkSpecs;
import dev.jackpot.training.report.Figures;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code jackpot show network NAME}: what it consists of and costs; needs no data. */
@Command(
    name = "network",
    description = "Shows a network's parameters, shapes and multiply-accumulates, layer by layer.",
    footerHeading = "%nExample:%n",
    footer = "  jackpot show network cifar_resnet --set network.cifar_resnet.depth=56")
final class NetworkCommand implements Runnable {
  @Mixin private HelpOption help;
  @Mixin private Output output;
  @Mixin private SetOption sets;

  @Parameters(
      paramLabel = "NAME",
      description = "A network's name (see `jackpot list networks`), a preset or a config file.")
  private String name;

  @Override
  public void run() {
    Experiment experiment = experiment();
    Network network = Networks.REGISTRY.create(experiment.getNetwork());
    NetworkSpec spec = NetworkSpecs.of(experiment);
    NetworkSummary summary = NetworkSummary.of(network, spec);
    output.print(() -> json(summary, spec), out -> print(summary, spec, out));
  }

  /** Of a network's name: the smallest config that has it. */
  private Experiment experiment() {
    Set<String> networks = Networks.REGISTRY.names();
    if (networks.contains(name)) {
      boolean builtIn =
          dev.jackpot.config.proto.Network.getDescriptor().findFieldByName(name) != null;
      String choice = builtIn ? name + " {}" : "custom { name: \"" + name + "\" }";
      return ExperimentLoader.parse(
          "network { %s } data { drawn {} } stages { train {} epochs: 1 }".formatted(choice),
          Format.TEXTPROTO,
          "network " + name,
          sets.values());
    }
    List<String> known = new ArrayList<>(networks);
    known.addAll(Presets.names());
    if (Presets.text(name).isEmpty() && !Files.exists(Path.of(name))) {
      throw new ConfigException(
          "no network, preset or file is called \"%s\"%s".formatted(name, Names.hint(name, known)));
    }
    return ExperimentLoader.loadTemplate(name, sets.values());
  }

  private static Map<String, LayerCost> costs(NetworkSummary summary) {
    return summary.costs().stream()
        .collect(Collectors.toMap(c -> c.kernel().name(), Function.identity()));
  }

  private static String prunable(Parameter parameter) {
    return !parameter.role().isKernel()
        ? "no"
        : parameter.role() == Role.CLASSIFIER_KERNEL ? "if asked" : "yes";
  }

  private static void print(NetworkSummary summary, NetworkSpec spec, PrintWriter out) {
    Map<String, LayerCost> costs = costs(summary);
    Table table =
        new Table()
            .text("PARAMETER")
            .text("ROLE")
            .number("SHAPE")
            .number("SIZE")
            .number("MULT-ADDS")
            .text("PRUNABLE");
    for (Parameter p : summary.parameters()) {
      LayerCost cost = costs.get(p.name());
      table.row(
          p.name(),
          p.role().name().toLowerCase(Locale.ROOT),
          Shapes.text(p.shape()),
          Figures.count(p.size()),
          cost == null ? "" : Figures.count(cost.dense()),
          prunable(p));
    }
    out.print(table);
    long kernels = summary.kernels().stream().mapToLong(Parameter::size).sum();
    out.println();
    out.printf(
        "%s on %d×%d×%d images, %d classes: %s parameters, %s of them in %d kernels;"
            + " %s multiply-adds an image%n",
        summary.title(),
        spec.height(),
        spec.width(),
        spec.channels(),
        spec.classes(),
        Figures.count(summary.parameterCount()),
        Figures.count(kernels),
        summary.kernels().size(),
        Figures.count(summary.multiplyAccumulates()));
    out.println(
        "\"if asked\": the classifier stays dense unless a stage's prunable.classifier is true.");
  }

  private static JsonObject json(NetworkSummary summary, NetworkSpec spec) {
    Map<String, LayerCost> costs = costs(summary);
    return Json.object(
        "title", summary.title(),
        "image", List.of(spec.height(), spec.width(), spec.channels()),
        "classes", spec.classes(),
        "parameters", summary.parameterCount(),
        "multiply_accumulates", summary.multiplyAccumulates(),
        "layers", summary.parameters().stream().map(p -> json(p, costs.get(p.name()))).toList());
  }

  private static JsonObject json(Parameter parameter, LayerCost cost) {
    return Json.object(
        "name", parameter.name(),
        "role", parameter.role().name().toLowerCase(Locale.ROOT),
        "shape", parameter.shape().asArray(),
        "size", parameter.size(),
        "multiply_accumulates", cost == null ? null : cost.dense(),
        "prunable", parameter.role().isKernel());
  }
}
