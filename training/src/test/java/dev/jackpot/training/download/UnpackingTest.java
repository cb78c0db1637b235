package dev.jackpot.training.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.JackpotException;
import dev.jackpot.training.download.Archives.Entry;
import dev.jackpot.training.download.OfficialArchive.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Archives whose checksum is right and whose content is not: the second line of defence. */
class UnpackingTest {
  @TempDir Path outside;
  private Path to;

  @BeforeEach
  void folder() throws IOException {
    to = Files.createDirectory(outside.resolve("to"));
  }

  private static byte[] pack(Format format, List<Entry> entries) {
    return format == Format.ZIP ? Archives.zip(entries) : Archives.tarGz(entries);
  }

  private void unpack(Format format, byte[] bytes) {
    OfficialArchive archive = Archives.official(bytes, format);
    Path file = Archives.write(outside, archive, bytes);
    new Unpacking(file, archive, DownloadProgress.SILENT).to(to.resolve("set"));
  }

  private void refused(Format format, byte[] bytes, String... words) throws IOException {
    assertThatThrownBy(() -> unpack(format, bytes))
        .isInstanceOf(JackpotException.class)
        .hasMessageContainingAll(words)
        .message()
        .satisfies(m -> assertThat(m.lines()).hasSize(1));
    assertThat(to).isEmptyDirectory();
    try (Stream<Path> files = Files.list(outside)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("to", format == Format.ZIP ? "set.zip" : "set.tar.gz");
    }
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void aGoodArchiveAppearsWhole(Format format) throws IOException {
    List<Entry> good = Archives.good(200_000);
    unpack(format, pack(format, good));
    assertThat(to.resolve("set/a.bin")).hasBinaryContent(good.get(1).content());
    assertThat(to.resolve("set/inner/b.txt")).hasContent("hello");
    try (Stream<Path> files = Files.list(to)) {
      assertThat(files).containsExactly(to.resolve("set"));
    }
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void namesThatLeadOutAreRefused(Format format) throws IOException {
    for (String name :
        List.of("../evil", "set/../../evil", "set/inner/../../../evil", "set/..", "..")) {
      refused(
          format, pack(format, Archives.with(Entry.file(name, "x"))), "entry 4", "leads out", name);
    }
    for (String name : List.of("/evil", outside + "/evil", "C:/evil", "C:evil")) {
      refused(format, pack(format, Archives.with(Entry.file(name, "x"))), "absolute");
    }
    for (String name : List.of("evil", "other/evil", "sett/evil")) {
      refused(format, pack(format, Archives.with(Entry.file(name, "x"))), "lies outside", name);
    }
    refused(
        format,
        pack(format, Archives.with(Entry.file("set/a\u001b[31m", "x"))),
        "character",
        "\\u001b");
  }

  @Test
  void aBackslashIsNoSeparator() throws IOException {
    // the zip library turns it into a slash itself where the archive is from DOS
    refused(
        Format.TAR_GZ,
        pack(Format.TAR_GZ, Archives.with(Entry.file("set\\..\\..\\evil", "x"))),
        "character");
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void symbolicLinksAreRefused(Format format) throws IOException {
    for (String target : List.of("../..", "/etc", "a.bin")) {
      List<Entry> entries = new ArrayList<>();
      entries.add(Entry.special("set/link", TarConstants.LF_SYMLINK, target));
      entries.add(Entry.file("set/link/evil", "x"));
      refused(format, pack(format, entries), "symbolic link", "set/link");
    }
  }

  @Test
  void hardLinksDevicesAndPipesAreRefused() throws IOException {
    refused(
        Format.TAR_GZ,
        Archives.tarGz(Archives.with(Entry.special("set/h", TarConstants.LF_LINK, "/etc/passwd"))),
        "hard link");
    for (byte type : new byte[] {TarConstants.LF_FIFO, TarConstants.LF_CHR, TarConstants.LF_BLK}) {
      refused(
          Format.TAR_GZ,
          Archives.tarGz(Archives.with(Entry.special("set/d", type, ""))),
          "device or pipe");
    }
    refused(
        Format.TAR_GZ,
        Archives.tarGz(Archives.with(Entry.special("set/q", (byte) 'Q', ""))),
        "type 'Q'");
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void anArchiveOfZerosEndsAtItsLimit(Format format) throws IOException {
    byte[] bomb = pack(format, Archives.with(Entry.file("set/zeros", new byte[50_000_000])));
    assertThat(bomb.length).isLessThan(100_000);
    refused(format, bomb, "entry 4", "set/zeros", "1000000 bytes");
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void anArchiveOfManyEntriesEndsAtItsLimit(Format format) throws IOException {
    List<Entry> many = new ArrayList<>(Archives.good(10));
    for (int i = 0; i < 1000; i++) {
      many.add(Entry.file("set/" + i, ""));
    }
    refused(format, pack(format, many), "entry 21", "the 20 entries");
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void deepFoldersAndNamesThatComeTwiceAreRefused(Format format) throws IOException {
    refused(
        format,
        pack(format, Archives.with(Entry.file("set/" + "d/".repeat(5000) + "x", "x"))),
        "more than 16 folders deep");
    refused(format, pack(format, Archives.with(Entry.file("set/a.bin", "x"))), "twice");
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void aTruncatedArchiveLeavesNothing(Format format) throws IOException {
    byte[] whole = pack(format, Archives.good(100_000));
    for (double kept : new double[] {0, 0.1, 0.5, 0.9, 0.999}) {
      refused(format, Arrays.copyOf(whole, (int) (kept * whole.length)), "cannot unpack");
    }
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void anArchiveThatLacksAFileIsRefused(Format format) throws IOException {
    refused(
        format, pack(format, Archives.good(10).subList(0, 2)), "it has no inner/b.txt", "a.bin");
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void bytesAtRandomNeverEscape(Format format) throws IOException {
    byte[] whole = pack(format, Archives.good(300));
    java.util.Random random = new java.util.Random(3);
    for (int i = 0; i < 300; i++) {
      byte[] broken = whole.clone();
      for (int b = 0; b < 1 + i % 4; b++) {
        broken[random.nextInt(broken.length)] = (byte) random.nextInt();
      }
      try {
        unpack(format, broken);
        dev.jackpot.config.AtomicFiles.delete(to.resolve("set"));
      } catch (JackpotException e) {
        assertThat(e.getMessage().lines()).hasSize(1);
      }
      assertThat(to).isEmptyDirectory();
    }
  }
}
