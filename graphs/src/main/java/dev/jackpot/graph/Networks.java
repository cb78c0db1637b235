package dev.jackpot.graph;

import dev.jackpot.config.Registry;
import dev.jackpot.config.proto.CifarResNet;
import dev.jackpot.config.proto.ResNet;

/** All networks by their name in the schema's {@code Network.family}. */
public final class Networks {
  public static final Registry<dev.jackpot.config.proto.Network, Network> REGISTRY =
      new Registry<dev.jackpot.config.proto.Network, Network>("network", NetworkPlugin.class)
          .add("cifar_resnet", CifarResNet.class, CifarResNetwork::new)
          .add("resnet", ResNet.class, ResNetwork::new);

  private Networks() {}
}
