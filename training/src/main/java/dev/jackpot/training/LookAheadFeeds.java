package dev.jackpot.training;

import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.training.LookAheadGraph.Images;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/** What a {@link LookAheadGraph} is fed in a run, and how its numbers come back. */
final class LookAheadFeeds {
  private final NetworkSpec spec;
  private final Placeholder<TFloat32> images;
  private final Placeholder<TInt32> labels;
  private final Placeholder<TFloat64> alphas;
  private final Placeholder<TFloat64> step;
  private final Placeholder<TFloat64> ofU;
  private final Placeholder<TFloat64> ofG;

  /**
   * @param factors how many there are
   */
  LookAheadFeeds(Ops tf, NetworkSpec spec, int factors) {
    this.spec = spec;
    images = tf.placeholder(TFloat32.class, Placeholder.shape(spec.images(-1)));
    labels = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    alphas = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(factors)));
    step = scalar(tf);
    ofU = scalar(tf);
    ofG = scalar(tf);
  }

  private static Placeholder<TFloat64> scalar(Ops tf) {
    return tf.placeholder(TFloat64.class, Placeholder.shape(Shape.scalar()));
  }

  /** Normalised, [batch, height, width, channels]. */
  Placeholder<TFloat32> images() {
    return images;
  }

  /** Classes, [batch]. */
  Placeholder<TInt32> labels() {
    return labels;
  }

  /** α, [factors]. */
  Placeholder<TFloat64> alphas() {
    return alphas;
  }

  /** By how many g the step ahead goes: scalar. */
  Placeholder<TFloat64> step() {
    return step;
  }

  /** a of the direction a · u + b · g: scalar. */
  Placeholder<TFloat64> ofU() {
    return ofU;
  }

  /** b of the direction a · u + b · g: scalar. */
  Placeholder<TFloat64> ofG() {
    return ofG;
  }

  /**
   * One run.
   *
   * @param scalars what the scalars are that it needs
   * @param read what it gives, while its tensors are open
   */
  <R> R run(
      Session session,
      double[] alpha,
      Images batch,
      Map<Placeholder<TFloat64>, Double> scalars,
      List<Operand<?>> fetched,
      List<Op> targets,
      Function<Result, R> read) {
    List<TFloat64> fed = new ArrayList<>();
    try (TFloat32 xs =
            TFloat32.tensorOf(spec.images(batch.labels().length), DataBuffers.of(batch.pixels()));
        TInt32 ys =
            TInt32.tensorOf(Shape.of(batch.labels().length), DataBuffers.of(batch.labels()));
        TFloat64 as = TFloat64.tensorOf(Shape.of(alpha.length), DataBuffers.of(alpha))) {
      Session.Runner runner = session.runner().feed(images, xs).feed(labels, ys).feed(alphas, as);
      scalars.forEach(
          (placeholder, value) -> {
            TFloat64 tensor = TFloat64.scalarOf(value);
            fed.add(tensor);
            runner.feed(placeholder, tensor);
          });
      fetched.forEach(runner::fetch);
      targets.forEach(runner::addTarget);
      try (Result result = runner.run()) {
        return read.apply(result);
      }
    } finally {
      fed.forEach(TFloat64::close);
    }
  }

  /** A fetched scalar. */
  static double number(Result result, int i) {
    return ((TFloat64) result.get(i)).getDouble();
  }

  /** A fetched vector. */
  static double[] numbers(Result result, int i) {
    double[] values = new double[Math.toIntExact(result.get(i).shape().size())];
    result.get(i).asRawTensor().data().asDoubles().read(values);
    return values;
  }
}
