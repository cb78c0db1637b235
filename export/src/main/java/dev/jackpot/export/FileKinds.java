package dev.jackpot.export;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** Tells kinds of files by their first bytes. */
final class FileKinds {
  private static final int HEAD = 16;

  private FileKinds() {}

  /** The first bytes of a regular file, at most 16; none if it cannot be read. */
  static byte[] head(Path path) {
    if (!Files.isRegularFile(path)) {
      return new byte[0];
    }
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(HEAD);
    } catch (IOException e) {
      return new byte[0];
    }
  }

  /** Whether the file starts with these bytes, given as Latin-1 characters. */
  static boolean startsWith(Path path, String latin1) {
    return startsWith(head(path), latin1);
  }

  /** What a file looks like, for the message that refuses it. */
  static String describe(Path path) {
    byte[] head = head(path);
    if (head.length == 0) {
      return "an empty or unreadable file";
    } else if (startsWith(head, "\u0089HDF\r\n")) {
      return "an HDF5 file";
    } else if (startsWith(head, "PK")) {
      return "a zip archive";
    } else if (startsWith(head, Npy.MAGIC)) {
      return "a single NumPy array (.npy), whose name is not known";
    } else if (head.length > 8 && head[8] == '{') {
      return "a safetensors file";
    } else if (startsWith(head, "\u0080")) {
      return "a Python pickle";
    }
    return "a file starting with bytes " + HexFormat.ofDelimiter(" ").formatHex(head);
  }

  private static boolean startsWith(byte[] head, String latin1) {
    byte[] wanted = latin1.getBytes(StandardCharsets.ISO_8859_1);
    if (head.length < wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (head[i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }
}
