package dev.jackpot.pruning;

/** How the K-th highest score of a kernel is found on the device. The results are the same. */
public enum Threshold {
  /** A selection in linear time; the op has a CPU kernel only. */
  NTH_ELEMENT,
  /** A sort of the K highest; runs on every device. */
  TOP_K
}
