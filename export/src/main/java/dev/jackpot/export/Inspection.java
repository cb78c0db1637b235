package dev.jackpot.export;

import com.google.gson.GsonBuilder;
import java.util.List;
import java.util.Map;

/**
 * What lies in a file or folder.
 *
 * @param kind for people: "NumPy archive", "SavedModel", …
 * @param path as it was given
 * @param facts what is to be said of the whole, by name, in order
 * @param arrays in the file's order
 */
public record Inspection(String kind, String path, Map<String, String> facts, List<Entry> arrays) {
  /**
   * One array.
   *
   * @param name unique
   * @param dtype float32, int64, string, …
   * @param shape empty for a scalar
   * @param size number of elements
   * @param nonzero elements that are not zero; null where they are not numbers
   */
  public record Entry(String name, String dtype, List<Long> shape, long size, Long nonzero) {}

  /** As JSON; what is null is left out. */
  public String toJson() {
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(this);
  }
}
