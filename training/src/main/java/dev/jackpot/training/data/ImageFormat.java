package dev.jackpot.training.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Kinds of image files, told by their first bytes. */
enum ImageFormat {
  JPEG(true),
  PNG(true),
  GIF(true),
  BMP(true),
  WEBP("WebP"),
  HEIC("HEIC"),
  AVIF("AVIF"),
  TIFF("TIFF"),
  JPEG_2000("JPEG 2000"),
  JPEG_XL("JPEG XL"),
  ICON("an icon (ICO)"),
  PSD("Photoshop (PSD)"),
  NETPBM("Netpbm (PPM)"),
  SVG("SVG"),
  HTML("HTML"),
  PDF("PDF"),
  GZIP("a gzip archive"),
  ZIP("a zip archive"),
  UNKNOWN("an unknown format");

  /** What files may be, for messages. */
  static final String ACCEPTED = "JPEG, PNG, GIF or BMP";

  private static final int TEXT = 256;

  private final boolean accepted;
  private final String title;

  ImageFormat(boolean accepted) {
    this.accepted = accepted;
    this.title = name();
  }

  ImageFormat(String title) {
    this.accepted = false;
    this.title = title;
  }

  /** Whether it can be decoded. */
  boolean accepted() {
    return accepted;
  }

  /** What people call it. */
  String title() {
    return title;
  }

  /** The format of a file that begins so. */
  static ImageFormat of(byte[] bytes) {
    if (starts(bytes, 0, "\u00FF\u00D8\u00FF")) {
      return JPEG;
    } else if (starts(bytes, 0, "\u0089PNG\r\n\u001A\n")) {
      return PNG;
    } else if (starts(bytes, 0, "GIF87a") || starts(bytes, 0, "GIF89a")) {
      return GIF;
    } else if (starts(bytes, 0, "BM")) {
      return BMP;
    } else if (starts(bytes, 0, "RIFF") && starts(bytes, 8, "WEBP")) {
      return WEBP;
    } else if (starts(bytes, 4, "ftyp")) {
      return starts(bytes, 8, "avi") ? AVIF : HEIC;
    } else if (starts(bytes, 0, "II*\0") || starts(bytes, 0, "MM\0*")) {
      return TIFF;
    }
    return rare(bytes);
  }

  private static ImageFormat rare(byte[] bytes) {
    if (starts(bytes, 4, "jP  \r\n")) {
      return JPEG_2000;
    } else if (starts(bytes, 0, "\u00FF\n") || starts(bytes, 4, "JXL ")) {
      return JPEG_XL;
    } else if (starts(bytes, 0, "\0\0\u0001\0")) {
      return ICON;
    } else if (starts(bytes, 0, "8BPS")) {
      return PSD;
    } else if (bytes.length > 2 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '7') {
      return NETPBM;
    } else if (starts(bytes, 0, "%PDF")) {
      return PDF;
    } else if (starts(bytes, 0, "\u001F\u008B")) {
      return GZIP;
    } else if (starts(bytes, 0, "PK\u0003\u0004")) {
      return ZIP;
    }
    byte[] head = Arrays.copyOf(bytes, Math.min(bytes.length, TEXT));
    String text = new String(head, StandardCharsets.ISO_8859_1).toLowerCase(java.util.Locale.ROOT);
    if (text.contains("<svg")) {
      return SVG;
    }
    return text.contains("<html") || text.contains("<!doctype") ? HTML : UNKNOWN;
  }

  /** Whether {@code bytes} hold, from {@code offset} on, the characters of {@code magic}. */
  private static boolean starts(byte[] bytes, int offset, String magic) {
    if (bytes.length < offset + magic.length()) {
      return false;
    }
    for (int i = 0; i < magic.length(); i++) {
      if ((bytes[offset + i] & 0xFF) != magic.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
