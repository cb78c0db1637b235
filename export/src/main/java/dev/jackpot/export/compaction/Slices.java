package dev.jackpot.export.compaction;

import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.wiring.KernelShape;
import dev.jackpot.graph.wiring.WiredNode;
import dev.jackpot.pruning.Mask;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.ndarray.Shape;

/**
 * The values of a compacted network: kernels with the kept channels only, what was always the same
 * number taken into biases or into the weights of a carrier.
 */
final class Slices {
  private final ValuedWiring old;
  private final KeptChannels kept;
  private final Map<String, HostTensor> values = new LinkedHashMap<>();
  private final Map<String, Mask> masks = new LinkedHashMap<>();

  Slices(ValuedWiring old, KeptChannels kept) {
    this.old = old;
    this.kept = kept;
  }

  Map<String, HostTensor> values() {
    return values;
  }

  Map<String, Mask> masks() {
    return masks;
  }

  /** A value for each kept channel. */
  void vector(String parameter, BitSet channels) {
    float[] all = old.of(parameter);
    float[] some = new float[channels.cardinality()];
    int[] indices = channels.stream().toArray();
    for (int i = 0; i < some.length; i++) {
      some[i] = all[indices[i]];
    }
    vector(parameter, some);
  }

  void vector(String parameter, float[] some) {
    values.put(parameter, new HostTensor(Shape.of(some.length), some));
  }

  /**
   * A kernel that mixes channels.
   *
   * @param inputs the kept ones
   * @param outputs the kept ones
   * @param known the number that an input which is not kept always is; 0 if it does not matter
   * @param carrier the input that takes the weights beside the centre of those numbers; −1 for none
   * @return what is to be added to the bias of each kept output
   */
  double[] matrix(
      WiredNode node,
      String kernel,
      BitSet inputs,
      BitSet outputs,
      java.util.function.IntToDoubleFunction known,
      int carrier) {
    KernelShape shape = KernelShape.of(old.wiring(), node, kernel);
    float[] all = old.of(kernel);
    int[] in = inputs.stream().toArray();
    int[] out = outputs.stream().toArray();
    float[] some = new float[shape.positions() * in.length * out.length];
    int next = 0;
    for (int p = 0; p < shape.positions(); p++) {
      for (int i : in) {
        for (int o : out) {
          some[next++] = all[shape.index(p, i, o)];
        }
      }
    }
    boolean[] live = live(kernel, shape, in, out);
    double[] shift = new double[out.length];
    int carried = carrier >= 0 && inputs.get(carrier) ? inputs.get(0, carrier).cardinality() : -1;
    for (int i = 0; i < shape.inputs(); i++) {
      double number = inputs.get(i) ? 0 : known.applyAsDouble(i);
      for (int o = 0; number != 0 && o < out.length; o++) {
        boolean centred = true;
        for (int p = 0; p < shape.positions(); p++) {
          centred &= p == shape.centre() || all[shape.index(p, i, out[o])] == 0;
        }
        if (centred) {
          shift[o] += number * all[shape.index(shape.centre(), i, out[o])];
        } else if (carried >= 0) {
          double share = number / known.applyAsDouble(carrier);
          for (int p = 0; p < shape.positions(); p++) {
            int at = (p * in.length + carried) * out.length + o;
            some[at] += (float) (share * all[shape.index(p, i, out[o])]);
            live[at] |= some[at] != 0;
          }
        }
      }
    }
    put(kernel, in.length, out.length, some, live);
    return shift;
  }

  private boolean[] live(String kernel, KernelShape shape, int[] in, int[] out) {
    Mask mask = old.masks().get(kernel);
    boolean[] live = new boolean[shape.positions() * in.length * out.length];
    int next = 0;
    for (int p = 0; p < shape.positions(); p++) {
      for (int i : in) {
        for (int o : out) {
          live[next++] = mask == null || mask.kept(shape.index(p, i, o));
        }
      }
    }
    return live;
  }

  private void put(String kernel, int in, int out, float[] some, boolean[] live) {
    long[] axes = old.values().get(kernel).shape().asArray();
    axes[axes.length - 2] = in;
    axes[axes.length - 1] = out;
    Shape shape = Shape.of(axes);
    values.put(kernel, new HostTensor(shape, some));
    if (old.masks().containsKey(kernel)) {
      masks.put(kernel, Mask.of(shape, live));
    }
  }

  /** A kernel that treats each channel by itself. */
  void depthwise(WiredNode node, BitSet channels) {
    String kernel = node.kernels().get(0);
    KernelShape shape = KernelShape.of(old.wiring(), node, kernel);
    int[] in = channels.stream().toArray();
    float[] all = old.of(kernel);
    float[] some = new float[shape.positions() * in.length];
    int next = 0;
    for (int p = 0; p < shape.positions(); p++) {
      for (int i : in) {
        some[next++] = all[shape.index(p, i, 0)];
      }
    }
    put(kernel, in.length, 1, some, live(kernel, shape, in, new int[] {0}));
  }

  /** The kept channels' biases and what comes to them. */
  void bias(String parameter, BitSet channels, double[] shift) {
    vector(parameter, channels);
    float[] biases = values.get(parameter).values();
    for (int i = 0; i < biases.length; i++) {
      biases[i] = (float) (biases[i] + shift[i]);
    }
  }

  /** The number that a channel of a layer always is; 0 if it varies. */
  double number(int node, int channel) {
    return kept.isKnown(node, channel) ? kept.signals().value(node, channel) : 0;
  }
}
