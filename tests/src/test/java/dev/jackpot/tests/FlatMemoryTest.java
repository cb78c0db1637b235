package dev.jackpot.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand steps take no more memory than a hundred: what is native is closed as it comes. */
class FlatMemoryTest {
  /** Images of 32 × 32 × 3 float32: 0.8 MB a batch, which a leak of one per step makes 786 MB. */
  private static final int BATCH = 64;

  private static final int STEPS = 1000;
  private static final double MOST_MEGABYTES = 60;

  @TempDir Path temp;

  @Test
  @LongRunning
  void aThousandStepsOfSearch() throws Exception {
    Path output = temp.resolve("output.json");
    Path errors = temp.resolve("errors.txt");
    Process process =
        JackpotProcess.start(
            output,
            errors,
            "benchmark",
            "train",
            "quickstart",
            "--set",
            "network.width=4",
            "--mode",
            "search",
            "--batch",
            Integer.toString(BATCH),
            "--steps",
            Integer.toString(STEPS),
            "--warmup",
            "100",
            "--json");
    assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
    JsonObject report = JsonParser.parseString(Files.readString(output)).getAsJsonObject();
    double start = report.get("rss_mb_start").getAsDouble();
    double end = report.get("rss_mb_end").getAsDouble();
    System.out.printf("resident memory from %.1f to %.1f MB%n", start, end);
    assertThat(start).isPositive();
    assertThat(end - start).as("from %.0f to %.0f MB", start, end).isLessThan(MOST_MEGABYTES);
  }
}
