package dev.jackpot.training;

import dev.jackpot.config.proto.Cifar;
import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.training.data.DataSet;
import dev.jackpot.training.data.DataSets;

/** What a config's network is for, told from the config: no image is read. */
public final class NetworkSpecs {
  private static final int SIZE = 32;
  private static final int CHANNELS = 3;
  private static final int CLASSES = 10;
  private static final int FINE = 100;
  private static final int COARSE = 20;

  private NetworkSpecs() {}

  /**
   * The spec of the config's network on its data. The built-in data sets have a shape that is
   * known; one of another jar is opened.
   */
  public static NetworkSpec of(Experiment experiment) {
    Data data = experiment.getData();
    if (data.hasCustom()) {
      DataSet set = DataSets.open(data);
      return NetworkSpec.of(
          experiment.getNetwork(),
          set.shape().height(),
          set.shape().width(),
          set.shape().channels(),
          set.classes());
    }
    return NetworkSpec.of(experiment.getNetwork(), SIZE, SIZE, CHANNELS, classes(data));
  }

  private static int classes(Data data) {
    if (!data.hasCifar100()) {
      return CLASSES;
    }
    return data.getCifar100().getLabels() == Cifar.Labels.FINE ? FINE : COARSE;
  }
}
