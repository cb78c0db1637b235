package dev.jackpot.export.codes;

import java.util.List;

/** All codes, the one that loads fastest first: of equally small ones the first is taken. */
public final class PositionCodes {
  /** In the order of preference. */
  public static final List<PositionCode> ALL =
      List.of(new Bitmask(), new Gaps(8), new Gaps(4), new Gaps(2));

  private PositionCodes() {}
}
