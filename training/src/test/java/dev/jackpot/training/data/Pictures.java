package dev.jackpot.training.data;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Image files for tests. */
final class Pictures {
  private Pictures() {}

  /** Smooth enough that JPEG hardly changes it; every pixel tells its place. */
  static BufferedImage gradient(int height, int width, int type) {
    BufferedImage image = new BufferedImage(width, height, type);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, 0xFF000000 | colour(y, x, height, width));
      }
    }
    return image;
  }

  /** Of {@link #gradient}: red grows to the right, green downwards. */
  static int colour(int y, int x, int height, int width) {
    int red = 40 + 170 * x / width;
    int green = 40 + 170 * y / height;
    return red << 16 | green << 8 | 90;
  }

  static BufferedImage plain(int height, int width, int type, int argb) {
    BufferedImage image = new BufferedImage(width, height, type);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, argb);
      }
    }
    return image;
  }

  /** The formats ImageIO writes: png, jpg, gif, bmp, tiff. */
  static byte[] encode(BufferedImage image, String format) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, bytes)) {
        throw new IllegalArgumentException("no writer for this kind of image: " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static byte[] jpeg(int height, int width) {
    return encode(gradient(height, width, BufferedImage.TYPE_INT_RGB), "jpg");
  }

  /** A plain JPEG of one colour. */
  static byte[] jpeg(int rgb) {
    return encode(plain(16, 16, BufferedImage.TYPE_INT_RGB, rgb), "jpg");
  }

  static byte[] png(int height, int width) {
    return encode(gradient(height, width, BufferedImage.TYPE_INT_RGB), "png");
  }

  /** A BMP with a palette of 256 colours, of which it has the one with number 7. */
  static byte[] paletteBmp(int rgb) {
    byte[][] palette = new byte[3][256];
    for (int c = 0; c < 3; c++) {
      palette[c][7] = (byte) (rgb >> 16 - 8 * c);
    }
    BufferedImage image =
        new BufferedImage(
            8,
            8,
            BufferedImage.TYPE_BYTE_INDEXED,
            new IndexColorModel(8, 256, palette[0], palette[1], palette[2]));
    for (int i = 0; i < 64; i++) {
      image.getRaster().setSample(i % 8, i / 8, 0, 7);
    }
    return encode(image, "bmp");
  }

  /** 16 bits a channel: 0xAB12, 0x4080, 0x01FF. */
  static byte[] deepPng() {
    ImageTypeSpecifier type =
        ImageTypeSpecifier.createInterleaved(
            java.awt.color.ColorSpace.getInstance(java.awt.color.ColorSpace.CS_sRGB),
            new int[] {0, 1, 2},
            DataBuffer.TYPE_USHORT,
            false,
            false);
    BufferedImage image = type.createBufferedImage(4, 4);
    for (int i = 0; i < 16; i++) {
      image.getRaster().setPixel(i % 4, i / 4, new int[] {0xAB12, 0x4080, 0x01FF});
    }
    return encode(image, "png");
  }

  /** Two frames of a plain colour each. */
  static byte[] animatedGif(int first, int second) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.prepareWriteSequence(null);
      for (int rgb : new int[] {first, second}) {
        writer.writeToSequence(
            new IIOImage(plain(6, 9, BufferedImage.TYPE_INT_RGB, rgb), null, null), null);
      }
      writer.endWriteSequence();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Four channels as Adobe's programs write them (255 is no ink): the left half cyan, else magenta.
   */
  static byte[] cmykJpeg() {
    int size = 16;
    WritableRaster raster =
        Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, size, size, 4, null);
    for (int i = 0; i < size * size; i++) {
      boolean left = i % size < size / 2;
      int[] ink = left ? new int[] {0, 255, 255, 255} : new int[] {255, 0, 255, 255};
      raster.setPixel(i % size, i / size, ink);
    }
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriteParam options = writer.getDefaultWriteParam();
    options.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    options.setCompressionQuality(0.95f);
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(raster, null, null), options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return withAdobeMarker(bytes.toByteArray());
  }

  /** The segment that says: inverted CMYK, no further transform. */
  private static byte[] withAdobeMarker(byte[] jpeg) {
    byte[] marker = {
      (byte) 0xFF, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0
    };
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(jpeg, 0, 2);
    bytes.writeBytes(marker);
    bytes.write(jpeg, 2, jpeg.length - 2);
    return bytes.toByteArray();
  }
}
