package dev.jackpot.export;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_CheckpointReaderGetTensor;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_CheckpointReaderGetVariable;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_CheckpointReaderGetVariableDataType;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_CheckpointReaderGetVariableNumDims;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_CheckpointReaderGetVariableShape;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_CheckpointReaderSize;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteCheckpointReader;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteTensor;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GetCode;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_Message;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewCheckpointReader;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_TensorByteSize;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_TensorData;

import dev.jackpot.config.JackpotException;
import dev.jackpot.graph.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.tensorflow.TensorFlow;
import org.tensorflow.internal.c_api.TF_CheckpointReader;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.TF_Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;

/**
 * A TensorFlow V2 checkpoint ("bundle"), name-based or object-based, of one or several shards,
 * through TensorFlow's own reader. No graph is needed. Names are those in the bundle; arrays are in
 * the order of their names.
 */
public final class BundleReader implements WeightSource {
  static {
    TensorFlow.version(); // loads the native library
  }

  // a float[] holds no more
  private static final long MOST_ELEMENTS = Integer.MAX_VALUE - 8;

  private final Path prefix;
  private final long fileBytes;
  private final List<ArrayInfo> arrays;
  private TF_CheckpointReader reader;

  private BundleReader(Path prefix, long fileBytes, TF_CheckpointReader reader) {
    this.prefix = prefix;
    this.fileBytes = fileBytes;
    this.reader = reader;
    this.arrays = list();
  }

  /**
   * Opens the checkpoint whose files are {@code prefix}.index and {@code
   * prefix}.data-00000-of-0000N.
   *
   * @throws JackpotException if a file is missing, empty or damaged
   */
  public static BundleReader open(Path prefix) {
    long fileBytes = BundleFiles.check(prefix);
    TF_Status status = TF_Status.newStatus();
    try {
      TF_CheckpointReader reader = TF_NewCheckpointReader(prefix.toString(), status);
      check(status, prefix + ": not a readable TensorFlow checkpoint");
      try {
        return new BundleReader(prefix, fileBytes, reader);
      } catch (RuntimeException e) {
        TF_DeleteCheckpointReader(reader);
        throw e;
      }
    } finally {
      status.close();
    }
  }

  private List<ArrayInfo> list() {
    List<ArrayInfo> found = new ArrayList<>();
    int size = TF_CheckpointReaderSize(reader);
    for (int i = 0; i < size; i++) {
      String name = TF_CheckpointReaderGetVariable(reader, i).getString();
      int type = TF_CheckpointReaderGetVariableDataType(reader, name);
      DataType named = DataType.forNumber(type);
      String dtype = named == null ? "type " + type : DataTypes.name(named);
      found.add(new ArrayInfo(name, dtype, shape(name), NumberType.ofTensorFlow(type).isPresent()));
    }
    found.sort(Comparator.comparing(ArrayInfo::name));
    return List.copyOf(found);
  }

  private Shape shape(String name) {
    long[] sizes = new long[TF_CheckpointReaderGetVariableNumDims(reader, name)];
    if (sizes.length > 0) {
      TF_Status status = TF_Status.newStatus();
      try {
        TF_CheckpointReaderGetVariableShape(
            reader, new BytePointer(name), sizes, sizes.length, status);
        check(status, place(name));
      } finally {
        status.close();
      }
    }
    return Shape.of(sizes);
  }

  @Override
  public Path path() {
    return prefix;
  }

  @Override
  public List<ArrayInfo> arrays() {
    return arrays;
  }

  @Override
  public HostTensor read(String name) {
    ArrayInfo info = info(name);
    NumberType type =
        NumberType.ofTensorFlow(TF_CheckpointReaderGetVariableDataType(open(), name))
            .orElseThrow(
                () ->
                    new JackpotException(
                        "%s: dtype %s, expected numbers".formatted(place(name), info.dtype())));
    int elements = elements(info, type);
    TF_Status status = TF_Status.newStatus();
    TF_Tensor tensor = null;
    try {
      tensor = TF_CheckpointReaderGetTensor(open(), name, status);
      check(status, place(name) + ": cannot be read");
      return new HostTensor(info.shape(), values(tensor, type, elements, place(name)));
    } finally {
      if (tensor != null && !tensor.isNull()) {
        TF_DeleteTensor(tensor);
      }
      status.close();
    }
  }

  /** Number of elements; the native reader takes memory for them before it reads. */
  private int elements(ArrayInfo info, NumberType type) {
    long elements = 1;
    for (long size : info.shape().asArray()) {
      elements = size == 0 ? 0 : elements > MOST_ELEMENTS / size ? Long.MAX_VALUE : elements * size;
      if (elements > MOST_ELEMENTS) {
        throw new JackpotException(
            "%s: shape %s has more than %d elements"
                .formatted(place(info.name()), info.shape(), MOST_ELEMENTS));
      }
    }
    if (elements * type.bytes() > fileBytes) {
      throw new JackpotException(
          "%s: shape %s needs %d bytes, but the checkpoint's files have %d"
              .formatted(place(info.name()), info.shape(), elements * type.bytes(), fileBytes));
    }
    return (int) elements;
  }

  private static float[] values(TF_Tensor tensor, NumberType type, int elements, String place) {
    long bytes = TF_TensorByteSize(tensor);
    if (bytes != (long) elements * type.bytes()) {
      throw new JackpotException(
          "%s: %d bytes, expected %d for %d elements of %s"
              .formatted(place, bytes, (long) elements * type.bytes(), elements, type.dtype()));
    }
    float[] values = new float[elements];
    int most = 1 << 24; // a ByteBuffer's limit is 2^31 bytes
    for (int from = 0; from < elements; from += most) {
      int count = Math.min(most, elements - from);
      Pointer data = new BytePointer(TF_TensorData(tensor)).position((long) from * type.bytes());
      ByteBuffer buffer =
          data.capacity((long) (from + count) * type.bytes())
              .asByteBuffer()
              .order(ByteOrder.nativeOrder());
      try {
        type.decode(buffer, values, from, count);
      } catch (ArithmeticException e) {
        throw new JackpotException("%s: %s".formatted(place, e.getMessage()), e);
      }
    }
    return values;
  }

  private TF_CheckpointReader open() {
    if (reader == null) {
      throw new IllegalStateException(prefix + " is closed");
    }
    return reader;
  }

  private String place(String name) {
    return "%s: array \"%s\"".formatted(prefix, name);
  }

  private static void check(TF_Status status, String place) {
    if (TF_GetCode(status) != 0) {
      String message = TF_Message(status).getString().lines().findFirst().orElse("no reason given");
      throw new JackpotException("%s: %s".formatted(place, message));
    }
  }

  @Override
  public void close() {
    if (reader != null) {
      TF_DeleteCheckpointReader(reader);
      reader = null;
    }
  }
}
