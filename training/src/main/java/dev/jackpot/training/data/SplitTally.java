package dev.jackpot.training.data;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Sums over some of a split's images, of which {@link SplitCheck} is made. Exact, in any order. */
final class SplitTally {
  private final Split split;
  private final long[] contents;
  private final int[] perClass;
  private final long[] sum;
  private final long[] squares;
  private final byte[] pixels;
  private final TreeMap<Integer, Integer> heights = new TreeMap<>();
  private final TreeMap<Integer, Integer> widths = new TreeMap<>();
  private final TreeMap<Integer, Split.Skipped> unreadable = new TreeMap<>();
  private long decoded;

  /**
   * @param contents receives 64 bits of each image's digest
   */
  SplitTally(Split split, int classes, long[] contents) {
    this.split = split;
    this.contents = contents;
    this.perClass = new int[classes];
    this.sum = new long[split.shape().channels()];
    this.squares = new long[sum.length];
    this.pixels = new byte[split.shape().size()];
  }

  /** Reads image {@code index}. */
  void add(int index) {
    perClass[split.storedLabel(index)]++;
    try {
      Split.Stored stored = split.stored(index, pixels);
      contents[index] = digest(stored.content());
      heights.merge(stored.shape().height(), 1, Integer::sum);
      widths.merge(stored.shape().width(), 1, Integer::sum);
    } catch (CorruptImageException e) {
      unreadable.put(index, new Split.Skipped(split.name(index), e.getMessage()));
      return;
    }
    decoded++;
    for (int p = 0; p < pixels.length; p++) {
      int value = pixels[p] & 0xFF;
      sum[p % sum.length] += value;
      squares[p % sum.length] += (long) value * value;
    }
  }

  private static long digest(byte[] content) {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(content)).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** This one, with the other's images added. */
  SplitTally plus(SplitTally other) {
    for (int c = 0; c < perClass.length; c++) {
      perClass[c] += other.perClass[c];
    }
    for (int c = 0; c < sum.length; c++) {
      sum[c] += other.sum[c];
      squares[c] += other.squares[c];
    }
    other.heights.forEach((height, count) -> heights.merge(height, count, Integer::sum));
    other.widths.forEach((width, count) -> widths.merge(width, count, Integer::sum));
    unreadable.putAll(other.unreadable);
    decoded += other.decoded;
    return this;
  }

  /** What they add up to. */
  SplitCheck check() {
    List<Double> mean = new ArrayList<>();
    List<Double> std = new ArrayList<>();
    double values = (double) decoded * split.shape().height() * split.shape().width();
    for (int c = 0; c < sum.length && decoded > 0; c++) {
      double average = sum[c] / values;
      mean.add(average / 255);
      std.add(Math.sqrt(Math.max(0, squares[c] / values - average * average)) / 255);
    }
    return new SplitCheck(
        split.size(),
        java.util.Arrays.stream(perClass).boxed().toList(),
        range(heights),
        range(widths),
        mean,
        std,
        allUnreadable(),
        contents);
  }

  /** Those found here, after those that the split itself has come upon, each once. */
  private List<Split.Skipped> allUnreadable() {
    Map<String, Split.Skipped> byName = new LinkedHashMap<>();
    Stream.concat(split.skipped().stream(), unreadable.values().stream())
        .forEach(skipped -> byName.putIfAbsent(skipped.name(), skipped));
    return List.copyOf(byName.values());
  }

  /**
   * @param counts how often each size occurs
   */
  private SplitCheck.Range range(TreeMap<Integer, Integer> counts) {
    if (counts.isEmpty()) {
      return new SplitCheck.Range(0, 0, 0);
    }
    long before = 0;
    int median = counts.lastKey();
    for (Map.Entry<Integer, Integer> entry : counts.entrySet()) {
      before += entry.getValue();
      if (2 * before >= decoded) {
        median = entry.getKey();
        break;
      }
    }
    return new SplitCheck.Range(counts.firstKey(), median, counts.lastKey());
  }
}
