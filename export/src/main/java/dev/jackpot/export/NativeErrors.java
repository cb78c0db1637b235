package dev.jackpot.export;

import dev.jackpot.config.JackpotException;
import org.tensorflow.exceptions.TensorFlowException;

/**
 * TensorFlow's exceptions. They have no common ancestor but RuntimeException (TFInvalidArgument… is
 * an IllegalArgumentException, for instance), only a common package; and their messages go on for
 * pages.
 */
public final class NativeErrors {
  private NativeErrors() {}

  /** Whether TensorFlow threw it. */
  public static boolean isTensorFlows(Throwable failure) {
    return failure.getClass().getPackageName().equals(TensorFlowException.class.getPackageName());
  }

  /**
   * What to throw for {@code failure}.
   *
   * @param what was tried, for instance "cannot write x"
   * @return {@code what} and the reason if TensorFlow threw it; else {@code failure} itself
   */
  public static RuntimeException explained(RuntimeException failure, String what) {
    return isTensorFlows(failure)
        ? new JackpotException(what + ": " + firstLine(failure), failure)
        : failure;
  }

  /** What happened, without the stack of graph nodes below it. */
  public static String firstLine(Throwable failure) {
    String name = failure.getClass().getSimpleName();
    return failure.getMessage() == null
        ? name
        : failure.getMessage().lines().findFirst().orElse(name).strip();
  }
}
