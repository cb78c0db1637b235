package dev.jackpot.graph;

import java.util.EnumSet;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * How a residual network lays its layers: a stem, blocks, and what closes them. A block is two 3×3
 * convolutions, or 1×1, 3×3 and 1×1 ones of which the last has four times as many filters; what
 * they compute is added to the block's input (He et al. 2016).
 *
 * <p>The input passes unchanged where it has the output's size. Where only the image shrinks it is
 * subsampled; where the number of channels changes it is projected by a 1×1 convolution, or padded
 * with zero channels.
 */
final class ResidualStyle {
  private static final int EXPANSION = 4;

  /** In what styles differ. */
  enum Trait {
    /** 1×1, 3×3 and 1×1 convolutions in place of two 3×3 ones. */
    BOTTLENECK,
    /**
     * Batch norm and ReLU before each convolution in place of after it. A projection, or padding,
     * takes the input after the block's first norm and ReLU; it has no norm of its own.
     */
    PREACTIVATION,
    /** A bottleneck's first 1×1 convolution takes the stride, not the 3×3 one. */
    STRIDE_FIRST,
    /** Convolutions that no norm follows have biases. */
    BARE_BIAS,
    /** Zero channels, half before and half after, in place of a projection. */
    PADDED_CHANNELS,
    /** The first block of a stage projects even where it need not. */
    PROJECTED_STAGES
  }

  private final Set<Trait> traits;

  ResidualStyle(Set<Trait> traits) {
    this.traits = traits.isEmpty() ? Set.of() : EnumSet.copyOf(traits);
  }

  boolean has(Trait trait) {
    return traits.contains(trait);
  }

  /**
   * The first convolution, {@code conv1}, with its norm {@code bn1} and ReLU unless those precede.
   */
  <T extends TFloating> Operand<T> stem(
      Layers<T> layers, Operand<T> images, int filters, int size, int stride) {
    if (has(Trait.PREACTIVATION)) {
      return layers.convolution("conv1", images, filters, size, stride, has(Trait.BARE_BIAS));
    }
    Operand<T> x = layers.convolution("conv1", images, filters, size, stride);
    return layers.relu(layers.batchNorm("bn1", x));
  }

  /** What follows the last block: with preactivation a norm, {@code post_bn}, and ReLU. */
  <T extends TFloating> Operand<T> close(Layers<T> layers, Operand<T> x) {
    return has(Trait.PREACTIVATION) ? layers.relu(layers.batchNorm("post_bn", x)) : x;
  }

  /** Channels of a block's output. */
  private int outputs(int filters) {
    return has(Trait.BOTTLENECK) ? EXPANSION * filters : filters;
  }

  /**
   * Lays a block. Output: [batch, ⌈height/stride⌉, ⌈width/stride⌉, outputs(filters)].
   *
   * @param name its layers are {@code name/conv1}, {@code name/bn1}, …, {@code name/shortcut/conv}
   * @param x [batch, height, width, channels]
   * @param opensStage whether it is the first of its stage
   */
  <T extends TFloating> Operand<T> block(
      Layers<T> layers, String name, Operand<T> x, int filters, int stride, boolean opensStage) {
    if (has(Trait.PREACTIVATION)) {
      Operand<T> active = layers.relu(layers.batchNorm(name + "/bn1", x));
      Operand<T> y = convolutions(layers, name, active, filters, stride);
      return layers.add(y, shortcut(layers, name, x, active, filters, stride, opensStage));
    }
    Operand<T> y = convolutions(layers, name, x, filters, stride);
    return layers.relu(layers.add(y, shortcut(layers, name, x, x, filters, stride, opensStage)));
  }

  private <T extends TFloating> Operand<T> convolutions(
      Layers<T> layers, String name, Operand<T> input, int filters, int stride) {
    int count = has(Trait.BOTTLENECK) ? 3 : 2;
    int strided = has(Trait.BOTTLENECK) && !has(Trait.STRIDE_FIRST) ? 2 : 1;
    Operand<T> y = input;
    for (int i = 1; i <= count; i++) {
      boolean last = i == count;
      int size = has(Trait.BOTTLENECK) && i != 2 ? 1 : 3;
      int outputs = last ? outputs(filters) : filters;
      int step = i == strided ? stride : 1;
      String layer = name + "/conv" + i;
      Operand<T> x = y;
      y =
          last && has(Trait.PREACTIVATION)
              ? layers.convolution(layer, x, outputs, size, 1, has(Trait.BARE_BIAS))
              : layers.convolution(layer, x, outputs, size, step);
      y = normalized(layers, name, y, i, last);
      if (!has(Trait.BOTTLENECK)) {
        y = layers.skipped(layer, x, step, y);
      }
      y = last ? y : layers.relu(y);
    }
    return y;
  }

  /** The norm after the i-th convolution; with preactivation it is the next one's. */
  private <T extends TFloating> Operand<T> normalized(
      Layers<T> layers, String name, Operand<T> y, int i, boolean last) {
    if (has(Trait.PREACTIVATION)) {
      return last ? y : layers.batchNorm(name + "/bn" + (i + 1), y);
    }
    return layers.batchNorm(name + "/bn" + i, y);
  }

  private <T extends TFloating> Operand<T> shortcut(
      Layers<T> layers,
      String name,
      Operand<T> x,
      Operand<T> active,
      int filters,
      int stride,
      boolean opensStage) {
    int outputs = outputs(filters);
    boolean widens = x.shape().get(3) != outputs;
    if (!widens && !(opensStage && has(Trait.PROJECTED_STAGES))) {
      return layers.subsample(x, stride);
    }
    if (has(Trait.PADDED_CHANNELS)) {
      return layers.padChannels(layers.subsample(active, stride), outputs);
    }
    String layer = name + "/shortcut/conv";
    return has(Trait.PREACTIVATION)
        ? layers.convolution(layer, active, outputs, 1, stride, has(Trait.BARE_BIAS))
        : layers.batchNorm(
            name + "/shortcut/bn", layers.convolution(layer, active, outputs, 1, stride));
  }
}
