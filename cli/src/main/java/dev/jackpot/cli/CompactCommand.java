package dev.jackpot.cli;

import com.google.gson.JsonObject;
import dev.jackpot.config.proto.MaskProvenance;
import dev.jackpot.export.compaction.Compaction;
import dev.jackpot.export.compaction.ValuedWiring;
import dev.jackpot.export.compaction.WiredFolder;
import dev.jackpot.graph.NetworkSummary;
import dev.jackpot.pruning.Masks;
import dev.jackpot.training.TrainedNetwork;
import dev.jackpot.training.report.Figures;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jackpot compact}: a network without its dead channels. */
@Command(
    name = "compact",
    description = {
      "Removes dead channels and layers from a network (docs/compaction.md).",
      "Its logits stay; what is left is a network to train on or to export: a wiring, weights and",
      "masks, with the lines of a config that begin with them."
    },
    footerHeading = "%nExample:%n",
    footer = "  jackpot compact runs/pruned --out compacted")
final class CompactCommand implements Runnable {
  @Mixin private HelpOption help;
  @Mixin private NetworkArguments arguments;
  @Mixin private Output output;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "A new folder for the compacted network.")
  private Path directory;

  @Option(
      names = "--fold",
      description = "Fold batch norms into convolutions first: for serving, not for training.")
  private boolean fold;

  @Override
  public void run() {
    WiredFolder.requireNew(directory);
    TrainedNetwork trained = arguments.load();
    ValuedWiring network = trained.wiring();
    Compaction.Result result = Compaction.of(network, fold);
    trained.requireSameLogits(result.network());
    WiredFolder.write(
        directory,
        result.network(),
        new Masks(result.network().masks()),
        MaskProvenance.newBuilder().setSource("compact").build());
    NetworkSummary before = network.summary();
    NetworkSummary after = result.network().summary();
    output.print(() -> json(result, before, after), out -> print(result, before, after, out));
  }

  private void print(
      Compaction.Result result, NetworkSummary before, NetworkSummary after, PrintWriter out) {
    Table table = new Table().text("KERNEL").number("CHANNELS").number("KEPT").number("IDLE");
    for (Compaction.Layer layer : result.layers()) {
      if (layer.kept() < layer.channels() || layer.idle() > 0) {
        table.row(
            layer.kernel(),
            Figures.count(layer.channels()),
            layer.kept() == 0 ? "gone" : Figures.count(layer.kept()),
            Figures.count(layer.idle()));
      }
    }
    out.print(table);
    out.printf(
        "%nparameters: %s of %s; multiply-accumulates: %s of %s%n%s%n",
        Figures.count(after.parameterCount()),
        Figures.count(before.parameterCount()),
        Figures.count(after.multiplyAccumulates()),
        Figures.count(before.multiplyAccumulates()),
        directory);
  }

  private JsonObject json(Compaction.Result result, NetworkSummary before, NetworkSummary after) {
    return Json.object(
        "directory", directory,
        "parameters", after.parameterCount(),
        "parameters_before", before.parameterCount(),
        "multiply_accumulates", after.multiplyAccumulates(),
        "multiply_accumulates_before", before.multiplyAccumulates(),
        "layers",
            result.layers().stream()
                .map(
                    l ->
                        Json.object(
                            "kernel", l.kernel(),
                            "channels", l.channels(),
                            "kept", l.kept(),
                            "idle", l.idle()))
                .toList());
  }
}
