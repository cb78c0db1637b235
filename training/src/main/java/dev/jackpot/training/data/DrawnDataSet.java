package dev.jackpot.training.data;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.Drawn;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The data set that needs no download: ten plane figures ({@link DrawnShape}) in 32×32 colour
 * images, drawn in parallel when it is opened. A figure's place, size, proportions, tilt and hue
 * are random, and so are its ground, clutter and the bar in front of it: single pixels tell little
 * about the class (a softmax over them reaches about 20 %), the arrangement of edges tells all.
 */
final class DrawnDataSet {
  private static final int TRAIN = 0;
  private static final int TEST = 1;

  private DrawnDataSet() {}

  /**
   * Draws it.
   *
   * @throws ConfigException if a number of images is not positive
   */
  static DataSet draw(Drawn config) {
    return new MemoryDataSet(
        "drawn figures (seed %d)".formatted(config.getSeed()),
        split("data.train_images", config.getTrainImages(), config.getSeed(), TRAIN),
        split("data.test_images", config.getTestImages(), config.getSeed(), TEST),
        Arrays.stream(DrawnShape.values()).map(DrawnShape::className).toList(),
        new ChannelNormalization(List.of(0.37, 0.37, 0.37), List.of(0.19, 0.19, 0.19)));
  }

  private static Split split(String field, int size, long seed, int split) {
    int most = Integer.MAX_VALUE / DrawnImage.SHAPE.size();
    if (size < 1 || size > most) {
      throw new ConfigException("%s: found %d; expected 1 to %d".formatted(field, size, most));
    }
    DrawnShape[] shapes = DrawnShape.values();
    int[] labels = IntStream.range(0, size).map(i -> i % shapes.length).toArray();
    byte[] pixels = new byte[size * DrawnImage.SHAPE.size()];
    IntStream.range(0, size)
        .parallel()
        .forEach(
            i ->
                DrawnImage.draw(
                    shapes[labels[i]],
                    CounterRandom.bits(seed, split, i),
                    pixels,
                    i * DrawnImage.SHAPE.size()));
    return new ArraySplit(DrawnImage.SHAPE, List.of(new ArraySplit.Block(labels, pixels)));
  }
}
