package dev.jackpot.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.training.run.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The quickstart shows, from every seed, what the method is about: pruning by magnitude costs much,
 * the search wins most of it back.
 */
class QuickstartTest {
  @TempDir Path temp;

  @ParameterizedTest
  @LongRunning
  @ValueSource(ints = {1, 2, 3})
  void findsAJackpot(int seed) throws Exception {
    Path run = temp.resolve("run");
    Path output = temp.resolve("output.txt");
    Process process =
        JackpotProcess.start(
            output, "run", "quickstart", "--set", "seed=" + seed, "--out", run.toString());
    assertThat(process.waitFor()).as(Files.readString(output)).isZero();
    Result result = Result.read(run.resolve("result.json"));
    System.out.printf(
        "seed %d: dense %.4f, magnitude %.4f, jackpot %.4f, %.0f s%n",
        seed, result.denseAccuracy(), result.startAccuracy(), result.accuracy(), result.seconds());
    assertThat(result.denseAccuracy()).as("dense").isGreaterThanOrEqualTo(0.85);
    assertThat(result.accuracy())
        .as("jackpot, against its starting mask")
        .isGreaterThanOrEqualTo(result.startAccuracy() + 0.05);
    assertThat(result.accuracy())
        .as("jackpot, against the dense network")
        .isGreaterThanOrEqualTo(result.denseAccuracy() - 0.03);
    assertThat(result.sparsity()).isBetween(0.8999, 0.9001);
  }
}
