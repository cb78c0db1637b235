package dev.jackpot.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.ImageFolder;
import dev.jackpot.config.proto.RandomResizedCrop;
import dev.jackpot.config.proto.TinyImageNet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CropTest {
  private static final RandomResizedCrop DEFAULTS = RandomResizedCrop.getDefaultInstance();

  private static void assertWindow(
      Window window, double top, double left, double height, double width) {
    assertThat(window.top()).isCloseTo(top, within(1e-9));
    assertThat(window.left()).isCloseTo(left, within(1e-9));
    assertThat(window.height()).isCloseTo(height, within(1e-9));
    assertThat(window.width()).isCloseTo(width, within(1e-9));
  }

  @Test
  void theCentreOfAPhotograph() {
    // 375×500 → 256×341 (341.33 rounded down); crop from row (256 − 224)/2 = 16, column (341 −
    // 224)/2 = 58.5, rounded to the even 58
    double row = 375.0 / 256;
    double column = 500.0 / 341;
    assertWindow(
        new CentreCrop(256, 224).of(375, 500), 16 * row, 58 * column, 224 * row, 224 * column);
  }

  @Test
  void aPortraitIsTheSameOnItsSide() {
    Window landscape = new CentreCrop(256, 224).of(375, 500);
    Window portrait = new CentreCrop(256, 224).of(500, 375);
    assertWindow(
        portrait, landscape.left(), landscape.top(), landscape.width(), landscape.height());
  }

  @Test
  void aSquareOfTheSizeIsShownAsItIs() {
    assertWindow(new CentreCrop(64, 64).of(64, 64), 0, 0, 64, 64);
  }

  @Test
  void cropOnlyTakesPixelsAsTheyAre() {
    assertWindow(new CentreCrop(0, 224).of(375, 500), 76, 138, 224, 224);
    // 75.5 is rounded to the even 76
    assertWindow(new CentreCrop(0, 224).of(300, 224), 38, 0, 224, 224);
  }

  @Test
  void cropOnlyEnlargesASmallerImage() {
    // 100×200 → 224×448; columns (448 − 224)/2 = 112 on, at 100/224 pixels each
    assertWindow(new CentreCrop(0, 224).of(100, 200), 0, 50, 100, 100);
  }

  @Test
  void whatIsDecodedHoldsTheWindowAndTheFiltersReach() {
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      int height = 1 + random.nextInt(700);
      int width = 1 + random.nextInt(700);
      int size = 1 + random.nextInt(256);
      int resize = random.nextInt(3) == 0 ? 0 : size + random.nextInt(100);
      Window window = new CentreCrop(resize, size).of(height, width);
      Window.Region region = window.region();
      assertThat(region.top() + region.height()).isLessThanOrEqualTo(height);
      assertThat(region.left() + region.width()).isLessThanOrEqualTo(width);
      double reach = 2 * Math.max(1, window.height() / size);
      assertThat(region.top() == 0 || region.top() <= window.top() - reach).isTrue();
      assertThat(
              region.top() + region.height() == height
                  || region.top() + region.height() >= window.top() + window.height() + reach)
          .isTrue();
    }
  }

  @Test
  void theMarginFollowsTheDataSet() {
    Data.Builder folder = Data.newBuilder().setFolder(ImageFolder.getDefaultInstance());
    assertThat(CentreCrop.of(folder.build(), 224)).isEqualTo(new CentreCrop(256, 224));
    assertThat(CentreCrop.of(folder.build(), 160)).isEqualTo(new CentreCrop(183, 160));
    assertThat(CentreCrop.of(folder.setResize(0).build(), 160)).isEqualTo(new CentreCrop(0, 160));
    assertThat(
            CentreCrop.of(
                Data.newBuilder().setTinyImagenet(TinyImageNet.getDefaultInstance()).build(), 64))
        .isEqualTo(new CentreCrop(64, 64));
  }

  @Test
  void randomPartsKeepTheirRangesAndReachThem() {
    Random random = new Random(2);
    double least = 1;
    double most = 0;
    double narrowest = 9;
    double widest = 0;
    for (int i = 0; i < 20_000; i++) {
      Window window = new ResizedCrop(DEFAULTS, false, random.nextLong()).of(375, 500);
      double area = window.height() * window.width() / (375 * 500);
      double ratio = window.width() / window.height();
      assertThat(area).isBetween(0.078, 1.0);
      assertThat(ratio).isBetween(0.74, 1.35);
      assertThat(window)
          .isEqualTo(
              Window.of(
                  (int) window.top(),
                  (int) window.left(),
                  (int) window.height(),
                  (int) window.width()));
      least = Math.min(least, area);
      most = Math.max(most, area);
      narrowest = Math.min(narrowest, ratio);
      widest = Math.max(widest, ratio);
    }
    assertThat(least).isLessThan(0.085);
    assertThat(most).isGreaterThan(0.97);
    assertThat(narrowest).isLessThan(0.76);
    assertThat(widest).isGreaterThan(1.32);
  }

  @Test
  void areaAndPlaceAreUniform() {
    Random random = new Random(3);
    double areas = 0;
    double places = 0;
    int count = 20_000;
    RandomResizedCrop small =
        RandomResizedCrop.newBuilder().setScaleMin(0.1).setScaleMax(0.3).build();
    for (int i = 0; i < count; i++) {
      Window window = new ResizedCrop(small, false, random.nextLong()).of(400, 400);
      areas += window.height() * window.width() / 160_000;
      places += window.top() / (400 - window.height());
    }
    assertThat(areas / count).isCloseTo(0.2, within(0.002));
    assertThat(places / count).isCloseTo(0.5, within(0.01));
  }

  @Test
  void whereNothingFitsTheCentreIsTaken() {
    // 10×1000: a part of ratio 4/3 at most is 13 wide, of less than 0.08 of the area
    assertThat(new ResizedCrop(DEFAULTS, false, 5).of(10, 1000))
        .isEqualTo(Window.of(0, 493, 10, 13));
    assertThat(new ResizedCrop(DEFAULTS, false, 5).of(1000, 9)).isEqualTo(Window.of(494, 0, 12, 9));
  }

  @Test
  void aFlipMirrorsHalfOfTheParts() {
    Random random = new Random(4);
    int mirrored = 0;
    for (int i = 0; i < 10_000; i++) {
      long bits = random.nextLong();
      Window window = new ResizedCrop(DEFAULTS, true, bits).of(50, 60);
      assertThat(window.mirrored(window.mirrored()))
          .isEqualTo(new ResizedCrop(DEFAULTS, false, bits).of(50, 60));
      mirrored += window.mirrored() ? 1 : 0;
    }
    assertThat(mirrored).isBetween(4800, 5200);
  }

  @Test
  void theSmallestImageHasAPart() {
    for (int i = 0; i < 100; i++) {
      assertThat(new ResizedCrop(DEFAULTS, false, i).of(1, 1)).isEqualTo(Window.of(0, 0, 1, 1));
    }
  }
}
