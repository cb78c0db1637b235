package dev.jackpot.training;

import dev.jackpot.config.ImageSize;
import dev.jackpot.config.proto.Cifar;
import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.training.data.DataSet;
import dev.jackpot.training.data.DataSets;

/** What a config's network is for, told from the config: no image is read. */
public final class NetworkSpecs {
  /** Where a config has no data. */
  private static final int SIZE = 32;

  private static final int CHANNELS = 3;
  private static final int CLASSES = 10;
  private static final int FINE = 100;
  private static final int COARSE = 20;
  private static final int TINY_IMAGENET = 200;

  private NetworkSpecs() {}

  /**
   * The spec of the config's network on its data. Where the config does not tell the images' shape
   * or the number of classes, the data set is opened.
   */
  public static NetworkSpec of(Experiment experiment) {
    Data data = experiment.getData();
    if (data.hasCustom() || classes(data) == 0 && experiment.getNetwork().getClasses() == 0) {
      DataSet set = DataSets.open(data);
      return NetworkSpec.of(
          experiment.getNetwork(),
          set.shape().height(),
          set.shape().width(),
          set.shape().channels(),
          set.classes());
    }
    int size = ImageSize.of(data) == 0 ? SIZE : ImageSize.of(data);
    return NetworkSpec.of(experiment.getNetwork(), size, size, CHANNELS, classes(data));
  }

  /** Classes as far as the config tells; 0: only the files do. */
  private static int classes(Data data) {
    return switch (data.getSourceCase()) {
      case CIFAR10, DRAWN, SOURCE_NOT_SET -> CLASSES;
      case CIFAR100 -> data.getCifar100().getLabels() == Cifar.Labels.FINE ? FINE : COARSE;
      case TINY_IMAGENET -> TINY_IMAGENET;
      case TFRECORD -> data.getTfrecord().getClasses();
      case FOLDER, CUSTOM -> 0;
    };
  }
}
