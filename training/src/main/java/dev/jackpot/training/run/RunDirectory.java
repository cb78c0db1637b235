package dev.jackpot.training.run;

import com.google.protobuf.TextFormat;
import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.Sha256;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.export.MaskFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The directory of one run, and the one place that knows the names of its files. {@link #create}
 * and {@link #resume} lock it until {@link #close}; {@link #open} only reads.
 */
public final class RunDirectory implements Closeable {
  private static final String LOCK = ".lock";
  private static final String CONFIG = "config.textproto";
  private static final String LOG = "log.txt";

  /**
   * What may lie in a directory before a run begins in it: another process may have been killed
   * that early.
   */
  private static final Set<String> BEFORE_A_RUN = Set.of(LOCK, LOG);

  private static final int NAMED_ENTRIES = 5;
  private static final int NAMED_DIFFERENCES = 10;

  private final Path root;
  private final Optional<RunLock> lock;
  private final boolean resumed;

  private RunDirectory(Path root, Optional<RunLock> lock, boolean resumed) {
    this.root = root;
    this.lock = lock;
    this.resumed = resumed;
  }

  /**
   * Begins a run: creates the directory, locks it and writes the config.
   *
   * @param experiment the resolved config
   * @throws ConfigException if another run is there or is using it, or files that are not a run's
   * @throws JackpotException if it cannot be written
   */
  public static RunDirectory create(Path root, Experiment experiment) {
    return locked(
        root,
        lock -> {
          refuseUnlessEmpty(root);
          return begin(root, lock, experiment);
        });
  }

  /**
   * Continues the run that is there, or begins it if it was killed before it had written its config
   * (or was never started): {@link #isResumed} tells which.
   *
   * @param experiment the resolved config; must equal the one that the run began with
   * @throws ConfigException if the config is another one (the differences are listed), the
   *     directory is in use, or it holds files that are not a run's
   */
  public static RunDirectory resume(Path root, Experiment experiment) {
    return locked(
        root,
        lock -> {
          if (!Files.exists(root.resolve(CONFIG))) {
            refuseUnlessEmpty(root);
            return begin(root, lock, experiment);
          }
          RunDirectory directory = new RunDirectory(root, Optional.of(lock), true);
          directory.refuseIfDifferent(experiment);
          AtomicFiles.sweep(root);
          AtomicFiles.sweep(directory.checkpoints());
          AtomicFiles.sweep(directory.masks());
          AtomicFiles.sweep(directory.rescalings());
          AtomicFiles.sweep(directory.savedModels());
          return directory;
        });
  }

  /**
   * Opens a run for reading, also while another process writes it.
   *
   * @throws ConfigException if no run is there
   */
  public static RunDirectory open(Path root) {
    if (!Files.isRegularFile(root.resolve(CONFIG))) {
      throw new ConfigException("%s is not a run directory: it has no %s".formatted(root, CONFIG));
    }
    return new RunDirectory(root, Optional.empty(), false);
  }

  /**
   * Refuses a run that another process is at.
   *
   * @throws RunInUseException if one is
   */
  public static void refuseIfInUse(Path root) {
    Path lock = root.resolve(LOCK);
    if (Files.exists(lock)) {
      close(RunLock.acquire(lock), root);
    }
  }

  /** Whether a run was begun at {@code root}: its config is there. */
  public static boolean isBegun(Path root) {
    return Files.exists(root.resolve(CONFIG));
  }

  private static RunDirectory begin(Path root, RunLock lock, Experiment experiment) {
    AtomicFiles.sweep(root);
    RunDirectory directory = new RunDirectory(root, Optional.of(lock), false);
    AtomicFiles.write(directory.config(), text(experiment));
    return directory;
  }

  @FunctionalInterface
  private interface Opener {
    RunDirectory open(RunLock lock);
  }

  private static RunDirectory locked(Path root, Opener opener) {
    if (Files.exists(root) && !Files.isDirectory(root)) {
      throw new ConfigException("%s is a file; expected a directory for the run".formatted(root));
    }
    try {
      Files.createDirectories(root);
    } catch (IOException e) {
      throw AtomicFiles.failure("create", root, e);
    }
    RunLock lock = RunLock.acquire(root.resolve(LOCK));
    RunDirectory opened = null;
    try {
      opened = opener.open(lock);
      return opened;
    } finally {
      if (opened == null) {
        close(lock, root);
      }
    }
  }

  private static void refuseUnlessEmpty(Path root) {
    List<String> found;
    try (Stream<Path> entries = Files.list(root)) {
      found =
          entries
              .map(p -> p.getFileName().toString())
              .filter(n -> !BEFORE_A_RUN.contains(n) && !n.startsWith(AtomicFiles.PREFIX))
              .sorted()
              .toList();
    } catch (IOException e) {
      throw AtomicFiles.failure("list", root, e);
    }
    if (found.isEmpty()) {
      return;
    }
    String named = String.join(", ", found.subList(0, Math.min(NAMED_ENTRIES, found.size())));
    String more =
        found.size() > NAMED_ENTRIES ? " and %d more".formatted(found.size() - NAMED_ENTRIES) : "";
    throw new ConfigException(
        found.contains(CONFIG)
            ? "%s already holds a run (%s%s); continue it with --resume, or choose another directory with --out"
                .formatted(root, named, more)
            : "%s is not empty and not a run (it holds %s%s); choose another directory with --out"
                .formatted(root, named, more));
  }

  private void refuseIfDifferent(Experiment experiment) {
    Experiment before = readConfig();
    if (hash(before).equals(hash(experiment))) {
      return;
    }
    List<String> differences = ConfigDifferences.between(before, experiment);
    List<String> problems = new ArrayList<>();
    problems.add(
        "%s was begun with another config; resume it with that one, or begin a new run with --out:"
            .formatted(root));
    differences.stream().limit(NAMED_DIFFERENCES).map("  "::concat).forEach(problems::add);
    if (differences.size() > NAMED_DIFFERENCES) {
      problems.add("  and %d more".formatted(differences.size() - NAMED_DIFFERENCES));
    }
    throw new ConfigException(problems);
  }

  /** The resolved config as it stands in the directory. */
  public Experiment readConfig() {
    try {
      return TextFormat.parse(Files.readString(config()), Experiment.class);
    } catch (TextFormat.ParseException e) {
      throw new JackpotException("%s:%s".formatted(config(), e.getMessage()), e);
    } catch (IOException e) {
      throw AtomicFiles.failure("read", config(), e);
    }
  }

  /**
   * SHA-256 of the config's text, in hexadecimal: equal for equal configs, whatever file they came
   * from.
   */
  public static String hash(Experiment experiment) {
    return Sha256.of(text(experiment).getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Experiment experiment) {
    return TextFormat.printer().escapingNonAscii(false).printToString(experiment);
  }

  /** True if {@link #resume} found a run to continue. */
  public boolean isResumed() {
    return resumed;
  }

  /** The directory itself; TensorBoard's event files lie directly in it. */
  public Path root() {
    return root;
  }

  /** The resolved config. */
  public Path config() {
    return root.resolve(CONFIG);
  }

  /** What the run ran on; see {@link Manifest}. */
  public Path manifest() {
    return root.resolve("manifest.json");
  }

  /** A line per epoch; see {@link MetricsLog}. */
  public Path metrics() {
    return root.resolve("metrics.jsonl");
  }

  /** How swaps depend on one another; only there if a search measures it. See {@link SwapLog}. */
  public Path dependency() {
    return root.resolve("dependency.jsonl");
  }

  /** What pruning schedules have done; only there if one has. See {@link PruningLog}. */
  public Path pruning() {
    return root.resolve("pruning.jsonl");
  }

  /** How much is shed; only there if a stage measures it. See {@link SheddingLog}. */
  public Path shedding() {
    return root.resolve("shedding.jsonl");
  }

  /** What a stage's measurements of shed weights are held against; see {@link SheddingStart}. */
  public Path shedding(String stage) {
    return root.resolve("shedding").resolve(fileName(stage));
  }

  /** Images that could not be decoded so far; only there if there are any. */
  public Path skippedImages() {
    return root.resolve("skipped_images.json");
  }

  /** What came out; written last, so a run that has it is complete. See {@link Result}. */
  public Path result() {
    return root.resolve("result.json");
  }

  public Path checkpoints() {
    return root.resolve("checkpoints");
  }

  /** A mask file for each stage that has ended with masks. */
  public Path masks() {
    return root.resolve("masks");
  }

  /** The masks that a stage has left. */
  public Path masks(String stage) {
    return masks().resolve(fileName(stage) + MaskFiles.ENDING);
  }

  /** A file for each stage that has rescaled its parameters. */
  public Path rescalings() {
    return root.resolve("rescaling");
  }

  /** By what a stage multiplied its parameters before its first step; see {@link RescaleRecord}. */
  public Path rescaling(String stage) {
    return rescalings().resolve(fileName(stage) + ".json");
  }

  /** The directory that TF Serving is pointed at: a sub-directory a version. */
  public Path savedModels() {
    return root.resolve("saved_model");
  }

  /** The SavedModel that the run writes: version 1. */
  public Path savedModel() {
    return savedModels().resolve("1");
  }

  /** A stage's name as a part of file names: {@code train/round-2} is {@code train.round-2}. */
  public static String fileName(String stage) {
    // no name of a stage has a dot of its own
    return stage.replace('/', '.');
  }

  public Path report() {
    return root.resolve("report.html");
  }

  public Path log() {
    return root.resolve(LOG);
  }

  /** Drops the lock. The directory stays readable. */
  @Override
  public void close() {
    lock.ifPresent(l -> close(l, root));
  }

  private static void close(RunLock lock, Path root) {
    try {
      lock.close();
    } catch (IOException e) {
      throw AtomicFiles.failure("unlock", root, e);
    }
  }
}
