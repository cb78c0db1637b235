package dev.jackpot.training.data;

import dev.jackpot.config.proto.Data;
import java.util.List;

/** A split of encoded images of any size, decoded each time they are handed out. */
final class EncodedSplit implements Split {
  private static final int CHANNELS = 3;

  private final EncodedImages images;
  private final ImageShape shape;
  private final Crop view;
  private final ThreadLocal<Resampler> resamplers;

  /**
   * @param view the part that is shown in evaluation
   */
  EncodedSplit(EncodedImages images, int size, Crop view, ResizeFilter filter) {
    this.images = images;
    this.shape = new ImageShape(size, size, CHANNELS);
    this.view = view;
    this.resamplers = ThreadLocal.withInitial(() -> new Resampler(filter));
  }

  /** A split at the size a config asks for, cropped and resized as it says. */
  static Split of(EncodedImages images, Data config) {
    int size = dev.jackpot.config.ImageSize.of(config);
    return new EncodedSplit(
        images, size, CentreCrop.of(config, size), ResizeFilter.of(config.getInterpolation()));
  }

  @Override
  public int size() {
    return images.size();
  }

  @Override
  public ImageShape shape() {
    return shape;
  }

  @Override
  public int label(int index) {
    return images.label(index);
  }

  @Override
  public void pixels(int index, byte[] target) {
    show(image(index), target);
  }

  private void show(EncodedImage image, byte[] target) {
    Window window = view.of(image.shape().height(), image.shape().width());
    Resampler resampler = resamplers.get();
    byte[] region = ImageDecoder.shared().decode(image, window.region(), resampler.room(window));
    resampler.resize(region, window, target, shape);
  }

  @Override
  public void pixels(int index, Crop crop, float[] levels, float[] target, int offset) {
    EncodedImage image = image(index);
    Window window = crop.of(image.shape().height(), image.shape().width());
    Resampler resampler = resamplers.get();
    byte[] region = ImageDecoder.shared().decode(image, window.region(), resampler.room(window));
    resampler.resize(region, window, levels, target, offset, shape);
  }

  private EncodedImage image(int index) {
    return new EncodedImage(images.name(index), images.read(index));
  }

  @Override
  public String name(int index) {
    return images.name(index);
  }

  @Override
  public Stored stored(int index, byte[] target) {
    EncodedImage image = image(index);
    show(image, target);
    return new Stored(image.shape(), image.bytes());
  }

  @Override
  public void verify(int index) {
    ImageDecoder.shared().verify(image(index));
  }

  @Override
  public boolean encoded() {
    return true;
  }

  @Override
  public byte[] encodedBytes(int index) {
    return images.read(index);
  }

  @Override
  public void identify(int index, Fingerprint fingerprint) {
    fingerprint.number(images.label(index));
    fingerprint.text(images.name(index));
    fingerprint.number((int) images.length(index));
  }

  @Override
  public List<Skipped> skipped() {
    return images.skipped();
  }
}
