package dev.jackpot.graph;

import dev.jackpot.config.proto.WiringFile;
import dev.jackpot.config.proto.WiringFile.Pooling;
import dev.jackpot.graph.wiring.Wiring;
import org.tensorflow.Graph;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Finds the wiring of a network. */
public final class NetworkWiring {
  private NetworkWiring() {}

  /**
   * Finds it by laying the network once in a graph of its own. Ops that a network makes without
   * {@link Layers} are layers of kind UNKNOWN.
   */
  public static Wiring of(Network network, NetworkSpec spec) {
    try (Graph graph = new Graph()) {
      Model<TFloat32> model =
          new Model<>(graph, TFloat32.class, network, spec, p -> KernelForm.DENSE);
      Placeholder<TFloat32> images =
          model.tf().placeholder(TFloat32.class, Placeholder.shape(spec.images(-1)));
      WiringNotes<TFloat32> notes = WiringNotes.of(model.tf(), images);
      Tower<TFloat32> tower = model.layNoting(images, notes);
      int logits = notes.index(tower.logits());
      WiringFile.Builder file = file(network);
      file.addAllLayers(notes.layers());
      if (logits != notes.layers().size() - 1) {
        file.setLogits(logits);
      }
      return Wiring.of(file.build(), network.title());
    }
  }

  private static WiringFile.Builder file(Network network) {
    Conventions conventions = network.conventions();
    return WiringFile.newBuilder()
        .setTitle(network.title())
        .setPadding(conventions.padding())
        .setPooling(
            switch (conventions.pooling()) {
              case SYMMETRIC -> Pooling.POOL_SYMMETRIC;
              case ZEROS -> Pooling.POOL_ZEROS;
              case SAME -> Pooling.POOL_SAME;
            })
        .setEpsilon(conventions.epsilon())
        .setMomentum(conventions.momentum());
  }
}
