package dev.jackpot.export;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TString;

/** Images as PNG files, whose pixels decoding gives back as they were. */
final class PngImages {
  private PngImages() {}

  /**
   * Encodes them.
   *
   * @param shape [images, height, width, 3]
   * @param pixels 0–255, row-major
   * @return [images], the caller closes it
   */
  static Tensor encode(Shape shape, byte[] pixels) {
    byte[][] files = new byte[(int) shape.get(0)][];
    int size = pixels.length / files.length;
    for (int i = 0; i < files.length; i++) {
      files[i] = encode(pixels, i * size, (int) shape.get(1), (int) shape.get(2));
    }
    return TString.tensorOfBytes(
        NdArrays.wrap(Shape.of(files.length), DataBuffers.of(files, true, false)));
  }

  private static byte[] encode(byte[] pixels, int from, int height, int width) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int at = from;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++, at += 3) {
        image.setRGB(
            x, y, (pixels[at] & 0xff) << 16 | (pixels[at + 1] & 0xff) << 8 | pixels[at + 2] & 0xff);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
