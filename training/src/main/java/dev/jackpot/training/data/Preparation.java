package dev.jackpot.training.data;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.Augmentation;
import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.RandomResizedCrop;
import java.util.Optional;

/**
 * Turns a decoded image into what a network sees: cropped from a padded frame and flipped at random
 * if asked, then normalised. It also chooses the part of the stored image that is decoded, where
 * the config asks for random resized crops. One pass over the pixels with a table of the 256
 * normalised values of each channel. Immutable.
 */
public final class Preparation {
  private static final int LEVELS = 256;
  private static final int COLOURS = 3;

  private final ImageShape shape;
  private final float[] table;
  private final float[] fill;
  private final int pad;
  private final boolean flip;
  private final Optional<RandomResizedCrop> resizedCrop;

  private Preparation(
      ImageShape shape, ChannelNormalization normalization, Augmentation augmentation) {
    this.shape = shape;
    this.table = normalization.requireChannels(shape.channels()).table();
    this.resizedCrop =
        augmentation.hasRandomResizedCrop()
            ? Optional.of(augmentation.getRandomResizedCrop())
            : Optional.empty();
    this.pad = resizedCrop.isPresent() ? 0 : augmentation.getPad();
    this.flip = augmentation.getFlip();
    this.fill = new float[shape.channels()];
    if (pad < 0 || pad > Math.max(shape.height(), shape.width())) {
      throw new ConfigException(
          "data.augmentation.pad: found %d; expected 0 to %d for %s images"
              .formatted(pad, Math.max(shape.height(), shape.width()), shape));
    }
    if (augmentation.getFill() == Augmentation.Fill.BLACK) {
      for (int c = 0; c < fill.length; c++) {
        fill[c] = table[c * LEVELS];
      }
    }
  }

  /** For training: with the config's augmentation, if it has one. */
  public static Preparation training(DataSet data, Data config) {
    return config.hasAugmentation()
        ? new Preparation(data.shape(), normalization(data, config), config.getAugmentation())
        : evaluation(data, config);
  }

  /** For evaluation: normalised only. */
  public static Preparation evaluation(DataSet data, Data config) {
    return new Preparation(
        data.shape(),
        normalization(data, config),
        Augmentation.newBuilder().setPad(0).setFlip(false).build());
  }

  /** The constants in use: the config's, or else the data set's own. */
  public static ChannelNormalization normalization(DataSet data, Data config) {
    return config.hasNormalization()
        ? ChannelNormalization.of(config.getNormalization())
        : data.normalization();
  }

  /** Shape of the images it takes and gives. */
  public ImageShape shape() {
    return shape;
  }

  /**
   * The part of the stored image to show, its values to be {@linkplain #levels looked up}; empty:
   * the view of evaluation, to be {@linkplain #apply prepared}.
   *
   * @param random 64 random bits that decide the part and the flip
   */
  public Optional<Crop> crop(long random) {
    return resizedCrop.map(options -> new ResizedCrop(options, flip, random));
  }

  /** The normalised value of each pixel value of each channel, [channels, 256]. */
  public float[] levels() {
    return table.clone();
  }

  /**
   * Prepares one image.
   *
   * @param pixels uint8 [height, width, channels]
   * @param random 64 random bits that decide the crop and the flip
   * @param target receives float32 [height, width, channels] from {@code offset} on
   */
  public void apply(byte[] pixels, long random, float[] target, int offset) {
    int dy = CounterRandom.below(random, 2 * pad + 1) - pad;
    int dx = CounterRandom.below(CounterRandom.mix(random), 2 * pad + 1) - pad;
    apply(pixels, dy, dx, flip && (random & 1) != 0, target, offset);
  }

  /**
   * The same with the crop and flip given: target(y, x) is the image's (y + dy, x + dx), or the
   * fill outside of it; then mirrored left-right.
   */
  void apply(byte[] pixels, int dy, int dx, boolean mirror, float[] target, int offset) {
    int width = shape.width();
    int channels = shape.channels();
    int left = Math.min(width, Math.max(0, -dx)); // first column inside the image
    int right = Math.max(left, Math.min(width, width - dx)); // one past the last
    int step = mirror ? -channels : channels;
    for (int y = 0; y < shape.height(); y++) {
      int sourceRow = y + dy;
      int out = offset + (y * width + (mirror ? width - 1 : 0)) * channels;
      if (sourceRow < 0 || sourceRow >= shape.height()) {
        fill(target, out, step, width);
        continue;
      }
      fill(target, out, step, left);
      normalise(
          pixels,
          (sourceRow * width + left + dx) * channels,
          right - left,
          target,
          out + left * step,
          step);
      fill(target, out + right * step, step, width - right);
    }
  }

  private void normalise(byte[] pixels, int from, int count, float[] target, int out, int step) {
    int channels = shape.channels();
    if (channels == 3) { // the usual case, unrolled: twice as fast
      for (int x = 0; x < count; x++, from += 3, out += step) {
        target[out] = table[pixels[from] & 0xFF];
        target[out + 1] = table[LEVELS + (pixels[from + 1] & 0xFF)];
        target[out + 2] = table[2 * LEVELS + (pixels[from + 2] & 0xFF)];
      }
      return;
    }
    for (int x = 0; x < count; x++, out += step) {
      for (int c = 0; c < channels; c++) {
        target[out + c] = table[c * LEVELS + (pixels[from++] & 0xFF)];
      }
    }
  }

  private void fill(float[] target, int out, int step, int count) {
    for (int x = 0; x < count; x++, out += step) {
      System.arraycopy(fill, 0, target, out, fill.length);
    }
  }
}
