package dev.jackpot.training.data.tfrecord;

import dev.jackpot.config.JackpotException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Where the records of a file are, and their labels: 16 bytes a record. */
final class ShardIndex {
  /** So many in one shard are not an accident any more. */
  private static final int MOST_LEFT_OUT = 1000;

  private long[] starts = new long[256];
  private int[] lengths = new int[256];
  private int[] labels = new int[256];
  private int size;
  private final List<Long> leftOut = new ArrayList<>();
  private final List<LeftOut> problems = new ArrayList<>();

  /**
   * @param start byte offset of the record's header
   * @param length of its data
   */
  void add(long start, int length, int label) {
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, 2 * size);
      lengths = Arrays.copyOf(lengths, 2 * size);
      labels = Arrays.copyOf(labels, 2 * size);
    }
    starts[size] = start;
    lengths[size] = length;
    labels[size++] = label;
  }

  /**
   * Notes a record that is not to be used.
   *
   * @throws JackpotException if there are too many
   */
  void leaveOut(long start, LeftOut problem) {
    if (leftOut.size() == MOST_LEFT_OUT) {
      throw new JackpotException(
          "%s: %s, and so have %d more records of this shard: too many to go without them"
              .formatted(problems.get(0).name(), problems.get(0).reason(), MOST_LEFT_OUT));
    }
    leftOut.add(start);
    problems.add(problem);
  }

  /** Gives back what was reserved and is not needed. */
  void trim() {
    starts = Arrays.copyOf(starts, size);
    lengths = Arrays.copyOf(lengths, size);
    labels = Arrays.copyOf(labels, size);
  }

  /** Records that can be used. */
  int size() {
    return size;
  }

  /** Records that were left out. */
  List<LeftOut> leftOut() {
    return List.copyOf(problems);
  }

  /** All records so far. */
  int records() {
    return size + leftOut.size();
  }

  long start(int index) {
    return starts[index];
  }

  int length(int index) {
    return lengths[index];
  }

  int label(int index) {
    return labels[index];
  }

  /** The record's number in the file, those left out counted. */
  int number(int index) {
    int before = -Collections.binarySearch(leftOut, starts[index]) - 1;
    return index + before;
  }
}
