package dev.jackpot.training;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.proto.MaskProvenance;
import dev.jackpot.export.MaskFiles;
import dev.jackpot.pruning.Masks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The sets of weights that magnitude pruning would keep, as files of a run: what the next
 * measurement is compared with, also when the run is continued from a checkpoint. The first and the
 * last few are kept.
 */
final class KeptSetFiles {
  private static final String PREFIX = "kept-";

  private final Path directory;
  private final int last;

  /**
   * @param directory of the stage's files
   * @param last how many of the newest are kept
   */
  KeptSetFiles(Path directory, int last) {
    this.directory = directory;
    this.last = last;
  }

  /** Writes those of a step of the stage, whole or not at all, and drops old ones. */
  void write(long step, Map<Double, Masks> sets) {
    AtomicFiles.writeDirectory(
        at(step),
        d ->
            sets.forEach(
                (q, masks) ->
                    MaskFiles.write(
                        d.resolve(q + MaskFiles.ENDING),
                        masks,
                        MaskProvenance.newBuilder()
                            .setSource("what magnitude pruning would keep at sparsity " + q)
                            .build())));
    List<Long> steps = steps();
    for (long old : steps.subList(0, Math.max(0, steps.size() - last))) {
      if (old != 0) {
        AtomicFiles.delete(at(old));
      }
    }
  }

  /** Those of a step of the stage; none where they are not there. */
  Map<Double, Masks> read(long step, List<Double> quantiles) {
    if (!Files.isDirectory(at(step))) {
      return Map.of();
    }
    Map<Double, Masks> sets = new LinkedHashMap<>();
    for (double q : quantiles) {
      sets.put(q, MaskFiles.open(at(step).resolve(q + MaskFiles.ENDING)).masks());
    }
    return sets;
  }

  /** Nothing is compared any more. */
  void deleteAll() {
    steps().forEach(step -> AtomicFiles.delete(at(step)));
  }

  private Path at(long step) {
    return directory.resolve(PREFIX + step);
  }

  /** Growing. */
  private List<Long> steps() {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    List<Long> steps = new ArrayList<>();
    try (Stream<Path> entries = Files.list(directory)) {
      entries
          .map(p -> p.getFileName().toString())
          .filter(n -> n.matches(PREFIX + "\\d{1,18}"))
          .forEach(n -> steps.add(Long.parseLong(n.substring(PREFIX.length()))));
    } catch (IOException e) {
      throw AtomicFiles.failure("list", directory, e);
    }
    steps.sort(null);
    return steps;
  }
}
