package dev.jackpot.training.data;

import dev.jackpot.config.JackpotException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads one file of CIFAR records: checks its size and every label, and turns the planes into
 * interleaved pixels.
 */
final class CifarFile {
  private final CifarLayout layout;
  private final Path file;
  private final List<String> problems;

  /**
   * @param problems receives what is wrong with the file, each one line
   */
  CifarFile(CifarLayout layout, Path file, List<String> problems) {
    this.layout = layout;
    this.file = file;
    this.problems = problems;
  }

  /**
   * The file's images; null if there was a problem.
   *
   * @throws JackpotException if the file cannot be read
   */
  ArraySplit.Block read() {
    byte[] bytes = bytes();
    int before = problems.size();
    checkSize(bytes);
    if (problems.size() == before) {
      checkLabels(bytes);
    }
    return problems.size() == before ? decode(bytes) : null;
  }

  private byte[] bytes() {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new JackpotException("cannot read \"%s\": %s".formatted(file, e), e);
    }
  }

  private void checkSize(byte[] bytes) {
    int record = layout.recordSize();
    if (bytes.length == 0) {
      problems.add(
          "\"%s\" is empty; expected records of %d bytes (%s)"
              .formatted(file, record, layout.name()));
    } else if (bytes.length % record != 0) {
      problems.add(
          "\"%s\" has %d bytes; expected a multiple of %d, the record of %s: after %d whole records %d bytes are left over (%s)"
              .formatted(
                  file,
                  bytes.length,
                  record,
                  layout.name(),
                  bytes.length / record,
                  bytes.length % record,
                  kind(bytes)));
    }
  }

  /** What the first bytes give away, or else the likeliest cause. */
  private static String kind(byte[] bytes) {
    int first = bytes[0] & 0xFF;
    int second = bytes.length > 1 ? bytes[1] & 0xFF : 0;
    if (first == 0x1F && second == 0x8B) {
      return "a gzip archive: unpack it first";
    }
    if (first == 'P' && second == 'K') {
      return "a zip archive: unpack it first";
    }
    if (first == 0x80 && second >= 2 && second <= 5) {
      return "a Python pickle: the binary version is needed";
    }
    return "truncated?";
  }

  private void checkLabels(byte[] bytes) {
    int record = layout.recordSize();
    int records = bytes.length / record;
    for (int position = 0; position < layout.labels().size(); position++) {
      CifarLayout.LabelByte label = layout.labels().get(position);
      int wrong = 0;
      int first = -1;
      for (int r = 0; r < records; r++) {
        if ((bytes[r * record + position] & 0xFF) >= label.classes()) {
          first = wrong++ == 0 ? r : first;
        }
      }
      if (wrong > 0) {
        int offset = first * record + position;
        problems.add(
            "\"%s\": record %d (from 0), byte offset %d: found %s %d; expected 0 to %d%s"
                .formatted(
                    file,
                    first,
                    offset,
                    label.name(),
                    bytes[offset] & 0xFF,
                    label.classes() - 1,
                    wrong == 1
                        ? ""
                        : " (%d of %d records are wrong: is it a file of %s?)"
                            .formatted(wrong, records, layout.name())));
      }
    }
  }

  private ArraySplit.Block decode(byte[] bytes) {
    int record = layout.recordSize();
    int[] labels = new int[bytes.length / record];
    byte[] pixels = new byte[labels.length * CifarLayout.SHAPE.size()];
    int plane = CifarLayout.SHAPE.height() * CifarLayout.SHAPE.width();
    int out = 0;
    for (int r = 0; r < labels.length; r++) {
      labels[r] = bytes[r * record + layout.label()] & 0xFF;
      int red = r * record + layout.labels().size();
      for (int p = red; p < red + plane; p++) {
        pixels[out++] = bytes[p];
        pixels[out++] = bytes[p + plane];
        pixels[out++] = bytes[p + 2 * plane];
      }
    }
    return new ArraySplit.Block(labels, pixels);
  }
}
