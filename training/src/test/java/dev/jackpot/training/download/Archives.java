package dev.jackpot.training.download;

import dev.jackpot.training.download.OfficialArchive.Format;
import dev.jackpot.training.download.OfficialArchive.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/** Small archives, good and hostile, and the descriptions under which they would be official. */
final class Archives {
  static final String FOLDER = "set";
  private static final int FILE_MODE = 0100644;
  private static final int LINK_MODE = 0120777;

  private Archives() {}

  /** An entry as an archive lists it; a folder's name ends in a slash. */
  record Entry(String name, byte type, String link, byte[] content) {
    static Entry file(String name, byte[] content) {
      return new Entry(name, TarConstants.LF_NORMAL, "", content);
    }

    static Entry file(String name, String content) {
      return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    static Entry folder(String name) {
      return new Entry(name, TarConstants.LF_DIR, "", new byte[0]);
    }

    static Entry special(String name, byte type, String link) {
      return new Entry(name, type, link, new byte[0]);
    }
  }

  /** What is in a good one. */
  static List<Entry> good(int bytes) {
    byte[] noise = new byte[bytes];
    new java.util.Random(5).nextBytes(noise);
    return List.of(
        Entry.folder("set/"),
        Entry.file("set/a.bin", noise),
        Entry.file("./set/inner/b.txt", "hello"));
  }

  /** A good one and another entry. */
  static List<Entry> with(Entry more) {
    List<Entry> entries = new ArrayList<>(good(100));
    entries.add(more);
    return entries;
  }

  static byte[] tarGz(List<Entry> entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Entry e : entries) {
        TarArchiveEntry entry = new TarArchiveEntry(e.name(), e.type(), true);
        entry.setLinkName(e.link());
        entry.setSize(e.content().length);
        tar.putArchiveEntry(entry);
        tar.write(e.content());
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  static byte[] zip(List<Entry> entries) {
    SeekableInMemoryByteChannel bytes = new SeekableInMemoryByteChannel();
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
      for (Entry e : entries) {
        ZipArchiveEntry entry = new ZipArchiveEntry(e.name());
        boolean link = e.type() == TarConstants.LF_SYMLINK;
        entry.setUnixMode(link ? LINK_MODE : FILE_MODE);
        zip.putArchiveEntry(entry);
        zip.write(link ? e.link().getBytes(StandardCharsets.UTF_8) : e.content());
        zip.closeArchiveEntry();
      }
      zip.finish();
      byte[] all = new byte[(int) bytes.size()];
      System.arraycopy(bytes.array(), 0, all, 0, all.length);
      return all;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The description of an archive with these bytes. */
  static OfficialArchive official(byte[] bytes, Format format, URI address) {
    return new OfficialArchive(
        "set",
        "A set",
        address,
        format == Format.ZIP ? "set.zip" : "set.tar.gz",
        bytes.length,
        hex("MD5", bytes),
        hex("SHA-256", bytes),
        format,
        FOLDER,
        List.of("a.bin", "inner/b.txt"),
        new Limits(20, 1_000_000),
        "data.set.path");
  }

  static OfficialArchive official(byte[] bytes, Format format) {
    return official(bytes, format, URI.create("http://example.invalid/set"));
  }

  /** Writes it into a folder under its official name. */
  static Path write(Path folder, OfficialArchive archive, byte[] bytes) {
    try {
      return Files.write(folder.resolve(archive.file()), bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String hex(String algorithm, byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
