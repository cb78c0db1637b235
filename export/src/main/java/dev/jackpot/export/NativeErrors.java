package dev.jackpot.export;

/** TensorFlow's exceptions, whose messages go on for pages. */
final class NativeErrors {
  private NativeErrors() {}

  /** What happened, without the stack of graph nodes below it. */
  static String firstLine(RuntimeException e) {
    return e.getMessage() == null
        ? e.getClass().getSimpleName()
        : e.getMessage().lines().findFirst().orElse(e.getClass().getSimpleName()).strip();
  }
}
