package dev.jackpot.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
  @TempDir Path dir;

  private static IOException diskFull() {
    return new IOException("No space left on device");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(dir)) {
      return entries.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void replacesAFileAndCreatesItsParents() throws IOException {
    Path target = dir.resolve("a/b/c.txt");
    AtomicFiles.write(target, "one");
    AtomicFiles.write(target, "zwölf");
    assertThat(target).hasContent("zwölf");
    try (Stream<Path> entries = Files.list(target.getParent())) {
      assertThat(entries).containsExactly(target);
    }
  }

  @Test
  void keepsTheOldFileWhenTheDiskFillsUpHalfWay() throws IOException {
    Path target = dir.resolve("checkpoint");
    AtomicFiles.write(target, "old");
    assertThatThrownBy(
            () ->
                AtomicFiles.write(
                    target,
                    out -> {
                      out.write(new byte[100_000]);
                      throw diskFull();
                    }))
        .isInstanceOf(JackpotException.class)
        .hasMessage("cannot write " + target + ": No space left on device");
    assertThat(target).hasContent("old");
    assertThat(names()).containsExactly("checkpoint");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void namesTheKernelsOwnReasonForAFullDisk() throws IOException {
    Path target = dir.resolve("masks");
    assertThatThrownBy(
            () -> AtomicFiles.write(target, out -> Files.write(Path.of("/dev/full"), new byte[1])))
        .isInstanceOf(JackpotException.class)
        .hasMessage("cannot write " + target + ": No space left on device");
    assertThat(names()).isEmpty();
  }

  @Test
  void leavesNothingBehindWhenTheContentsOwnCodeThrows() throws IOException {
    Path target = dir.resolve("x");
    assertThatThrownBy(
            () ->
                AtomicFiles.writeFile(
                    target,
                    temporary -> {
                      Files.writeString(temporary, "half");
                      throw new IllegalStateException("mismatch");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("mismatch");
    assertThat(names()).isEmpty();
  }

  @Test
  void replacesAWholeDirectory() throws IOException {
    Path target = dir.resolve("model");
    AtomicFiles.writeDirectory(target, t -> Files.writeString(t.resolve("old.pb"), "1"));
    AtomicFiles.writeDirectory(
        target,
        t -> {
          Files.createDirectories(t.resolve("variables"));
          Files.writeString(t.resolve("variables/data"), "2");
        });
    assertThat(target.resolve("old.pb")).doesNotExist();
    assertThat(target.resolve("variables/data")).hasContent("2");
    assertThat(names()).containsExactly("model");
  }

  @Test
  void keepsTheOldDirectoryWhenTheNewOneFails() throws IOException {
    Path target = dir.resolve("model");
    AtomicFiles.writeDirectory(target, t -> Files.writeString(t.resolve("a"), "1"));
    assertThatThrownBy(
            () ->
                AtomicFiles.writeDirectory(
                    target,
                    t -> {
                      Files.writeString(t.resolve("a"), "2");
                      throw new FileSystemException(
                          t.resolve("b").toString(), null, "No space left on device");
                    }))
        .hasMessage("cannot write " + target + ": No space left on device");
    assertThat(target.resolve("a")).hasContent("1");
    assertThat(names()).containsExactly("model");
  }

  @Test
  void realKernelErrorsKeepTheTargetToo() throws IOException {
    // A directory where the file should go: the last rename fails after everything was written.
    Path target = dir.resolve("taken");
    Files.createDirectories(target.resolve("full"));
    assertThatThrownBy(() -> AtomicFiles.write(target, "text"))
        .isInstanceOf(JackpotException.class)
        .hasMessageStartingWith("cannot write " + target + ": ");
    assertThat(target.resolve("full")).isDirectory();
    assertThat(names()).containsExactly("taken");
  }

  @Test
  void aParentThatIsAFileIsNamed() throws IOException {
    Path file = Files.writeString(dir.resolve("file"), "x");
    assertThatThrownBy(() -> AtomicFiles.write(file.resolve("child"), "y"))
        .hasMessageStartingWith("cannot write " + file.resolve("child") + ": ");
    assertThat(file).hasContent("x");
  }

  @Test
  void sweepsOnlyWhatIsUnfinished() throws IOException {
    Files.writeString(dir.resolve("kept"), "x");
    Files.writeString(dir.resolve(AtomicFiles.PREFIX + "1-1-kept"), "half");
    Files.createDirectories(dir.resolve(AtomicFiles.PREFIX + "1-2-model/variables"));
    AtomicFiles.sweep(dir);
    assertThat(names()).containsExactly("kept");
    AtomicFiles.sweep(dir.resolve("missing"));
  }

  @Test
  void deletesALinkAndNotWhatItPointsTo() throws IOException {
    Path outside = Files.createDirectories(dir.resolve("outside"));
    Files.writeString(outside.resolve("precious"), "x");
    Path tree = Files.createDirectories(dir.resolve("tree"));
    Files.createSymbolicLink(tree.resolve("link"), outside);
    AtomicFiles.delete(tree);
    assertThat(tree).doesNotExist();
    assertThat(outside.resolve("precious")).exists();
  }

  @Test
  void readersNeverSeeAPartWhileManyThreadsWrite() {
    Path target = dir.resolve("shared");
    AtomicFiles.write(target, "0".repeat(5000));
    IntStream.range(0, 40)
        .parallel()
        .forEach(
            i -> {
              AtomicFiles.write(target, String.valueOf(i % 10).repeat(5000));
              try {
                String seen = Files.readString(target);
                assertThat(seen).hasSize(5000).matches("(.)\\1*");
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
  }

  @Test
  void reasonsAreTheOperatingSystemsWords() {
    assertThat(AtomicFiles.reason(new FileSystemException("/a", null, "Read-only file system")))
        .isEqualTo("Read-only file system");
    assertThat(AtomicFiles.reason(new FileNotFoundException("/a (Too many open files)")))
        .contains("Too many open files");
    assertThat(AtomicFiles.reason(new IOException())).isEqualTo("IOException");
  }
}
