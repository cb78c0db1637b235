package dev.jackpot.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/** Collects everything that is wrong with a config, so that all of it is reported at once. */
final class Problems {
  /** More are counted, not listed: a hostile file may hold a hundred thousand. */
  private static final int LISTED = 50;

  private final List<Problem> found = new ArrayList<>();

  private record Problem(Place place, Supplier<String> path, String text) {
    String line() {
      StringBuilder line = new StringBuilder();
      for (String part : List.of(place.toString(), path.get())) {
        if (!part.isEmpty()) {
          line.append(part).append(": ");
        }
      }
      return line.append(text).toString();
    }
  }

  /**
   * @param path the field's path, made only when the problem is listed (an element's name may be
   *     read after it)
   * @param text what was found, what is expected
   */
  void add(Place place, Supplier<String> path, String text) {
    found.add(new Problem(place, path, text));
  }

  /** Throws if there was any, ordered by place. */
  void throwIfAny() {
    if (found.isEmpty()) {
      return;
    }
    List<String> lines = new ArrayList<>();
    found.stream()
        .sorted(Comparator.comparing(Problem::place))
        .limit(LISTED)
        .forEach(problem -> lines.add(problem.line()));
    if (found.size() > LISTED) {
      lines.add("… and %d more problems".formatted(found.size() - LISTED));
    }
    throw new ConfigException(lines);
  }
}
