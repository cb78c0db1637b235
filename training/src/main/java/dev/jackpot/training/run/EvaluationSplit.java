package dev.jackpot.training.run;

import java.util.Locale;

/** The images on which a run measures its epochs. */
public enum EvaluationSplit {
  /** The test split: nothing is set apart. */
  TEST,
  /** A part of the training split: the test split is left for the end. */
  VALIDATION;

  /** Its name in files and messages. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** {@code accuracy}, or {@code validation accuracy} where that is not the usual one. */
  public String accuracy() {
    return this == TEST ? "accuracy" : label() + " accuracy";
  }
}
