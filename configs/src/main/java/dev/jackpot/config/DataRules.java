package dev.jackpot.config;

import dev.jackpot.config.proto.Augmentation;
import dev.jackpot.config.proto.Cifar;
import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.Drawn;
import dev.jackpot.config.proto.Normalization;

/** What must hold for where images come from and how they are prepared. */
final class DataRules {
  /** Colour channels of the built-in data sets. */
  private static final int CHANNELS = 3;

  private static final int LARGEST_PAD = 128;

  private DataRules() {}

  static void check(Data data, At at) {
    at.requireChoice("source", "data source");
    at.in("cifar10").ifPresent(in -> cifar(data.getCifar10(), in, 10));
    at.in("cifar100").ifPresent(in -> cifar(data.getCifar100(), in, 100));
    at.in("drawn").ifPresent(in -> drawn(data.getDrawn(), in));
    at.in("custom").ifPresent(in -> ExperimentRules.custom(data.getCustom(), in));
    at.in("augmentation").ifPresent(in -> augmentation(data.getAugmentation(), in));
    at.in("normalization")
        .ifPresent(in -> normalization(data.getNormalization(), in, data.hasCustom()));
    at.require(data.getLimitTrain() >= 0, "limit_train", "an integer of at least 0 (0: all)");
    at.require(data.getLimitTest() >= 0, "limit_test", "an integer of at least 0 (0: all)");
    at.require(
        data.getEvaluationBatchSize() >= 1, "evaluation_batch_size", "an integer of at least 1");
    at.require(data.getPrefetch() >= 1, "prefetch", "an integer of at least 1");
  }

  private static void cifar(Cifar cifar, At at, int classes) {
    at.requireGiven(
        cifar.getPath(), "path", "DIR", "the folder of CIFAR-%d's binary files".formatted(classes));
    at.require(
        classes == 100 || cifar.getLabels() == Cifar.Labels.FINE,
        "labels",
        "FINE: only CIFAR-100 has coarse labels");
  }

  private static void drawn(Drawn drawn, At at) {
    at.require(drawn.getTrainImages() >= 1, "train_images", "an integer of at least 1");
    at.require(drawn.getTestImages() >= 1, "test_images", "an integer of at least 1");
  }

  private static void augmentation(Augmentation augmentation, At at) {
    at.require(
        augmentation.getPad() >= 0 && augmentation.getPad() <= LARGEST_PAD,
        "pad",
        "an integer from 0 to %d".formatted(LARGEST_PAD));
  }

  /** One mean and one deviation above 0 per channel. */
  private static void normalization(Normalization normalization, At at, boolean anyChannels) {
    int means = normalization.getMeanCount();
    int expected = anyChannels ? Math.max(1, means) : CHANNELS;
    at.require(
        anyChannels ? means > 0 : means == CHANNELS,
        "mean",
        anyChannels ? "one number per channel" : CHANNELS + " numbers, one per channel");
    at.require(
        normalization.getStdCount() == expected,
        "std",
        anyChannels
            ? "as many numbers as mean has: " + expected
            : CHANNELS + " numbers, one per channel");
    for (int i = 0; i < normalization.getStdCount(); i++) {
      at.requireItem(normalization.getStd(i) > 0, "std", i, "a number above 0");
    }
  }

  /** Classes of a data set whose labels the schema knows; 0 for a plug-in's. */
  static int classes(Data data) {
    return switch (data.getSourceCase()) {
      case CIFAR10, DRAWN -> 10;
      case CIFAR100 -> data.getCifar100().getLabels() == Cifar.Labels.FINE ? 100 : 20;
      case CUSTOM, SOURCE_NOT_SET -> 0;
    };
  }

  /** An upper bound of the number of training images, as far as the config tells it. */
  static int mostTrainImages(Data data) {
    int most = data.getLimitTrain() > 0 ? data.getLimitTrain() : Integer.MAX_VALUE;
    return data.hasDrawn() ? Math.min(most, data.getDrawn().getTrainImages()) : most;
  }
}
