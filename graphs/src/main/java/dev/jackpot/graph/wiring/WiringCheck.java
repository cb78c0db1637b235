package dev.jackpot.graph.wiring;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.WiredLayer;
import dev.jackpot.config.proto.WiredLayer.Kind;
import dev.jackpot.config.proto.WiringFile;
import dev.jackpot.config.proto.WiringFile.Pooling;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks the layers of a wiring one by one and works out the sizes of their outputs. */
final class WiringCheck {
  static final int VERSION = 1;
  private static final int MOST_LAYERS = 100_000;
  private static final int MOST_CHANNELS = 1 << 20;
  private static final int LARGEST_IMAGE = 1 << 14;
  private static final int LARGEST_WINDOW = 1023;

  /** In all layers together. */
  private static final long MOST_WEIGHTS = 1L << 30;

  /** Of one image behind one layer. */
  private static final long MOST_VALUES = 1L << 30;

  private static final Set<Kind> NAMED =
      Set.of(
          Kind.CONVOLUTION,
          Kind.DEPTHWISE,
          Kind.BIAS,
          Kind.BATCH_NORM,
          Kind.SQUEEZE_EXCITE,
          Kind.DENSE,
          Kind.CLASSIFIER);

  private final String source;
  private final List<WiredNode> nodes = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private Pooling pooling;
  private int index;
  private long weights;
  private WiredLayer layer;

  WiringCheck(String source) {
    this.source = source;
  }

  List<WiredNode> nodes(WiringFile file) {
    pooling = file.getPooling();
    top(file.getVersion() == VERSION, "version", VERSION, file.getVersion());
    top(file.getEpsilon() > 0, "epsilon", "a number above 0", file.getEpsilon());
    double momentum = file.getMomentum();
    top(momentum >= 0 && momentum < 1, "momentum", "a number in [0, 1)", momentum);
    int count = file.getLayersCount();
    top(count >= 2 && count <= MOST_LAYERS, "layers", "from 2 to " + MOST_LAYERS, count);
    top(
        !file.hasLogits() || file.getLogits() >= 1 && file.getLogits() < count,
        "logits",
        "the index of a layer, 1 to " + (count - 1),
        file.getLogits());
    for (index = 0; index < count; index++) {
      layer = file.getLayers(index);
      nodes.add(node());
    }
    return nodes;
  }

  private void top(boolean holds, String field, Object expected, Object found) {
    if (!holds) {
      throw new ConfigException(
          "%s: %s: expected %s, found %s".formatted(source, field, expected, found));
    }
  }

  private void require(boolean holds, String field, String expected, Object found) {
    if (!holds) {
      throw new ConfigException(
          "%s: %s.%s: expected %s, found %s"
              .formatted(source, WiredNode.place(index, layer), field, expected, found));
    }
  }

  private void range(String field, long value, long least, long most) {
    require(value >= least && value <= most, field, "from %d to %d".formatted(least, most), value);
  }

  private WiredNode node() {
    Kind kind = layer.getKind();
    require(kind != Kind.NONE, "kind", "a kind of layer", kind);
    require((kind == Kind.IMAGES) == (index == 0), "kind", "IMAGES first, and only there", kind);
    int inputs =
        switch (kind) {
          case IMAGES, UNKNOWN -> 0;
          case ADD, SKIP -> 2;
          default -> 1;
        };
    require(layer.getInputsCount() == inputs, "inputs", inputs + "", layer.getInputsCount());
    for (int input : layer.getInputsList()) {
      require(input >= 0 && input < index, "inputs", "layers before it", input);
    }
    if (NAMED.contains(kind) || kind == Kind.SKIP) {
      require(
          layer.getName().matches("[A-Za-z0-9.][A-Za-z0-9._/-]{0,199}"),
          "name",
          "letters, digits and ._/-, the first a letter, a digit or a dot",
          "\"" + layer.getName() + "\"");
    }
    if (NAMED.contains(kind)) {
      // a bias may stand beside the layer it is named after
      for (String parameter : parameters(layer)) {
        require(
            names.add(layer.getName() + parameter),
            "name",
            "another for each layer",
            "\"%s\", whose parameter %s%s there is already"
                .formatted(layer.getName(), layer.getName(), parameter));
      }
    }
    WiredNode node = sized();
    range("channels", node.channels(), 1, MOST_CHANNELS * 16L);
    values((long) node.height() * node.width() * node.channels());
    return node;
  }

  /** What follows a layer's name in the names of its parameters. */
  private static List<String> parameters(WiredLayer layer) {
    return switch (layer.getKind()) {
      case CONVOLUTION, DEPTHWISE ->
          layer.getBias() ? List.of("/kernel", "/bias") : List.of("/kernel");
      case DENSE, CLASSIFIER -> List.of("/kernel", "/bias");
      case BIAS -> List.of("/bias");
      case BATCH_NORM -> List.of("/gamma", "/beta", "/moving_mean", "/moving_variance");
      case SQUEEZE_EXCITE ->
          List.of("/reduce/kernel", "/reduce/bias", "/expand/kernel", "/expand/bias");
      default -> List.of();
    };
  }

  private void values(long count) {
    require(count <= MOST_VALUES, "inputs", "at most %d values".formatted(MOST_VALUES), count);
  }

  private WiredNode sized() {
    WiredNode x = layer.getInputsCount() == 0 ? null : nodes.get(layer.getInputs(0));
    return switch (layer.getKind()) {
      case IMAGES, UNKNOWN -> given();
      case CONVOLUTION -> convolution(x);
      case DEPTHWISE -> depthwise(x);
      case BIAS, BATCH_NORM, RELU, RELU6, HARD_SIGMOID, HARD_SWISH -> like(x);
      case DROPOUT -> dropout(x);
      case ADD -> added(x, nodes.get(layer.getInputs(1)));
      case SKIP -> skip(x, nodes.get(layer.getInputs(1)));
      case SQUEEZE_EXCITE -> squeezed(x);
      case MAX_POOL -> maxPool(x);
      case GLOBAL_AVERAGE -> of(1, 1, x.channels());
      case ADAPTIVE_AVERAGE -> adaptive(x);
      case SUBSAMPLE -> strided(x, x.channels());
      case PAD_CHANNELS -> padded(x);
      case SCATTER_CHANNELS -> scattered(x);
      case FLATTEN -> of(1, 1, product(x));
      case DENSE, CLASSIFIER -> dense(x);
      case NONE -> throw new IllegalStateException("refused before");
    };
  }

  private WiredNode of(int height, int width, int channels) {
    return new WiredNode(index, layer, height, width, channels);
  }

  private WiredNode like(WiredNode x) {
    return of(x.height(), x.width(), x.channels());
  }

  private WiredNode given() {
    range("height", layer.getHeight(), 1, LARGEST_IMAGE);
    range("width", layer.getWidth(), 1, LARGEST_IMAGE);
    range("filters", layer.getFilters(), 1, MOST_CHANNELS);
    values((long) layer.getHeight() * layer.getWidth() * layer.getFilters());
    return of(layer.getHeight(), layer.getWidth(), layer.getFilters());
  }

  private WiredNode convolution(WiredNode x) {
    range("filters", layer.getFilters(), 1, MOST_CHANNELS);
    window(true);
    weights((long) layer.getSize() * layer.getSize() * x.channels() * layer.getFilters());
    return strided(x, layer.getFilters());
  }

  private WiredNode depthwise(WiredNode x) {
    window(true);
    weights((long) layer.getSize() * layer.getSize() * x.channels());
    return strided(x, x.channels());
  }

  private void window(boolean odd) {
    range("size", layer.getSize(), 1, LARGEST_WINDOW);
    require(!odd || layer.getSize() % 2 == 1, "size", "an odd number", layer.getSize());
  }

  private void weights(long count) {
    weights += count;
    require(
        weights <= MOST_WEIGHTS,
        "filters",
        "at most %d weights in all".formatted(MOST_WEIGHTS),
        weights);
  }

  private WiredNode strided(WiredNode x, int channels) {
    stride(x);
    int stride = layer.getStride();
    return of((x.height() - 1) / stride + 1, (x.width() - 1) / stride + 1, channels);
  }

  private void stride(WiredNode x) {
    range("stride", layer.getStride(), 1, Math.min(x.height(), x.width()));
  }

  private WiredNode maxPool(WiredNode x) {
    window(false);
    stride(x);
    return of(pooled(x.height()), pooled(x.width()), x.channels());
  }

  private int pooled(int length) {
    int around = (layer.getSize() - 1) / 2;
    if (around > 0 && pooling == Pooling.POOL_SAME) {
      return (length - 1) / layer.getStride() + 1;
    }
    int room = length + 2 * around - layer.getSize();
    require(room >= 0, "size", "at most the image's " + length, layer.getSize());
    return room / layer.getStride() + 1;
  }

  private WiredNode dropout(WiredNode x) {
    double rate = layer.getRate();
    require(rate >= 0 && rate < 1, "rate", "a number in [0, 1)", rate);
    return like(x);
  }

  private WiredNode added(WiredNode x, WiredNode y) {
    boolean same =
        x.height() == y.height() && x.width() == y.width() && x.channels() == y.channels();
    require(same, "inputs", "two of one size", size(x) + " and " + size(y));
    return like(x);
  }

  private static String size(WiredNode x) {
    return "%d×%d×%d".formatted(x.height(), x.width(), x.channels());
  }

  private WiredNode skip(WiredNode x, WiredNode y) {
    stride(x);
    boolean fits =
        y.height() == (x.height() - 1) / layer.getStride() + 1
            && y.width() == (x.width() - 1) / layer.getStride() + 1;
    require(fits, "inputs", "a convolution's input and output", size(x) + " and " + size(y));
    return like(y);
  }

  private WiredNode squeezed(WiredNode x) {
    range("filters", layer.getFilters(), 1, MOST_CHANNELS);
    require(layer.getSlope() > 0, "slope", "a number above 0", layer.getSlope());
    weights(2L * layer.getFilters() * x.channels());
    return like(x);
  }

  private WiredNode adaptive(WiredNode x) {
    range("bins", layer.getBins(), 1, LARGEST_WINDOW);
    return of(layer.getBins(), layer.getBins(), x.channels());
  }

  private WiredNode padded(WiredNode x) {
    range("before", layer.getBefore(), 0, MOST_CHANNELS);
    range("after", layer.getAfter(), 0, MOST_CHANNELS);
    long channels = (long) layer.getBefore() + x.channels() + layer.getAfter();
    require(
        channels <= MOST_CHANNELS,
        "after",
        "at most %d channels".formatted(MOST_CHANNELS),
        channels);
    return of(x.height(), x.width(), (int) channels);
  }

  private WiredNode scattered(WiredNode x) {
    range("filters", layer.getFilters(), 1, MOST_CHANNELS);
    int count = layer.getPositionsCount();
    require(count == x.channels(), "positions", "one for each of " + x.channels(), count);
    int before = -1;
    for (int position : layer.getPositionsList()) {
      require(
          position > before && position < layer.getFilters(),
          "positions",
          "growing, below " + layer.getFilters(),
          position);
      before = position;
    }
    return of(x.height(), x.width(), layer.getFilters());
  }

  private int product(WiredNode x) {
    long values = (long) x.height() * x.width() * x.channels();
    require(values <= MOST_CHANNELS * 16L, "inputs", "fewer values", values);
    return (int) values;
  }

  private WiredNode dense(WiredNode x) {
    range("filters", layer.getFilters(), 1, MOST_CHANNELS);
    require(x.height() == 1 && x.width() == 1, "inputs", "a flat layer", size(x));
    weights((long) layer.getFilters() * x.channels());
    return of(1, 1, layer.getFilters());
  }
}
