package dev.jackpot.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NeedsTest {
  @TempDir Path folder;

  private Path program(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  @Test
  void peerIsTheVirtualEnvironmentUnlessNamed() throws IOException {
    assertThat(Needs.peerPython(Map.of(), folder)).isEmpty();
    Path python = program(".venv/bin/python");
    assertThat(Needs.peerPython(Map.of(), folder)).contains(python);
    Path named = program("python3");
    assertThat(Needs.peerPython(Map.of("JACKPOT_PEER_PYTHON", named.toString()), folder))
        .contains(named);
    assertThat(Needs.peerPython(Map.of("JACKPOT_PEER_PYTHON", folder + "/none"), folder)).isEmpty();
  }

  @Test
  void browserIsSearchedOnThePath() throws IOException {
    assertThat(Needs.browser(Map.of("PATH", folder.toString()))).isEmpty();
    Path chromium = program("chromium");
    assertThat(Needs.browser(Map.of("PATH", "/none:" + folder))).contains(chromium);
    assertThat(
            Needs.browser(Map.of("PATH", folder.toString(), "JACKPOT_BROWSER", folder + "/none")))
        .isEmpty();
  }

  @Test
  void rootHoldsTheLauncher() {
    assertThat(Repository.root().resolve("jackpot")).isExecutable();
  }
}
