package dev.jackpot.cli;

import com.google.protobuf.Descriptors.Descriptor;
import dev.jackpot.config.ConfigException;
import dev.jackpot.config.Names;
import dev.jackpot.config.proto.Allocation;
import dev.jackpot.config.proto.Criterion;
import dev.jackpot.pruning.Allocations;
import dev.jackpot.pruning.Criteria;
import dev.jackpot.pruning.Patterns;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The short way to say how a mask is made; {@code --set} is the long one. */
final class RecipeOptions {
  private static final Pattern N_OF_M = Pattern.compile("(\\d{1,6}):(\\d{1,6})");
  private static final Pattern BLOCK = Pattern.compile("(\\d{1,6})[x×](\\d{1,6})");

  private static final Descriptor CONFIG_PATTERN = dev.jackpot.config.proto.Pattern.getDescriptor();

  @Option(
      names = "--sparsity",
      paramLabel = "SHARE",
      description = "Share that is removed, in [0, 1). An N:M pattern fixes it.")
  private Double sparsity;

  @Option(
      names = "--criterion",
      paramLabel = "NAME",
      description = "What says how much a weight matters (see `jackpot list criteria`).")
  private String criterion;

  @Option(
      names = "--allocation",
      paramLabel = "NAME",
      description = {
        "How much each kernel keeps (see `jackpot list allocations`); rules by name with",
        "--set stages.search.allocation='{explicit { rules { … } }}'."
      })
  private String allocation;

  @Option(
      names = "--pattern",
      paramLabel = "PATTERN",
      description = "free, N:M (2:4), HEIGHTxWIDTH blocks (4x1), filter, or a plug-in's name.")
  private String pattern;

  /**
   * The same as overrides of a config.
   *
   * @param stage the search stage's name
   * @throws ConfigException if an option is none
   */
  List<String> sets(String stage) {
    String base = "stages." + stage + ".search.";
    List<String> sets = new ArrayList<>();
    if (sparsity != null) {
      sets.add(base + "sparsity=" + sparsity);
    }
    if (criterion != null) {
      Set<String> known = Criteria.REGISTRY.names();
      sets.add(
          base + "criterion=" + choice("--criterion", criterion, known, Criterion.getDescriptor()));
    }
    if (allocation != null) {
      Set<String> known = Allocations.REGISTRY.names();
      sets.add(
          base
              + "allocation="
              + choice("--allocation", allocation, known, Allocation.getDescriptor()));
    }
    if (pattern != null) {
      pattern(base, sets);
    }
    return sets;
  }

  private void pattern(String base, List<String> sets) {
    Matcher nm = N_OF_M.matcher(pattern);
    Matcher block = BLOCK.matcher(pattern);
    if (nm.matches()) {
      sets.add(base + "pattern={n_m { n: %s m: %s }}".formatted(nm.group(1), nm.group(2)));
      if (sparsity == null) {
        sparsity(nm).ifPresent(s -> sets.add(base + "sparsity=" + s));
      }
    } else if (block.matches()) {
      sets.add(
          base
              + "pattern={block { height: %s width: %s }}"
                  .formatted(block.group(1), block.group(2)));
    } else {
      Set<String> known = Patterns.REGISTRY.names();
      if (!known.contains(pattern)) {
        throw new ConfigException(
            "--pattern: found \"%s\", expected N:M as in 2:4, HEIGHTxWIDTH as in 4x1, or one of %s%s"
                .formatted(pattern, String.join(", ", known), Names.hint(pattern, known)));
      }
      sets.add(base + "pattern=" + choice("--pattern", pattern, known, CONFIG_PATTERN));
    }
  }

  /** What the pattern fixes, in place of what the config says; nothing if it is no pattern. */
  private static Optional<BigDecimal> sparsity(Matcher nm) {
    BigDecimal n = new BigDecimal(nm.group(1));
    BigDecimal m = new BigDecimal(nm.group(2));
    return n.signum() > 0 && m.compareTo(n) >= 0
        ? Optional.of(
            BigDecimal.ONE.subtract(n.divide(m, MathContext.DECIMAL32)).max(BigDecimal.ZERO))
        : Optional.empty();
  }

  /** As a config writes it: a field's name, or a plug-in's message. */
  private static String choice(String option, String name, Set<String> known, Descriptor holder) {
    if (!known.contains(name)) {
      throw new ConfigException(
          "%s: found \"%s\", expected one of %s%s"
              .formatted(option, name, String.join(", ", known), Names.hint(name, known)));
    }
    boolean builtIn = holder.findFieldByName(name) != null;
    return builtIn ? name : "{%s}".formatted(plugIn(name));
  }

  /** A plug-in's message as a config writes it. */
  static String plugIn(String name) {
    return "custom { name: \"%s\" }".formatted(name);
  }
}
