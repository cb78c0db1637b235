package dev.jackpot.graph.wiring;

import java.util.Arrays;

/**
 * What is in the channels of one output.
 *
 * @param signals of each channel
 * @param values the number of each channel that is ZERO or CONSTANT; not a number where it is not
 *     known
 */
record Lane(Signal[] signals, double[] values) {
  static Lane of(int channels, Signal signal, double value) {
    Lane lane = new Lane(new Signal[channels], new double[channels]);
    Arrays.fill(lane.signals, signal);
    Arrays.fill(lane.values, value);
    return lane;
  }

  static Lane zeros(int channels) {
    return of(channels, Signal.ZERO, 0);
  }

  static Lane varying(int channels) {
    return of(channels, Signal.VARYING, Double.NaN);
  }

  int channels() {
    return signals.length;
  }

  boolean isFlat(int channel) {
    return signals[channel] == Signal.ZERO || signals[channel] == Signal.CONSTANT;
  }

  void set(int channel, Signal signal) {
    signals[channel] = signal;
    values[channel] = Double.NaN;
  }

  /** The channel is always this number. */
  void flat(int channel, double value) {
    signals[channel] = value == 0 ? Signal.ZERO : Signal.CONSTANT;
    values[channel] = value;
  }

  void copy(Lane from, int source, int target) {
    signals[target] = from.signals[source];
    values[target] = from.values[source];
  }
}
