package dev.jackpot.training.data;

import java.util.List;
import java.util.Objects;

/**
 * A split that lies decoded in memory, in blocks of images (a file, for instance, is one block), so
 * that no array reaches the JVM's limit of 2³¹ − 1 bytes.
 */
public final class ArraySplit implements Split {
  /**
   * Images that lie in one array.
   *
   * @param labels one class per image
   * @param pixels [labels.length, height, width, channels], uint8
   */
  public record Block(int[] labels, byte[] pixels) {}

  private final ImageShape shape;
  private final Block[] blocks;
  private final int[] starts;

  /** Does not copy the arrays: the caller leaves them as they are from here on. */
  public ArraySplit(ImageShape shape, List<Block> blocks) {
    this.shape = shape;
    this.blocks = blocks.toArray(Block[]::new);
    this.starts = new int[this.blocks.length + 1];
    for (int b = 0; b < this.blocks.length; b++) {
      Block block = this.blocks[b];
      if ((long) block.labels().length * shape.size() != block.pixels().length) {
        throw new IllegalArgumentException(
            "%d labels for %d bytes of %s images"
                .formatted(block.labels().length, block.pixels().length, shape));
      }
      starts[b + 1] = Math.addExact(starts[b], block.labels().length);
    }
  }

  @Override
  public int size() {
    return starts[blocks.length];
  }

  @Override
  public ImageShape shape() {
    return shape;
  }

  @Override
  public int label(int index) {
    int block = block(index);
    return blocks[block].labels()[index - starts[block]];
  }

  @Override
  public void pixels(int index, byte[] target) {
    int block = block(index);
    int size = shape.size();
    System.arraycopy(blocks[block].pixels(), (index - starts[block]) * size, target, 0, size);
  }

  private int block(int index) {
    Objects.checkIndex(index, size());
    int block = 0;
    while (index >= starts[block + 1]) {
      block++;
    }
    return block;
  }
}
