package dev.jackpot.training;

import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.Mask;
import dev.jackpot.training.run.RescaleRecord;
import dev.jackpot.training.run.RescaleRecord.Factor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * α = 1/√density for every kernel that has a mask and keeps a weight, 1 for the rest: with d · n of
 * a unit's n inputs left, the variance of their sum is that of all n again.
 */
final class DensityRescaling implements Rescaling {
  @Override
  public RescaleRecord factors(Input input) {
    List<Factor> factors = new ArrayList<>();
    for (Parameter p : input.scaled()) {
      Optional<Mask> mask = input.state().mask(p).filter(m -> m.kept() > 0);
      double alpha = mask.map(m -> Math.sqrt((double) m.size() / m.kept())).orElse(1.);
      factors.add(new Factor(p.name(), alpha));
    }
    return RescaleRecord.of("density", factors);
  }
}
