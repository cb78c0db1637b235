package dev.jackpot.graph.wiring;

import dev.jackpot.config.proto.WiredLayer.Kind;
import dev.jackpot.config.proto.WiringFile.Pooling;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What may be in each channel of each layer, followed from the images on: a channel none of whose
 * weights is live gives its bias, a norm of a constant gives a constant, a constant that meets a
 * convolution's zero border is one no longer.
 */
public final class Signals {
  private final Wiring wiring;
  private final Connections connections;
  private final Constants constants;
  private final boolean training;
  private final List<Lane> lanes = new ArrayList<>();

  private Signals(Wiring wiring, Connections connections, Constants constants, boolean training) {
    this.wiring = wiring;
    this.connections = connections;
    this.constants = constants;
    this.training = training;
    for (WiredNode node : wiring.nodes()) {
      lanes.add(lane(node));
    }
  }

  /**
   * With norms by the batch's own statistics and dropout dropping: a norm of a constant gives β.
   */
  public static Signals training(Wiring wiring, Connections connections, Constants constants) {
    return new Signals(wiring, connections, constants, true);
  }

  /** With norms by their running averages. */
  public static Signals inference(Wiring wiring, Connections connections, Constants constants) {
    return new Signals(wiring, connections, constants, false);
  }

  /** What is in a channel of a layer's output. */
  public Signal of(int node, int channel) {
    return lanes.get(node).signals()[channel];
  }

  /** Whether the channel is always one number, 0 or another. */
  public boolean isFlat(int node, int channel) {
    return lanes.get(node).isFlat(channel);
  }

  /** The number that a flat channel always is; not a number if it is not known. */
  public double value(int node, int channel) {
    return lanes.get(node).values()[channel];
  }

  Lane lane(int node) {
    return lanes.get(node);
  }

  private Lane lane(WiredNode node) {
    if (node.kind() == Kind.IMAGES || node.kind() == Kind.UNKNOWN) {
      return Lane.varying(node.channels());
    }
    Lane x = lanes.get(node.input());
    return switch (node.kind()) {
      case CONVOLUTION, DENSE, CLASSIFIER -> matrix(node, x);
      case DEPTHWISE -> depthwise(node, x);
      case BIAS -> biased(node, x);
      case BATCH_NORM -> normed(node, x);
      case RELU, RELU6, HARD_SIGMOID, HARD_SWISH -> activated(node.kind(), x);
      case ADD -> added(x, lanes.get(node.inputs().get(1)));
      case SKIP -> lanes.get(node.inputs().get(1));
      case SQUEEZE_EXCITE -> gated(node, x);
      case MAX_POOL -> pooled(node, x);
      case GLOBAL_AVERAGE -> averaged(x);
      case DROPOUT -> dropped(node, x);
      case PAD_CHANNELS -> placed(node, x, c -> c + node.layer().getBefore());
      case SCATTER_CHANNELS -> placed(node, x, node.layer()::getPositions);
      case FLATTEN -> flattened(node, x);
      default -> x; // adaptive average, subsample
    };
  }

  private Lane matrix(WiredNode node, Lane x) {
    boolean bias = node.kind() != Kind.CONVOLUTION || node.layer().getBias();
    return mixed(node, node.kernels().get(0), x, bias, node.name() + "/bias");
  }

  /** What a matrix makes of its inputs, at one position or in a window. */
  private Lane mixed(WiredNode node, String kernel, Lane x, boolean biased, String bias) {
    BitSet[] rows = connections.of(kernel);
    BitSet[] off = connections.offCentre(kernel);
    KernelShape shape = KernelShape.of(wiring, node, kernel);
    int outputs = shape.outputs();
    BitSet varying = new BitSet(outputs);
    BitSet fixed = new BitSet(outputs);
    List<Integer> flat = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      switch (x.signals()[i]) {
        case VARYING -> varying.or(rows[i]);
        case FIXED -> fixed.or(rows[i]);
        case CONSTANT -> {
          fixed.or(off[i]);
          flat.add(i);
        }
        default -> {}
      }
    }
    float[] weights = flat.isEmpty() ? null : constants.of(kernel).orElse(null);
    float[] biases = biased ? constants.of(bias).orElse(null) : null;
    Lane y = Lane.varying(outputs);
    for (int o = 0; o < outputs; o++) {
      if (varying.get(o)) {
        continue;
      } else if (fixed.get(o)) {
        y.set(o, Signal.FIXED);
      } else {
        double sum = !biased ? 0 : biases == null ? Double.NaN : biases[o];
        for (int i : flat) {
          if (rows[i].get(o)) {
            sum +=
                weights == null
                    ? Double.NaN
                    : weights[shape.index(shape.centre(), i, o)] * x.values()[i];
          }
        }
        y.flat(o, sum);
      }
    }
    return y;
  }

  private Lane depthwise(WiredNode node, Lane x) {
    BitSet[] rows = connections.of(node.kernels().get(0));
    BitSet[] off = connections.offCentre(node.kernels().get(0));
    int centre = KernelShape.of(wiring, node, node.kernels().get(0)).centre() * x.channels();
    float[] biases =
        node.layer().getBias() ? constants.of(node.name() + "/bias").orElse(null) : null;
    float[] weights = constants.of(node.kernels().get(0)).orElse(null);
    Lane y = Lane.varying(x.channels());
    for (int c = 0; c < x.channels(); c++) {
      double bias = !node.layer().getBias() ? 0 : biases == null ? Double.NaN : biases[c];
      if (x.signals()[c] == Signal.ZERO || rows[c].isEmpty()) {
        y.flat(c, bias);
      } else if (x.signals()[c] == Signal.CONSTANT && off[c].isEmpty()) {
        y.flat(c, bias + (weights == null ? Double.NaN : weights[centre + c] * x.values()[c]));
      } else if (x.signals()[c] != Signal.VARYING) {
        y.set(c, Signal.FIXED);
      }
    }
    return y;
  }

  private Lane biased(WiredNode node, Lane x) {
    float[] biases = constants.of(node.name() + "/bias").orElse(null);
    return mapped(x, (c, v) -> v + (biases == null ? Double.NaN : biases[c]));
  }

  private Lane normed(WiredNode node, Lane x) {
    float[] gamma = constants.of(node.name() + "/gamma").orElse(null);
    float[] beta = constants.of(node.name() + "/beta").orElse(null);
    float[] mean = constants.of(node.name() + "/moving_mean").orElse(null);
    float[] variance = constants.of(node.name() + "/moving_variance").orElse(null);
    boolean known = gamma != null && beta != null && mean != null && variance != null;
    double epsilon = wiring.file().getEpsilon();
    Lane y =
        mapped(
            x,
            (c, v) -> {
              if (training) {
                return beta == null ? Double.NaN : beta[c];
              }
              return known
                  ? (v - mean[c]) * gamma[c] / Math.sqrt(variance[c] + epsilon) + beta[c]
                  : Double.NaN;
            });
    for (int c = 0; !training && known && c < y.channels(); c++) {
      if (gamma[c] == 0) {
        y.flat(c, beta[c]);
      }
    }
    return y;
  }

  private interface Map1 {
    double of(int channel, double value);
  }

  /** Flat channels mapped, the others as they are. */
  private static Lane mapped(Lane x, Map1 map) {
    Lane y = Lane.varying(x.channels());
    for (int c = 0; c < x.channels(); c++) {
      if (x.isFlat(c)) {
        y.flat(c, map.of(c, x.values()[c]));
      } else {
        y.copy(x, c, c);
      }
    }
    return y;
  }

  private static Lane activated(Kind kind, Lane x) {
    return mapped(x, (c, v) -> Double.isNaN(v) ? v : Constants.activated(kind, v));
  }

  private static Lane added(Lane x, Lane y) {
    Lane sum = Lane.varying(x.channels());
    for (int c = 0; c < x.channels(); c++) {
      if (x.isFlat(c) && y.isFlat(c)) {
        sum.flat(c, x.values()[c] + y.values()[c]);
      } else {
        boolean varies = x.signals()[c] == Signal.VARYING || y.signals()[c] == Signal.VARYING;
        sum.set(c, varies ? Signal.VARYING : Signal.FIXED);
      }
    }
    return sum;
  }

  private Lane gated(WiredNode node, Lane x) {
    Lane gate = gate(node);
    Lane y = Lane.varying(x.channels());
    for (int c = 0; c < x.channels(); c++) {
      if (x.signals()[c] == Signal.ZERO || gate.signals()[c] == Signal.ZERO) {
        y.flat(c, 0);
      } else if (x.isFlat(c) && gate.isFlat(c)) {
        y.flat(c, x.values()[c] * gate.values()[c]);
      } else if (x.signals()[c] != Signal.VARYING && gate.signals()[c] != Signal.VARYING) {
        y.set(c, Signal.FIXED);
      }
    }
    return y;
  }

  /** The mean over the image of what a squeeze-excite takes. */
  Lane mean(WiredNode node) {
    return averaged(lanes.get(node.input()));
  }

  /** What the units between a squeeze-excite's two kernels give. */
  Lane squeezed(WiredNode node) {
    Lane mean = mean(node);
    String reduce = node.name() + "/reduce";
    return activated(Kind.RELU, mixed(node, reduce + "/kernel", mean, true, reduce + "/bias"));
  }

  /** What a squeeze-excite's gates are. */
  Lane gate(WiredNode node) {
    String expand = node.name() + "/expand";
    Lane y = mixed(node, expand + "/kernel", squeezed(node), true, expand + "/bias");
    double slope = node.layer().getSlope();
    return mapped(y, (c, v) -> Double.isNaN(v) ? v : Constants.gate(v, slope));
  }

  private Lane pooled(WiredNode node, Lane x) {
    boolean zeros = wiring.file().getPooling() == Pooling.POOL_ZEROS && node.layer().getSize() > 2;
    Lane y = mapped(x, (c, v) -> v);
    for (int c = 0; zeros && c < x.channels(); c++) {
      if (x.isFlat(c) && !(x.values()[c] >= 0)) {
        y.set(c, Signal.FIXED);
      }
    }
    return y;
  }

  private static Lane averaged(Lane x) {
    Lane y = mapped(x, (c, v) -> v);
    for (int c = 0; c < x.channels(); c++) {
      if (x.signals()[c] == Signal.FIXED) {
        y.flat(c, Double.NaN);
      }
    }
    return y;
  }

  private Lane dropped(WiredNode node, Lane x) {
    if (!training || node.layer().getRate() == 0) {
      return x;
    }
    Lane y = Lane.varying(x.channels());
    for (int c = 0; c < x.channels(); c++) {
      if (x.signals()[c] == Signal.ZERO) {
        y.flat(c, 0);
      }
    }
    return y;
  }

  private static Lane placed(WiredNode node, Lane x, java.util.function.IntUnaryOperator position) {
    Lane y = Lane.zeros(node.channels());
    for (int c = 0; c < x.channels(); c++) {
      y.copy(x, c, position.applyAsInt(c));
    }
    return y;
  }

  private static Lane flattened(WiredNode node, Lane x) {
    Lane one = averaged(x);
    Lane y = Lane.varying(node.channels());
    for (int c = 0; c < y.channels(); c++) {
      y.copy(one, c % x.channels(), c);
    }
    return y;
  }
}
