package dev.jackpot.training.data;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Names to show for classes, from text files in UTF-8. */
final class ClassNames {
  private ClassNames() {}

  /** The lines that are not blank, without white space around them. */
  static List<String> lines(Path file) {
    return text(file).lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (MalformedInputException e) {
      throw new ConfigException("\"%s\" is no text in UTF-8".formatted(file));
    } catch (IOException e) {
      throw new JackpotException("cannot read \"%s\": %s".formatted(file, e), e);
    }
  }

  /**
   * A name a line, the first for label 0. Blank lines may only follow the last name: elsewhere they
   * would be a class without name, or leave the later names to other classes.
   *
   * @param field the config's field of the file
   * @throws ConfigException if there is no such file, or a name is missing in it
   */
  static List<String> numbered(Path file, String field) {
    if (!Files.isRegularFile(file)) {
      throw new ConfigException(
          "%s: no file \"%s\"; expected a text file with a class name a line"
              .formatted(field, file));
    }
    List<String> lines = text(file).stripTrailing().lines().map(String::strip).toList();
    int blank = lines.indexOf("");
    if (lines.isEmpty() || blank >= 0) {
      throw new ConfigException(
          lines.isEmpty()
              ? "%s: \"%s\" is empty; expected a class name a line".formatted(field, file)
              : "%s: \"%s\", line %d is blank; expected the name of class %d (labels count from 0)"
                  .formatted(field, file, blank + 1, blank));
    }
    return lines;
  }

  /**
   * Names by key, from lines of a key, white space, a name.
   *
   * @throws ConfigException if a line has no name
   */
  static Map<String, String> byKey(Path file) {
    Map<String, String> names = new HashMap<>();
    for (String line : lines(file)) {
      String[] parts = line.split("\\s+", 2);
      if (parts.length < 2) {
        throw new ConfigException(
            "\"%s\": found the line \"%s\"; expected a class folder's name, white space and the"
                    .formatted(file, line)
                + " name to show");
      }
      names.put(parts[0], parts[1]);
    }
    return names;
  }
}
