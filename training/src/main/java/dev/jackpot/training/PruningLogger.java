package dev.jackpot.training;

import dev.jackpot.pruning.Mask;
import dev.jackpot.training.run.PruningLog;
import dev.jackpot.training.run.PruningRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Keeps what the events of pruning schedules have done: pruning.jsonl, and a line of the log. */
final class PruningLogger implements Listener {
  private static final Logger LOG = LogManager.getLogger(PruningLogger.class);

  private final Path file;

  /**
   * @param file appended to; made with the first event
   */
  PruningLogger(Path file) {
    this.file = file;
  }

  @Override
  public void masksChanged(Moment moment, List<MaskChange> changes) {
    List<PruningRecord> records = changes.stream().map(c -> record(moment, c)).toList();
    PruningLog.append(file, records);
    records.forEach(r -> LOG.info("{}", r.summary()));
  }

  private static PruningRecord record(Moment moment, MaskChange change) {
    List<PruningRecord.Kernel> kernels = new ArrayList<>();
    change
        .after()
        .forEach(
            (name, mask) -> {
              Mask before = change.before().get(name);
              kernels.add(
                  new PruningRecord.Kernel(
                      name,
                      mask.size(),
                      before == null ? mask.size() : before.kept(),
                      mask.kept()));
            });
    Progress progress = moment.progress();
    return new PruningRecord(
        moment.stage(),
        change.kind().label(),
        (double) progress.stageStep() / moment.stepsPerEpoch(),
        progress.step(),
        change.lossBefore(),
        change.lossAfter(),
        kernels);
  }
}
