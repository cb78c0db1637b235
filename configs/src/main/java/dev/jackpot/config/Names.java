package dev.jackpot.config;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Answers an unknown name with the nearest known ones. */
public final class Names {
  private Names() {}

  /**
   * The known names nearest to {@code name} by edit distance, nearest first, at most {@code limit}.
   */
  public static List<String> nearest(String name, Collection<String> known, int limit) {
    String wanted = name.toLowerCase(Locale.ROOT);
    return known.stream()
        .sorted(
            Comparator.<String>comparingInt(k -> distance(wanted, k.toLowerCase(Locale.ROOT)))
                .thenComparing(k -> k))
        .limit(limit)
        .toList();
  }

  /** {@code "; nearest: a, b"}, or nothing if there are no known names. */
  public static String hint(String name, Collection<String> known) {
    return known.isEmpty() ? "" : "; nearest: " + String.join(", ", nearest(name, known, 2));
  }

  /**
   * True if {@code name} may be {@code known} misspelt: at most one change, and one more for every
   * three letters.
   */
  static boolean isNear(String name, String known) {
    return distance(name.toLowerCase(Locale.ROOT), known.toLowerCase(Locale.ROOT))
        <= 1 + name.length() / 3;
  }

  /** Levenshtein distance in code units. */
  static int distance(String a, String b) {
    return distances(a, b)[b.length()];
  }

  /** Levenshtein distance of {@code start} to the beginning of {@code name} that is nearest. */
  public static int distanceToStart(String start, String name) {
    return Arrays.stream(distances(start, name)).min().getAsInt();
  }

  /** Distances of {@code a} to the first 0, 1, … code units of {@code b}. */
  private static int[] distances(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitution, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row;
  }
}
