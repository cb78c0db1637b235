package dev.jackpot.cli;

import com.google.gson.JsonObject;
import dev.jackpot.config.proto.Prunable;
import dev.jackpot.graph.LayerCost;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.NetworkSummary;
import dev.jackpot.graph.Networks;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.PrunableKernels;
import dev.jackpot.training.report.Figures;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jackpot show network NAME}: what it consists of and costs; needs no data. */
@Command(
    name = "network",
    description = {
      "Shows a network's parameters, shapes and multiply-accumulates, layer by layer.",
      "Needs no data."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  jackpot show network resnet-50",
      "  jackpot show network resnet-50 --image 64 --classes 200 --set network.origin=KERAS",
      "  jackpot show network cifar_resnet --set network.cifar_resnet.depth=56"
    })
final class NetworkCommand implements Runnable {
  /** A larger one is a slip: no data set has it. */
  private static final int LARGEST_IMAGE = 1 << 12;

  private static final int MOST_CLASSES = 1_000_000;

  @Spec private CommandSpec command;
  @Mixin private HelpOption help;
  @Mixin private Output output;
  @Mixin private SetOption sets;

  @Parameters(
      paramLabel = "NAME",
      description = {
        "A network or a family (see `jackpot list networks`), a preset",
        "or a config file."
      })
  private String name;

  @Option(
      names = "--image",
      paramLabel = "PIXELS",
      description = "Height and width of the images. Default: what it is published for.")
  private Integer image;

  @Option(
      names = "--classes",
      paramLabel = "N",
      description = "Number of classes. Default: what it is published for.")
  private Integer classes;

  @Override
  public void run() {
    inRange("--image", image, 1, LARGEST_IMAGE);
    inRange("--classes", classes, 2, MOST_CLASSES);
    NetworkChoice choice = NetworkChoice.of(name, sets.values());
    choice = image == null ? choice : choice.at(image);
    choice = classes == null ? choice : choice.with(classes);
    NetworkSpec spec = choice.spec();
    NetworkSummary summary = NetworkSummary.of(Networks.REGISTRY.create(choice.network()), spec);
    output.print(() -> json(summary, spec), out -> print(summary, spec, out));
  }

  private void inRange(String option, Integer value, int least, int most) {
    if (value != null && (value < least || value > most)) {
      throw new ParameterException(
          command.commandLine(),
          "%s: found %d, expected an integer from %d to %d".formatted(option, value, least, most));
    }
  }

  private static Map<String, LayerCost> costs(NetworkSummary summary) {
    return summary.costs().stream()
        .collect(Collectors.toMap(c -> c.kernel().name(), Function.identity()));
  }

  /** Those that a search prunes unless its {@code prunable} says otherwise. */
  private static Set<Parameter> prunedByDefault(NetworkSummary summary) {
    return new HashSet<>(PrunableKernels.of(Prunable.getDefaultInstance(), summary.parameters()));
  }

  private static void print(NetworkSummary summary, NetworkSpec spec, PrintWriter out) {
    Map<String, LayerCost> costs = costs(summary);
    Set<Parameter> pruned = prunedByDefault(summary);
    Table table =
        new Table()
            .text("PARAMETER")
            .text("ROLE")
            .number("SHAPE")
            .number("SIZE")
            .number("OUTPUT")
            .number("MULT-ADDS")
            .text("PRUNABLE");
    for (Parameter p : summary.parameters()) {
      LayerCost cost = costs.get(p.name());
      table.row(
          p.name(),
          role(p),
          Shapes.text(p.shape()),
          Figures.count(p.size()),
          cost == null ? "" : Shapes.text(cost.output()),
          cost == null ? "" : Figures.count(cost.dense()),
          !p.role().isKernel() ? "no" : pruned.contains(p) ? "yes" : "if asked");
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
        "\"if asked\": dense unless a search's prunable says otherwise; \"yes\": the other way round.");
  }

  private static JsonObject json(NetworkSummary summary, NetworkSpec spec) {
    Map<String, LayerCost> costs = costs(summary);
    Set<Parameter> pruned = prunedByDefault(summary);
    return Json.object(
        "title",
        summary.title(),
        "image",
        List.of(spec.height(), spec.width(), spec.channels()),
        "classes",
        spec.classes(),
        "parameters",
        summary.parameterCount(),
        "multiply_accumulates",
        summary.multiplyAccumulates(),
        "prunable_weights",
        pruned.stream().mapToLong(Parameter::size).sum(),
        "layers",
        summary.parameters().stream()
            .map(p -> json(p, costs.get(p.name()), pruned.contains(p)))
            .toList());
  }

  private static JsonObject json(Parameter parameter, LayerCost cost, boolean prunedByDefault) {
    return Json.object(
        "name", parameter.name(),
        "role", role(parameter),
        "shape", parameter.shape().asArray(),
        "size", parameter.size(),
        "output", cost == null ? null : cost.output().asArray(),
        "multiply_accumulates", cost == null ? null : cost.dense(),
        "prunable", parameter.role().isKernel(),
        "pruned_by_default", prunedByDefault);
  }

  private static String role(Parameter parameter) {
    return parameter.role().name().toLowerCase(Locale.ROOT);
  }
}
