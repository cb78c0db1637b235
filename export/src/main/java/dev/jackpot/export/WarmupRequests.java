package dev.jackpot.export;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import dev.jackpot.config.AtomicFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.tensorflow.Tensor;
import org.tensorflow.proto.TensorProto;

/**
 * Requests by which TensorFlow Serving warms a model up before it serves it: {@code
 * assets.extra/tf_serving_warmup_requests}, a TFRecord file of PredictionLog messages. The messages
 * are written by their fields' numbers in tensorflow_serving/apis; no maintained library on the JVM
 * has them.
 */
final class WarmupRequests {
  static final String FILE = "tf_serving_warmup_requests";

  // prediction_log.proto: PredictionLog, PredictLog
  private static final int PREDICT_LOG = 6;
  private static final int REQUEST = 1;
  // predict.proto: PredictRequest; of the map's entries key and value
  private static final int MODEL_SPEC = 1;
  private static final int INPUTS = 2;
  private static final int KEY = 1;
  private static final int VALUE = 2;
  // model.proto: ModelSpec
  private static final int NAME = 1;
  private static final int SIGNATURE_NAME = 3;

  private static final int MASK_DELTA = 0xa282ead8;

  private WarmupRequests() {}

  /**
   * Writes a request of one image each, to {@code serving_default} and {@code serving_uint8} in
   * turns.
   *
   * @param savedModel its folder
   * @param model what the requests call the model
   * @param sample whose first images they are
   * @param count at most as many as the sample has
   */
  static void write(Path savedModel, String model, SampleInputs inputs, Sample sample, int count) {
    AtomicFiles.write(
        savedModel.resolve(SavedModelWriter.EXTRA).resolve(FILE),
        out -> {
          for (int i = 0; i < count; i++) {
            String signature = i % 2 == 0 ? ServingGraph.FLOAT : ServingGraph.UINT8;
            try (Tensor image = inputs.of(signature, sample, i, 1)) {
              record(out, request(model, signature, image).toByteArray());
            }
          }
        });
  }

  private static UnknownFieldSet request(String model, String signature, Tensor image) {
    byte[] bytes = new byte[(int) image.numBytes()];
    image.asRawTensor().data().read(bytes);
    ByteString tensor =
        TensorProto.newBuilder()
            .setDtype(image.dataType())
            .setTensorShape(Nodes.shapeProto(image.shape()))
            .setTensorContent(ByteString.copyFrom(bytes))
            .build()
            .toByteString();
    UnknownFieldSet spec =
        fields(
            NAME,
            ByteString.copyFromUtf8(model),
            SIGNATURE_NAME,
            ByteString.copyFromUtf8(signature));
    UnknownFieldSet input = fields(KEY, ByteString.copyFromUtf8(ServingGraph.INPUT), VALUE, tensor);
    UnknownFieldSet request = fields(MODEL_SPEC, spec.toByteString(), INPUTS, input.toByteString());
    UnknownFieldSet log =
        UnknownFieldSet.newBuilder().addField(REQUEST, field(request.toByteString())).build();
    return UnknownFieldSet.newBuilder().addField(PREDICT_LOG, field(log.toByteString())).build();
  }

  private static UnknownFieldSet fields(int first, ByteString a, int second, ByteString b) {
    return UnknownFieldSet.newBuilder()
        .addField(first, field(a))
        .addField(second, field(b))
        .build();
  }

  private static Field field(ByteString value) {
    return Field.newBuilder().addLengthDelimited(value).build();
  }

  /** A TFRecord: the length, its checksum, the data, their checksum; all little-endian. */
  private static void record(OutputStream out, byte[] data) throws IOException {
    byte[] length =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(data.length).array();
    out.write(length);
    out.write(checksum(length));
    out.write(data);
    out.write(checksum(data));
  }

  private static byte[] checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    int masked = Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(masked).array();
  }
}
