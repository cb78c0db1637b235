package dev.jackpot.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.Data.Interpolation;
import dev.jackpot.config.proto.ImageFolder;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageViewTest {
  @TempDir private Path root;

  @ParameterizedTest
  @CsvSource({"40, BILINEAR", "0, BILINEAR", "37, BICUBIC"})
  void isWhatEvaluationShows(int resize, Interpolation interpolation) {
    byte[] file = Pictures.jpeg(75, 100);
    for (String place : new String[] {"train/a/1.jpg", "val/a/1.jpg"}) {
      ImageTrees.write(root, place, file);
    }
    Data config =
        Data.newBuilder()
            .setFolder(ImageFolder.newBuilder().setPath(root.toString()))
            .setImageSize(32)
            .setResize(resize)
            .setInterpolation(interpolation)
            .build();
    byte[] pixels = new byte[32 * 32 * 3];
    DataSets.open(config).test().pixels(0, pixels);
    ImageView.Shown shown = new ImageView(32, 32, resize, interpolation).show("1.jpg", file);
    assertThat(shown.pixels()).isEqualTo(pixels);
    assertThat(shown.stored()).isEqualTo(new ImageShape(75, 100, 3));
  }

  @Test
  void pixelsOfTheSizeAreRgbRowByRow() {
    byte[] png = Pictures.png(3, 3);
    byte[] pixels = new ImageView(3, 3, 3, Interpolation.BILINEAR).show("x", png).pixels();
    assertThat(pixels[0] & 0xFF).isEqualTo(40);
    assertThat(pixels[3] & 0xFF).isEqualTo(40 + 170 / 3);
    assertThat(pixels[2] & 0xFF).isEqualTo(90);
    assertThat(pixels[10] & 0xFF).isEqualTo(40 + 170 / 3);
  }

  /** Resizing an image of one colour changes nothing but its size. */
  @ParameterizedTest
  @CsvSource({"1, 1", "3, 50", "32, 32", "33, 31", "300, 200"})
  void oneColourStaysThatColour(int width, int height) {
    byte[] png =
        Pictures.encode(Pictures.plain(height, width, BufferedImage.TYPE_INT_RGB, 0x102030), "png");
    for (int shownWidth : new int[] {32, 20}) {
      byte[] rgb =
          new ImageView(32, shownWidth, 36, Interpolation.BILINEAR).show("x", png).pixels();
      assertThat(rgb).hasSize(32 * shownWidth * 3);
      for (int i = 0; i < rgb.length; i += 3) {
        assertThat(new byte[] {rgb[i], rgb[i + 1], rgb[i + 2]}).containsExactly(16, 32, 48);
      }
    }
  }

  @Test
  void whatIsNoImageIsNamed() {
    ImageView view = new ImageView(8, 8, 8, Interpolation.BILINEAR);
    assertThatThrownBy(() -> view.show("photo.webp", "RIFF1234WEBP".getBytes()))
        .hasMessage("photo.webp: found WebP; expected a JPEG, PNG, GIF or BMP image");
  }
}
