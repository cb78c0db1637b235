package dev.jackpot.pruning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.proto.Prunable;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

class PrunableKernelsTest {
  private static final List<Parameter> PARAMETERS =
      List.of(
          parameter("norm/gamma", Role.GAMMA),
          parameter("stem/kernel", Role.CONVOLUTION_KERNEL),
          parameter("stem/bias", Role.BIAS),
          parameter("depthwise/kernel", Role.DEPTHWISE_KERNEL),
          parameter("gate/kernel", Role.SQUEEZE_EXCITE_KERNEL),
          parameter("hidden/kernel", Role.DENSE_KERNEL),
          parameter("linear/kernel", Role.CLASSIFIER_KERNEL));

  private static Parameter parameter(String name, Role role) {
    return new Parameter(name, role, Shape.of(1));
  }

  private static List<String> names(Prunable.Builder options) {
    return PrunableKernels.of(options.build(), PARAMETERS).stream().map(Parameter::name).toList();
  }

  @Test
  void onlyTheClassifierStaysDenseByDefault() {
    assertThat(names(Prunable.newBuilder()))
        .containsExactly("stem/kernel", "depthwise/kernel", "gate/kernel", "hidden/kernel");
  }

  @Test
  void everySwitchIsForItsOwnKernels() {
    assertThat(names(Prunable.newBuilder().setClassifier(true).setFirst(false)))
        .containsExactly("depthwise/kernel", "gate/kernel", "hidden/kernel", "linear/kernel");
    assertThat(names(Prunable.newBuilder().setDepthwise(false)))
        .containsExactly("stem/kernel", "gate/kernel", "hidden/kernel");
    assertThat(names(Prunable.newBuilder().setSqueezeExcite(false)))
        .containsExactly("stem/kernel", "depthwise/kernel", "hidden/kernel");
  }
}
