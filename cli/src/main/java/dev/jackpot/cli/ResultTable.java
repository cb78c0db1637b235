package dev.jackpot.cli;

import dev.jackpot.training.report.Figures;
import dev.jackpot.training.report.Outcome;
import dev.jackpot.training.run.Result;
import java.io.PrintWriter;
import java.nio.file.Path;

/** What {@code jackpot run} prints at its end: dense, the starting mask, what came out. */
final class ResultTable {
  private ResultTable() {}

  static void print(Result result, Outcome outcome, Path run, PrintWriter out) {
    boolean pruned = outcome != Outcome.TRAINED;
    Table table =
        new Table()
            .text("NETWORK")
            .number("ACCURACY")
            .number("KEPT WEIGHTS")
            .text("")
            .number("BYTES");
    if (pruned && !Double.isNaN(result.denseAccuracy())) {
      row(table, "dense", result.denseAccuracy(), result.parameters(), result, result.denseBytes());
    }
    if (!Double.isNaN(result.startAccuracy())) {
      row(table, "starting mask", result.startAccuracy(), result.nonzero(), result, 0);
    }
    row(table, outcome.word(), result.accuracy(), result.nonzero(), result, result.bytes());
    out.print(table);
    out.println();
    if (pruned) {
      out.printf(
          "sparsity %s of the prunable weights, %s of %s multiply-adds%n",
          Figures.percent(result.sparsity()),
          Figures.magnitude(result.flopsSparse()),
          Figures.magnitude(result.flopsDense()));
    }
    if (!Double.isNaN(result.validationAccuracy())) {
      out.printf(
          "accuracies are of the test images; on the validation images %s%n",
          Figures.percent(result.validationAccuracy()));
    }
    out.printf("%s, in %s%n", run, Figures.duration(result.seconds()));
  }

  private static void row(
      Table table, String name, double accuracy, long kept, Result result, long bytes) {
    table.row(
        name,
        Figures.percent(accuracy),
        Figures.count(kept),
        Figures.percent((double) kept / result.parameters()),
        bytes == 0 ? Figures.ABSENT : Figures.count(bytes));
  }
}
