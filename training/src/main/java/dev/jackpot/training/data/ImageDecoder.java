package dev.jackpot.training.data;

import dev.jackpot.config.JackpotException;
import dev.jackpot.graph.Sessions;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.image.DecodeAndCropJpeg;
import org.tensorflow.op.image.DecodePng;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/**
 * Decodes JPEG, PNG and GIF by TensorFlow's ops in a small graph of its own on the CPU, BMP by the
 * JDK (TensorFlow's op takes a palette's indices for grey values). Greyscale and CMYK become RGB,
 * an alpha channel is dropped, 16 bits become 8, of an animation the first frame is taken. Safe for
 * several threads: an image is decoded by the thread that asks.
 *
 * <p>There is one for the whole process, opened when it is first used and never closed: a session
 * that runs on its callers holds no threads.
 */
final class ImageDecoder {
  private static final int CHANNELS = 3;

  /** Opened by the first thread that decodes. */
  private static final class Holder {
    static final ImageDecoder DECODER = new ImageDecoder();
  }

  private final Session session;
  private final Placeholder<TString> contents;
  private final Placeholder<TInt32> window;
  private final Operand<TUint8> jpeg;
  private final Operand<TUint8> png;
  private final Operand<TUint8> gif;

  private ImageDecoder() {
    Graph graph = new Graph();
    Ops tf = Ops.create(graph);
    contents = tf.placeholder(TString.class);
    window = tf.placeholder(TInt32.class);
    jpeg = tf.image.decodeAndCropJpeg(contents, window, DecodeAndCropJpeg.channels(3L));
    png = tf.image.decodePng(contents, TUint8.class, DecodePng.channels(3L));
    // [1, height, width, 3]
    gif = tf.image.decodeGif(contents);
    session = Sessions.openOnCallers(graph);
  }

  /** The process's. */
  static ImageDecoder shared() {
    return Holder.DECODER;
  }

  /**
   * Decodes a region.
   *
   * @return uint8 RGB [region.height, region.width, 3]
   * @throws CorruptImageException if it cannot be decoded
   */
  byte[] decode(EncodedImage image, Window.Region region) {
    return decode(image, region, new byte[size(region)]);
  }

  /** Bytes of a decoded region. */
  static int size(Window.Region region) {
    return region.height() * region.width() * CHANNELS;
  }

  /**
   * Decodes a region, if possible into an array that is there already.
   *
   * @param room at least {@link #size} long
   * @return {@code room}, whose first {@link #size} bytes are the region, or another array
   * @throws CorruptImageException if it cannot be decoded
   */
  byte[] decode(EncodedImage image, Window.Region region, byte[] room) {
    return switch (image.format()) {
      case JPEG -> run(image, jpeg, region, room);
      case PNG -> Regions.part(run(image, png), image.shape(), region);
      case GIF -> Regions.part(run(image, gif), image.shape(), region);
      case BMP -> Regions.part(bmp(image), image.shape(), region);
      default -> throw new IllegalArgumentException("not decoded here: " + image.format());
    };
  }

  /**
   * Decodes all of it, and keeps nothing.
   *
   * @throws CorruptImageException if it cannot be decoded
   */
  void verify(EncodedImage image) {
    if (image.format() == ImageFormat.JPEG) {
      run(image, jpeg, whole(image), new byte[0]); // the largest kind there is: not copied
    } else {
      decode(image, new Window.Region(0, 0, 1, 1));
    }
  }

  private static Window.Region whole(EncodedImage image) {
    return new Window.Region(0, 0, image.shape().height(), image.shape().width());
  }

  /** The whole image. */
  private byte[] run(EncodedImage image, Operand<TUint8> op) {
    Window.Region whole = whole(image);
    return run(image, op, whole, new byte[size(whole)]);
  }

  /** Runs one decoding op and copies as much as the region and the array hold. */
  private byte[] run(EncodedImage image, Operand<TUint8> op, Window.Region region, byte[] pixels) {
    int size = size(region);
    try (TString bytes = TString.tensorOfBytes(NdArrays.scalarOfObject(encoded(image)));
        TInt32 crop =
            TInt32.vectorOf(region.top(), region.left(), region.height(), region.width());
        Result result = session.runner().feed(contents, bytes).feed(window, crop).fetch(op).run()) {
      Tensor decoded = result.get(0);
      if (decoded.size() < size) {
        throw new CorruptImageException(
            "%s: damaged %s image: the header says %s, decoded were %s"
                .formatted(image.name(), image.format(), image.shape(), decoded.shape()));
      }
      decoded.asRawTensor().data().read(pixels, 0, Math.min(size, pixels.length));
      return pixels;
    } catch (CorruptImageException e) {
      throw e;
    } catch (TFResourceExhaustedException e) { // the machine's fault, not the image's
      throw new JackpotException(
          "%s: not enough memory to decode this %s image of %s"
              .formatted(image.name(), image.format(), image.shape()),
          e);
    } catch (RuntimeException e) { // TensorFlow's exceptions have no other ancestor in common
      throw ImageDamage.explained(image, e);
    }
  }

  /** Its bytes; of an animation the first frame's, since the op would decode all of them. */
  private static byte[] encoded(EncodedImage image) {
    return image.format() == ImageFormat.GIF ? GifStill.of(image.bytes()) : image.bytes();
  }

  private static byte[] bmp(EncodedImage image) {
    BufferedImage decoded;
    try {
      decoded = ImageIO.read(new ByteArrayInputStream(image.bytes()));
    } catch (IOException | RuntimeException e) { // damaged files end in either
      throw ImageDamage.explained(image, e);
    }
    if (decoded == null
        || decoded.getHeight() != image.shape().height()
        || decoded.getWidth() != image.shape().width()) {
      throw new CorruptImageException(
          "%s: damaged BMP image: its header cannot be read".formatted(image.name()));
    }
    byte[] pixels = new byte[image.shape().size()];
    int[] row = new int[decoded.getWidth()];
    int at = 0;
    for (int y = 0; y < decoded.getHeight(); y++) {
      for (int rgb : decoded.getRGB(0, y, row.length, 1, row, 0, row.length)) {
        pixels[at++] = (byte) (rgb >> 16);
        pixels[at++] = (byte) (rgb >> 8);
        pixels[at++] = (byte) rgb;
      }
    }
    return pixels;
  }
}
