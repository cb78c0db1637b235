package dev.jackpot.training;

import dev.jackpot.config.proto.Data;
import dev.jackpot.training.data.ArraySplit;
import dev.jackpot.training.data.ChannelNormalization;
import dev.jackpot.training.data.DataSet;
import dev.jackpot.training.data.DataSetPlugin;
import dev.jackpot.training.data.ImageShape;
import dev.jackpot.training.data.MemoryDataSet;
import dev.jackpot.training.data.Split;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * {@code custom { name: "tiny" }}: 8×8 images of three classes, told apart by which channel is
 * bright. Option {@code train}: number of training images; {@code label}: what the sixth test image
 * is said to be.
 */
public final class TinyData implements DataSetPlugin {
  /** Added to the first pixel of each image: 1 makes another data set of the same shape. */
  static volatile int brighter;

  @Override
  public String name() {
    return "tiny";
  }

  @Override
  public DataSet create(Map<String, String> options, Data holder) {
    int train = Integer.parseInt(options.getOrDefault("train", "96"));
    return new MemoryDataSet(
        "tiny",
        split(train, 1, ""),
        split(48, 2, options.getOrDefault("label", "")),
        List.of("red", "green", "blue"),
        new ChannelNormalization(List.of(0.5, 0.5, 0.5), List.of(0.25, 0.25, 0.25)));
  }

  private static Split split(int images, long seed, String sixth) {
    ImageShape shape = new ImageShape(8, 8, 3);
    Random random = new Random(seed);
    int[] labels = new int[images];
    byte[] pixels = new byte[images * shape.size()];
    for (int i = 0; i < images; i++) {
      labels[i] = random.nextInt(3);
      for (int j = 0; j < shape.size(); j++) {
        int bright = j % 3 == labels[i] ? 40 : 0;
        pixels[i * shape.size() + j] = (byte) (bright + random.nextInt(200));
      }
      pixels[i * shape.size()] += (byte) brighter;
    }
    if (!sixth.isEmpty()) {
      labels[5] = Integer.parseInt(sixth);
    }
    return new ArraySplit(shape, List.of(new ArraySplit.Block(labels, pixels)));
  }
}
