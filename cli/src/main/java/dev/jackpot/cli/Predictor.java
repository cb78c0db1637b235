package dev.jackpot.cli;

import dev.jackpot.config.JackpotException;
import dev.jackpot.export.EvaluationView;
import dev.jackpot.export.ModelCard;
import dev.jackpot.export.NativeErrors;
import dev.jackpot.training.data.ImageView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** A SavedModel that classifies images, asked by its signature for pixels. */
final class Predictor implements AutoCloseable {
  private static final String TAG = "serve";
  private static final String SIGNATURE = "serving_uint8";
  private static final String IMAGES = "images";
  private static final String PROBABILITIES = "probabilities";
  private static final int CHANNELS = 3;

  private final SavedModelBundle bundle;
  private final Optional<ModelCard> card;
  private final int height;
  private final int width;

  /**
   * A class and how probable it is.
   *
   * @param label its number
   * @param name empty if the model does not say
   */
  record Prediction(int label, String name, double probability) {}

  private Predictor(SavedModelBundle bundle, Optional<ModelCard> card, int height, int width) {
    this.bundle = bundle;
    this.card = card;
    this.height = height;
    this.width = width;
  }

  /**
   * Loads a model.
   *
   * @throws JackpotException if it is damaged, or does not take RGB pixels of a fixed size
   */
  static Predictor load(Path savedModel) {
    Optional<ModelCard> card = ModelCard.read(savedModel);
    SavedModelBundle bundle;
    try {
      bundle = SavedModelBundle.load(savedModel.toString(), TAG);
    } catch (RuntimeException e) {
      throw NativeErrors.explained(e, savedModel + ": the SavedModel cannot be loaded");
    }
    SignatureDef signature = bundle.metaGraphDef().getSignatureDefMap().get(SIGNATURE);
    TensorShapeProto images =
        signature == null
            ? TensorShapeProto.getDefaultInstance()
            : signature
                .getInputsOrDefault(IMAGES, org.tensorflow.proto.TensorInfo.getDefaultInstance())
                .getTensorShape();
    if (images.getDimCount() != 4
        || images.getDim(3).getSize() != CHANNELS
        || images.getDim(1).getSize() < 1
        || images.getDim(2).getSize() < 1) {
      bundle.close();
      throw new JackpotException(
          "%s: expected a signature %s with an input %s of shape [?, height, width, 3], found %s"
              .formatted(
                  savedModel,
                  SIGNATURE,
                  IMAGES,
                  signature == null
                      ? "the signatures " + bundle.metaGraphDef().getSignatureDefMap().keySet()
                      : images.getDimList().stream().map(d -> d.getSize()).toList()));
    }
    return new Predictor(
        bundle, card, (int) images.getDim(1).getSize(), (int) images.getDim(2).getSize());
  }

  int height() {
    return height;
  }

  int width() {
    return width;
  }

  /** Shows images as the network's evaluation did; the centre square if the model does not say. */
  ImageView view() {
    EvaluationView view =
        card.map(ModelCard::view).orElse(EvaluationView.square(Math.min(height, width)));
    return new ImageView(height, width, view.resize(), view.interpolation());
  }

  /**
   * The most probable classes, best first; ties by number.
   *
   * @param pixels uint8 [height, width, 3]
   */
  List<Prediction> predict(byte[] pixels, int top) {
    try (TUint8 input =
            TUint8.tensorOf(Shape.of(1, height, width, CHANNELS), DataBuffers.of(pixels));
        Result outputs = bundle.function(SIGNATURE).call(Map.of(IMAGES, input))) {
      TFloat32 probabilities = (TFloat32) outputs.get(PROBABILITIES).orElseThrow();
      int classes = (int) probabilities.shape().get(1);
      List<Prediction> predictions = new ArrayList<>();
      IntStream.range(0, classes)
          .forEach(
              label ->
                  predictions.add(
                      new Prediction(label, name(label), probabilities.getFloat(0, label))));
      predictions.sort(
          Comparator.comparingDouble(Prediction::probability)
              .reversed()
              .thenComparingInt(Prediction::label));
      return List.copyOf(predictions.subList(0, Math.min(top, classes)));
    }
  }

  private String name(int label) {
    return card.filter(c -> label < c.classes().size()).map(c -> c.classes().get(label)).orElse("");
  }

  @Override
  public void close() {
    bundle.close();
  }
}
