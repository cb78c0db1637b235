package dev.jackpot.pruning;

import dev.jackpot.config.proto.PruningSchedule;

/** When a pruning schedule has its events: each interval from begin, and at the end. */
public final class PruningTimes {
  private final long begin;
  private final long end;
  private final long interval;

  private PruningTimes(PruningSchedule schedule) {
    this.begin = schedule.getBegin();
    this.end = schedule.hasOneShot() ? begin : schedule.getEnd();
    this.interval = schedule.getInterval();
  }

  /** Those of a validated schedule. */
  public static PruningTimes of(PruningSchedule schedule) {
    return new PruningTimes(schedule);
  }

  /** Time of the first event. */
  public long begin() {
    return begin;
  }

  /** Time of the last event. */
  public long end() {
    return end;
  }

  /** Whether something may be pruned at that time. */
  public boolean isEvent(long time) {
    return time == end || time >= begin && time < end && (time - begin) % interval == 0;
  }

  /** Events after the one of a time, the last one included. */
  long after(long time) {
    return (end - time + interval - 1) / interval;
  }

  /** Events before the one of a time. */
  long before(long time) {
    return (time - begin) / interval;
  }
}
