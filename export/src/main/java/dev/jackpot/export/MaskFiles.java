package dev.jackpot.export;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.MaskProvenance;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.Masks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Masks in and out of files (docs/masks.md): mask files ({@code .masks}, {@link MaskFileFormat}),
 * NumPy archives of 0 and 1, and the masks that checkpoints and run directories hold.
 */
public final class MaskFiles {
  /** How the name of a mask file ends. */
  public static final String ENDING = ".masks";

  private static final String NUMPY = ".npz";
  private static final String MASK = "/mask";

  private MaskFiles() {}

  /**
   * Writes masks; an existing file is replaced only when the new one is complete on disk.
   *
   * @param path ends in {@code .masks}, or in {@code .npz} for uint8 arrays of 0 and 1 by kernel
   *     name, which have no place for the provenance
   * @throws ConfigException if it has another ending
   */
  public static void write(Path path, Masks masks, MaskProvenance provenance) {
    requireEnding(path);
    if (endsWith(path, NUMPY)) {
      Npz.writeMasks(path, masks);
    } else {
      byte[] bytes = MaskFileFormat.encode(masks, provenance);
      AtomicFiles.write(path, bytes);
    }
  }

  /**
   * Refuses a name that {@link #write} cannot write, before there is anything to write.
   *
   * @throws ConfigException naming the endings
   */
  public static void requireEnding(Path path) {
    if (!endsWith(path, NUMPY) && !endsWith(path, ENDING)) {
      throw new ConfigException(
          "%s: expected a name ending in %s or %s".formatted(path, ENDING, NUMPY));
    }
  }

  private static boolean endsWith(Path path, String ending) {
    return path.toString().toLowerCase(Locale.ROOT).endsWith(ending);
  }

  /**
   * Reads masks from a mask file, an NPZ of zeros and ones, a checkpoint, or a run directory (whose
   * newest whole checkpoint is read).
   *
   * @throws ConfigException if nothing is there
   * @throws JackpotException naming the file and the kernel if it is damaged, of another version,
   *     or holds no masks
   */
  public static StoredMasks open(Path path) {
    if (MaskFileFormat.recognizes(path)) {
      return MaskFileFormat.read(path);
    }
    if (RunFormat.isRun(path) || RunFormat.isCheckpoint(path)) {
      return ofCheckpoint(path, RunFormat.checkpoint(path));
    }
    if (endsWith(path, ENDING) && Files.exists(path)) {
      throw new JackpotException(
          "%s: not a mask file: found %s".formatted(path, FileKinds.describe(path)));
    }
    try (WeightSource source = WeightFormats.openAsStored(path)) {
      return source instanceof NpzSource ? ofNumpy(source) : ofVariables(path, source);
    }
  }

  private static StoredMasks ofCheckpoint(Path path, Path checkpoint) {
    try (WeightSource source = WeightFormats.openAsStored(checkpoint)) {
      return ofVariables(path, source);
    }
  }

  private static StoredMasks ofNumpy(WeightSource source) {
    Map<String, Mask> masks = new LinkedHashMap<>();
    for (ArrayInfo array : source.arrays()) {
      masks.put(array.name(), mask(source, array.name(), source.path()));
    }
    return found("NumPy archive", source.path(), masks);
  }

  /** The variables called KERNEL/mask. */
  private static StoredMasks ofVariables(Path path, WeightSource source) {
    Map<String, Mask> masks = new LinkedHashMap<>();
    for (ArrayInfo array : source.arrays()) {
      if (array.name().endsWith(MASK)) {
        String kernel = array.name().substring(0, array.name().length() - MASK.length());
        masks.put(kernel, mask(source, array.name(), path));
      }
    }
    return found("checkpoint", path, masks);
  }

  private static Mask mask(WeightSource source, String array, Path path) {
    HostTensor values = source.read(array);
    try {
      return Mask.of(values);
    } catch (JackpotException e) {
      throw new JackpotException(
          "%s: array \"%s\" is no mask: %s".formatted(path, array, e.getMessage()), e);
    }
  }

  private static StoredMasks found(String kind, Path path, Map<String, Mask> masks) {
    if (masks.isEmpty()) {
      throw new JackpotException(
          "%s: holds no masks: none of its kernels is pruned".formatted(path));
    }
    return new StoredMasks(kind, new Masks(masks), MaskProvenance.getDefaultInstance());
  }
}
