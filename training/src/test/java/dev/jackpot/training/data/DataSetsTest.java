package dev.jackpot.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.Custom;
import dev.jackpot.config.proto.Data;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every data set is held to, tried on one of another jar. */
class DataSetsTest {
  private static Data.Builder tiny(String option, String value) {
    return Data.newBuilder()
        .setCustom(Custom.newBuilder().setName("tiny").putOptions(option, value));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 3, 255})
  void aLabelThatIsNoClassIsRefused(int label) {
    assertThatThrownBy(() -> DataSets.open(tiny("label", "" + label).build()))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "data: tiny: the test split's image 5 (from 0) has label %d; expected 0 to 2"
                .formatted(label));
  }

  @Test
  void onlyImagesWithinTheLimitCount() {
    assertThat(DataSets.open(tiny("label", "3").setLimitTest(5).build()).test().size())
        .isEqualTo(5);
  }

  @Test
  void anEmptySplitIsRefused() {
    assertThatThrownBy(() -> DataSets.open(tiny("train", "0").build()))
        .isInstanceOf(ConfigException.class)
        .hasMessage("data: tiny: the training split has 0 images; expected at least 1");
  }
}
