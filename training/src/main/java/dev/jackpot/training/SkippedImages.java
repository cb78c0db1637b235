package dev.jackpot.training;

import dev.jackpot.training.data.DataSet;
import dev.jackpot.training.data.Split.Skipped;
import dev.jackpot.training.run.EpochMetrics;
import dev.jackpot.training.run.RunDirectory;
import dev.jackpot.training.run.SkippedFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The images that turned out to be damaged ({@code on_corrupt: SKIP}), those of the run's earlier
 * parts with them: they stand in the run directory. Logs new ones after each epoch.
 */
final class SkippedImages implements Listener {
  private static final Logger LOG = LogManager.getLogger(SkippedImages.class);

  /** Images that one epoch names before it only counts. */
  private static final int NAMED = 20;

  private final DataSet data;
  private final Path file;
  private final Map<String, Skipped> known = new LinkedHashMap<>();

  /** Begins with those that the run knows already. */
  SkippedImages(DataSet data, RunDirectory run) {
    this.data = data;
    this.file = run.skippedImages();
    SkippedFile.read(file).forEach(this::add);
  }

  private boolean add(Skipped image) {
    return known.putIfAbsent(image.name(), image) == null;
  }

  /** Number of images so far, each counted once however often the run was continued. */
  int count() {
    update();
    return known.size();
  }

  @Override
  public void epochDone(Moment moment, EpochMetrics metrics) {
    List<Skipped> found = update();
    if (found.isEmpty()) {
      return;
    }
    LOG.warn(
        "{} images cannot be decoded, others stand in for them ({} in all so far)",
        found.size(),
        known.size());
    found.stream().limit(NAMED).forEach(image -> LOG.warn("left out: {}", image.reason()));
    if (found.size() > NAMED) {
      LOG.warn("left out: {} more; `jackpot data check` lists all", found.size() - NAMED);
    }
  }

  @Override
  public void interrupted(Moment moment) {
    update();
  }

  /** Those that are new; if there are any, the file is written. */
  private List<Skipped> update() {
    List<Skipped> found = data.skipped().stream().filter(this::add).toList();
    if (!found.isEmpty()) {
      SkippedFile.write(file, known.values());
    }
    return found;
  }
}
