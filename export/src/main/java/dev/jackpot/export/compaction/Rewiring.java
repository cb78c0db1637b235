package dev.jackpot.export.compaction;

import dev.jackpot.config.proto.WiredLayer;
import dev.jackpot.config.proto.WiringFile;
import dev.jackpot.graph.wiring.WiredNode;
import dev.jackpot.graph.wiring.Wiring;
import java.util.HashMap;
import java.util.Map;

/** Writes a wiring anew, layer by layer: some left out, some changed, some added. */
final class Rewiring {
  private final Wiring old;
  private final WiringFile.Builder file;
  private final Map<Integer, Integer> indices = new HashMap<>();

  Rewiring(Wiring old) {
    this.old = old;
    file = old.file().toBuilder().clearLayers().clearLogits();
  }

  /** Adds a layer that stands for an old one; its inputs are those of the old one, renumbered. */
  int put(WiredNode node, WiredLayer.Builder layer) {
    layer.clearInputs();
    node.inputs().forEach(i -> layer.addInputs(at(i)));
    return put(node.index(), layer);
  }

  /** Adds a layer whose inputs are new indices, and which stands for an old one. */
  int put(int node, WiredLayer.Builder layer) {
    file.addLayers(layer);
    int index = file.getLayersCount() - 1;
    indices.put(node, index);
    return index;
  }

  /** Leaves a layer out: whoever took it takes a layer that is there. */
  void leaveOut(WiredNode node, int instead) {
    indices.put(node.index(), instead);
  }

  /** New index of what stands for an old layer. */
  int at(int node) {
    Integer index = indices.get(node);
    if (index == null) {
      throw new IllegalStateException(old.node(node).place() + " is taken but was left out");
    }
    return index;
  }

  WiredLayer layer(int index) {
    return file.getLayers(index);
  }

  void replace(int index, WiredLayer layer) {
    file.setLayers(index, layer);
  }

  Wiring wiring() {
    int logits = at(old.logits().index());
    if (logits != file.getLayersCount() - 1) {
      file.setLogits(logits);
    }
    return Wiring.of(file.build(), file.getTitle());
  }
}
