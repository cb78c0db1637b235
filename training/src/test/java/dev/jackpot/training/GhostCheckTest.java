package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.graph.NetworkSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A network of a plug-in, which no rule of the schema knows. */
class GhostCheckTest {
  private static final NetworkSpec SPEC = new NetworkSpec(8, 8, 3, 3);

  @Test
  void skipsThatWouldStandNowhereAreRefused() {
    PlainNetwork dense = new PlainNetwork(List.of(5), false);
    Stage.Builder stage = Stage.newBuilder().setName("sparse/round-2").setEpochs(4);
    stage.getGhostsBuilder().getSoftNeuronsBuilder();
    assertThatCode(() -> GhostCheck.check(stage.build(), dense, SPEC)).doesNotThrowAnyException();
    stage.getGhostsBuilder().getSkipsBuilder();
    assertThatThrownBy(() -> GhostCheck.check(stage.build(), dense, SPEC))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "stages.sparse.ghosts.skips: found, expected none: dense layers [5] lays no convolution"
                + " with a place for a skip");
  }

  @Test
  void aSoftNeuronThatIsNotThereIsRefused() {
    Stage.Builder stage = Stage.newBuilder().setName("sparse").setEpochs(4);
    stage.getGhostsBuilder().getSoftNeuronsBuilder().getCustomBuilder().setName("silk");
    assertThatThrownBy(
            () -> GhostCheck.check(stage.build(), new PlainNetwork(List.of(5), false), SPEC))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("soft_neurons: custom name \"silk\" is not on the class path");
  }
}
