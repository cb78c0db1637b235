package dev.jackpot.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.JackpotException;
import java.util.List;
import org.junit.jupiter.api.Test;

class DataCheckTest {
  /** Two pixels of two channels per image. */
  private static final ImageShape SHAPE = new ImageShape(1, 2, 2);

  private static DataSet set(int[] labels, int... pixels) {
    byte[] bytes = new byte[pixels.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) pixels[i];
    }
    Split train = new ArraySplit(SHAPE, List.of(new ArraySplit.Block(labels, bytes)));
    Split test =
        new ArraySplit(SHAPE, List.of(new ArraySplit.Block(new int[] {2}, new byte[SHAPE.size()])));
    return new MemoryDataSet(
        "four pixels",
        train,
        test,
        List.of("a", "b", "c"),
        new ChannelNormalization(List.of(0.0, 0.0), List.of(1.0, 1.0)));
  }

  @Test
  void countsAndMeasures() {
    // channel 0: 0, 255, 0, 255; channel 1: 51, 51, 153, 153
    DataCheck check = DataCheck.of(set(new int[] {0, 2}, 0, 51, 255, 51, 0, 153, 255, 153));
    assertThat(check.description()).isEqualTo("four pixels");
    assertThat(check.shape()).isEqualTo(SHAPE);
    assertThat(check.fingerprint()).hasSize(64);
    assertThat(check.train().images()).isEqualTo(2);
    assertThat(check.train().perClass()).containsExactly(1, 0, 1);
    assertThat(check.train().mean().get(0)).isCloseTo(0.5, within(1e-12));
    assertThat(check.train().mean().get(1)).isCloseTo(0.4, within(1e-12));
    assertThat(check.train().std().get(0)).isCloseTo(0.5, within(1e-12));
    assertThat(check.train().std().get(1)).isCloseTo(0.2, within(1e-12));
    assertThat(check.test().perClass()).containsExactly(0, 0, 1);
    assertThat(check.test().std()).containsExactly(0.0, 0.0);
  }

  @Test
  void refusesALabelThatIsNoClass() {
    assertThatThrownBy(() -> DataCheck.of(set(new int[] {1, 3}, 0, 0, 0, 0, 0, 0, 0, 0)))
        .isInstanceOf(JackpotException.class)
        .hasMessage("training image 1 (from 0): found label 3; expected 0 to 2");
  }
}
