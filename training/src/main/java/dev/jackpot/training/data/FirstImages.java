package dev.jackpot.training.data;

import java.util.Objects;

/** The first images of another split. */
record FirstImages(Split whole, int size) implements Split {
  FirstImages {
    Objects.checkFromToIndex(1, size, whole.size() + 1);
  }

  @Override
  public ImageShape shape() {
    return whole.shape();
  }

  @Override
  public int label(int index) {
    return whole.label(Objects.checkIndex(index, size));
  }

  @Override
  public void pixels(int index, byte[] target) {
    whole.pixels(Objects.checkIndex(index, size), target);
  }
}
