package dev.jackpot.graph;

import dev.jackpot.config.Registry;
import dev.jackpot.config.proto.CifarResNet;
import dev.jackpot.config.proto.MobileNetV1;
import dev.jackpot.config.proto.MobileNetV2;
import dev.jackpot.config.proto.MobileNetV3;
import dev.jackpot.config.proto.ResNet;
import dev.jackpot.config.proto.Vgg;
import dev.jackpot.config.proto.Wired;

/** All networks by their name in the schema's {@code Network.family}. */
public final class Networks {
  public static final Registry<dev.jackpot.config.proto.Network, Network> REGISTRY =
      new Registry<dev.jackpot.config.proto.Network, Network>("network", NetworkPlugin.class)
          .add("cifar_resnet", CifarResNet.class, CifarResNetwork::new)
          .add("resnet", ResNet.class, ResNetwork::new)
          .add("vgg", Vgg.class, VggNetwork::new)
          .add("mobilenet_v1", MobileNetV1.class, MobileNetV1Network::new)
          .add("mobilenet_v2", MobileNetV2.class, MobileNetV2Network::new)
          .add("mobilenet_v3", MobileNetV3.class, MobileNetV3Network::new)
          .add("wired", Wired.class, WiredNetwork::new);

  private Networks() {}
}
