package dev.jackpot.export;

import dev.jackpot.config.JackpotException;
import java.nio.file.Path;

/**
 * A kind of file that holds named arrays. Built-in ones stand in {@link WeightFormats}; a jar may
 * offer more as a {@link java.util.ServiceLoader} service of this interface.
 */
public interface WeightFormat {
  /** How messages call it, with the usual ending: "NumPy archive (.npz)". */
  String description();

  /**
   * Whether {@code path}, which may be a file, a folder or the common prefix of several files, is
   * of this kind.
   */
  boolean recognizes(Path path);

  /**
   * Opens it and checks everything that can be checked without reading the values.
   *
   * @throws JackpotException if it is damaged
   */
  WeightSource open(Path path);
}
