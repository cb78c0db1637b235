package dev.jackpot.cli;

import dev.jackpot.training.StopSignal;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * While open, control-C, SIGTERM and SIGHUP ask the run to stop after its step; a second one ends
 * the process at once. A terminal's signal arrives twice, by itself and by way of the launcher:
 * what comes within a second is one.
 */
final class Signals implements AutoCloseable {
  private static final long ONE_NANOS = 1_000_000_000L;
  private static final Map<String, Integer> EXIT_CODES =
      Map.of("INT", StopSignal.INTERRUPTED, "TERM", StopSignal.TERMINATED, "HUP", 129);

  private final StopSignal stop;
  private final PrintWriter err;
  private final IntConsumer halt;
  private final LongSupplier nanos;
  private final Map<Signal, SignalHandler> before = new LinkedHashMap<>();
  private long first;

  Signals(StopSignal stop, PrintWriter err, IntConsumer halt, LongSupplier nanos) {
    this.stop = stop;
    this.err = err;
    this.halt = halt;
    this.nanos = nanos;
  }

  static Signals install(StopSignal stop, PrintWriter err) {
    Signals signals = new Signals(stop, err, Runtime.getRuntime()::halt, System::nanoTime);
    EXIT_CODES.forEach(
        (name, code) -> {
          try {
            Signal signal = new Signal(name);
            signals.before.put(signal, Signal.handle(signal, s -> signals.received(code)));
          } catch (IllegalArgumentException e) {
            // this system has no such signal, or the JVM was told to keep it (-Xrs)
          }
        });
    return signals;
  }

  synchronized void received(int exitCode) {
    long now = nanos.getAsLong();
    if (stop.requested().isEmpty()) {
      first = now;
      stop.request(exitCode);
      err.println("jackpot: stopping after this step, and saving; once more to end at once");
      err.flush();
    } else if (now - first > ONE_NANOS) {
      halt.accept(exitCode);
    }
  }

  /** Puts the handlers back that were there before. */
  @Override
  public void close() {
    before.forEach(Signal::handle);
  }
}
