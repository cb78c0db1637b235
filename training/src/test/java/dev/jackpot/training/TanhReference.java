package dev.jackpot.training;

import dev.jackpot.graph.HostTensor;
import dev.jackpot.training.LookAheadGraph.Images;
import java.util.ArrayList;
import java.util.List;

/**
 * Dense layers with tanh between them in plain Java, in float64: the mean cross-entropy and its
 * gradient in every weight and bias, also in those that a mask has pruned.
 *
 * @param layers from the first on
 */
record TanhReference(List<Layer> layers) {
  /**
   * x → xᵀ · kernel + bias.
   *
   * @param kernel [in][out]
   */
  record Layer(double[][] kernel, double[] bias) {
    private double[] of(double[] x) {
      double[] y = bias.clone();
      for (int i = 0; i < x.length; i++) {
        for (int j = 0; j < y.length; j++) {
          y[j] += x[i] * kernel[i][j];
        }
      }
      return y;
    }

    private static Layer zeros(Layer like) {
      return new Layer(
          new double[like.kernel.length][like.bias.length], new double[like.bias.length]);
    }
  }

  /** A loss and its gradient. */
  record Gradient(double loss, TanhReference values) {}

  /**
   * @param kernels of the layers, [in, out]
   * @param factors what each is multiplied by: kernel and bias, layer by layer
   */
  static TanhReference of(List<HostTensor> kernels, List<HostTensor> biases, double[] factors) {
    List<Layer> layers = new ArrayList<>();
    for (int l = 0; l < kernels.size(); l++) {
      int in = Math.toIntExact(kernels.get(l).shape().get(0));
      int out = Math.toIntExact(kernels.get(l).shape().get(1));
      double[][] kernel = new double[in][out];
      double[] bias = new double[out];
      for (int j = 0; j < out; j++) {
        for (int i = 0; i < in; i++) {
          kernel[i][j] = factors[2 * l] * kernels.get(l).values()[i * out + j];
        }
        bias[j] = factors[2 * l + 1] * biases.get(l).values()[j];
      }
      layers.add(new Layer(kernel, bias));
    }
    return new TanhReference(layers);
  }

  /** Over all images, each flattened. */
  Gradient gradient(Images images) {
    int count = images.labels().length;
    int size = images.pixels().length / count;
    TanhReference sums = new TanhReference(layers.stream().map(Layer::zeros).toList());
    double loss = 0;
    for (int n = 0; n < count; n++) {
      double[] pixels = new double[size];
      for (int i = 0; i < size; i++) {
        pixels[i] = images.pixels()[n * size + i];
      }
      loss += add(pixels, images.labels()[n], 1. / count, sums);
    }
    return new Gradient(loss / count, sums);
  }

  /** Adds one image's gradient and gives its loss. */
  private double add(double[] pixels, int label, double share, TanhReference sums) {
    List<double[]> inputs = new ArrayList<>();
    double[] x = pixels;
    for (int l = 0; l < layers.size(); l++) {
      inputs.add(x);
      x = layers.get(l).of(x);
      for (int j = 0; j < x.length && l < layers.size() - 1; j++) {
        x[j] = Math.tanh(x[j]);
      }
    }
    double all = 0;
    for (double logit : x) {
      all += Math.exp(logit);
    }
    double[] delta = new double[x.length];
    for (int j = 0; j < x.length; j++) {
      delta[j] = share * (Math.exp(x[j]) / all - (j == label ? 1 : 0));
    }
    for (int l = layers.size() - 1; l >= 0; l--) {
      double[] in = inputs.get(l);
      double[] before = new double[in.length];
      for (int i = 0; i < in.length; i++) {
        for (int j = 0; j < delta.length; j++) {
          sums.layers.get(l).kernel[i][j] += in[i] * delta[j];
          before[i] += layers.get(l).kernel[i][j] * delta[j];
        }
        before[i] *= 1 - in[i] * in[i];
      }
      for (int j = 0; j < delta.length; j++) {
        sums.layers.get(l).bias[j] += delta[j];
      }
      delta = before;
    }
    return Math.log(all) - x[label];
  }

  /** Sets what a mask prunes of the first kernel to 0. */
  TanhReference under(boolean[] kept) {
    Layer first = layers.get(0);
    int out = first.bias.length;
    double[][] kernel = new double[first.kernel.length][out];
    for (int i = 0; i < kernel.length; i++) {
      for (int j = 0; j < out; j++) {
        kernel[i][j] = kept[i * out + j] ? first.kernel[i][j] : 0;
      }
    }
    List<Layer> all = new ArrayList<>(layers);
    all.set(0, new Layer(kernel, first.bias));
    return new TanhReference(all);
  }

  double norm() {
    double sum = 0;
    for (Layer layer : layers) {
      for (double[] row : layer.kernel) {
        for (double w : row) {
          sum += w * w;
        }
      }
      for (double b : layer.bias) {
        sum += b * b;
      }
    }
    return Math.sqrt(sum);
  }

  /** These values less a multiple of others. */
  TanhReference minus(double step, TanhReference other) {
    List<Layer> moved = new ArrayList<>();
    for (int l = 0; l < layers.size(); l++) {
      Layer to = Layer.zeros(layers.get(l));
      for (int j = 0; j < to.bias.length; j++) {
        for (int i = 0; i < to.kernel.length; i++) {
          to.kernel[i][j] = layers.get(l).kernel[i][j] - step * other.layers.get(l).kernel[i][j];
        }
        to.bias[j] = layers.get(l).bias[j] - step * other.layers.get(l).bias[j];
      }
      moved.add(to);
    }
    return new TanhReference(moved);
  }
}
