package dev.jackpot.training.data.tfrecord;

import java.util.Arrays;
import java.util.Optional;

/** Where the records of a file are, and their labels: 16 bytes a record. */
final class ShardIndex {
  private long[] starts = new long[256];
  private int[] lengths = new int[256];
  private int[] labels = new int[256];
  private int size;
  private long[] leftOut = new long[8];
  private int leftOutSize;
  private String firstProblem;

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

  /** Counts a record that is not to be used. */
  void leaveOut(long start, String problem) {
    if (leftOutSize == leftOut.length) {
      leftOut = Arrays.copyOf(leftOut, 2 * leftOutSize);
    }
    leftOut[leftOutSize++] = start;
    firstProblem = firstProblem == null ? problem : firstProblem;
  }

  /** Gives back what was reserved and is not needed. */
  void trim() {
    starts = Arrays.copyOf(starts, size);
    lengths = Arrays.copyOf(lengths, size);
    labels = Arrays.copyOf(labels, size);
    leftOut = Arrays.copyOf(leftOut, leftOutSize);
  }

  /** Records that can be used. */
  int size() {
    return size;
  }

  /** Records that were left out. */
  int leftOut() {
    return leftOutSize;
  }

  /** Why the first record was left out. */
  Optional<String> firstProblem() {
    return Optional.ofNullable(firstProblem);
  }

  /** All records so far. */
  int records() {
    return size + leftOutSize;
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
    int before = -Arrays.binarySearch(leftOut, 0, leftOutSize, starts[index]) - 1;
    return index + before;
  }
}
