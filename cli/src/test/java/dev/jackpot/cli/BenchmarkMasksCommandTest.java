package dev.jackpot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import org.junit.jupiter.api.Test;

class BenchmarkMasksCommandTest {
  private static final String[] SMALL = {
    "benchmark", "masks", "resnet-20", "--rounds", "3", "--sparsity", "0.5"
  };

  private static String[] small(String... more) {
    String[] all = java.util.Arrays.copyOf(SMALL, SMALL.length + more.length);
    System.arraycopy(more, 0, all, SMALL.length, more.length);
    return all;
  }

  @Test
  void tellsWhatARoundTakesAgainstItsParts() {
    JsonObject report = Cli.good(small("--json")).object();
    assertThat(report.get("weights").getAsLong()).isEqualTo(268_336);
    assertThat(report.get("rounds").getAsInt()).isEqualTo(3);
    assertThat(report.get("select_ms").getAsDouble()).isPositive();
    assertThat(report.get("pass_ms").getAsDouble()).isPositive();
    assertThat(report.get("select_mb").getAsDouble()).isBetween(0.01, 300.0);
    assertThat(report.get("round_ms").getAsDouble()).isPositive();
    assertThat(report.get("round_over_parts").getAsDouble()).isPositive();
    assertThat(Cli.good(small()).out()).contains("ResNet-20", "268,336", "rounds of SynFlow");
  }

  @Test
  void whatCannotBeMeasuredIsAUsageError() {
    assertThat(Cli.run("benchmark", "masks", "--rounds", "0").code()).isEqualTo(2);
    assertThat(Cli.run("benchmark", "masks", "--sparsity", "1").code()).isEqualTo(2);
    assertThat(Cli.run("benchmark", "masks", "resnet-51").errors().toString())
        .contains("resnet-50");
  }
}
