package dev.jackpot.graph;

import dev.jackpot.config.Registry;
import dev.jackpot.config.proto.CifarResNet;

/** All networks by their name in the schema's {@code Network.family}. */
public final class Networks {
  public static final Registry<dev.jackpot.config.proto.Network, Network> REGISTRY =
      new Registry<dev.jackpot.config.proto.Network, Network>("network", NetworkPlugin.class)
          .add("cifar_resnet", CifarResNet.class, CifarResNetwork::new);

  private Networks() {}
}
