package dev.jackpot.export;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.Names;
import dev.jackpot.config.proto.Rename;
import dev.jackpot.config.proto.Weights;
import dev.jackpot.graph.HostTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.tensorflow.ndarray.Shape;

/**
 * Matches the names in a weights file with a network's parameters, one to one. Nothing is passed
 * over in silence: a parameter without an array, an array without a parameter and a wrong shape are
 * problems, reported all together.
 */
public final class WeightMap {
  private record Rule(Pattern pattern, String replacement) {}

  private final List<Rule> rules = new ArrayList<>();
  private final List<Pattern> ignored = new ArrayList<>();

  /**
   * @param config its renames, of which the first that matches a whole name applies, and the names
   *     to ignore
   * @throws ConfigException listing every rule that is not a regular expression
   */
  public WeightMap(Weights config) {
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < config.getRenameCount(); i++) {
      Rename rename = config.getRename(i);
      Pattern pattern =
          compile(rename.getPattern(), "weights.rename[%d].pattern".formatted(i), problems);
      rules.add(new Rule(pattern, rename.getReplacement()));
      if (pattern != null) {
        checkReplacement(rename, pattern, "weights.rename[%d].replacement".formatted(i), problems);
      }
    }
    for (int i = 0; i < config.getIgnoreCount(); i++) {
      ignored.add(compile(config.getIgnore(i), "weights.ignore[%d]".formatted(i), problems));
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  private static Pattern compile(String regex, String place, List<String> problems) {
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      problems.add(
          "%s: expected a regular expression, found \"%s\": %s at character %d"
              .formatted(place, regex, e.getDescription(), e.getIndex()));
      return null;
    }
  }

  private static void checkReplacement(
      Rename rename, Pattern pattern, String place, List<String> problems) {
    // a pattern with one more, empty alternative matches "" and keeps the number of groups
    Matcher matcher = Pattern.compile(pattern.pattern() + "|", pattern.flags()).matcher("");
    try {
      matcher.replaceFirst(rename.getReplacement());
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      problems.add(
          "%s: expected a replacement with groups of \"%s\", found \"%s\": %s"
              .formatted(place, rename.getPattern(), rename.getReplacement(), e.getMessage()));
    }
  }

  /**
   * Reads the values of every parameter.
   *
   * @param source the weights file
   * @param expected the network's parameters: name and shape
   * @return a value for each of them, in their order, every one finite
   * @throws ConfigException listing every missing, unused, wrong-shaped, non-numeric or non-finite
   *     array, every rename that matches nothing and every name that two arrays would get
   */
  public Map<String, HostTensor> load(WeightSource source, Map<String, Shape> expected) {
    List<String> problems = new ArrayList<>();
    Map<String, ArrayInfo> renamed = rename(source, problems);
    Set<String> unused = new LinkedHashSet<>(renamed.keySet());
    unused.removeAll(expected.keySet());
    unused.removeAll(WeightMetadata.NAMES);
    unused.removeIf(name -> ignored.stream().anyMatch(p -> p.matcher(name).matches()));
    Set<String> missing = new LinkedHashSet<>(expected.keySet());
    missing.removeAll(renamed.keySet());

    for (String name : missing) {
      problems.add(
          "%s: no array for parameter \"%s\" of shape %s%s"
              .formatted(source.path(), name, expected.get(name), Names.hint(name, unused)));
    }
    for (String name : unused) {
      problems.add(
          "%s: array %s of shape %s belongs to no parameter of the network%s"
              .formatted(
                  source.path(),
                  called(name, renamed.get(name)),
                  renamed.get(name).shape(),
                  Names.hint(name, missing.isEmpty() ? expected.keySet() : missing)));
    }
    Map<String, HostTensor> values = new LinkedHashMap<>();
    expected.forEach(
        (name, shape) -> {
          ArrayInfo info = renamed.get(name);
          if (info != null && fits(source, name, info, shape, problems)) {
            HostTensor value = source.read(info.name());
            checkFinite(source, name, info, value, problems);
            values.put(name, value);
          }
        });
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return values;
  }

  /** The source's arrays by their names after renaming. */
  private Map<String, ArrayInfo> rename(WeightSource source, List<String> problems) {
    boolean[] used = new boolean[rules.size()];
    Map<String, ArrayInfo> renamed = new LinkedHashMap<>();
    for (ArrayInfo info : source.arrays()) {
      String name = info.name();
      for (int i = 0; i < used.length; i++) {
        Matcher matcher = rules.get(i).pattern().matcher(info.name());
        if (matcher.matches()) {
          used[i] = true;
          name = matcher.replaceFirst(rules.get(i).replacement());
          break;
        }
      }
      ArrayInfo other = renamed.putIfAbsent(name, info);
      if (other != null) {
        problems.add(
            "%s: arrays \"%s\" and \"%s\" would both be called \"%s\""
                .formatted(source.path(), other.name(), info.name(), name));
      }
    }
    for (int i = 0; i < used.length; i++) {
      if (!used[i]) {
        problems.add(
            "weights.rename[%d].pattern: \"%s\" is never the first to match a name in %s%s"
                .formatted(
                    i,
                    rules.get(i).pattern(),
                    source.path(),
                    Names.hint(rules.get(i).pattern().pattern(), renamed.keySet())));
      }
    }
    return renamed;
  }

  private static boolean fits(
      WeightSource source, String name, ArrayInfo info, Shape shape, List<String> problems) {
    if (!info.shape().equals(shape)) {
      problems.add(
          "%s: array %s has shape %s, expected %s"
              .formatted(source.path(), called(name, info), info.shape(), shape));
      return false;
    }
    if (!info.numeric()) {
      problems.add(
          "%s: array %s has dtype %s, expected numbers"
              .formatted(source.path(), called(name, info), info.dtype()));
      return false;
    }
    return true;
  }

  private static void checkFinite(
      WeightSource source, String name, ArrayInfo info, HostTensor value, List<String> problems) {
    float[] values = value.values();
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        problems.add(
            "%s: array %s has the value %s at index %d, expected finite numbers"
                .formatted(source.path(), called(name, info), values[i], i));
        return;
      }
    }
  }

  private static String called(String name, ArrayInfo info) {
    return name.equals(info.name())
        ? "\"" + name + "\""
        : "\"%s\" (renamed to \"%s\")".formatted(info.name(), name);
  }
}
