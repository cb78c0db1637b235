package dev.jackpot.export;

import dev.jackpot.config.proto.Normalization;
import java.util.Arrays;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** A sample's images in the forms that signatures take. */
final class SampleInputs {
  private static final float LARGEST_PIXEL = 255;

  private final ServableModel model;
  private final boolean normalizeInside;

  SampleInputs(ServableModel model, boolean normalizeInside) {
    this.model = model;
    this.normalizeInside = normalizeInside;
  }

  /** Some of them as the signature takes them; the caller closes the tensor. */
  Tensor of(String signature, Sample sample, int from, int count) {
    int size = sample.pixels().length / sample.images();
    byte[] pixels = Arrays.copyOfRange(sample.pixels(), from * size, (from + count) * size);
    Shape shape = model.spec().images(count);
    if (signature.equals(ServingGraph.JPEG)) {
      return PngImages.encode(shape, pixels);
    }
    return signature.equals(ServingGraph.UINT8)
        ? TUint8.tensorOf(shape, DataBuffers.of(pixels))
        : TFloat32.tensorOf(shape, DataBuffers.of(floats(pixels)));
  }

  private float[] floats(byte[] pixels) {
    Normalization normalization = model.normalization();
    int channels = model.spec().channels();
    float[] floats = new float[pixels.length];
    for (int i = 0; i < floats.length; i++) {
      float pixel = pixels[i] & 0xff;
      floats[i] =
          normalizeInside
              ? pixel
              : (pixel / LARGEST_PIXEL - (float) normalization.getMean(i % channels))
                  / (float) normalization.getStd(i % channels);
    }
    return floats;
  }
}
