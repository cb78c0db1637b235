package dev.jackpot.graph;

import dev.jackpot.config.Registry;
import dev.jackpot.config.proto.GeluNeurons;
import dev.jackpot.config.proto.MishNeurons;
import dev.jackpot.config.proto.SwishNeurons;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** Soft neurons by their name in the schema's {@code SoftNeurons.activation}. */
public final class SoftNeurons {
  /** swish, unless a config says which. */
  public static final Registry<dev.jackpot.config.proto.SoftNeurons, SoftNeuron> REGISTRY =
      new Registry<dev.jackpot.config.proto.SoftNeurons, SoftNeuron>(
              "soft_neurons", SoftNeuronPlugin.class)
          .add("swish", SwishNeurons.class, (o, h) -> new Swish(o.getBetaStart(), o.getBetaEnd()))
          .add("mish", MishNeurons.class, (o, h) -> new Mish())
          .add("gelu", GeluNeurons.class, (o, h) -> new Gelu())
          .orElse("swish");

  private SoftNeurons() {}

  /**
   * x · σ(βx) (Ramachandran et al. 2017). Its gap to ReLU, |x| · σ(−β|x|), is at most 0.27846/β.
   *
   * @param first β at the start, above 0
   * @param last β at the hand-over
   */
  record Swish(double first, double last) implements SoftNeuron {
    @Override
    public <T extends TFloating> Operand<T> of(Ops tf, Operand<T> x, Operand<T> beta) {
      return tf.math.mul(x, tf.math.sigmoid(tf.math.mul(x, beta)));
    }

    /** β = first · (last / first)^u. */
    @Override
    public double scalar(double u) {
      return first * Math.pow(last / first, u);
    }
  }

  /** (1 − u) · x · tanh(ln(1 + eˣ)) + u · ReLU(x) (Misra 2019). */
  record Mish() implements SoftNeuron {
    @Override
    public <T extends TFloating> Operand<T> of(Ops tf, Operand<T> x, Operand<T> relu) {
      Operand<T> soft = tf.math.mul(x, tf.math.tanh(tf.math.softplus(x)));
      return blended(tf, soft, x, relu);
    }

    @Override
    public double scalar(double u) {
      return u;
    }
  }

  /** (1 − u) · x · Φ(x) + u · ReLU(x) (Hendrycks and Gimpel 2016), Φ by the error function. */
  record Gelu() implements SoftNeuron {
    @Override
    public <T extends TFloating> Operand<T> of(Ops tf, Operand<T> x, Operand<T> relu) {
      Operand<T> erf = tf.math.erf(tf.math.mul(x, number(tf, Math.sqrt(.5), x.type())));
      Operand<T> phi =
          tf.math.mul(tf.math.add(erf, number(tf, 1, x.type())), number(tf, .5, x.type()));
      return blended(tf, tf.math.mul(x, phi), x, relu);
    }

    @Override
    public double scalar(double u) {
      return u;
    }
  }

  /** (1 − share) · soft + share · ReLU(x). */
  private static <T extends TFloating> Operand<T> blended(
      Ops tf, Operand<T> soft, Operand<T> x, Operand<T> share) {
    Operand<T> rest = tf.math.sub(number(tf, 1, x.type()), share);
    return tf.math.add(tf.math.mul(soft, rest), tf.math.mul(tf.nn.relu(x), share));
  }

  private static <T extends TFloating> Operand<T> number(Ops tf, double value, Class<T> type) {
    return tf.dtypes.cast(tf.constant(value), type);
  }
}
