package dev.jackpot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DoctorCommandTest {
  @Test
  void thisMachineIsFit() {
    assertThat(Cli.good("doctor").out())
        .contains("native library", "CPU:0")
        .doesNotContain("FAILED");
    assertThat(Cli.good("doctor", "--json").json().getAsJsonArray())
        .extracting(c -> c.getAsJsonObject().get("name").getAsString())
        .contains("native library", "devices", "memory", "writing here");
  }
}
