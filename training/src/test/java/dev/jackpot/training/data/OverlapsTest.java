package dev.jackpot.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class OverlapsTest {
  private static final ImageShape SHAPE = new ImageShape(1, 1, 1);

  @Test
  void theFirstTrainingImageOfThatContentIsNamed() {
    Overlaps overlaps = new Overlaps(Sets.split(SHAPE, 5, 2), new long[] {7, 0, 3, 7, 9});
    overlaps.find(Sets.split(SHAPE, 4, 2), new long[] {0, 7, 8, 3});
    overlaps.find(Sets.split(SHAPE, 1, 2), new long[] {9});
    assertThat(overlaps.found())
        .extracting(DataCheck.Overlap::held, DataCheck.Overlap::train)
        .extracting(Object::toString)
        .containsExactly(
            "(\"image 1 (from 0)\", \"image 0 (from 0)\")",
            "(\"image 3 (from 0)\", \"image 2 (from 0)\")",
            "(\"image 0 (from 0)\", \"image 4 (from 0)\")");
  }

  @Test
  @Timeout(30)
  void aWholeSetTwiceTakesNoSquareOfItsSize() {
    int images = 300_000;
    long[] contents = LongStream.rangeClosed(1, images).toArray();
    Split split = Sets.split(SHAPE, images, 2);
    Overlaps overlaps = new Overlaps(split, contents);
    overlaps.find(split, contents);
    assertThat(overlaps.found()).hasSize(images);
  }
}
