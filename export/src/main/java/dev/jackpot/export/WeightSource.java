package dev.jackpot.export;

import dev.jackpot.config.JackpotException;
import dev.jackpot.config.Names;
import dev.jackpot.graph.HostTensor;
import java.nio.file.Path;
import java.util.List;

/** An open file of named arrays. Made by {@link WeightFormats#open(Path)}; close it when done. */
public interface WeightSource extends AutoCloseable {
  /** The file (or the prefix of the files) that was opened, as messages name it. */
  Path path();

  /** Every array in it, in the file's order. */
  List<ArrayInfo> arrays();

  /**
   * Reads one array, converted to float32: floating-point values are rounded to the nearest (a
   * finite value beyond float32's range is an error), integers beyond ±2^24 likewise, false and
   * true become 0 and 1.
   *
   * @throws JackpotException if there is no such array, it is not numeric, or the file is damaged
   */
  HostTensor read(String name);

  @Override
  void close();

  /**
   * The array called {@code name}.
   *
   * @throws JackpotException naming the nearest ones if there is none
   */
  default ArrayInfo info(String name) {
    List<ArrayInfo> all = arrays();
    return all.stream()
        .filter(a -> a.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new JackpotException(
                    "%s: no array \"%s\"%s"
                        .formatted(
                            path(),
                            name,
                            Names.hint(name, all.stream().map(ArrayInfo::name).toList()))));
  }
}
