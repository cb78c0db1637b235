package dev.jackpot.training.data;

import dev.jackpot.config.proto.Data;

/** A split of images of one size, handed out at another. */
final class ResizedSplit implements Split {
  private final Split stored;
  private final ImageShape shape;
  private final Crop view;
  private final ThreadLocal<Resampler> resamplers;

  /** Resized bilinearly. */
  ResizedSplit(Split stored, ImageShape shape, Crop view) {
    this(stored, shape, view, ResizeFilter.TRIANGLE);
  }

  /**
   * @param view the part that is shown in evaluation
   */
  ResizedSplit(Split stored, ImageShape shape, Crop view, ResizeFilter filter) {
    this.stored = stored;
    this.shape = shape;
    this.view = view;
    this.resamplers = ThreadLocal.withInitial(() -> new Resampler(filter));
  }

  /** A split at the size a config asks for, cropped and resized as it says. */
  static Split of(Split stored, Data config) {
    ImageShape from = stored.shape();
    int size = config.getImageSize();
    if (size == 0) {
      return new ResizedSplit(
          stored,
          from,
          (height, width) -> Window.of(0, 0, height, width),
          ResizeFilter.of(config.getInterpolation()));
    }
    return new ResizedSplit(
        stored,
        new ImageShape(size, size, from.channels()),
        CentreCrop.of(config, size),
        ResizeFilter.of(config.getInterpolation()));
  }

  @Override
  public int size() {
    return stored.size();
  }

  @Override
  public ImageShape shape() {
    return shape;
  }

  @Override
  public int label(int index) {
    return stored.label(index);
  }

  @Override
  public void pixels(int index, byte[] target) {
    byte[] whole = new byte[stored.shape().size()];
    stored.pixels(index, whole);
    show(whole, target);
  }

  private void show(byte[] whole, byte[] target) {
    ImageShape from = stored.shape();
    Window window = view.of(from.height(), from.width());
    byte[] region = Regions.part(whole, from, window.region());
    resamplers.get().resize(region, window, target, shape);
  }

  @Override
  public void pixels(int index, Crop crop, float[] levels, float[] target, int offset) {
    ImageShape from = stored.shape();
    Window window = crop.of(from.height(), from.width());
    byte[] whole = new byte[from.size()];
    stored.pixels(index, whole);
    byte[] region = Regions.part(whole, from, window.region());
    resamplers.get().resize(region, window, levels, target, offset, shape);
  }

  @Override
  public String name(int index) {
    return stored.name(index);
  }

  /** Of the stored image: the fingerprint has the shape besides. */
  @Override
  public void identify(int index, Fingerprint fingerprint) {
    stored.identify(index, fingerprint);
  }

  @Override
  public Stored stored(int index, byte[] target) {
    byte[] whole = new byte[stored.shape().size()];
    Stored image = stored.stored(index, whole);
    show(whole, target);
    return image;
  }
}
