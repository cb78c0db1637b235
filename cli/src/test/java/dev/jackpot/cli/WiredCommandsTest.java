package dev.jackpot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code jackpot widen} and {@code jackpot compact}; each reads what the other has written. */
class WiredCommandsTest {
  private static final String REST =
      """
      data { drawn { train_images: 20 test_images: 10 } }
      stages { train {} epochs: 1 batch_size: 10 }
      """;

  @TempDir private Path folder;
  private Path config;

  @BeforeEach
  void write() throws IOException {
    config = folder.resolve("dense.textproto");
    Files.writeString(config, "network { vgg { depth: 11 width: 0.0625 } }\n" + REST);
  }

  private static JsonObject json(String... args) {
    return JsonParser.parseString(Cli.good(args).out()).getAsJsonObject();
  }

  @Test
  void aWidenedNetworkIsANetworkAndItsCutCopiesAreRemovedAgain() throws IOException {
    Path wide = folder.resolve("wide");
    JsonObject widened =
        json(
            "widen",
            config.toString(),
            "--layer",
            "layer2/0/conv",
            "--out",
            wide.toString(),
            "--json");
    assertThat(widened.get("cut_weights").getAsLong()).isEqualTo(9 * 8 * 16);
    assertThat(widened.get("upstream_weights").getAsLong()).isEqualTo(9 * 4 * 8);
    assertThat(widened.get("factor_per_epoch").getAsDouble()).isBetween(.821, .823);

    Path again = folder.resolve("wide.textproto");
    Files.writeString(again, Files.readString(wide.resolve("network.textproto")) + REST);
    JsonObject compacted =
        json("compact", again.toString(), "--out", folder.resolve("small").toString(), "--json");
    assertThat(compacted.get("parameters").getAsLong())
        .as("nothing is cut yet")
        .isEqualTo(compacted.get("parameters_before").getAsLong());
    assertThat(Cli.run("evaluate", again.toString()).code()).isZero();
    assertThat(wide.resolve("masks.masks")).exists();
  }

  @Test
  void aCompactedModelPassesTheGate() {
    String model = folder.resolve("model").resolve("1").toString();
    String compact = "export.compact=true";
    String fold = "export.fold_batch_norm=true";
    Cli cli =
        Cli.good("export", config.toString(), "--out", model, "--set", compact, "--set", fold);
    assertThat(cli.out()).contains("all labels equal");
  }

  @Test
  void withoutALayerTheLayersAreListed() {
    assertThat(Cli.good("widen", config.toString()).out()).startsWith("layer1/0/conv\n");
  }

  @Test
  void whatIsThereIsNotReplaced() {
    Cli cli = Cli.run("compact", config.toString(), "--out", folder.toString());
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("exists; expected a new folder");
  }
}
