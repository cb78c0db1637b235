package dev.jackpot.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.proto.Export;
import dev.jackpot.config.proto.Export.Storage;
import dev.jackpot.config.proto.Export.Values;
import dev.jackpot.export.EvaluationView;
import dev.jackpot.export.Npy;
import dev.jackpot.export.SavedModelWriter;
import dev.jackpot.export.ServableModel;
import dev.jackpot.export.WeightFormats;
import dev.jackpot.export.WeightSource;
import dev.jackpot.graph.HostTensor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.ndarray.Shape;

/**
 * An exported model gives Python TensorFlow the logits of the training graph, by all signatures,
 * and its variables are the dense weights, however it is stored. Python's own parsers read the
 * requests for warming up.
 */
@RequiresPeer
class SavedModelInPythonTest {
  private static final int IMAGES = 70;
  private static final int CLASSES = ExportedModel.CLASSES;
  private static final List<String> SIGNATURES =
      List.of("serving_default", "serving_uint8", "serving_jpeg");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "false, DENSE, FLOAT32",
    "true, DENSE, FLOAT32",
    "false, PACKED, FLOAT32",
    "true, PACKED, FLOAT32",
    "false, PACKED, FLOAT16",
    "false, PACKED, BFLOAT16"
  })
  void pythonReadsAllSignatures(boolean fold, Storage storage, Values values) throws Exception {
    ServableModel model = ExportedModel.make(EvaluationView.square(32));
    byte[] pixels = ExportedModel.pixels(IMAGES);
    HostTensor expected =
        ExportedModel.logits(ExportedModel.rounded(model, values), pixels, IMAGES);
    Path savedModel = folder.resolve("saved_model/1");
    Export options =
        Export.newBuilder()
            .setFoldBatchNorm(fold)
            .setStorage(storage)
            .setValues(values)
            .setWarmupRequests(5)
            .build();
    new SavedModelWriter(options)
        .write(savedModel, model, ExportedModel.sample(model, pixels, IMAGES));
    Path images = folder.resolve("images.npy");
    Npy.write(images, ExportedModel.SPEC.images(IMAGES), pixels);

    Path out = folder.resolve("out.npz");
    PeerProgram.run(folder.resolve("log.txt"), "load_saved_model.py", savedModel, images, out);

    try (WeightSource source = WeightFormats.open(out)) {
      for (String signature : SIGNATURES) {
        assertThat(source.info(signature + "/label").dtype()).isEqualTo("int64");
        assertThat(source.info(signature + "/probabilities").shape())
            .isEqualTo(Shape.of(IMAGES, CLASSES));
        float[] found = source.read(signature + "/logits").values();
        float[] labels = source.read(signature + "/label").values();
        for (int i = 0; i < found.length; i++) {
          assertThat(found[i]).isCloseTo(expected.values()[i], within(1e-5f * largest(expected)));
        }
        for (int i = 0; i < IMAGES; i++) {
          assertThat((int) labels[i]).isEqualTo(largest(expected.values(), i * CLASSES));
        }
      }
      if (!fold) {
        ServableModel rounded = ExportedModel.rounded(model, values);
        rounded
            .values()
            .forEach(
                (name, value) -> assertThat(source.read("variables/" + name)).isEqualTo(value));
      }
      assertThat(source.read("warmup/serving_default").shape()).isEqualTo(Shape.of(3, 32, 32, 3));
      assertThat(source.read("warmup/serving_uint8").shape()).isEqualTo(Shape.of(2, 32, 32, 3));
    }
  }

  private static float largest(HostTensor logits) {
    float largest = 0;
    for (float logit : logits.values()) {
      largest = Math.max(largest, Math.abs(logit));
    }
    return largest;
  }

  private static int largest(float[] values, int from) {
    int best = 0;
    for (int c = 1; c < CLASSES; c++) {
      best = values[from + c] > values[from + best] ? c : best;
    }
    return best;
  }
}
