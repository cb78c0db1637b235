package dev.jackpot.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.proto.CifarResNet;
import dev.jackpot.config.proto.Custom;
import dev.jackpot.config.proto.Network;
import dev.jackpot.config.proto.Search;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RegistryTest {
  /** The service interface; {@link Echo} is declared in META-INF/services of the test resources. */
  public interface TextPlugin extends Plugin<Network, String> {}

  /** Gives back what it was given. */
  public static final class Echo implements TextPlugin {
    @Override
    public String name() {
      return "echo";
    }

    @Override
    public String create(Map<String, String> options, Network holder) {
      return "echo of " + options + " for " + holder.getClasses() + " classes";
    }
  }

  private static Registry<Network, String> registry() {
    return new Registry<Network, String>("network", TextPlugin.class)
        .add("cifar_resnet", CifarResNet.class, (options, holder) -> "depth " + options.getDepth());
  }

  private static Network custom(String name) {
    return Network.newBuilder()
        .setClasses(7)
        .setCustom(Custom.newBuilder().setName(name).putOptions("width", "2"))
        .build();
  }

  @Test
  void makesWhatIsChosenFromItsOptions() {
    Network network =
        Network.newBuilder().setCifarResnet(CifarResNet.newBuilder().setDepth(32)).build();
    assertThat(registry().create(network)).isEqualTo("depth 32");
  }

  @Test
  void findsAPluginByItsNameAndHandsItOptionsAndHolder() {
    assertThat(registry().names()).containsExactly("cifar_resnet", "echo");
    assertThat(registry().create(custom("echo"))).isEqualTo("echo of {width=2} for 7 classes");
  }

  @Test
  void aPluginThatIsNotThereIsAnsweredWithTheNearest() {
    assertThatThrownBy(() -> registry().create(custom("ecco")))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "network: custom name \"ecco\" is not on the class path; nearest: echo (a jar offers it as a service of "
                + TextPlugin.class.getName()
                + ")");
  }

  @Test
  void nothingChosenIsAnErrorOrTheDefault() {
    assertThatThrownBy(() -> registry().create(Network.getDefaultInstance()))
        .isInstanceOf(ConfigException.class)
        .hasMessage("network: none is chosen; expected one of cifar_resnet, echo");
    assertThat(registry().orElse("cifar_resnet").create(Network.getDefaultInstance()))
        .isEqualTo("depth 20");
  }

  @Test
  void mistakesOfAProgrammerAreNotConfigErrors() {
    Registry<Network, String> empty = new Registry<>("network", TextPlugin.class);
    Network network = Network.newBuilder().setCifarResnet(CifarResNet.getDefaultInstance()).build();
    assertThatThrownBy(() -> empty.create(network))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cifar_resnet");
    Registry<Search, String> noChoice = new Registry<>("search", SearchPlugin.class);
    assertThatThrownBy(() -> noChoice.create(Search.getDefaultInstance()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Search has no oneof");
  }

  /** A service nobody offers. */
  public interface SearchPlugin extends Plugin<Search, String> {}
}
