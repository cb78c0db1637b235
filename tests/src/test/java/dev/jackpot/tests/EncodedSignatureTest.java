package dev.jackpot.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.proto.Data.Interpolation;
import dev.jackpot.config.proto.Export;
import dev.jackpot.export.EvaluationView;
import dev.jackpot.export.SavedModelWriter;
import dev.jackpot.export.ServableModel;
import dev.jackpot.training.data.ImageView;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/** serving_jpeg shows images to the network as evaluation does: no pixel differs by two levels. */
class EncodedSignatureTest {
  private static final int[][] SIZES = {
    {32, 32}, {33, 32}, {48, 131}, {257, 40}, {20, 16}, {375, 500}
  };

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"32, BILINEAR", "37, BILINEAR", "37, BICUBIC", "0, BILINEAR"})
  void pixelsAreThoseOfEvaluation(int resize, Interpolation interpolation) throws IOException {
    ServableModel model = ExportedModel.make(new EvaluationView(resize, interpolation));
    Path savedModel = folder.resolve("1");
    new SavedModelWriter(Export.getDefaultInstance())
        .write(savedModel, model, ExportedModel.sample(model, ExportedModel.pixels(2), 2));
    byte[][] files = new byte[2 * SIZES.length][];
    for (int i = 0; i < files.length; i++) {
      files[i] = image(SIZES[i / 2][0], SIZES[i / 2][1], i % 2 == 0 ? "jpg" : "png");
    }
    ImageView view = new ImageView(32, 32, resize, interpolation);
    int different = 0;
    try (SavedModelBundle bundle = SavedModelBundle.load(savedModel.toString(), "serve");
        TString encoded =
            TString.tensorOfBytes(
                NdArrays.wrap(Shape.of(files.length), DataBuffers.of(files, true, false)));
        Result result =
            bundle
                .session()
                .runner()
                .feed("serving_jpeg_images", encoded)
                .fetch("serving_uint8_images")
                .run()) {
      TUint8 shown = (TUint8) result.get(0);
      byte[] all = new byte[(int) shown.size()];
      shown.asRawTensor().data().read(all);
      int size = all.length / files.length;
      for (int i = 0; i < files.length; i++) {
        byte[] expected = view.show("image " + i, files[i]).pixels();
        for (int p = 0; p < size; p++) {
          int difference = Math.abs((all[i * size + p] & 0xff) - (expected[p] & 0xff));
          assertThat(difference).as("image %d, value %d", i, p).isLessThanOrEqualTo(1);
          different += difference;
        }
      }
      assertThat(different).as("of %d values", all.length).isLessThan(all.length / 1000);
    }
  }

  /** A gradient with noise and a disc. */
  private static byte[] image(int height, int width, String format) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setPaint(new GradientPaint(0, 0, Color.ORANGE, width, height, Color.BLUE));
    g.fillRect(0, 0, width, height);
    g.setColor(Color.WHITE);
    g.fillOval(width / 4, height / 4, width / 2, height / 2);
    g.dispose();
    Random random = new Random(height);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, image.getRGB(x, y) ^ random.nextInt(0x202020));
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, format, out);
    return out.toByteArray();
  }
}
