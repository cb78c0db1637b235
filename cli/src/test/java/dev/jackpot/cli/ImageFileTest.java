package dev.jackpot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageFileTest {
  @TempDir private Path folder;

  private ImageFile written(BufferedImage image) throws IOException {
    Path path = folder.resolve("image.png");
    ImageIO.write(image, "png", path.toFile());
    return ImageFile.read(path);
  }

  @Test
  void pixelsAreRgbRowByRow() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0x0A141E);
    image.setRGB(1, 0, 0xFF8000);
    ImageFile file = written(image);
    assertThat(file.hasSize(1, 2)).isTrue();
    assertThat(file.size()).isEqualTo("2×1");
    assertThat(file.rgb(1, 2)).containsExactly(10, 20, 30, (byte) 255, (byte) 128, 0);
  }

  @Test
  void greyBecomesThreeEqualChannels() throws IOException {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setSample(0, 0, 0, 77);
    byte[] rgb = written(image).rgb(1, 1);
    assertThat(rgb[0]).isEqualTo(rgb[1]).isEqualTo(rgb[2]);
  }

  @Test
  void whatIsTransparentIsBlack() throws IOException {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00FFFFFF);
    assertThat(written(image).rgb(1, 1)).containsOnly(0);
  }

  /** Resizing an image of one colour changes nothing but its size. */
  @ParameterizedTest
  @CsvSource({"1, 1", "3, 50", "32, 32", "33, 31", "300, 200"})
  void oneColourStaysThatColour(int width, int height) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, 0x102030);
      }
    }
    byte[] rgb = written(image).rgb(32, 32);
    assertThat(rgb).hasSize(32 * 32 * 3);
    for (int i = 0; i < rgb.length; i += 3) {
      assertThat(new byte[] {rgb[i], rgb[i + 1], rgb[i + 2]}).containsExactly(16, 32, 48);
    }
  }
}
