package dev.jackpot.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
  private static final int RED = 0xC02040;

  private static byte[] decode(byte[] bytes) {
    EncodedImage image = new EncodedImage("a/b", bytes);
    ImageShape shape = image.shape();
    return ImageDecoder.shared()
        .decode(image, new Window.Region(0, 0, shape.height(), shape.width()));
  }

  private static int pixel(byte[] pixels, int index) {
    return (pixels[3 * index] & 0xFF) << 16
        | (pixels[3 * index + 1] & 0xFF) << 8
        | pixels[3 * index + 2] & 0xFF;
  }

  private static void assertPlain(byte[] pixels, int rgb, int tolerance) {
    for (int i = 0; i < pixels.length; i++) {
      assertThat(pixels[i] & 0xFF)
          .as("value %d", i)
          .isBetween(
              (rgb >> 16 - 8 * (i % 3) & 0xFF) - tolerance,
              (rgb >> 16 - 8 * (i % 3) & 0xFF) + tolerance);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp"})
  void losslessFormatsGiveTheSamePixels(String format) {
    byte[] pixels =
        decode(Pictures.encode(Pictures.gradient(5, 7, BufferedImage.TYPE_INT_RGB), format));
    for (int i = 0; i < 35; i++) {
      assertThat(pixel(pixels, i)).isEqualTo(Pictures.colour(i / 7, i % 7, 5, 7));
    }
  }

  @Test
  void aRegionIsTheWholeImagesPart() {
    byte[] png = Pictures.png(9, 11);
    byte[] whole = decode(png);
    byte[] part =
        ImageDecoder.shared().decode(new EncodedImage("x", png), new Window.Region(2, 3, 4, 5));
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 5; x++) {
        assertThat(pixel(part, y * 5 + x)).isEqualTo(pixel(whole, (y + 2) * 11 + x + 3));
      }
    }
  }

  @Test
  void aRegionOfAJpegIsTheWholeImagesPart() {
    byte[] jpeg = Pictures.jpeg(60, 90);
    byte[] whole = decode(jpeg);
    Window.Region region = new Window.Region(13, 21, 30, 40);
    byte[] part = ImageDecoder.shared().decode(new EncodedImage("x", jpeg), region);
    for (int y = 0; y < 30; y++) {
      for (int x = 0; x < 40 * 3; x++) {
        // chroma is interpolated a little differently at the region's edges
        assertThat((part[y * 120 + x] & 0xFF) - (whole[((y + 13) * 90 + 21) * 3 + x] & 0xFF))
            .isBetween(-3, 3);
      }
    }
  }

  @Test
  void greyBecomesThreeEqualChannels() {
    for (String format : new String[] {"png", "jpg"}) {
      byte[] pixels =
          decode(
              Pictures.encode(
                  Pictures.plain(8, 8, BufferedImage.TYPE_BYTE_GRAY, 0xFF808080), format));
      assertThat(pixels).hasSize(8 * 8 * 3);
      int grey = pixels[0] & 0xFF;
      assertPlain(pixels, grey << 16 | grey << 8 | grey, 0);
    }
  }

  @Test
  void alphaIsDropped() {
    byte[] pixels =
        decode(
            Pictures.encode(
                Pictures.plain(4, 4, BufferedImage.TYPE_INT_ARGB, 0x80000000 | RED), "png"));
    assertPlain(pixels, RED, 0);
  }

  @Test
  void sixteenBitsBecomeTheHighEight() {
    assertPlain(decode(Pictures.deepPng()), 0xAB4001, 1);
  }

  @Test
  void anAnimationGivesItsFirstFrame() {
    byte[] pixels = decode(Pictures.animatedGif(RED, 0x00FF00));
    assertThat(pixels).hasSize(6 * 9 * 3);
    assertPlain(pixels, RED, 0);
  }

  @Test
  void cmykBecomesRgb() {
    byte[] pixels = decode(Pictures.cmykJpeg());
    assertThat(pixels).hasSize(16 * 16 * 3);
    int left = pixel(pixels, 8 * 16 + 3);
    int right = pixel(pixels, 8 * 16 + 12);
    assertPlain(bytes(left), 0x00FFFF, 6);
    assertPlain(bytes(right), 0xFF00FF, 6);
  }

  private static byte[] bytes(int rgb) {
    return new byte[] {(byte) (rgb >> 16), (byte) (rgb >> 8), (byte) rgb};
  }

  @Test
  void aPaletteIsLookedUp() {
    assertPlain(decode(Pictures.paletteBmp(RED)), RED, 0);
  }

  @Test
  void anEmptyFileIsNamed() {
    assertThatThrownBy(() -> decode(new byte[0]))
        .isInstanceOf(CorruptImageException.class)
        .hasMessage("a/b: the file is empty (0 bytes); expected a JPEG, PNG, GIF or BMP image");
  }

  @ParameterizedTest
  @CsvSource({
    "RIFF1234WEBPVP8 , found WebP",
    "1234ftypheic1234, found HEIC",
    "1234ftypavif1234, found AVIF",
    "<svg xmlns=http>, found SVG",
    "<!DOCTYPE html> , found HTML",
    "P6 3 3 255 12345, found Netpbm (PPM)",
    "abcdefghijklmnop, found an unknown format (bytes 61 62 63 64… at 0)",
  })
  void otherKindsAreNamed(String start, String found) {
    assertThatThrownBy(() -> decode(start.getBytes(StandardCharsets.ISO_8859_1)))
        .isInstanceOf(CorruptImageException.class)
        .hasMessage("a/b: %s; expected a JPEG, PNG, GIF or BMP image".formatted(found));
  }

  @Test
  void tiffIsNamed() {
    byte[] tiff = Pictures.encode(Pictures.gradient(4, 4, BufferedImage.TYPE_INT_RGB), "tiff");
    assertThatThrownBy(() -> decode(tiff)).hasMessageStartingWith("a/b: found TIFF; expected");
  }

  @Test
  void aTruncatedFileNamesItsEnd() {
    byte[] jpeg = Pictures.jpeg(64, 64);
    assertThatThrownBy(() -> decode(Arrays.copyOf(jpeg, jpeg.length / 2)))
        .isInstanceOf(CorruptImageException.class)
        .hasMessage(
            "a/b: damaged JPEG image: the file ends at byte %d, before the end of the image (truncated?)"
                .formatted(jpeg.length / 2));
    byte[] png = Pictures.png(64, 64);
    assertThatThrownBy(() -> decode(Arrays.copyOf(png, png.length - 20)))
        .isInstanceOf(CorruptImageException.class)
        .hasMessageContaining("a/b: damaged PNG image: the chunk at byte ")
        .hasMessageContaining("reaches beyond the file's end at %d".formatted(png.length - 20));
  }

  @Test
  void aHeaderThatEndsTooEarlyNamesItsEnd() {
    assertThatThrownBy(() -> decode(Arrays.copyOf(Pictures.jpeg(64, 64), 12)))
        .isInstanceOf(CorruptImageException.class)
        .hasMessage("a/b: damaged JPEG image: the file ends inside its header, at byte 12");
    assertThatThrownBy(() -> decode(Arrays.copyOf(Pictures.png(8, 8), 18)))
        .hasMessage("a/b: damaged PNG image: the file ends inside its header, at byte 18");
  }

  @Test
  void aChangedByteOfAPngIsFound() {
    byte[] png = Pictures.png(64, 64);
    png[png.length / 2] ^= 0x55;
    assertThatThrownBy(() -> decode(png))
        .isInstanceOf(CorruptImageException.class)
        .hasMessageMatching("a/b: damaged PNG image: the chunk at byte \\d+ has a wrong checksum");
  }

  @Test
  void aHugeImageIsRefusedBeforeItIsDecoded() {
    byte[] png = Pictures.png(8, 8);
    png[16] = 0x01; // width 0x01FFFF08
    png[17] = (byte) 0xFF;
    png[18] = (byte) 0xFF;
    assertThatThrownBy(() -> decode(png))
        .hasMessage(
            "a/b: the image is too large: 33554184×8 = 268433472 pixels; expected at most 134217728");
  }

  @Test
  void anySuffixCutOffOrByteChangedEndsInPixelsOrAnExplanation() {
    byte[][] files = {
      Pictures.jpeg(20, 20),
      Pictures.png(20, 20),
      Pictures.animatedGif(1, 2),
      Pictures.encode(Pictures.gradient(6, 6, BufferedImage.TYPE_INT_RGB), "bmp")
    };
    java.util.Random random = new java.util.Random(5);
    for (byte[] file : files) {
      for (int trial = 0; trial < 150; trial++) {
        byte[] damaged =
            trial % 2 == 0 ? Arrays.copyOf(file, random.nextInt(file.length)) : file.clone();
        if (trial % 2 == 1) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        try {
          decode(damaged);
        } catch (CorruptImageException e) {
          assertThat(e).hasMessageStartingWith("a/b: ");
        }
      }
    }
  }
}
