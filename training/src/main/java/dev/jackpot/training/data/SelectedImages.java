package dev.jackpot.training.data;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** Some of the images of another split, in an order of their own. */
public final class SelectedImages implements Split {
  private final Split whole;
  private final int[] indices;

  /**
   * @param indices of the images in {@code whole}, at least one
   */
  public SelectedImages(Split whole, int[] indices) {
    this.whole = whole;
    this.indices = indices.clone();
    if (indices.length == 0) {
      throw new IllegalArgumentException("no image is selected");
    }
    for (int index : indices) {
      Objects.checkIndex(index, whole.size());
    }
  }

  static SelectedImages first(Split whole, int count) {
    return new SelectedImages(whole, IntStream.range(0, count).toArray());
  }

  @Override
  public int size() {
    return indices.length;
  }

  @Override
  public ImageShape shape() {
    return whole.shape();
  }

  @Override
  public int label(int index) {
    return whole.label(indices[index]);
  }

  @Override
  public void pixels(int index, byte[] target) {
    whole.pixels(indices[index], target);
  }

  @Override
  public void pixels(int index, Crop crop, float[] levels, float[] target, int offset) {
    whole.pixels(indices[index], crop, levels, target, offset);
  }

  @Override
  public String name(int index) {
    return whole.name(indices[index]);
  }

  @Override
  public Stored stored(int index, byte[] target) {
    return whole.stored(indices[index], target);
  }

  @Override
  public int storedLabel(int index) {
    return whole.storedLabel(indices[index]);
  }

  @Override
  public void verify(int index) {
    whole.verify(indices[index]);
  }

  @Override
  public boolean usable(int index) {
    return whole.usable(indices[index]);
  }

  @Override
  public boolean encoded() {
    return whole.encoded();
  }

  @Override
  public byte[] encodedBytes(int index) {
    return whole.encodedBytes(indices[index]);
  }

  @Override
  public void identify(int index, Fingerprint fingerprint) {
    whole.identify(indices[index], fingerprint);
  }

  @Override
  public List<Skipped> skipped() {
    return whole.skipped();
  }
}
