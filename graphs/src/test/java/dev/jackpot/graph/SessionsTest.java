package dev.jackpot.graph;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.Runtime;
import dev.jackpot.config.proto.Runtime.Device;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Graph;

class SessionsTest {
  private static final String LIBRARY = "org.bytedeco.javacpp.platform.extension";
  private final String before = System.getProperty(LIBRARY);

  @BeforeEach
  void asWithTheCpusLibrary() {
    System.clearProperty(LIBRARY);
  }

  @AfterEach
  void restore() {
    if (before != null) {
      System.setProperty(LIBRARY, before);
    } else {
      System.clearProperty(LIBRARY);
    }
  }

  private static Runtime on(Device device) {
    return Runtime.newBuilder().setDevice(device).build();
  }

  @Test
  void aGpuIsRefusedWhereTheLibraryHasNone() {
    try (Graph graph = new Graph()) {
      assertThatThrownBy(() -> Sessions.open(graph, on(Device.GPU)))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("runtime.device: found GPU")
          .hasMessageContaining("JACKPOT_GPU=1");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Device.class,
      names = {"AUTO", "CPU"})
  void theOthersRunAnywhere(Device device) {
    try (Graph graph = new Graph()) {
      assertThatCode(() -> Sessions.open(graph, on(device)).close()).doesNotThrowAnyException();
    }
  }

  @Test
  void aGpuIsAcceptedWithItsLibrary() {
    System.setProperty(LIBRARY, "-gpu");
    assertThatCode(() -> Sessions.checkDevice(on(Device.GPU))).doesNotThrowAnyException();
  }
}
