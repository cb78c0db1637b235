package dev.jackpot.graph;

import static dev.jackpot.graph.Activation.HARD_SWISH;
import static dev.jackpot.graph.Activation.RELU;

import dev.jackpot.config.proto.MobileNetV3;
import dev.jackpot.config.proto.MobileNetV3.Size;
import dev.jackpot.config.proto.Network.Origin;
import dev.jackpot.config.proto.Stem;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * MobileNetV3-Large and Small (Howard et al. 2019, tables 1 and 2). The last 1×1 convolution stands
 * after the pooling and is a dense layer here, as in torchvision. The CIFAR stem leaves the first
 * convolution and the first strided block unstrided: 32 pixels end as 4×4.
 *
 * <p>Under a width multiplier torchvision scales every number of the tables; Keras and TF-Slim
 * scale the blocks' outputs, expand by the tables' ratios and never make the hidden layer narrower.
 *
 * <p>Names: {@code conv1}, {@code bn1}, {@code block0} … {@code block14} (Small: {@code block10};
 * see {@link InvertedResidual}), {@code conv2}, {@code bn2}, {@code hidden}, {@code linear}.
 */
final class MobileNetV3Network implements Network {
  private static final int FIRST = 16;
  private static final int LAST_EXPANSION = 6;
  private static final int SQUEEZE = 4;

  /** What TF-Slim writes for 1/6 in squeeze-excite (and there only). */
  private static final double SLIM_SLOPE = .16667;

  /** A row of the paper's tables, at width 1. */
  private record Row(
      int size,
      int expanded,
      int filters,
      boolean squeezeExcite,
      Activation activation,
      int stride) {}

  private static final List<Row> LARGE =
      List.of(
          new Row(3, 16, 16, false, RELU, 1),
          new Row(3, 64, 24, false, RELU, 2),
          new Row(3, 72, 24, false, RELU, 1),
          new Row(5, 72, 40, true, RELU, 2),
          new Row(5, 120, 40, true, RELU, 1),
          new Row(5, 120, 40, true, RELU, 1),
          new Row(3, 240, 80, false, HARD_SWISH, 2),
          new Row(3, 200, 80, false, HARD_SWISH, 1),
          new Row(3, 184, 80, false, HARD_SWISH, 1),
          new Row(3, 184, 80, false, HARD_SWISH, 1),
          new Row(3, 480, 112, true, HARD_SWISH, 1),
          new Row(3, 672, 112, true, HARD_SWISH, 1),
          new Row(5, 672, 160, true, HARD_SWISH, 2),
          new Row(5, 960, 160, true, HARD_SWISH, 1),
          new Row(5, 960, 160, true, HARD_SWISH, 1));

  private static final List<Row> SMALL =
      List.of(
          new Row(3, 16, 16, true, RELU, 2),
          new Row(3, 72, 24, false, RELU, 2),
          new Row(3, 88, 24, false, RELU, 1),
          new Row(5, 96, 40, true, HARD_SWISH, 2),
          new Row(5, 240, 40, true, HARD_SWISH, 1),
          new Row(5, 240, 40, true, HARD_SWISH, 1),
          new Row(5, 120, 48, true, HARD_SWISH, 1),
          new Row(5, 144, 48, true, HARD_SWISH, 1),
          new Row(5, 288, 96, true, HARD_SWISH, 2),
          new Row(5, 576, 96, true, HARD_SWISH, 1),
          new Row(5, 576, 96, true, HARD_SWISH, 1));

  private final MobileNetV3 options;
  private final Origin origin;
  private final Conventions conventions;
  private final List<Row> rows;
  private final int hidden;

  MobileNetV3Network(MobileNetV3 options, dev.jackpot.config.proto.Network config) {
    this.options = options;
    origin = config.getOrigin();
    conventions =
        MobileNets.conventions("MobileNetV3", origin).withEpsilon(1e-3).overruledBy(config);
    rows = options.getSize() == Size.LARGE ? LARGE : SMALL;
    hidden = options.getSize() == Size.LARGE ? 1280 : 1024;
  }

  @Override
  public <T extends TFloating> Operand<T> lay(Layers<T> layers, Operand<T> images, int classes) {
    boolean cifar = options.getStem() == Stem.CIFAR;
    int first = origin == Origin.KERAS ? FIRST : scaled(FIRST);
    Operand<T> x = layers.convolution("conv1", images, first, 3, cifar ? 1 : 2);
    x = HARD_SWISH.normed(layers, "bn1", x);
    boolean keep = cifar;
    int tableInput = FIRST;
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      int stride = keep ? 1 : row.stride();
      keep &= row.stride() == 1;
      int expanded = expanded(row, tableInput, Math.toIntExact(x.shape().get(3)));
      x = block(row, stride, expanded).lay(layers, "block" + i, x);
      tableInput = row.filters();
    }
    x = layers.convolution("conv2", x, last(x.shape().get(3)), 1, 1);
    x = HARD_SWISH.normed(layers, "bn2", x);
    x = layers.hardSwish(layers.dense("hidden", layers.globalAverage(x), hidden()));
    return layers.classifier("linear", layers.dropout(x, options.getDropout()), classes);
  }

  private InvertedResidual block(Row row, int stride, int expanded) {
    return new InvertedResidual(
        row.size(),
        stride,
        expanded,
        scaled(row.filters()),
        row.squeezeExcite() ? Filters.divisible(expanded / SQUEEZE) : 0,
        origin == Origin.TF_SLIM ? SLIM_SLOPE : Layers.HARD_SIGMOID_SLOPE,
        row.activation());
  }

  private int scaled(int filters) {
    return Filters.divisible(filters * options.getWidth());
  }

  /** Channels of a block's depthwise convolution. */
  private int expanded(Row row, int tableInput, int input) {
    return origin == Origin.PYTORCH
        ? scaled(row.expanded())
        : Filters.divisible((double) input * row.expanded() / tableInput);
  }

  /** Filters of the last convolution. */
  private int last(long input) {
    int filters = rows.get(rows.size() - 1).filters();
    return origin == Origin.TF_SLIM
        ? scaled(LAST_EXPANSION * filters)
        : Math.toIntExact(LAST_EXPANSION * input);
  }

  private int hidden() {
    return origin == Origin.PYTORCH || options.getWidth() > 1 ? scaled(hidden) : hidden;
  }

  @Override
  public Conventions conventions() {
    return conventions;
  }

  @Override
  public String title() {
    return MobileNets.title(
        options.getSize() == Size.LARGE ? "MobileNetV3-Large" : "MobileNetV3-Small",
        options.getWidth(),
        options.getStem());
  }
}
