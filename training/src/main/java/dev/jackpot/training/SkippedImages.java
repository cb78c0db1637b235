package dev.jackpot.training;

import dev.jackpot.training.data.DataSet;
import dev.jackpot.training.data.Split.Skipped;
import dev.jackpot.training.run.EpochMetrics;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Logs, after each epoch, the images that turned out to be damaged ({@code on_corrupt: SKIP}). */
final class SkippedImages implements Listener {
  private static final Logger LOG = LogManager.getLogger(SkippedImages.class);

  /** Images that one epoch names before it only counts. */
  private static final int NAMED = 20;

  private final DataSet data;
  private final Set<Skipped> known = new LinkedHashSet<>();

  SkippedImages(DataSet data) {
    this.data = data;
  }

  @Override
  public void epochDone(Moment moment, EpochMetrics metrics) {
    List<Skipped> found = data.skipped().stream().filter(known::add).toList();
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
}
