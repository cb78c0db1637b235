package dev.jackpot.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void alignsTextLeftAndNumbersRight() {
    Table table =
        new Table()
            .text("Kernel")
            .number("Kept")
            .text("Note")
            .row("conv1/kernel", 108, "first")
            .row("fc", "1,024", "");
    assertThat(table.toString().lines())
        .containsExactly(
            "Kernel         Kept  Note", "conv1/kernel    108  first", "fc            1,024");
  }

  @Test
  void countsTheColumnsThatATerminalDraws() {
    assertThat(Table.width("abc")).isEqualTo(3);
    assertThat(Table.width("3×3 – ±")).isEqualTo(7);
    assertThat(Table.width("e\u0301")).isEqualTo(1);
    assertThat(Table.width("日本")).isEqualTo(4);
    assertThat(Table.width("🎰")).isEqualTo(2);
    Table table = new Table().text("Name").number("N").row("日本", 1).row("é", 22).row("e\u0301", 3);
    assertThat(table.toString().lines()).allMatch(line -> Table.width(line) == 8);
  }

  @Test
  void namesCannotBreakTheTableOrCommandTheTerminal() {
    Table table = new Table().text("Name").row("a\nb\u001B[2Jc\u202E");
    assertThat(table.toString().lines()).containsExactly("Name", "a\uFFFDb\uFFFD[2Jc\uFFFD");
  }

  @Test
  void anEmptyTableHasItsHeadings() {
    assertThat(new Table().text("A").number("B").toString().lines()).containsExactly("A  B");
    assertThat(new Table().text("A").isEmpty()).isTrue();
  }

  @Test
  void aRowOfAnotherLengthIsRefused() {
    assertThatThrownBy(() -> new Table().text("A").row("x", "y"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a row of 2 values in a table of 1 columns");
  }
}
