package dev.jackpot.cli;

import dev.jackpot.pruning.Masks;
import dev.jackpot.training.report.Figures;
import java.io.PrintWriter;

/** How many weights each kernel keeps, and all of them. */
final class MaskTable {
  private MaskTable() {}

  static void print(Masks masks, PrintWriter out) {
    Table table =
        new Table().text("KERNEL").number("SHAPE").number("KEPT").number("OF").number("DENSITY");
    masks
        .byName()
        .forEach(
            (name, mask) ->
                table.row(
                    name,
                    Shapes.text(mask.shape()),
                    Figures.count(mask.kept()),
                    Figures.count(mask.size()),
                    Figures.percent(mask.density())));
    table.row(
        "total",
        "",
        Figures.count(masks.kept()),
        Figures.count(masks.size()),
        Figures.percent(masks.density()));
    out.print(table);
  }
}
