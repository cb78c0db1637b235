package dev.jackpot.pruning;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.Names;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Rules that address kernels by regular expressions which must match a whole name. */
final class NameRules {
  /** What is not literal in a regular expression. */
  private static final String SIGNS = "\\.[]{}()*+?^$|";

  /** Names that a hint gives. */
  private static final int NEAREST = 2;

  private NameRules() {}

  /**
   * The names that any rule matches.
   *
   * @param rules regular expressions
   * @param where what messages call rule i, with %d for i
   * @throws ConfigException listing every rule that matches no name
   */
  static Set<String> matched(List<String> rules, Collection<String> names, String where) {
    List<String> problems = new ArrayList<>();
    Set<String> matched = new LinkedHashSet<>();
    for (int i = 0; i < rules.size(); i++) {
      List<String> its = matching(rules.get(i), names);
      if (its.isEmpty()) {
        problems.add(matchesNone(where.formatted(i), rules.get(i), "kernel", names));
      }
      matched.addAll(its);
    }
    throwIfAny(problems);
    return matched;
  }

  /**
   * The first rule that matches each name of a prunable kernel.
   *
   * @return the rule's index by name; names that none matches are absent
   * @throws ConfigException listing every rule that is not the first to match any name
   */
  static Map<String, Integer> first(List<String> rules, Collection<String> names, String where) {
    List<String> problems = new ArrayList<>();
    Map<String, Integer> first = new LinkedHashMap<>();
    for (int i = 0; i < rules.size(); i++) {
      List<String> its = matching(rules.get(i), names);
      if (its.isEmpty()) {
        problems.add(matchesNone(where.formatted(i), rules.get(i), "prunable kernel", names));
      } else if (first.keySet().containsAll(its)) {
        problems.add(
            "%s: found \"%s\", which matches only kernels that earlier rules match"
                .formatted(where.formatted(i), rules.get(i)));
      }
      for (String name : its) {
        first.putIfAbsent(name, i);
      }
    }
    throwIfAny(problems);
    return first;
  }

  private static List<String> matching(String rule, Collection<String> names) {
    Pattern pattern = Pattern.compile(rule);
    return names.stream().filter(n -> pattern.matcher(n).matches()).toList();
  }

  private static String matchesNone(
      String where, String rule, String what, Collection<String> names) {
    return "%s: found \"%s\", which matches no %s%s"
        .formatted(where, rule, what, hint(rule, names));
  }

  /**
   * The names nearest to what the expression says literally: its beginning, up to the first sign
   * that stands for something else, against as much of a name, and its end likewise.
   */
  private static String hint(String rule, Collection<String> names) {
    int first = 0;
    while (first < rule.length() && SIGNS.indexOf(rule.charAt(first)) < 0) {
      first++;
    }
    int last = rule.length();
    while (last > first && SIGNS.indexOf(rule.charAt(last - 1)) < 0) {
      last--;
    }
    String start = rule.substring(0, first);
    String end = reversed(rule.substring(last));
    String nearest =
        names.stream()
            .sorted(
                Comparator.comparingInt(
                    n -> Names.distanceToStart(start, n) + Names.distanceToStart(end, reversed(n))))
            .limit(NEAREST)
            .collect(Collectors.joining(", "));
    return nearest.isEmpty() ? "" : "; nearest: " + nearest;
  }

  private static String reversed(String text) {
    return new StringBuilder(text).reverse().toString();
  }

  private static void throwIfAny(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }
}
