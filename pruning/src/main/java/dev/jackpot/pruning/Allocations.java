package dev.jackpot.pruning;

import dev.jackpot.config.Registry;
import dev.jackpot.config.proto.ErAllocation;
import dev.jackpot.config.proto.ErkAllocation;

/** The allocations a config may choose from. */
public final class Allocations {
  /** By the schema's {@code Allocation.rule}; a config that chooses none gets the global one. */
  public static final Registry<dev.jackpot.config.proto.Allocation, Allocation> REGISTRY =
      new Registry<dev.jackpot.config.proto.Allocation, Allocation>(
              "allocation", AllocationPlugin.class)
          .add(
              "global",
              dev.jackpot.config.proto.GlobalAllocation.class,
              (o, h) -> new GlobalAllocation())
          .add(
              "uniform",
              dev.jackpot.config.proto.UniformAllocation.class,
              (o, h) -> new UniformAllocation())
          .add("erk", ErkAllocation.class, (o, h) -> new ErdosRenyiAllocation(true))
          .add("er", ErAllocation.class, (o, h) -> new ErdosRenyiAllocation(false))
          .add(
              "explicit",
              dev.jackpot.config.proto.ExplicitAllocation.class,
              (o, h) -> new ExplicitAllocation(o.getRulesList()))
          .orElse("global");

  private Allocations() {}
}
