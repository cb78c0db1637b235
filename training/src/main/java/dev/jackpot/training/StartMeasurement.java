package dev.jackpot.training;

import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import dev.jackpot.training.data.Batch;
import dev.jackpot.training.data.BatchStream;
import dev.jackpot.training.data.Batches;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a search has to be compared with, measured before its first step: the dense network, and the
 * masks it starts from with batch norm's averages re-estimated (docs/lottery-jackpots.md). Leaves
 * the graph as it was.
 */
final class StartMeasurement {
  private final StageGraph graph;
  private final List<Parameter> parameters;
  private final StopSignal stop;

  StartMeasurement(StageGraph graph, List<Parameter> parameters, StopSignal stop) {
    this.graph = graph;
    this.parameters = parameters;
    this.stop = stop;
  }

  /** Accuracy on the test images with every mask full. */
  double dense(Batches test) {
    State before = graph.state();
    Map<String, HostTensor> full = new LinkedHashMap<>();
    for (Parameter p : parameters) {
      before.mask(p).ifPresent(m -> full.put(p.mask(), HostTensor.filled(p.shape(), 1)));
    }
    graph.assign(before.with(full).values());
    try {
      return graph.evaluate(test).accuracy();
    } finally {
      graph.assign(before.values());
    }
  }

  /** Accuracy on the test images after {@code steps} training batches have moved the averages. */
  double reestimated(Batches training, Batches test, int steps) {
    State before = graph.state();
    try {
      int done = 0;
      for (int epoch = 0; done < steps; epoch++) {
        try (BatchStream stream = training.open(epoch, 0)) {
          for (; stream.hasNext() && done < steps; done++) {
            stop.throwIfRequested("before the search's first step");
            try (Batch batch = stream.next()) {
              graph.updateAverages(batch);
            }
          }
        }
      }
      double accuracy = graph.evaluate(test).accuracy();
      stop.throwIfRequested("before the search's first step");
      return accuracy;
    } finally {
      graph.assign(before.values());
    }
  }
}
