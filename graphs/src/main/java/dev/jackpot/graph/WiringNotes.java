package dev.jackpot.graph;

import dev.jackpot.config.proto.WiredLayer;
import dev.jackpot.config.proto.WiredLayer.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Notes layers as {@link Layers} lays them: kind, options, and the layers whose outputs they take.
 * An operand that no layer gave becomes a layer of kind UNKNOWN that says which op made it.
 *
 * @param <T> element type
 */
final class WiringNotes<T extends TFloating> {
  private final Ops tf;
  private final List<WiredLayer> layers = new ArrayList<>();
  private final Map<Output<?>, Integer> indices = new HashMap<>();

  private WiringNotes(Ops tf) {
    this.tf = tf;
  }

  /** Notes nothing. */
  static <T extends TFloating> WiringNotes<T> none() {
    return new WiringNotes<>(null);
  }

  /** Notes layers that begin with these images, [batch, height, width, channels]. */
  static <T extends TFloating> WiringNotes<T> of(Ops tf, Operand<T> images) {
    WiringNotes<T> notes = new WiringNotes<>(tf);
    notes.add(sized(Kind.IMAGES, images.shape()).build(), images);
    return notes;
  }

  /** The same for a layer without options. */
  @SafeVarargs
  final Operand<T> noted(Kind kind, Operand<T> y, Operand<T>... inputs) {
    return noted(kind, l -> l, y, inputs);
  }

  /**
   * Notes a layer.
   *
   * @param options of the layer
   * @param y its output
   * @param inputs in their order
   * @return its output; while notes are taken an operand of its own, even if it is an input as it
   *     came
   */
  @SafeVarargs
  final Operand<T> noted(
      Kind kind, UnaryOperator<WiredLayer.Builder> options, Operand<T> y, Operand<T>... inputs) {
    if (tf == null) {
      return y;
    }
    WiredLayer.Builder layer = WiredLayer.newBuilder().setKind(kind);
    for (Operand<T> input : inputs) {
      layer.addInputs(index(input));
    }
    Operand<T> own = indices.containsKey(y.asOutput()) ? tf.identity(y) : y;
    add(options.apply(layer).build(), own);
    return own;
  }

  private void add(WiredLayer layer, Operand<T> y) {
    indices.put(y.asOutput(), layers.size());
    layers.add(layer);
  }

  /** Index of the layer that gave {@code x}; of a new, unknown one if none did. */
  int index(Operand<T> x) {
    Integer known = indices.get(x.asOutput());
    if (known == null) {
      String after = lastName();
      add(
          sized(Kind.UNKNOWN, x.shape())
              .setNote("%s after %s".formatted(x.op().type(), after))
              .build(),
          x);
      return layers.size() - 1;
    }
    return known;
  }

  private String lastName() {
    for (int i = layers.size() - 1; i >= 0; i--) {
      if (!layers.get(i).getName().isEmpty()) {
        return layers.get(i).getName();
      }
    }
    return "the images";
  }

  private static WiredLayer.Builder sized(Kind kind, Shape shape) {
    boolean image = shape.numDimensions() == 4;
    return WiredLayer.newBuilder()
        .setKind(kind)
        .setHeight(image ? (int) Math.max(1, shape.get(1)) : 1)
        .setWidth(image ? (int) Math.max(1, shape.get(2)) : 1)
        .setFilters((int) Math.max(1, shape.get(shape.numDimensions() - 1)));
  }

  List<WiredLayer> layers() {
    return layers;
  }
}
