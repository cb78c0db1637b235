package dev.jackpot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.training.download.DownloadProgress.Phase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadCommandTest {
  @Test
  void whatIsThereIsNotFetched(@TempDir Path to) throws IOException {
    Path folder = Files.createDirectories(to.resolve("cifar-100-binary"));
    Files.createFile(folder.resolve("train.bin"));
    Files.createFile(folder.resolve("test.bin"));
    Cli cli = Cli.good("data", "download", "cifar100", "--to", to.toString());
    assertThat(cli.out()).contains("there already", "--set data.cifar100.path=" + folder);
    Cli json = Cli.good("data", "download", "cifar100", "--to", to.toString(), "--json");
    assertThat(json.object().get("was_there").getAsBoolean()).isTrue();
    assertThat(json.object().get("folder").getAsString()).isEqualTo(folder.toString());
  }

  @Test
  void wrongNamesAndFilesAreUsage(@TempDir Path to) throws IOException {
    Cli name = Cli.run("data", "download", "cifar11");
    assertThat(name.code()).isEqualTo(2);
    assertThat(name.errors()).singleElement().asString().contains("nearest: cifar10");
    Path file = Files.writeString(to.resolve("page.html"), "<html>");
    Cli other =
        Cli.run("data", "download", "cifar10", "--to", to.toString(), "--from", file.toString());
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.errors())
        .singleElement()
        .asString()
        .contains("has 6 bytes", "170052171", "cs.toronto.edu");
  }

  @Test
  void aTerminalSeesHowFarItIs() {
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    long[] now = {0};
    try (DownloadLine line =
        new DownloadLine(
            "a.zip", new PrintStream(seen, true, StandardCharsets.UTF_8), 80, () -> now[0])) {
      line.at(Phase.FETCHING, 0, 200_000_000);
      now[0] = 2_000_000_000L;
      line.at(Phase.FETCHING, 50_000_000, 200_000_000);
      line.at(Phase.FETCHING, 51_000_000, 200_000_000); // too soon to draw again
    }
    assertThat(seen.toString(StandardCharsets.UTF_8))
        .contains("\ra.zip: fetching 25 % of 200 MB, 25.0 MB/s")
        .doesNotContain("26 %")
        .endsWith(" ".repeat(79) + "\r");
  }
}
