package dev.jackpot.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Version numbers as TensorFlow Serving reads them; no writer takes another's. */
class NextVersionTest {
  @TempDir private Path folder;

  @Test
  void theHighestOf64BitsIsSeen() throws IOException {
    Files.createDirectory(folder.resolve("1700000000000000000"));
    assertThat(ModelVersions.target(folder)).hasFileName("1700000000000000001");
    Files.createDirectory(folder.resolve("9223372036854775808")); // 2^63, no version
    assertThat(ModelVersions.target(folder)).hasFileName("1700000000000000001");
    Files.createDirectory(folder.resolve("9223372036854775807"));
    assertThatThrownBy(() -> ModelVersions.target(folder))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("version 9223372036854775807 is there, and there is no higher one");
  }

  /** Both ask for the next version before either is done. */
  @Test
  void twoWritersLeaveTwoModels() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<Path> a = threads.submit(() -> write("a", both));
      Future<Path> b = threads.submit(() -> write("b", both));
      assertThat(List.of(a.get(), b.get()))
          .containsExactlyInAnyOrder(folder.resolve("1"), folder.resolve("2"));
      assertThat(a.get().resolve(SavedModelWriter.FILE)).hasContent("a");
      assertThat(b.get().resolve(SavedModelWriter.FILE)).hasContent("b");
      assertThat(folder.toFile().list()).containsExactlyInAnyOrder("1", "2");
    } finally {
      threads.shutdown();
    }
  }

  private Path write(String text, CountDownLatch both) {
    return AtomicFiles.writeNewDirectory(
        () -> ModelVersions.target(folder),
        temporary -> {
          Files.writeString(temporary.resolve(SavedModelWriter.FILE), text);
          both.countDown();
          try {
            both.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        });
  }
}
