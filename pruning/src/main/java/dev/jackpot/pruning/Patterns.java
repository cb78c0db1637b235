package dev.jackpot.pruning;

import dev.jackpot.config.Registry;

/** The patterns a config may choose from. */
public final class Patterns {
  /** By the schema's {@code Pattern.rule}; a config that chooses none gets the free one. */
  public static final Registry<dev.jackpot.config.proto.Pattern, Pattern> REGISTRY =
      new Registry<dev.jackpot.config.proto.Pattern, Pattern>("pattern", PatternPlugin.class)
          .add("free", dev.jackpot.config.proto.FreePattern.class, (o, h) -> new FreePattern())
          .add(
              "n_m",
              dev.jackpot.config.proto.NmPattern.class,
              (o, h) -> new NmPattern(o.getN(), o.getM()))
          .add(
              "block",
              dev.jackpot.config.proto.BlockPattern.class,
              (o, h) -> new BlockPattern(o.getHeight(), o.getWidth()))
          .add(
              "filter", dev.jackpot.config.proto.FilterPattern.class, (o, h) -> new FilterPattern())
          .orElse("free");

  private Patterns() {}
}
