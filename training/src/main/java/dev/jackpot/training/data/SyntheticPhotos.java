package dev.jackpot.training.data;

import dev.jackpot.config.AtomicFiles;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * JPEGs that cost about as much to decode as ImageNet's, where no such data are at hand: about
 * 500×375 pixels, smooth ground with noise at several scales, edges, quality 0.9. They show
 * nothing.
 */
public final class SyntheticPhotos {
  private static final int CLASSES = 10;
  private static final int LONG_SIDE = 500;
  private static final int SHORT_SIDE = 375;
  private static final float QUALITY = 0.9f;
  private static final int SHAPES = 25;

  private SyntheticPhotos() {}

  /**
   * Writes a folder of class folders, train and val.
   *
   * @param folder exists
   * @param images of the training split, at least one a class
   */
  public static void write(Path folder, int images, long seed) {
    try {
      for (String split : new String[] {"train", "val"}) {
        for (int c = 0; c < CLASSES; c++) {
          Files.createDirectories(folder.resolve(split).resolve("class" + c));
        }
      }
    } catch (IOException e) {
      throw AtomicFiles.failure("write", folder, e);
    }
    IntStream.range(0, images + CLASSES)
        .parallel()
        .forEach(
            i -> {
              Path split = folder.resolve(i < images ? "train" : "val");
              Path file = split.resolve("class%d/%05d.jpg".formatted(i % CLASSES, i));
              try {
                Files.write(file, jpeg(new SplitMix(CounterRandom.bits(seed, i, 0))));
              } catch (IOException e) {
                throw AtomicFiles.failure("write", file, e);
              }
            });
  }

  private static byte[] jpeg(SplitMix random) {
    int longSide = LONG_SIDE - 25 + random.upTo(50);
    int shortSide = SHORT_SIDE - 25 + random.upTo(50);
    boolean upright = random.upTo(3) == 0;
    BufferedImage image =
        paint(upright ? shortSide : longSide, upright ? longSide : shortSide, random);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam quality = writer.getDefaultWriteParam();
      quality.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      quality.setCompressionQuality(QUALITY);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), quality);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // it is in memory
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static BufferedImage paint(int width, int height, SplitMix random) {
    float[][] planes = new float[3][width * height];
    for (float[] plane : planes) {
      double amplitude = 60;
      for (int cell = 128; cell >= 2; cell /= 2, amplitude *= 0.75) {
        addNoise(plane, width, height, cell, amplitude, random);
      }
    }
    for (int s = 0; s < SHAPES; s++) {
      addEllipse(planes, width, height, random);
    }
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int rgb = 0;
        for (float[] plane : planes) {
          double value = 128 + plane[y * width + x] + 13 * random.normal();
          rgb = rgb << 8 | (int) Math.max(0, Math.min(255, value));
        }
        row[x] = rgb;
      }
      image.setRGB(0, y, width, 1, row, 0, width);
    }
    return image;
  }

  /** Random values on a grid of {@code cell} pixels, interpolated. */
  private static void addNoise(
      float[] plane, int width, int height, int cell, double amplitude, SplitMix random) {
    int columns = width / cell + 2;
    float[] grid = new float[columns * (height / cell + 2)];
    for (int g = 0; g < grid.length; g++) {
      grid[g] = (float) (amplitude * random.between(-1, 1));
    }
    for (int y = 0; y < height; y++) {
      float v = (float) (y % cell) / cell;
      for (int x = 0; x < width; x++) {
        float u = (float) (x % cell) / cell;
        int g = y / cell * columns + x / cell;
        float above = grid[g] + u * (grid[g + 1] - grid[g]);
        float below = grid[g + columns] + u * (grid[g + columns + 1] - grid[g + columns]);
        plane[y * width + x] += above + v * (below - above);
      }
    }
  }

  private static void addEllipse(float[][] planes, int width, int height, SplitMix random) {
    double centreX = random.between(0, width);
    double centreY = random.between(0, height);
    double radiusX = random.between(5, 90);
    double radiusY = random.between(5, 90);
    float[] colour = new float[planes.length];
    for (int c = 0; c < colour.length; c++) {
      colour[c] = (float) random.between(-70, 70);
    }
    for (int y = (int) Math.max(0, centreY - radiusY);
        y < Math.min(height, centreY + radiusY);
        y++) {
      for (int x = (int) Math.max(0, centreX - radiusX);
          x < Math.min(width, centreX + radiusX);
          x++) {
        double dx = (x - centreX) / radiusX;
        double dy = (y - centreY) / radiusY;
        if (dx * dx + dy * dy < 1) {
          for (int c = 0; c < colour.length; c++) {
            planes[c][y * width + x] += colour[c];
          }
        }
      }
    }
  }
}
