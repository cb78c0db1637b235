package dev.jackpot.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.proto.CifarResNet;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.NamedNetwork;
import dev.jackpot.config.proto.Network;
import dev.jackpot.config.proto.Network.Origin;
import dev.jackpot.config.proto.ResNet;
import dev.jackpot.config.proto.Stem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NamedNetworksTest {
  private static Experiment load(String network, String... sets) {
    return Configs.text(
        "data { drawn {} } network { %s } stages { train {} epochs: 1 }".formatted(network), sets);
  }

  private static java.util.List<NamedNetwork> all() {
    return NamedNetworks.list();
  }

  @Test
  void namesAreUnique() {
    assertThat(NamedNetworks.names()).doesNotHaveDuplicates().contains("resnet-20", "resnet-50");
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyEntryIsCompleteAndSound(NamedNetwork named) {
    assertThat(named.getName()).matches("[a-z0-9]+(-[a-z0-9]+)*");
    assertThat(named.getTitle()).isNotBlank().doesNotEndWith(".");
    assertThat(named.getImage()).isIn(32, 224);
    assertThat(named.getClasses()).isIn(10, 1000);
    assertThat(NamedNetworks.family(named)).isNotEqualTo("custom");
    Network network = load("name: \"" + named.getName() + "\"").getNetwork();
    assertThat(network.toBuilder().clearName().build()).isEqualTo(named.getNetwork());
  }

  @Test
  void aNameIsSpelledOutUnderWhatTheConfigSays() {
    Network network =
        load("name: \"resnet-50-v2\" origin: KERAS classes: 12 resnet { width: 0.5 }").getNetwork();
    assertThat(network)
        .isEqualTo(
            Network.newBuilder()
                .setName("resnet-50-v2")
                .setOrigin(Origin.KERAS)
                .setClasses(12)
                .setResnet(ResNet.newBuilder().setDepth(50).setPreactivation(true).setWidth(.5))
                .build());
  }

  @Test
  void whatIsSpelledOutReadsBackTheSame() {
    Experiment experiment = load("name: \"resnet-32-wide\"");
    assertThat(Configs.text(ExperimentText.print(experiment))).isEqualTo(experiment);
    assertThat(NamedNetworks.spelledOut(experiment.getNetwork()))
        .isEqualTo(experiment.getNetwork());
  }

  @Test
  void aProgramSpellsOutByItself() {
    assertThat(
            NamedNetworks.spelledOut(Network.newBuilder().setName("resnet-110").build())
                .getCifarResnet())
        .isEqualTo(CifarResNet.newBuilder().setDepth(110).build());
    Network unnamed = Network.newBuilder().setResnet(ResNet.getDefaultInstance()).build();
    assertThat(NamedNetworks.spelledOut(unnamed)).isEqualTo(unnamed);
  }

  @Test
  void overridesComeBeforeTheName() {
    assertThat(load("name: \"resnet-50\"", "network.name=resnet-18").getNetwork().getResnet())
        .isEqualTo(ResNet.newBuilder().setDepth(18).build());
    assertThat(load("name: \"resnet-50\"", "network.stem=CIFAR").getNetwork().getResnet())
        .isEqualTo(ResNet.newBuilder().setDepth(50).setStem(Stem.CIFAR).build());
    assertThat(load("", "network.name=resnet-50", "network.resnet.depth=101").getNetwork())
        .isEqualTo(
            Network.newBuilder()
                .setName("resnet-50")
                .setResnet(ResNet.newBuilder().setDepth(101))
                .build());
    assertThat(load("cifar_resnet {}", "network={ name: 'resnet-18' }").getNetwork().getResnet())
        .isEqualTo(ResNet.newBuilder().setDepth(18).build());
  }

  @Test
  void aNameWithAnotherFamilySaysBoth() {
    assertThatThrownBy(() -> load("name: \"resnet-50\" cifar_resnet { depth: 20 }"))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "c.textproto:1:35: network.name: \"resnet-50\" is a resnet, but cifar_resnet is chosen"
                + " at line 1, column 47; expected one of them");
    assertThatThrownBy(() -> load("name: \"resnet-50\"", "network=vgg"))
        .hasMessageContaining("\"resnet-50\" is a resnet, but vgg is chosen");
    Network program =
        Network.newBuilder()
            .setName("resnet-50")
            .setCifarResnet(CifarResNet.getDefaultInstance())
            .build();
    assertThatThrownBy(() -> NamedNetworks.spelledOut(program))
        .hasMessageContaining("but cifar_resnet is chosen; expected");
  }

  @Test
  void anUnknownNameIsAnsweredWithTheNearest() {
    assertThatThrownBy(() -> load("name: \"resnet-55\""))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "c.textproto:1:35: network.name: found \"resnet-55\", expected a network of the"
                + " catalogue; nearest: resnet-50, resnet-56");
    assertThatThrownBy(() -> load("name: \"resnet-50\"", "network.name=vgg16"))
        .hasMessageContaining("--set network.name=vgg16: network.name: found \"vgg16\"");
  }

  @Test
  void anOptionOfAnotherFamilyIsUnknown() {
    assertThatThrownBy(() -> load("name: \"resnet-50\"", "network.shortcut=B"))
        .hasMessageContaining("unknown field \"shortcut\"");
  }

  @Test
  void aNameThatIsNotSpelledOutIsNoValidNetwork() {
    Experiment experiment = load("name: \"resnet-18\"");
    Experiment.Builder bare = experiment.toBuilder();
    bare.getNetworkBuilder().clearResnet();
    assertThatThrownBy(() -> ExperimentLoader.validate(bare.build()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("network.name: found \"resnet-18\"")
        .hasMessageContaining("NamedNetworks.spelledOut");
  }
}
