package dev.jackpot.cli;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Decodes image files (PNG, JPEG, GIF, BMP …) into RGB pixels. */
final class ImageFile {
  private final Path path;
  private final BufferedImage image;

  private ImageFile(Path path, BufferedImage image) {
    this.path = path;
    this.image = image;
  }

  /**
   * Decodes one.
   *
   * @throws ConfigException if there is none
   * @throws JackpotException if it is damaged or of an unknown kind
   */
  static ImageFile read(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new ConfigException("%s: no such image file".formatted(path));
    }
    try {
      BufferedImage image = ImageIO.read(path.toFile());
      if (image == null) {
        throw new JackpotException(
            "%s: not an image that can be read; expected one of %s"
                .formatted(path, String.join(", ", ImageIO.getReaderFileSuffixes())));
      }
      return new ImageFile(path, image);
    } catch (IOException | RuntimeException e) { // damaged files end in either
      throw e instanceof JackpotException known
          ? known
          : new JackpotException(
              "%s: the image cannot be decoded: %s".formatted(path, message(e)), e);
    }
  }

  private static String message(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  Path path() {
    return path;
  }

  boolean hasSize(int height, int width) {
    return image.getHeight() == height && image.getWidth() == width;
  }

  /** {@code 640×480}: width × height. */
  String size() {
    return image.getWidth() + "×" + image.getHeight();
  }

  /**
   * Pixels [height, width, 3], resized bilinearly (by halves first if it is much larger) if it has
   * another size. What is transparent becomes black.
   */
  byte[] rgb(int height, int width) {
    BufferedImage scaled = image;
    while (scaled.getWidth() >= 2 * width && scaled.getHeight() >= 2 * height) {
      scaled = draw(scaled, scaled.getHeight() / 2, scaled.getWidth() / 2);
    }
    scaled = draw(scaled, height, width);
    byte[] pixels = new byte[height * width * 3];
    int[] row = new int[width];
    int at = 0;
    for (int y = 0; y < height; y++) {
      scaled.getRGB(0, y, width, 1, row, 0, width);
      for (int rgb : row) {
        pixels[at++] = (byte) (rgb >> 16);
        pixels[at++] = (byte) (rgb >> 8);
        pixels[at++] = (byte) rgb;
      }
    }
    return pixels;
  }

  private static BufferedImage draw(BufferedImage from, int height, int width) {
    BufferedImage to = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = to.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(from, 0, 0, width, height, Color.BLACK, null);
    graphics.dispose();
    return to;
  }
}
