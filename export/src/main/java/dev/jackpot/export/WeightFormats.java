package dev.jackpot.export;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.Names;
import dev.jackpot.config.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The kinds of weight files that can be read, and the way to open one. */
public final class WeightFormats {
  private static final List<WeightFormat> BUILT_IN =
      List.of(new NpzFormat(), new RunFormat(), new BundleFormat());

  private WeightFormats() {}

  /** Every known format: the built-in ones, then those of other jars. */
  public static List<WeightFormat> all() {
    List<WeightFormat> formats = new ArrayList<>(BUILT_IN);
    ServiceLoader.load(WeightFormat.class).forEach(formats::add);
    return formats;
  }

  /**
   * Opens a file, a folder or a checkpoint prefix; its kind is told by its content and its ending.
   *
   * @throws ConfigException if there is nothing at {@code path}, or it is of no known kind
   * @throws JackpotException if it is damaged
   */
  public static WeightSource open(Path path) {
    return open(path, all());
  }

  /**
   * Opens the same kinds of files, but shows every variable of a checkpoint of this program, not
   * only parameters.
   */
  static WeightSource openAsStored(Path path) {
    return open(path, all().stream().filter(f -> !(f instanceof RunFormat)).toList());
  }

  private static WeightSource open(Path path, List<WeightFormat> formats) {
    for (WeightFormat format : formats) {
      if (format.recognizes(path)) {
        return format.open(path);
      }
    }
    if (!Files.exists(path)) {
      throw new ConfigException("%s: no such weights file%s".formatted(path, neighbours(path)));
    }
    throw new ConfigException(
        "%s: not a known kind of weights file; found %s, expected one of: %s"
            .formatted(
                path,
                Files.isDirectory(path)
                    ? "a folder without a checkpoint"
                    : FileKinds.describe(path),
                formats.stream().map(WeightFormat::description).collect(Collectors.joining(", "))));
  }

  private static String neighbours(Path path) {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || path.getFileName() == null || !Files.isDirectory(folder)) {
      return folder == null ? "" : "; nor is there a folder " + folder;
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<String> names = files.map(f -> f.getFileName().toString()).toList();
      return Names.hint(path.getFileName().toString(), names);
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * What tells weights from others, as 64 hexadecimal digits: the SHA-256 of a file, or of the
   * {@code checkpoint.json} that a run or a checkpoint is read by, which holds those of its files.
   *
   * @return empty if it is neither, as the prefix of several files
   */
  public static Optional<String> sha256(Path path) {
    if (RunFormat.isRun(path) || RunFormat.isCheckpoint(path)) {
      return Optional.of(
          Sha256.of(RunFormat.checkpoint(path).resolve(StoredCheckpoint.DESCRIPTION)));
    }
    return Files.isRegularFile(path) ? Optional.of(Sha256.of(path)) : Optional.empty();
  }
}
