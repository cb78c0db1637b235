package dev.jackpot.training.data;

import dev.jackpot.config.proto.Data.Interpolation;

/**
 * Shows images that are in no data set as evaluation shows those that are: decoded, resized, the
 * centre cropped. For one thread.
 */
public final class ImageView {
  private static final int CHANNELS = 3;

  private final ImageShape shape;
  private final Crop crop;
  private final Resampler resampler;

  /**
   * An image, shown.
   *
   * @param stored its own size
   * @param pixels uint8 RGB [height, width, 3] of the size that was asked for
   */
  public record Shown(ImageShape stored, byte[] pixels) {}

  /**
   * @param height of what is shown, in pixels
   * @param width of what is shown; where it is not the height there is no crop: the whole image is
   *     resized
   * @param resize pixels of the shorter side before the crop; 0: cropped only
   */
  public ImageView(int height, int width, int resize, Interpolation interpolation) {
    this.shape = new ImageShape(height, width, CHANNELS);
    this.crop = height == width ? new CentreCrop(resize, height) : ImageView::whole;
    this.resampler = new Resampler(ResizeFilter.of(interpolation));
  }

  private static Window whole(int height, int width) {
    return Window.of(0, 0, height, width);
  }

  /**
   * Decodes and shows an image.
   *
   * @param name what to call it in a message
   * @param file its bytes: JPEG, PNG, GIF or BMP
   * @throws CorruptImageException if it cannot be decoded
   */
  public Shown show(String name, byte[] file) {
    EncodedImage image = new EncodedImage(name, file);
    Window window = crop.of(image.shape().height(), image.shape().width());
    byte[] region = ImageDecoder.shared().decode(image, window.region());
    byte[] pixels = new byte[shape.size()];
    resampler.resize(region, window, pixels, shape);
    return new Shown(image.shape(), pixels);
  }
}
