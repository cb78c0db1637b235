package dev.jackpot.pruning;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.Registry;
import dev.jackpot.config.proto.ConstantRestriction;
import dev.jackpot.config.proto.CosineRestriction;
import dev.jackpot.config.proto.NoRestriction;
import dev.jackpot.config.proto.PolynomialRestriction;
import dev.jackpot.config.proto.StaircaseRestriction;
import java.util.List;

/** The restrictions a config may choose from. e = epoch from 0, T = epochs. */
public final class Restrictions {
  /**
   * By the schema's {@code Restriction.rule}; a config that chooses none gets the polynomial with
   * its defaults.
   */
  public static final Registry<dev.jackpot.config.proto.Restriction, Restriction> REGISTRY =
      new Registry<dev.jackpot.config.proto.Restriction, Restriction>(
              "restriction", RestrictionPlugin.class)
          .add("none", NoRestriction.class, (o, h) -> none())
          .add("polynomial", PolynomialRestriction.class, (o, h) -> polynomial(o.getPower()))
          .add("cosine", CosineRestriction.class, (o, h) -> cosine())
          .add("constant", ConstantRestriction.class, (o, h) -> constant(o.getRate()))
          .add("staircase", StaircaseRestriction.class, (o, h) -> staircase(o.getRatesList()))
          .orElse("polynomial");

  private Restrictions() {}

  /** r = 1: the mask is the top-K of the scores after every step. */
  public static Restriction none() {
    return checked((epoch, epochs) -> 1);
  }

  /**
   * r = (1 − e/T)^power.
   *
   * @param power more than 0; the paper's is 4
   */
  public static Restriction polynomial(double power) {
    if (!(power > 0 && Double.isFinite(power))) {
      throw new ConfigException(
          "restriction.polynomial.power: found %s; expected a number above 0".formatted(power));
    }
    return checked((epoch, epochs) -> Math.pow((double) (epochs - epoch) / epochs, power));
  }

  /** r = (1 + cos(πe/T)) / 2, computed as cos²(πe/2T), which does not cancel to 0 near the end. */
  public static Restriction cosine() {
    return checked(
        (epoch, epochs) -> {
          double cosine = Math.cos(Math.PI * epoch / (2.0 * epochs));
          return cosine * cosine;
        });
  }

  /** r = rate, in (0, 1]. */
  public static Restriction constant(double rate) {
    requireRate("restriction.constant.rate", rate);
    return checked((epoch, epochs) -> rate);
  }

  /**
   * The epochs are split into as many equal parts as there are rates: r = rates[floor(e · rates /
   * T)].
   *
   * @param rates at least one, each in (0, 1]
   */
  public static Restriction staircase(List<Double> rates) {
    if (rates.isEmpty()) {
      throw new ConfigException(
          "restriction.staircase.rates: found none; expected at least one number in (0, 1]");
    }
    for (int i = 0; i < rates.size(); i++) {
      requireRate("restriction.staircase.rates[%d]".formatted(i), rates.get(i));
    }
    List<Double> steps = List.copyOf(rates);
    return checked((epoch, epochs) -> steps.get((int) ((long) epoch * steps.size() / epochs)));
  }

  private static void requireRate(String where, double rate) {
    if (!(rate > 0 && rate <= 1)) {
      throw new ConfigException("%s: found %s; expected a number in (0, 1]".formatted(where, rate));
    }
  }

  /** Checks the epoch, and keeps a rate that underflows above 0. */
  private static Restriction checked(Restriction restriction) {
    return (epoch, epochs) -> {
      if (epoch < 0 || epoch >= epochs) {
        throw new IllegalArgumentException(
            "epoch is %d of %d; expected 0 to %d".formatted(epoch, epochs, epochs - 1));
      }
      return Math.max(restriction.rate(epoch, epochs), Double.MIN_NORMAL);
    };
  }
}
