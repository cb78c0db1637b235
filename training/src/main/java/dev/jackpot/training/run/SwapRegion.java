package dev.jackpot.training.run;

import java.util.Locale;

/** Where the swaps lie that are made at the same time. */
public enum SwapRegion {
  /** In one kernel. */
  LAYER,
  /** In two kernels that follow one another. */
  ADJACENT,
  /** In two kernels half the network apart. */
  DISTANT,
  /** In all searched kernels, as a step of the search has them. */
  ALL;

  /** Its name in files. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
