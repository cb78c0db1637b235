package dev.jackpot.training.data;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.Normalization;
import java.util.List;

/**
 * (pixel/255 − mean) / std, per channel.
 *
 * @param mean of pixel/255, a value per channel
 * @param std of pixel/255, a value per channel, greater than 0
 */
public record ChannelNormalization(List<Double> mean, List<Double> std) {
  /** Of ImageNet's training images, as most pre-trained weights expect (torchvision's). */
  static final ChannelNormalization IMAGENET =
      new ChannelNormalization(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));

  /** Values of a pixel in one channel. */
  private static final int LEVELS = 256;

  /**
   * @throws ConfigException if the lists differ in length, a value is not finite or a std is not
   *     positive
   */
  public ChannelNormalization {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (mean.isEmpty() || mean.size() != std.size()) {
      throw new ConfigException(
          "data.normalization: %d values of mean and %d of std; expected one of each per channel"
              .formatted(mean.size(), std.size()));
    }
    for (int c = 0; c < mean.size(); c++) {
      if (!Double.isFinite(mean.get(c))) {
        throw new ConfigException(
            "data.normalization.mean[%d]: found %s; expected a number".formatted(c, mean.get(c)));
      }
      if (!(std.get(c) > 0 && Double.isFinite(std.get(c)))) {
        throw new ConfigException(
            "data.normalization.std[%d]: found %s; expected a number greater than 0"
                .formatted(c, std.get(c)));
      }
    }
  }

  /** The constants a config gives. */
  public static ChannelNormalization of(Normalization config) {
    return new ChannelNormalization(config.getMeanList(), config.getStdList());
  }

  /**
   * @throws ConfigException if there are not {@code channels} of both constants
   */
  ChannelNormalization requireChannels(int channels) {
    if (mean.size() != channels) {
      throw new ConfigException(
          "data.normalization: %d values of mean and std for images of %d channels"
              .formatted(mean.size(), channels));
    }
    return this;
  }

  /** Number of channels. */
  public int channels() {
    return mean.size();
  }

  /**
   * The normalised value of every pixel value: [channels, 256], computed in float64, rounded once.
   */
  float[] table() {
    float[] table = new float[channels() * LEVELS];
    for (int c = 0; c < channels(); c++) {
      for (int level = 0; level < LEVELS; level++) {
        table[c * LEVELS + level] = (float) ((level / 255.0 - mean.get(c)) / std.get(c));
      }
    }
    return table;
  }
}
