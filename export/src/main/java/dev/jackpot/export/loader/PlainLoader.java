package dev.jackpot.export.loader;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Tensor;
import org.tensorflow.TensorFlow;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/**
 * Loads a SavedModel as any program does and answers about it: one request after another on its
 * standard input, the answers on its standard output.
 *
 * <p>It knows nothing of Jackpot: this class file and TensorFlow Java's jars are all it needs, and
 * all it gets where {@code ModelProcess} starts it.
 *
 * <p>When it has loaded the model it sends {@link #OK}, the nanoseconds that took, and the
 * process's resident memory before and after, in kB (−1 where the system does not say). Then it
 * answers
 *
 * <ul>
 *   <li>{@link #META}: the MetaGraphDef;
 *   <li>{@link #READ}, tensor's name: the tensor;
 *   <li>{@link #CALL}, signature, repetitions, input's name, tensor: each run's nanoseconds, the
 *       last one's outputs;
 *   <li>{@link #MEMORY}: resident memory now.
 * </ul>
 *
 * Every answer begins with {@link #OK}, or with {@link #FAILED} and a reason. It ends with its
 * input.
 */
public final class PlainLoader {
  public static final String OK = "ok";
  public static final String FAILED = "failed";
  public static final String META = "meta";
  public static final String READ = "read";
  public static final String CALL = "call";
  public static final String MEMORY = "memory";

  private static final Map<DataType, Class<? extends TType>> SENT =
      Map.of(
          DataType.DT_FLOAT, TFloat32.class,
          DataType.DT_INT32, TInt32.class,
          DataType.DT_INT64, TInt64.class,
          DataType.DT_UINT8, TUint8.class,
          DataType.DT_BOOL, TBool.class);

  /** Bytes that are sent at a time, so that the heap need not hold a tensor. */
  private static final int CHUNK = 1 << 20;

  private PlainLoader() {}

  /**
   * Runs it.
   *
   * @param args the SavedModel's folder, a tag, the session's ConfigProto in base 64
   */
  public static void main(String[] args) throws IOException {
    // what else prints must not get into the answers
    DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16));
    System.setOut(System.err);
    DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(new FileInputStream(FileDescriptor.in), 1 << 16));
    serve(in, out, args[0], args[1], ConfigProto.parseFrom(Base64.getDecoder().decode(args[2])));
  }

  /** Answers until the input ends. */
  public static void serve(
      DataInputStream in, DataOutputStream out, String folder, String tag, ConfigProto config)
      throws IOException {
    TensorFlow.version(); // so that loading TensorFlow itself is not counted
    long before = residentKilobytes();
    long begun = System.nanoTime();
    try (SavedModelBundle bundle =
        SavedModelBundle.loader(folder).withTags(tag).withConfigProto(config).load()) {
      long nanos = System.nanoTime() - begun;
      out.writeUTF(OK);
      out.writeLong(nanos);
      out.writeLong(before);
      out.writeLong(residentKilobytes());
      out.flush();
      while (answer(bundle, in, out)) {
        out.flush();
      }
    } catch (RuntimeException e) {
      fail(out, e);
      out.flush();
    }
  }

  private static boolean answer(SavedModelBundle bundle, DataInputStream in, DataOutputStream out)
      throws IOException {
    String request;
    try {
      request = in.readUTF();
    } catch (EOFException e) {
      return false;
    }
    switch (request) {
      case META -> {
        byte[] meta = bundle.metaGraphDef().toByteArray();
        out.writeUTF(OK);
        out.writeInt(meta.length);
        out.write(meta);
      }
      case READ -> read(bundle, in.readUTF(), out);
      case CALL -> call(bundle, in, out);
      case MEMORY -> {
        out.writeUTF(OK);
        out.writeLong(residentKilobytes());
      }
      default -> throw new IOException("unknown request " + request);
    }
    return true;
  }

  private static void read(SavedModelBundle bundle, String name, DataOutputStream out)
      throws IOException {
    try (Result result = bundle.session().runner().fetch(name).run()) {
      out.writeUTF(OK);
      write(out, result.get(0));
    } catch (RuntimeException e) {
      fail(out, e);
    }
  }

  private static void call(SavedModelBundle bundle, DataInputStream in, DataOutputStream out)
      throws IOException {
    String signature = in.readUTF();
    long[] nanos = new long[in.readInt()];
    String input = in.readUTF();
    Result last = null;
    try (Tensor value = read(in)) {
      for (int i = 0; i < nanos.length; i++) {
        if (last != null) {
          last.close();
        }
        long begun = System.nanoTime();
        last = bundle.function(signature).call(Map.of(input, value));
        nanos[i] = System.nanoTime() - begun;
      }
      Map<String, Tensor> outputs = new HashMap<>();
      for (Map.Entry<String, Tensor> output : last) {
        outputs.put(output.getKey(), output.getValue());
      }
      out.writeUTF(OK);
      for (long each : nanos) {
        out.writeLong(each);
      }
      out.writeInt(outputs.size());
      for (Map.Entry<String, Tensor> output : outputs.entrySet()) {
        out.writeUTF(output.getKey());
        write(out, output.getValue());
      }
    } catch (RuntimeException e) {
      fail(out, e);
    } finally {
      if (last != null) {
        last.close();
      }
    }
  }

  private static void fail(DataOutputStream out, RuntimeException e) throws IOException {
    String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
    out.writeUTF(FAILED);
    out.writeUTF(
        reason.isEmpty()
            ? e.getClass().getSimpleName()
            : reason.substring(0, Math.min(reason.length(), 5000)));
  }

  /** Writes a tensor: its type's number in types.proto, its shape, its elements. */
  public static void write(DataOutputStream out, Tensor tensor) throws IOException {
    out.writeInt(tensor.dataType().getNumber());
    long[] shape = tensor.shape().asArray();
    out.writeInt(shape.length);
    for (long size : shape) {
      out.writeLong(size);
    }
    if (tensor.dataType() == DataType.DT_STRING) {
      for (NdArray<byte[]> each : ((TString) tensor).asBytes().scalars()) {
        byte[] text = each.getObject();
        out.writeInt(text.length);
        out.write(text);
      }
      return;
    }
    ByteDataBuffer data = tensor.asRawTensor().data();
    out.writeLong(data.size());
    byte[] chunk = new byte[(int) Math.min(data.size(), CHUNK)];
    for (long done = 0; done < data.size(); done += chunk.length) {
      int next = (int) Math.min(chunk.length, data.size() - done);
      data.offset(done).read(chunk, 0, next);
      out.write(chunk, 0, next);
    }
  }

  /** Reads what {@link #write} wrote; the caller closes it. */
  public static Tensor read(DataInputStream in) throws IOException {
    DataType type = DataType.forNumber(in.readInt());
    long[] sizes = new long[in.readInt()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = in.readLong();
    }
    Shape shape = Shape.of(sizes);
    if (type == DataType.DT_STRING) {
      byte[][] texts = new byte[Math.toIntExact(shape.size())][];
      for (int i = 0; i < texts.length; i++) {
        texts[i] = in.readNBytes(in.readInt());
      }
      return TString.tensorOfBytes(NdArrays.wrap(shape, DataBuffers.of(texts, true, true)));
    }
    long bytes = in.readLong();
    Tensor tensor = Tensor.of(javaType(type), shape);
    try {
      ByteDataBuffer data = tensor.asRawTensor().data();
      if (data.size() != bytes) {
        throw new IOException("%d bytes for a tensor of %d".formatted(bytes, data.size()));
      }
      byte[] chunk = new byte[(int) Math.min(bytes, CHUNK)];
      for (long done = 0; done < bytes; done += chunk.length) {
        int next = (int) Math.min(chunk.length, bytes - done);
        in.readFully(chunk, 0, next);
        data.offset(done).write(chunk, 0, next);
      }
      return tensor;
    } catch (IOException | RuntimeException e) {
      tensor.close();
      throw e;
    }
  }

  // a switch over the types would be a second class file
  private static Class<? extends TType> javaType(DataType type) throws IOException {
    Class<? extends TType> known = SENT.get(type);
    if (known == null) {
      throw new IOException("tensors of type %s are not sent".formatted(type));
    }
    return known;
  }

  /** Of this process, as Linux tells it; −1 elsewhere. */
  private static long residentKilobytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return -1;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    return -1;
  }
}
