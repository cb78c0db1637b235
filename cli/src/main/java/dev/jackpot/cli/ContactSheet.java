package dev.jackpot.cli;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.JackpotException;
import dev.jackpot.training.data.DataSet;
import dev.jackpot.training.data.ImageShape;
import dev.jackpot.training.data.Split;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** The first training images of each class, a row a class, in one picture. */
final class ContactSheet {
  private static final int GAP = 2;

  /** Pixels of the highest sheet, and the pixels of the largest. */
  private static final int HIGHEST = 20_000;

  private static final long LARGEST = 200_000_000;

  private final BufferedImage sheet;

  private ContactSheet(BufferedImage sheet) {
    this.sheet = sheet;
  }

  /** How many classes fit on a sheet: all, or as many as are {@value #HIGHEST} pixels high. */
  static int fitting(DataSet data) {
    return Math.max(1, Math.min(data.classes(), HIGHEST / (data.shape().height() + GAP)));
  }

  /**
   * Draws it.
   *
   * @param columns images of each class; a class that has fewer leaves places empty
   * @param classes the first so many classes
   */
  static ContactSheet of(DataSet data, int columns, int classes) {
    ImageShape shape = data.shape();
    if (shape.channels() != 3 && shape.channels() != 1) {
      throw new JackpotException(
          "%s has images of %d channels; only 1 and 3 can be drawn"
              .formatted(data.description(), shape.channels()));
    }
    int height = shape.height() + GAP;
    int width = shape.width() + GAP;
    if ((long) columns * width * classes * height > LARGEST) {
      throw new JackpotException(
          "%d × %d images of %s are more than a sheet of %d pixels holds; ask for fewer"
              .formatted(columns, classes, shape, LARGEST));
    }
    BufferedImage sheet =
        new BufferedImage(
            columns * width - GAP, classes * height - GAP, BufferedImage.TYPE_INT_RGB);
    Split split = data.train();
    int[] drawn = new int[classes];
    int missing = classes * columns;
    byte[] pixels = new byte[shape.size()];
    for (int i = 0; i < split.size() && missing > 0; i++) {
      int label = split.storedLabel(i);
      if (label < classes && drawn[label] < columns && split.usable(i)) {
        split.pixels(i, pixels);
        draw(sheet, shape, pixels, drawn[label]++ * width, label * height);
        missing--;
      }
    }
    return new ContactSheet(sheet);
  }

  private static void draw(
      BufferedImage sheet, ImageShape shape, byte[] pixels, int left, int top) {
    int channels = shape.channels();
    for (int y = 0; y < shape.height(); y++) {
      for (int x = 0; x < shape.width(); x++) {
        int at = (y * shape.width() + x) * channels;
        int red = pixels[at] & 0xff;
        int green = pixels[at + (channels == 3 ? 1 : 0)] & 0xff;
        int blue = pixels[at + (channels == 3 ? 2 : 0)] & 0xff;
        sheet.setRGB(left + x, top + y, red << 16 | green << 8 | blue);
      }
    }
  }

  /** Writes it as PNG, replacing the file. */
  void write(Path file) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(sheet, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException("an array has no I/O errors", e);
    }
    AtomicFiles.write(file, png.toByteArray());
  }
}
