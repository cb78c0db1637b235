package dev.jackpot.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.proto.Runtime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.ndarray.Shape;

class InitialValuesTest {
  private static float[] draw(Parameter parameter, long seed) {
    return InitialValues.draw(List.of(parameter), seed, Runtime.getDefaultInstance())
        .get(parameter.name())
        .values();
  }

  private static Parameter parameter(Role role, String shape) {
    long[] sizes = Arrays.stream(shape.split("x")).mapToLong(Long::parseLong).toArray();
    return new Parameter("layer/kernel", role, Shape.of(sizes));
  }

  /**
   * Mean 0 and, of He's, variance 2 / inputs, cut off at two deviations of the normal it is cut
   * from (2 / 0.8796 of its own); of Glorot's, 2 / (inputs + outputs) and a bound of √3 deviations.
   */
  @ParameterizedTest
  @CsvSource({
    "CONVOLUTION_KERNEL, 3x3x64x128, 576, 2.274",
    "CONVOLUTION_KERNEL, 1x1x256x128, 256, 2.274",
    "DEPTHWISE_KERNEL, 5x5x2048x1, 25, 2.274",
    "DENSE_KERNEL, 512x256, 512, 2.274",
    "CLASSIFIER_KERNEL, 64x1000, 1064, 1.732",
    "SQUEEZE_EXCITE_KERNEL, 1x1x400x100, 500, 1.732",
  })
  void kernelsHaveTheVarianceThatKeepsSignals(Role role, String shape, int inputs, double bound) {
    float[] values = draw(parameter(role, shape), 1);
    double sum = 0;
    double squares = 0;
    double largest = 0;
    for (float v : values) {
      sum += v;
      squares += (double) v * v;
      largest = Math.max(largest, Math.abs(v));
    }
    double deviation = Math.sqrt(2. / inputs);
    assertThat(Math.sqrt(squares / values.length)).isCloseTo(deviation, within(deviation * .01));
    assertThat(sum / values.length).isCloseTo(0, within(deviation * .015));
    assertThat(largest).isBetween(deviation * bound * .99, deviation * bound * 1.001);
  }

  @Test
  void normsStartAsTheIdentity() {
    for (Role role : Role.values()) {
      if (!role.isKernel()) {
        float expected = role == Role.GAMMA || role == Role.MOVING_VARIANCE ? 1 : 0;
        assertThat(draw(parameter(role, "3"), 1)).containsOnly(expected);
      }
    }
  }

  @Test
  void eachParameterHasASeedOfItsOwn() {
    Parameter one = new Parameter("a/kernel", Role.DENSE_KERNEL, Shape.of(4, 4));
    Parameter other = new Parameter("b/kernel", Role.DENSE_KERNEL, Shape.of(4, 4));
    Map<String, HostTensor> both =
        InitialValues.draw(List.of(other, one), 3, Runtime.getDefaultInstance());
    assertThat(both.get("a/kernel").values())
        .isEqualTo(draw(one, 3))
        .isNotEqualTo(draw(one, 4))
        .isNotEqualTo(both.get("b/kernel").values());
  }
}
