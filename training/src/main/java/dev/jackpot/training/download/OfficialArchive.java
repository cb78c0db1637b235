package dev.jackpot.training.download;

import java.net.URI;
import java.util.List;

/**
 * An archive as its authors publish it, and what must come out of it.
 *
 * @param name what the command line calls it
 * @param title what people call the data set
 * @param address where it is published
 * @param file its file name
 * @param bytes its size
 * @param md5 its MD5 in hexadecimal, as published or in general use
 * @param sha256 its SHA-256 in hexadecimal: MD5 alone would not stop a forgery
 * @param format how it is packed
 * @param folder its only top-level folder
 * @param contents files and folders without which the folder is not whole
 * @param limits what unpacking it may come to
 * @param setting the config field that takes the folder
 */
public record OfficialArchive(
    String name,
    String title,
    URI address,
    String file,
    long bytes,
    String md5,
    String sha256,
    Format format,
    String folder,
    List<String> contents,
    Limits limits,
    String setting) {
  public OfficialArchive {
    contents = List.copyOf(contents);
  }

  /** How an archive is packed. */
  public enum Format {
    TAR_GZ,
    ZIP
  }

  /**
   * What unpacking may come to, known per archive, so that no archive is endless.
   *
   * @param entries files, folders and all else that the archive lists
   * @param bytes of all files together
   */
  public record Limits(int entries, long bytes) {}

  /** The same archive at another address, for instance a mirror's. */
  OfficialArchive at(URI other) {
    return new OfficialArchive(
        name, title, other, file, bytes, md5, sha256, format, folder, contents, limits, setting);
  }
}
