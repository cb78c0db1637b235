package dev.jackpot.export.compaction;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.Names;
import dev.jackpot.config.proto.WiredLayer.Kind;
import dev.jackpot.graph.wiring.WiredNode;
import dev.jackpot.graph.wiring.Wiring;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The layers whose channels are hidden: they pass layers that treat each channel by itself and then
 * only layers with weights read them.
 */
final class Hidden {
  private static final Set<Kind> PASSING =
      Set.of(
          Kind.DEPTHWISE,
          Kind.BIAS,
          Kind.BATCH_NORM,
          Kind.RELU,
          Kind.RELU6,
          Kind.HARD_SIGMOID,
          Kind.HARD_SWISH,
          Kind.SQUEEZE_EXCITE,
          Kind.MAX_POOL,
          Kind.GLOBAL_AVERAGE,
          Kind.SUBSAMPLE,
          Kind.DROPOUT,
          Kind.SKIP);

  private final Wiring wiring;

  Hidden(Wiring wiring) {
    this.wiring = wiring;
  }

  /**
   * The layers that pass the channels of one on, itself first.
   *
   * @throws ConfigException naming what is in the way and the layers that can be widened
   */
  List<WiredNode> of(String name) {
    WiredNode layer =
        wiring.nodes().stream()
            .filter(n -> isWidenable(n) && n.name().equals(name))
            .findFirst()
            .orElseThrow(() -> refused(name, "there is no such layer"));
    List<WiredNode> passing = new ArrayList<>();
    String reason = follow(layer, passing).orElse("");
    if (!reason.isEmpty()) {
      throw refused(name, reason);
    }
    return passing;
  }

  private static boolean isWidenable(WiredNode node) {
    return node.kind() == Kind.CONVOLUTION || node.kind() == Kind.DENSE;
  }

  private ConfigException refused(String name, String reason) {
    List<String> hidden = names();
    return new ConfigException(
        "--layer %s: %s; layers with hidden channels: %s%s"
            .formatted(name, reason, String.join(", ", hidden), Names.hint(name, hidden)));
  }

  /** The names of all layers whose channels are hidden. */
  List<String> names() {
    return wiring.nodes().stream()
        .filter(n -> isWidenable(n) && follow(n, new ArrayList<>()).isEmpty())
        .map(WiredNode::name)
        .toList();
  }

  /** Collects what passes a layer's channels on; says what is in the way, if anything is. */
  private Optional<String> follow(WiredNode layer, List<WiredNode> passing) {
    Deque<WiredNode> open = new ArrayDeque<>(List.of(layer));
    while (!open.isEmpty()) {
      WiredNode node = open.pop();
      passing.add(node);
      if (node.index() == wiring.logits().index()) {
        return Optional.of("its channels are logits");
      }
      for (int index : wiring.readers(node.index())) {
        WiredNode reader = wiring.node(index);
        boolean beside = reader.kind() == Kind.SKIP && reader.inputs().get(1) != node.index();
        if (reader.mixesChannels() || beside || passing.contains(reader)) {
          continue;
        } else if (!PASSING.contains(reader.kind())) {
          return Optional.of(
              "its channels go into layers[%d] (%s), which joins them to others"
                  .formatted(index, reader.kind()));
        }
        open.push(reader);
      }
    }
    return Optional.empty();
  }
}
