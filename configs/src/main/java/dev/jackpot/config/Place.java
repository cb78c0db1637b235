package dev.jackpot.config;

/**
 * Where a value was written: a line and column of a file, or a {@code --set} argument, or nowhere
 * (an experiment built by a program).
 *
 * @param source the file, "preset NAME", the whole "--set path=value", or empty
 * @param line from 1; 0 where the source has no lines
 * @param column in code points, from 1
 * @param rank problems are listed by rank first: 0 for the file, then the --set arguments in their
 *     order
 */
record Place(String source, int line, int column, int rank) implements Comparable<Place> {
  static final Place NOWHERE = new Place("", 0, 0, 0);

  static Place of(String source, int line, int column) {
    return new Place(source, line, column, 0);
  }

  /** The n-th {@code --set} argument, counted from 0. */
  static Place ofSet(String argument, int n) {
    return new Place("--set " + Show.oneLine(argument), 0, 0, n + 1);
  }

  @Override
  public int compareTo(Place other) {
    int order = Integer.compare(rank, other.rank);
    order = order != 0 ? order : Integer.compare(line, other.line);
    return order != 0 ? order : Integer.compare(column, other.column);
  }

  /** {@code "line 3, column 5"}, or the source where there are no lines. */
  String within() {
    return line == 0 ? source : "line %d, column %d".formatted(line, column);
  }

  @Override
  public String toString() {
    return line == 0 ? source : source + ":" + line + ":" + column;
  }
}
