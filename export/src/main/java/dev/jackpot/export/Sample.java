package dev.jackpot.export;

import dev.jackpot.graph.HostTensor;
import java.util.Arrays;
import org.tensorflow.ndarray.Shape;

/**
 * Real images and the logits the training graph gave for them: what an exported model is held
 * against.
 *
 * @param shape [images, height, width, channels], at least one image
 * @param pixels 0–255, row-major
 * @param logits [images, classes]
 */
public record Sample(Shape shape, byte[] pixels, HostTensor logits) {
  public Sample {
    if (shape.numDimensions() != 4 || shape.get(0) < 1 || shape.size() != pixels.length) {
      throw new IllegalArgumentException(
          "expected at least one image of height, width, channels; found shape %s for %d pixels"
              .formatted(shape, pixels.length));
    }
    if (logits.shape().numDimensions() != 2 || logits.shape().get(0) != shape.get(0)) {
      throw new IllegalArgumentException(
          "expected logits of %d images, found shape %s".formatted(shape.get(0), logits.shape()));
    }
  }

  /** Number of images. */
  public int images() {
    return (int) shape.get(0);
  }

  /** The same images with other logits. */
  Sample with(HostTensor others) {
    return new Sample(shape, pixels, others);
  }

  /** Its first images; all of them if there are no more. */
  Sample first(int most) {
    int images = Math.min(most, images());
    long[] sizes = shape.asArray();
    sizes[0] = images;
    long classes = logits.shape().get(1);
    return new Sample(
        Shape.of(sizes),
        Arrays.copyOf(pixels, pixels.length / images() * images),
        new HostTensor(
            Shape.of(images, classes), Arrays.copyOf(logits.values(), (int) (images * classes))));
  }
}
