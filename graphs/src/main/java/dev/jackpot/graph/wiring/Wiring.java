package dev.jackpot.graph.wiring;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.Names;
import dev.jackpot.config.proto.WiredLayer.Kind;
import dev.jackpot.config.proto.WiringFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network's layers as data: which takes which, of what size and with which options. Every input
 * lies before what takes it, every size is known. Immutable.
 */
public final class Wiring {
  private final WiringFile file;
  private final List<WiredNode> nodes;
  private final List<List<Integer>> readers;

  private Wiring(WiringFile file, List<WiredNode> nodes) {
    this.file = file;
    this.nodes = List.copyOf(nodes);
    List<List<Integer>> found = new ArrayList<>();
    nodes.forEach(n -> found.add(new ArrayList<>()));
    for (WiredNode node : nodes) {
      node.inputs().stream().distinct().forEach(i -> found.get(i).add(node.index()));
    }
    readers = found.stream().map(Collections::unmodifiableList).toList();
  }

  /**
   * Checks layers and works out their sizes.
   *
   * @param source of the layers, for messages
   * @throws ConfigException naming the first layer that cannot be: an input that is not before it,
   *     a size or an option out of range, a name that two layers have
   */
  public static Wiring of(WiringFile file, String source) {
    return new Wiring(file, new WiringCheck(source).nodes(file));
  }

  /** The layers as they are stored. */
  public WiringFile file() {
    return file;
  }

  /** All layers, in the order they are laid. */
  public List<WiredNode> nodes() {
    return nodes;
  }

  public WiredNode node(int index) {
    return nodes.get(index);
  }

  /** The images, which come first. */
  public WiredNode images() {
    return nodes.get(0);
  }

  /** The layer whose output are the logits. */
  public WiredNode logits() {
    return nodes.get(file.hasLogits() ? file.getLogits() : nodes.size() - 1);
  }

  /** Indices of the layers that take this one. */
  public List<Integer> readers(int index) {
    return readers.get(index);
  }

  /** The layers that have kernels, by the names of these. */
  public Map<String, WiredNode> kernels() {
    Map<String, WiredNode> kernels = new LinkedHashMap<>();
    nodes.forEach(n -> n.kernels().forEach(k -> kernels.put(k, n)));
    return kernels;
  }

  /**
   * The layer of that name.
   *
   * @param kinds which kinds of layers are meant
   * @throws ConfigException with the nearest names if there is none
   */
  public WiredNode named(String name, List<Kind> kinds) {
    List<WiredNode> candidates = nodes.stream().filter(n -> kinds.contains(n.kind())).toList();
    return candidates.stream()
        .filter(n -> n.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigException(
                    "the network has no layer \"%s\" of kind %s%s"
                        .formatted(
                            name,
                            kinds,
                            Names.hint(name, candidates.stream().map(WiredNode::name).toList()))));
  }

  /**
   * Refuses a network with ops that are no layers.
   *
   * @param what cannot be done with it: "compaction"
   * @param instead what to do about it; may be empty
   * @throws JackpotException saying which ops
   */
  public Wiring requireKnown(String what, String instead) {
    List<String> unknown =
        nodes.stream()
            .filter(n -> n.kind() == Kind.UNKNOWN)
            .map(n -> n.layer().getNote())
            .distinct()
            .toList();
    if (!unknown.isEmpty()) {
      throw new JackpotException(
          "%s: this network has %s, which %s does not know%s"
              .formatted(
                  file.getTitle(),
                  String.join(", ", unknown),
                  what,
                  instead.isEmpty() ? "" : "; " + instead));
    }
    return this;
  }
}
