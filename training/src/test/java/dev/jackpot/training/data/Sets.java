package dev.jackpot.training.data;

import java.util.List;
import java.util.stream.IntStream;

/** Small data sets for tests. */
final class Sets {
  private Sets() {}

  /** Images whose every value is a function of (image, position), with labels image mod classes. */
  static Split split(ImageShape shape, int size, int classes) {
    int[] labels = IntStream.range(0, size).map(i -> i % classes).toArray();
    byte[] pixels = new byte[size * shape.size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) CounterRandom.bits(5, i / shape.size(), i % shape.size());
    }
    return new ArraySplit(shape, List.of(new ArraySplit.Block(labels, pixels)));
  }

  static DataSet set(ImageShape shape, int train, int test) {
    Double half = 0.5;
    List<Double> halves = java.util.Collections.nCopies(shape.channels(), half);
    return new MemoryDataSet(
        "test set",
        split(shape, train, 3),
        split(shape, test, 3),
        List.of("a", "b", "c"),
        new ChannelNormalization(halves, halves));
  }
}
