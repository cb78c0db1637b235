package dev.jackpot.export;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.Runtime;
import dev.jackpot.export.loader.PlainLoader;
import dev.jackpot.graph.Sessions;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.tensorflow.Tensor;
import org.tensorflow.proto.MetaGraphDef;

/**
 * A SavedModel in a process of its own, loaded by {@link PlainLoader}: no class of Jackpot is
 * there, and its memory is the model's. For one thread.
 */
public final class ModelProcess implements AutoCloseable {
  private static final int BUFFER = 1 << 16;
  private static final List<String> PASSED_ON =
      List.of("org.bytedeco.javacpp.platform.extension", "org.bytedeco.javacpp.cachedir");

  // tensors lie outside of the heap, and JavaCPP would allow only a few heaps of them
  private static final List<String> UNLIMITED =
      List.of("org.bytedeco.javacpp.maxbytes", "org.bytedeco.javacpp.maxphysicalbytes");

  private final Path model;
  private final Path temporary;
  private final Process process;
  private final DataInputStream in;
  private final DataOutputStream out;
  private double loadSeconds;
  private long kilobytesBefore;
  private long kilobytesLoaded;

  /**
   * What a signature gave.
   *
   * @param nanos of each run
   * @param outputs of the last run by name; close them
   */
  public record Answer(long[] nanos, Map<String, Tensor> outputs) implements AutoCloseable {
    @Override
    public void close() {
      outputs.values().forEach(Tensor::close);
    }
  }

  private ModelProcess(Path model, Path temporary, Process process) {
    this.model = model;
    this.temporary = temporary;
    this.process = process;
    this.in = new DataInputStream(new BufferedInputStream(process.getInputStream(), BUFFER));
    this.out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), BUFFER));
  }

  /**
   * Starts a process that loads a SavedModel, and waits until it has.
   *
   * @param model the SavedModel's folder
   * @param runtime its device and threads
   * @throws JackpotException if the process cannot start or the model cannot be loaded
   */
  public static ModelProcess load(Path model, Runtime runtime) {
    ModelProcess started;
    try {
      started = start(model, runtime);
    } catch (IOException e) {
      throw new JackpotException(
          "cannot start a process to load %s: %s".formatted(model, e.getMessage()), e);
    }
    try {
      started.awaitLoaded();
      return started;
    } catch (RuntimeException e) {
      started.close();
      throw e;
    }
  }

  private static ModelProcess start(Path model, Runtime runtime) throws IOException {
    Path temporary = Files.createTempDirectory("jackpot-loader");
    try {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
      PASSED_ON.stream()
          .filter(name -> System.getProperty(name) != null)
          .forEach(name -> command.add("-D%s=%s".formatted(name, System.getProperty(name))));
      UNLIMITED.forEach(
          name -> command.add("-D%s=%s".formatted(name, System.getProperty(name, "0"))));
      command.addAll(List.of("-cp", LoaderClassPath.in(temporary), PlainLoader.class.getName()));
      command.addAll(
          List.of(
              model.toAbsolutePath().toString(),
              SavedModelWriter.TAG,
              Base64.getEncoder().encodeToString(Sessions.config(runtime).toByteArray())));
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectError(temporary.resolve("errors.txt").toFile());
      builder.environment().putIfAbsent("TF_CPP_MIN_LOG_LEVEL", "3");
      return new ModelProcess(model, temporary, builder.start());
    } catch (IOException | RuntimeException e) {
      AtomicFiles.delete(temporary);
      throw e;
    }
  }

  private void awaitLoaded() {
    expectOk();
    try {
      loadSeconds = in.readLong() / 1e9;
      kilobytesBefore = in.readLong();
      kilobytesLoaded = in.readLong();
    } catch (IOException e) {
      throw lost(e);
    }
  }

  /** Seconds that loading took, TensorFlow's own library not counted. */
  public double loadSeconds() {
    return loadSeconds;
  }

  /** Resident memory that loading took, in MB; −1 where the system does not say. */
  public double loadMegabytes() {
    return kilobytesBefore < 0 ? -1 : (kilobytesLoaded - kilobytesBefore) / 1e3;
  }

  /** Resident memory taken since before the loading, in MB; −1 where the system does not say. */
  public double megabytes() {
    return ask(
        () -> out.writeUTF(PlainLoader.MEMORY),
        () -> kilobytesBefore < 0 ? -1 : (in.readLong() - kilobytesBefore) / 1e3);
  }

  /** The graph, signatures and all, as the loader has it. */
  public MetaGraphDef meta() {
    return ask(
        () -> out.writeUTF(PlainLoader.META),
        () -> MetaGraphDef.parseFrom(in.readNBytes(in.readInt())));
  }

  /**
   * Runs a part of the graph that needs no input.
   *
   * @param name for instance "kernel/Read/ReadVariableOp:0"
   * @return its value; close it
   */
  Tensor read(String name) {
    return ask(
        () -> {
          out.writeUTF(PlainLoader.READ);
          out.writeUTF(name);
        },
        () -> PlainLoader.read(in));
  }

  /**
   * Runs a signature with one input.
   *
   * @param runs how often, at least once
   * @throws JackpotException if it fails, with TensorFlow's reason
   */
  public Answer call(String signature, String input, Tensor value, int runs) {
    return ask(
        () -> {
          out.writeUTF(PlainLoader.CALL);
          out.writeUTF(signature);
          out.writeInt(runs);
          out.writeUTF(input);
          PlainLoader.write(out, value);
        },
        () -> {
          long[] nanos = new long[runs];
          for (int i = 0; i < runs; i++) {
            nanos[i] = in.readLong();
          }
          Map<String, Tensor> outputs = new TreeMap<>();
          for (int left = in.readInt(); left > 0; left--) {
            outputs.put(in.readUTF(), PlainLoader.read(in));
          }
          return new Answer(nanos, outputs);
        });
  }

  @FunctionalInterface
  private interface Sending {
    void send() throws IOException;
  }

  @FunctionalInterface
  private interface Receiving<T> {
    T receive() throws IOException;
  }

  private <T> T ask(Sending question, Receiving<T> answer) {
    try {
      question.send();
      out.flush();
    } catch (IOException e) {
      throw lost(e);
    }
    expectOk();
    try {
      return answer.receive();
    } catch (IOException e) {
      throw lost(e);
    }
  }

  private void expectOk() {
    try {
      String status = in.readUTF();
      if (!status.equals(PlainLoader.OK)) {
        throw new JackpotException("%s: %s".formatted(model, in.readUTF()));
      }
    } catch (IOException e) {
      throw lost(e);
    }
  }

  private JackpotException lost(IOException e) {
    String reason =
        e instanceof EOFException ? "ended" : "cannot be talked to (%s)".formatted(e.getMessage());
    return new JackpotException(
        "the process that loaded %s %s%s".formatted(model, reason, lastError()), e);
  }

  /** The exception that ended the process, or what it printed last. */
  private String lastError() {
    try (Stream<String> lines = Files.lines(temporary.resolve("errors.txt"))) {
      List<String> printed = lines.filter(l -> !l.isBlank()).map(String::strip).toList();
      return printed.stream()
          .filter(l -> l.startsWith("Exception in thread"))
          .findFirst()
          .or(() -> printed.stream().reduce((a, b) -> b))
          .map(l -> ": " + l)
          .orElse("");
    } catch (IOException | RuntimeException e) {
      return "";
    }
  }

  /** Ends the process. */
  @Override
  public void close() {
    try {
      out.close(); // its input ends, and so does it
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      in.close();
    } catch (IOException e) {
      process.destroyForcibly(); // it has ended already, or will now
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } finally {
      AtomicFiles.delete(temporary);
    }
  }
}
