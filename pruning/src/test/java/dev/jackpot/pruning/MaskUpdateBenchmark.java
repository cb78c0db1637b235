package dev.jackpot.pruning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/**
 * Time of the mask updates of a whole ResNet-20 (19 kernels, 268,336 weights, 90 % pruned) in one
 * Session.run, in ms: median of 200 runs after 50. The scores drift in the graph, so that each run
 * has candidates to swap.
 *
 * <p>Arguments: inter-op threads (1), intra-op threads (2).
 */
final class MaskUpdateBenchmark {
  private static final int WARMUP = 50;
  private static final int RUNS = 200;

  private MaskUpdateBenchmark() {}

  public static void main(String[] args) {
    int inter = args.length > 0 ? Integer.parseInt(args[0]) : 1;
    int intra = args.length > 1 ? Integer.parseInt(args[1]) : 2;
    for (double drift : new double[] {0.001, 0.01, 0.1}) {
      for (double rate : new double[] {1, 0.02}) {
        double none = median(inter, intra, null, drift, rate);
        for (Threshold threshold : Threshold.values()) {
          double ms = median(inter, intra, threshold, drift, rate);
          System.out.printf(
              "inter %d intra %d drift %.3f rate %.2f %s: %.2f ms over the drift's own %.2f%n",
              inter, intra, drift, rate, threshold, ms - none, none);
        }
      }
    }
  }

  private static List<Shape> resnet20() {
    List<Shape> shapes = new ArrayList<>(List.of(Shape.of(3, 3, 3, 16)));
    int in = 16;
    for (int width : new int[] {16, 32, 64}) {
      for (int i = 0; i < 6; i++) {
        shapes.add(Shape.of(3, 3, in, width));
        in = width;
      }
    }
    return shapes;
  }

  /** With no threshold: the drift of the scores alone. */
  private static double median(
      int inter, int intra, Threshold threshold, double drift, double rate) {
    ConfigProto config =
        ConfigProto.newBuilder()
            .setInterOpParallelismThreads(inter)
            .setIntraOpParallelismThreads(intra)
            .build();
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      List<Op> start = new ArrayList<>();
      List<Op> step = new ArrayList<>();
      List<Operand<?>> swaps = new ArrayList<>();
      Operand<TFloat64> r = tf.constant(rate);
      Random random = new Random(1);
      for (Shape shape : resnet20()) {
        int n = (int) shape.size();
        float[] scores = Draw.scores(random, n, 0);
        Mask first = MaskSelection.topK(shape, scores, n / 10);
        float[] noise = Draw.scores(random, n, 0);
        var score =
            tf.varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName("score" + swaps.size()));
        var mask =
            tf.varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName("mask" + swaps.size()));
        start.add(
            tf.assignVariableOp(
                score, tf.reshape(tf.constant(scores), tf.constant(shape.asArray()))));
        start.add(
            tf.assignVariableOp(
                mask, tf.reshape(tf.constant(first.toFloats()), tf.constant(shape.asArray()))));
        // The noise is a constant that a random offset turns around: cheap, and new in each run.
        Operand<TFloat32> amount =
            tf.math.mul(
                tf.random.randomStandardNormal(tf.constant(new int[] {1}), TFloat32.class),
                tf.constant((float) drift));
        Operand<TFloat32> moved =
            tf.math.add(
                tf.readVariableOp(score, TFloat32.class),
                tf.math.mul(tf.reshape(tf.constant(noise), tf.constant(shape.asArray())), amount));
        Op assigned = tf.assignVariableOp(score, moved);
        step.add(assigned);
        if (threshold != null) {
          Ops after = tf.withControlDependencies(List.of(assigned));
          Operand<TFloat32> current = after.readVariableOp(score, TFloat32.class);
          MaskUpdateOps.Update update =
              MaskUpdateOps.update(
                  tf,
                  tf.ensureShape(current, shape),
                  tf.ensureShape(tf.readVariableOp(mask, TFloat32.class), shape),
                  n / 10,
                  r,
                  threshold);
          step.add(tf.assignVariableOp(mask, update.mask()));
          swaps.add(update.swaps());
        } else {
          swaps.add(r);
        }
      }
      try (Session session = new Session(graph, config)) {
        var init = session.runner();
        start.forEach(init::addTarget);
        init.run().close();
        double[] times = new double[RUNS];
        for (int i = -WARMUP; i < RUNS; i++) {
          var runner = session.runner();
          step.forEach(runner::addTarget);
          long before = System.nanoTime();
          runner.run().close();
          if (i >= 0) {
            times[i] = (System.nanoTime() - before) / 1e6;
          }
        }
        Arrays.sort(times);
        return times[RUNS / 2];
      }
    }
  }
}
