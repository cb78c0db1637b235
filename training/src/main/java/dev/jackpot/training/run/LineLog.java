package dev.jackpot.training.run;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.JackpotException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A file of one JSON object a line, to which lines are appended. A line is forced to the disk
 * before {@link #append} returns; one that cannot be written whole is taken back. What follows the
 * last line end is of a line that a kill tore (or that is being written just now): readers leave it
 * out, the next writer cuts it off.
 */
final class LineLog implements Closeable {
  private final Path file;
  private final FileChannel channel;
  private long length;

  LineLog(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    length = channel.size();
  }

  /** A complete line: its text as it stands in the file, and what it says. */
  record Line<T>(String text, T value) {}

  /** What a line says; the first argument is its place, for messages. */
  @FunctionalInterface
  interface Parser<T> extends BiFunction<String, String, T> {}

  /**
   * All lines, in order; none if there is no file.
   *
   * @throws JackpotException if a line is not one of ours; the message starts with {@code
   *     FILE:LINE:}
   */
  static <T> List<Line<T>> read(Path file, Parser<T> parser) {
    String text = text(file);
    List<Line<T>> lines = new ArrayList<>();
    int start = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      String line = text.substring(start, end);
      lines.add(new Line<>(line, parser.apply(file + ":" + (lines.size() + 1), line)));
      start = end + 1;
    }
    return lines;
  }

  /** What the lines say. */
  static <T> List<T> values(Path file, Parser<T> parser) {
    return read(file, parser).stream().map(Line::value).toList();
  }

  private static String text(Path file) {
    if (!Files.exists(file)) {
      return "";
    }
    try {
      // Not readString: a torn line may end inside a character.
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw AtomicFiles.failure("read", file, e);
    }
  }

  /**
   * Opens the file for appending; creates it if it is missing.
   *
   * @throws JackpotException if it cannot be opened, or a line of it is not one of ours
   */
  static <T> LineLog open(Path file, Parser<T> parser) {
    List<Line<T>> lines = read(file, parser);
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        channel.truncate(bytes(lines).length);
        AtomicFiles.forceDirectory(file.toAbsolutePath().getParent());
        return new LineLog(file, channel);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw AtomicFiles.failure("open", file, e);
    }
  }

  /**
   * Drops what lies behind a checkpoint: lines of later stages, later ones of its stage, a torn
   * last line. Call it before {@link #open}.
   *
   * @param stages the names of all stages, in the order they run
   * @param stageOf a line's stage
   * @param stage the checkpoint's stage
   * @param done which lines of that stage the checkpoint has behind it
   * @throws JackpotException if a line is not one of ours or names a stage that is not in {@code
   *     stages}
   */
  static <T> void truncate(
      Path file,
      Parser<T> parser,
      List<String> stages,
      Function<T, String> stageOf,
      String stage,
      Predicate<T> done) {
    if (!stages.contains(stage)) {
      throw new IllegalArgumentException("no stage %s in %s".formatted(stage, stages));
    }
    if (!Files.exists(file)) {
      return;
    }
    int last = stages.indexOf(stage);
    List<Line<T>> kept = new ArrayList<>();
    for (Line<T> line : read(file, parser)) {
      int index = index(stageOf.apply(line.value()), file, stages);
      if (index < last || index == last && done.test(line.value())) {
        kept.add(line);
      }
    }
    byte[] text = bytes(kept);
    if (text.length != size(file)) {
      AtomicFiles.write(file, text);
    }
  }

  private static int index(String stage, Path file, List<String> stages) {
    int index = stages.indexOf(stage);
    if (index < 0) {
      throw new JackpotException(
          "%s: a line is of stage \"%s\"; expected one of %s"
              .formatted(file, stage, String.join(", ", stages)));
    }
    return index;
  }

  /**
   * Writes a line and forces it to the disk.
   *
   * @param json without its line end
   * @throws JackpotException if the disk is full or fails; the file is then as before
   */
  void append(String json) {
    ByteBuffer line = ByteBuffer.wrap((json + "\n").getBytes(StandardCharsets.UTF_8));
    long end = length;
    try {
      while (line.hasRemaining()) {
        end += channel.write(line, end);
      }
      channel.force(true);
      length = end;
    } catch (IOException e) {
      takeBack(e);
      throw AtomicFiles.failure("write", file, e);
    }
  }

  private void takeBack(IOException cause) {
    try {
      channel.truncate(length);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw AtomicFiles.failure("close", file, e);
    }
  }

  private static <T> byte[] bytes(List<Line<T>> lines) {
    return lines.stream()
        .map(l -> l.text() + "\n")
        .collect(Collectors.joining())
        .getBytes(StandardCharsets.UTF_8);
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw AtomicFiles.failure("read", file, e);
    }
  }
}
