package dev.jackpot.export;

import dev.jackpot.config.proto.Data.Interpolation;
import dev.jackpot.graph.NetworkSpec;
import java.util.List;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.MapDefun;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.image.DecodeImage;
import org.tensorflow.op.image.ScaleAndTranslate;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/**
 * Shows encoded images (JPEG, PNG, GIF, BMP) to a network as evaluation does, in TensorFlow's ops:
 * decoded to RGB, resized with antialiasing until the shorter side has the view's pixels, the
 * centre cropped, rounded to whole levels (docs/data.md). Evaluation resizes by the same formula in
 * other arithmetic, so that a level may differ by one.
 */
final class EncodedInput {
  /** Of a decoded image. */
  static final int CHANNELS = 3;

  private static final String FUNCTION = "decode_image";

  private EncodedInput() {}

  /**
   * Lays it.
   *
   * @param encoded [batch]
   * @return uint8 [batch, height, width, 3]
   */
  static Operand<TUint8> pixels(
      Ops tf, Operand<TString> encoded, NetworkSpec spec, EvaluationView view) {
    try (Graph graph = new Graph()) {
      Ops body = Ops.create(graph);
      Placeholder<TString> contents =
          body.placeholder(TString.class, Placeholder.shape(Shape.scalar()));
      Operand<TUint8> shown = show(body, contents, spec, view);
      Signature signature =
          Signature.builder(FUNCTION).input("contents", contents).output("pixels", shown).build();
      try (ConcreteFunction function = ConcreteFunction.create(signature, graph)) {
        MapDefun mapped =
            MapDefun.create(
                tf.scope(),
                List.of(encoded),
                List.of(),
                List.of(TUint8.class),
                List.of(Shape.of(spec.height(), spec.width(), CHANNELS)),
                function);
        @SuppressWarnings("unchecked") // as the list above says
        Operand<TUint8> pixels = (Operand<TUint8>) mapped.output().get(0);
        return pixels;
      }
    }
  }

  /** One image: uint8 [height, width, 3]. */
  private static Operand<TUint8> show(
      Ops tf, Operand<TString> contents, NetworkSpec spec, EvaluationView view) {
    Operand<TUint8> image =
        tf.image.decodeImage(
            contents,
            TUint8.class,
            DecodeImage.channels((long) CHANNELS),
            DecodeImage.expandAnimations(false));
    // [height, width] of the stored image
    Operand<TInt64> stored =
        tf.slice(
            tf.shape(image, TInt64.class),
            tf.constant(new long[] {0}),
            tf.constant(new long[] {2}));
    Operand<TInt64> size = tf.constant(new long[] {spec.height(), spec.width()});
    boolean cropped = spec.height() == spec.width();
    Operand<TInt64> resized = cropped ? resized(tf, stored, size, view.resize()) : size;
    Operand<TFloat64> scale = tf.math.div(doubles(tf, resized), doubles(tf, stored));
    // half of what is left over, halves rounded to even
    Operand<TFloat64> offset =
        tf.math.rint(tf.math.div(doubles(tf, tf.math.sub(resized, size)), tf.constant(2.0)));
    Operand<TFloat32> scaled =
        tf.image.scaleAndTranslate(
            tf.expandDims(image, tf.constant(0)),
            tf.constant(new int[] {spec.height(), spec.width()}),
            tf.dtypes.cast(scale, TFloat32.class),
            tf.dtypes.cast(tf.math.neg(offset), TFloat32.class),
            ScaleAndTranslate.kernelType(
                view.interpolation() == Interpolation.BICUBIC ? "keyscubic" : "triangle"),
            ScaleAndTranslate.antialias(true));
    Operand<TFloat32> levels =
        tf.math.floor(
            tf.clipByValue(
                tf.math.add(scaled, tf.constant(0.5f)), tf.constant(0f), tf.constant(255f)));
    return tf.reshape(
        tf.dtypes.cast(levels, TUint8.class),
        tf.constant(new int[] {spec.height(), spec.width(), CHANNELS}));
  }

  /** The sides after the shorter one has been made {@code resize} long, the longer rounded down. */
  private static Operand<TInt64> resized(
      Ops tf, Operand<TInt64> stored, Operand<TInt64> size, int resize) {
    Operand<TInt64> shorter = tf.min(stored, tf.constant(0));
    Operand<TInt64> target =
        resize > 0
            ? tf.constant((long) resize)
            : tf.math.maximum(shorter, tf.min(size, tf.constant(0)));
    return tf.math.floorDiv(tf.math.mul(stored, target), shorter);
  }

  private static Operand<TFloat64> doubles(Ops tf, Operand<TInt64> values) {
    return tf.dtypes.cast(values, TFloat64.class);
  }
}
