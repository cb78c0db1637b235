package dev.jackpot.training;

/** A learning rate over the course of a stage. */
public interface RateSchedule {
  /**
   * The rate.
   *
   * @param epoch e in [0, epochs), whole at the start of an epoch, fractional inside
   * @param epochs T of the stage
   */
  double rate(double epoch, int epochs);
}
