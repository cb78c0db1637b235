package dev.jackpot.cli;

import com.google.gson.JsonObject;
import dev.jackpot.config.ConfigException;
import dev.jackpot.export.MaskFiles;
import dev.jackpot.export.WeightFormats;
import dev.jackpot.export.WeightSource;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.pruning.GroupOccupancy;
import dev.jackpot.pruning.GroupOccupancy.Tally;
import dev.jackpot.pruning.Masks;
import dev.jackpot.training.Checkpoint;
import dev.jackpot.training.report.Figures;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jackpot groups}: how masks lie in the groups of an N:M pattern. */
@Command(
    name = "groups",
    description = {
      "Shows how the kept weights of masks lie in the groups of an N:M pattern, against chance,",
      "and what projecting them to the pattern would cost (docs/magnitude-pruning.md)."
    },
    footerHeading = "%nExample:%n",
    footer = "  jackpot groups runs/quickstart --pattern 2:4")
final class GroupsCommand implements Runnable {
  /** N and M of at most four digits. */
  private static final Pattern N_OF_M = Pattern.compile("([1-9][0-9]{0,3}):([1-9][0-9]{0,3})");

  private static final int LARGEST = 1024;

  @Mixin private HelpOption help;
  @Mixin private Output output;

  @Parameters(
      paramLabel = "MASKS",
      description = "A mask file, an .npz of masks, a run or a checkpoint.")
  private Path path;

  @Option(
      names = "--pattern",
      paramLabel = "N:M",
      description = "At most N kept of any M input channels. Default: ${DEFAULT-VALUE}.")
  private String pattern = "2:4";

  @Option(
      names = "--weights",
      paramLabel = "WEIGHTS",
      description =
          "Whose magnitudes are lost: an .npz, a run or a checkpoint. Default: a run's own.")
  private Path weights;

  @Override
  public void run() {
    Matcher nm = N_OF_M.matcher(pattern);
    if (!nm.matches()
        || Integer.parseInt(nm.group(2)) > LARGEST
        || Integer.parseInt(nm.group(1)) > Integer.parseInt(nm.group(2))) {
      throw new ConfigException(
          "--pattern: found \"%s\"; expected N:M as in 2:4, N from 1 to M and M up to %d"
              .formatted(pattern, LARGEST));
    }
    Masks masks = MaskFiles.open(path).masks();
    GroupOccupancy found =
        GroupOccupancy.of(
            masks, values(masks), Integer.parseInt(nm.group(1)), Integer.parseInt(nm.group(2)));
    output.print(() -> json(found), out -> print(found, masks, out));
  }

  private Map<String, HostTensor> values(Masks masks) {
    Map<String, HostTensor> values = new LinkedHashMap<>();
    if (weights != null || SavedModels.isRun(path) || Checkpoint.isAt(path)) {
      try (WeightSource source = WeightFormats.open(weights != null ? weights : path)) {
        masks.names().forEach(name -> values.put(name, source.read(name)));
      }
    }
    return values;
  }

  private static void print(GroupOccupancy found, Masks masks, PrintWriter out) {
    Table table =
        new Table()
            .text("KERNEL")
            .number("LIVE")
            .number("PRUNED BY %d:%d".formatted(found.n(), found.m()))
            .number("SLOTS UNUSED")
            .number("|W| LOST");
    found.kernels().forEach((name, tally) -> row(table, name, tally));
    row(table, "total", found.total());
    out.print(table);
    out.println();
    Table groups =
        new Table().number("LIVE IN GROUP").number("GROUPS").number("SHARE").number("BY CHANCE");
    Tally total = found.total();
    double all = Math.max(1, total.wholeGroups());
    for (int j = 0; j <= found.m(); j++) {
      groups.row(
          String.valueOf(j),
          Figures.count(total.groups().get(j)),
          Figures.percent(total.groups().get(j) / all),
          Figures.percent(total.expected().get(j) / all));
    }
    out.print(groups);
    List<String> left = new ArrayList<>(masks.names());
    left.removeAll(found.kernels().keySet());
    if (!left.isEmpty()) {
      out.printf("%nwithout groups (depthwise): %s%n", String.join(", ", left));
    }
  }

  private static void row(Table table, String name, Tally tally) {
    table.row(
        name,
        Figures.count(tally.live()),
        Figures.count(tally.excess()),
        Figures.count(tally.unused()),
        Figures.percent(tally.lostShare()));
  }

  private static JsonObject json(GroupOccupancy found) {
    Map<String, JsonObject> kernels = new LinkedHashMap<>();
    found.kernels().forEach((name, tally) -> kernels.put(name, json(tally)));
    return Json.object(
        "n", found.n(), "m", found.m(), "total", json(found.total()), "kernels", kernels);
  }

  private static JsonObject json(Tally tally) {
    return Json.object(
        "groups", tally.groups(),
        "expected", tally.expected(),
        "live", tally.live(),
        "excess", tally.excess(),
        "unused", tally.unused(),
        "lost_share", tally.lostShare());
  }
}
