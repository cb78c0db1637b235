package dev.jackpot.training;

import dev.jackpot.config.JackpotException;
import dev.jackpot.graph.GhostForm;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Losses;
import dev.jackpot.graph.Model;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.Phase;
import dev.jackpot.graph.Tower;
import dev.jackpot.graph.Variables;
import dev.jackpot.training.data.Batch;
import dev.jackpot.training.data.BatchStream;
import dev.jackpot.training.data.Batches;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** The ops of a forward pass by the running averages, and what is computed with them. */
final class InferencePass {
  private final NetworkSpec spec;
  private final Placeholder<TFloat32> images;
  private final Placeholder<TInt32> labels;
  private final Tower<TFloat32> tower;
  private final Operand<TFloat32> logits;
  private final Operand<TFloat32> loss;
  private final Operand<TInt32> correct;

  /**
   * Adds the pass to a model's graph.
   *
   * @param images [batch, height, width, channels], normalised
   * @param labels [batch]
   * @param ghosts that the network has
   */
  InferencePass(
      Model<TFloat32> model,
      Placeholder<TFloat32> images,
      Placeholder<TInt32> labels,
      GhostForm ghosts) {
    this.spec = model.spec();
    this.images = images;
    this.labels = labels;
    Ops tf = model.tf();
    tower = model.lay(images, Phase.INFERENCE, ghosts);
    logits = tower.logits();
    loss = Losses.crossEntropy(tf, logits, labels, spec.classes(), 0);
    correct = Losses.correct(tf, logits, labels);
  }

  /** The pass itself. */
  Tower<TFloat32> tower() {
    return tower;
  }

  /**
   * Loss (without smoothing) and accuracy over all batches of one pass, damaged images left out.
   */
  Evaluation evaluate(Session session, Batches batches) {
    double lossSum = 0;
    int hits = 0;
    int count = 0;
    try (BatchStream stream = batches.open(0, 0)) {
      while (stream.hasNext()) {
        try (Batch batch = stream.next()) {
          if (batch.size() == 0) {
            continue; // all of it damaged
          }
          try (TFloat32 x = images(spec, batch);
              TInt32 y = labels(batch);
              Result result =
                  session
                      .runner()
                      .feed(images, x)
                      .feed(labels, y)
                      .fetch(loss)
                      .fetch(correct)
                      .run()) {
            lossSum += (double) ((TFloat32) result.get(0)).getFloat() * batch.size();
            hits += ((TInt32) result.get(1)).getInt();
            count += batch.size();
          }
        }
      }
    }
    if (count == 0) {
      throw new JackpotException(
          "evaluation: none of the %d images can be decoded; `jackpot data check` lists them"
              .formatted(batches.imagesPerEpoch()));
    }
    return new Evaluation(lossSum / count, hits, count);
  }

  /**
   * Logits, [batch, classes].
   *
   * @param normalized [batch, height, width, channels]
   */
  HostTensor logits(Session session, HostTensor normalized) {
    requireShape(spec.images(normalized.shape().get(0)), normalized.shape());
    try (TFloat32 x = TFloat32.tensorOf(normalized.shape(), DataBuffers.of(normalized.values()));
        Result result = session.runner().feed(images, x).fetch(logits).run()) {
      return Variables.host(result.get(0));
    }
  }

  /** A batch's images as a tensor. The caller closes it. */
  static TFloat32 images(NetworkSpec spec, Batch batch) {
    Shape shape = spec.images(batch.size());
    if (shape.size() != batch.images().length) {
      // placeholders do not check what they are fed
      throw new IllegalArgumentException(
          "a batch of shape %s has %d values, found %d"
              .formatted(shape, shape.size(), batch.images().length));
    }
    return TFloat32.tensorOf(shape, DataBuffers.of(batch.images()));
  }

  private static void requireShape(Shape expected, Shape found) {
    if (!expected.equals(found)) {
      throw new IllegalArgumentException(
          "expected images of shape %s, found %s".formatted(expected, found));
    }
  }

  /** A batch's labels as a tensor. The caller closes it. */
  static TInt32 labels(Batch batch) {
    return TInt32.tensorOf(Shape.of(batch.size()), DataBuffers.of(batch.labels()));
  }
}
