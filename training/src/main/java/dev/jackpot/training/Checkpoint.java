package dev.jackpot.training;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.ExperimentText;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.Sha256;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.export.ArrayInfo;
import dev.jackpot.export.BundleReader;
import dev.jackpot.export.StoredCheckpoint;
import dev.jackpot.graph.HostTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A saved moment of a run: a directory with a TensorFlow V2 bundle of all variables ({@code
 * state.index} and {@code state.data-…}, readable by Python's tf.train.load_checkpoint), the run's
 * {@code config.textproto}, and {@code checkpoint.json}, which says where the run was and holds the
 * digests of the other files.
 */
public final class Checkpoint {
  private static final String DESCRIPTION = "checkpoint.json";
  private static final String STATE = "state";
  private static final String CONFIG = "config.textproto";
  private static final int VERSION = 1;
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  /** What checkpoint.json holds. */
  private record Description(
      int version,
      String stageName,
      String config,
      Progress progress,
      Map<String, String> sha256) {}

  private final Path directory;
  private final Description description;

  private Checkpoint(Path directory, Description description) {
    this.directory = directory;
    this.description = description;
  }

  /**
   * Fills an empty directory.
   *
   * @param stage name of the running stage
   * @param variables writes a bundle to the prefix it is given
   */
  static void write(
      Path directory,
      String stage,
      Progress progress,
      Consumer<Path> variables,
      Experiment experiment)
      throws IOException {
    variables.accept(directory.resolve(STATE));
    Files.writeString(directory.resolve(CONFIG), ExperimentText.print(experiment));
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      files.forEach(f -> digests.put(f.getFileName().toString(), Sha256.of(f)));
    }
    Description description =
        new Description(VERSION, stage, ExperimentText.hash(experiment), progress, digests);
    Files.writeString(directory.resolve(DESCRIPTION), GSON.toJson(description) + "\n");
  }

  /** Whether a directory claims to be a checkpoint. */
  public static boolean isAt(Path directory) {
    return Files.isRegularFile(directory.resolve(DESCRIPTION));
  }

  /**
   * Opens one and checks its files' digests.
   *
   * @throws JackpotException if it is damaged, or of another version
   */
  public static Checkpoint open(Path directory) {
    Checkpoint checkpoint = describe(directory);
    StoredCheckpoint.checkDigests(directory, checkpoint.description.sha256());
    return checkpoint;
  }

  /** Reads what a checkpoint says of itself without reading its variables. */
  static Checkpoint describe(Path directory) {
    Path file = directory.resolve(DESCRIPTION);
    Description read;
    try {
      read = GSON.fromJson(Files.readString(file), Description.class);
    } catch (IOException e) {
      throw AtomicFiles.failure("read", file, e);
    } catch (RuntimeException e) {
      // a record's own checks come wrapped in whatever Gson sees fit
      throw new JackpotException("%s is damaged: %s".formatted(file, e.getMessage()), e);
    }
    if (read == null || read.progress() == null || read.sha256() == null || read.config() == null) {
      throw new JackpotException("%s is damaged: fields are missing".formatted(file));
    }
    if (read.version() != VERSION) {
      throw new JackpotException(
          "%s: found version %d, expected %d".formatted(file, read.version(), VERSION));
    }
    return new Checkpoint(directory, read);
  }

  public Path directory() {
    return directory;
  }

  public Progress progress() {
    return description.progress();
  }

  /** Name of the stage that was running. */
  public String stage() {
    return description.stageName();
  }

  /**
   * The resolved config of its run.
   *
   * @param sets settings to override, {@code path=value} each
   */
  public Experiment experiment(List<String> sets) {
    return ExperimentLoader.load(directory.resolve(CONFIG).toString(), sets);
  }

  /** All variables. */
  public State state() {
    try (BundleReader reader = BundleReader.open(directory.resolve(STATE))) {
      Map<String, HostTensor> values = new LinkedHashMap<>();
      for (ArrayInfo array : reader.arrays()) {
        values.put(array.name(), reader.read(array.name()));
      }
      return new State(values);
    }
  }
}
