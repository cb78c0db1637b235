package dev.jackpot.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.proto.NamedNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The catalogue in docs/networks.md is the one in configs/networks.textproto. */
class NetworksDocsTest {
  private static final Path DOCS = Path.of("..", "docs", "networks.md");
  private static final String START = "-Djackpot.docs.write=true -->\n";
  private static final String END = "<!-- end of the catalogue -->";

  @Test
  void theTableIsTheCatalogue() throws IOException {
    String docs = Files.readString(DOCS);
    int start = docs.indexOf(START) + START.length();
    String expected = docs.substring(0, start) + table() + docs.substring(docs.indexOf(END));
    if (Boolean.getBoolean("jackpot.docs.write")) {
      Files.writeString(DOCS, expected);
    } else {
      assertThat(docs)
          .as("docs/networks.md; -Djackpot.docs.write=true writes it anew")
          .isEqualTo(expected);
    }
  }

  private static String table() {
    StringBuilder table =
        new StringBuilder("\n| name | | image | classes | parameters | multiply-accumulates |\n")
            .append("|---|---|--:|--:|--:|--:|\n");
    for (NamedNetwork n : NamedNetworks.list()) {
      table.append(
          String.format(
              Locale.ROOT,
              "| `%s` | %s | %d | %,d | %,d | %,.1f M |%n",
              n.getName(),
              n.getTitle(),
              n.getImage(),
              n.getClasses(),
              n.getParameters(),
              n.getMultiplyAccumulates() / 1e6));
    }
    return table.append("\n").toString();
  }
}
