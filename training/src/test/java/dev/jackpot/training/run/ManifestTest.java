package dev.jackpot.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
  static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

  static final Manifest MANIFEST =
      Manifest.builder()
          .jackpotVersion("0.1.0")
          .tensorflowVersion("2.18.0")
          .device("CPU")
          .precision("float32")
          .threads(2)
          .seed(-5)
          .configSha256("ab")
          .data("drawn, 12000 + 2000 images", "cd")
          .started(START.plusNanos(5))
          .build();

  @TempDir Path temp;

  @Test
  void comesBackAsItWasWritten() {
    Path file = temp.resolve("manifest.json");
    Manifest whole =
        MANIFEST
            .withResumed(START.plusSeconds(60))
            .withResumed(START.plusSeconds(90))
            .withFinished(START.plusSeconds(100));
    whole.write(file);
    Manifest read = Manifest.read(file);
    assertThat(read.toJson()).isEqualTo(whole.toJson());
    assertThat(read.started()).isEqualTo(START);
    assertThat(read.resumed()).isEqualTo(List.of(START.plusSeconds(60), START.plusSeconds(90)));
    assertThat(read.finished()).contains(START.plusSeconds(100));
    assertThat(read.seed()).isEqualTo(-5);
    assertThat(read.os()).isEqualTo(MANIFEST.os()).isNotEmpty();
    assertThat(read.javaVersion()).contains(Runtime.version().toString());
    assertThat(read.cores()).isPositive();
  }

  @Test
  void anUnfinishedRunHasOneToo() {
    Path file = temp.resolve("manifest.json");
    MANIFEST.write(file);
    Manifest read = Manifest.read(file);
    assertThat(read.finished()).isEmpty();
    assertThat(read.weightsSha256()).isEmpty();
    assertThat(file).content().doesNotContain("finished", "weights", "resumed");
  }

  @Test
  void copiesDoNotChangeTheOriginal() {
    MANIFEST.withResumed(START).withFinished(START);
    assertThat(MANIFEST.resumed()).isEmpty();
    assertThat(MANIFEST.finished()).isEmpty();
  }

  @Test
  void aBrokenTimeIsNamed() throws IOException {
    Path file = temp.resolve("manifest.json");
    MANIFEST.write(file);
    Files.writeString(file, Files.readString(file).replace("2026-03-01T10:00:00Z", "yesterday"));
    assertThatThrownBy(() -> Manifest.read(file))
        .hasMessage(
            file
                + ": field started: expected a time like 2026-01-31T12:00:00Z, found \"yesterday\"");
  }
}
