package dev.jackpot.training.data.tfrecord;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.ConfigException;
import dev.jackpot.config.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the shards that a pattern names. */
public final class ShardFiles {
  private static final Pattern NUMBERED = Pattern.compile("(.*-)(\\d{1,9})-of-(\\d{1,9})(.*)");

  private ShardFiles() {}

  /**
   * The files of a folder that a pattern names, in order of their names.
   *
   * @param pattern of file names; {@code *} and {@code ?} stand for any characters
   * @param field the config's field of the pattern
   * @throws ConfigException if there is none; tells the nearest names
   */
  public static List<Path> matching(Path folder, String pattern, String field) {
    Pattern regex = regex(pattern);
    List<String> names = names(folder);
    List<Path> found =
        names.stream().filter(n -> regex.matcher(n).matches()).map(folder::resolve).toList();
    if (found.isEmpty()) {
      throw new ConfigException(
          "%s: found no file \"%s\" in \"%s\"%s"
              .formatted(
                  field,
                  pattern,
                  folder,
                  names.isEmpty() ? ", which holds no file" : Names.hint(pattern, names)));
    }
    return found;
  }

  /**
   * Files that both splits have, by whatever names.
   *
   * @throws ConfigException if there are any
   */
  public static void requireApart(List<Path> train, List<Path> test) {
    Set<Path> shared = real(train);
    shared.retainAll(real(test));
    if (!shared.isEmpty()) {
      throw new ConfigException(
          "data.tfrecord: the training and the test split share %s%s; expected splits that have no image in common"
              .formatted(
                  shared.iterator().next(),
                  shared.size() == 1 ? "" : " and %d more shards".formatted(shared.size() - 1)));
    }
  }

  /**
   * Names of shards that are numbered {@code -i-of-n} and are not there, at most a few of them.
   *
   * @return empty if all are, or if the names have no such numbers
   */
  public static List<String> missing(List<Path> files) {
    Set<String> there = new HashSet<>();
    files.forEach(f -> there.add(f.getFileName().toString()));
    Set<String> missing = new TreeSet<>();
    for (String name : there) {
      Matcher m = NUMBERED.matcher(name);
      if (!m.matches()) {
        continue;
      }
      int count = Math.min(Integer.parseInt(m.group(3)), there.size() + 5);
      for (int i = 0; i < count && missing.size() < 5; i++) {
        String digits = ("%0" + m.group(2).length() + "d").formatted(i);
        String sibling = m.group(1) + digits + "-of-" + m.group(3) + m.group(4);
        if (!there.contains(sibling)) {
          missing.add(sibling);
        }
      }
      return new ArrayList<>(missing); // the others are numbered alike
    }
    return List.of();
  }

  private static Set<Path> real(List<Path> files) {
    Set<Path> real = new TreeSet<>();
    for (Path file : files) {
      try {
        real.add(file.toRealPath());
      } catch (IOException e) {
        throw AtomicFiles.failure("read", file, e);
      }
    }
    return real;
  }

  private static List<String> names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(f -> f.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw AtomicFiles.failure("list", folder, e);
    }
  }

  private static Pattern regex(String glob) {
    StringBuilder regex = new StringBuilder();
    for (char c : glob.toCharArray()) {
      regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }
}
