package dev.jackpot.config;

import dev.jackpot.config.proto.Augmentation;
import dev.jackpot.config.proto.Cifar;
import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.Drawn;
import dev.jackpot.config.proto.Normalization;
import dev.jackpot.config.proto.RandomResizedCrop;
import dev.jackpot.config.proto.TfRecords;
import dev.jackpot.config.proto.Validation;

/** What must hold for where images come from and how they are prepared. */
final class DataRules {
  /** Colour channels of the built-in data sets. */
  private static final int CHANNELS = 3;

  private static final int MOST_CLASSES = 1_000_000;
  private static final int LARGEST_PAD = 128;
  private static final int LARGEST_IMAGE = 4096;
  private static final int LARGEST_RESIZE = 8192;

  private DataRules() {}

  static void check(Data data, At at) {
    at.requireChoice("source", "data source");
    at.in("cifar10").ifPresent(in -> cifar(data.getCifar10(), in, 10));
    at.in("cifar100").ifPresent(in -> cifar(data.getCifar100(), in, 100));
    at.in("drawn").ifPresent(in -> drawn(data.getDrawn(), in));
    at.in("folder").ifPresent(in -> given(data.getFolder().getPath(), in, "the class folders"));
    at.in("tiny_imagenet")
        .ifPresent(in -> given(data.getTinyImagenet().getPath(), in, "Tiny-ImageNet's files"));
    at.in("tfrecord").ifPresent(in -> tfRecords(data.getTfrecord(), in));
    at.in("custom").ifPresent(in -> ExperimentRules.custom(data.getCustom(), in));
    at.in("augmentation").ifPresent(in -> augmentation(data.getAugmentation(), in));
    at.in("normalization")
        .ifPresent(in -> normalization(data.getNormalization(), in, data.hasCustom()));
    at.require(data.getLimitTrain() >= 0, "limit_train", "an integer of at least 0 (0: all)");
    at.require(data.getLimitTest() >= 0, "limit_test", "an integer of at least 0 (0: all)");
    at.require(
        data.getEvaluationBatchSize() >= 1, "evaluation_batch_size", "an integer of at least 1");
    at.require(data.getPrefetch() >= 1, "prefetch", "an integer of at least 1");
    at.in("validation").ifPresent(in -> validation(data.getValidation(), in));
    sizes(data, at);
  }

  private static void sizes(Data data, At at) {
    int size = data.getImageSize();
    at.require(
        size >= 0 && size <= LARGEST_IMAGE,
        "image_size",
        "an integer from 1 to %d, or 0 for the set's own".formatted(LARGEST_IMAGE));
    int least = Math.max(1, ImageSize.of(data));
    int resize = data.getResize();
    at.require(
        !data.hasResize() || resize == 0 || resize >= least && resize <= LARGEST_RESIZE,
        "resize",
        "an integer from image_size (%d) to %d, or 0 to crop only"
            .formatted(least, LARGEST_RESIZE));
  }

  private static void given(String path, At at, String what) {
    at.requireGiven(path, "path", "DIR", "the folder of " + what);
  }

  private static void tfRecords(TfRecords records, At at) {
    given(records.getPath(), at, "the TFRecord shards");
    at.require(!records.getTrain().isBlank(), "train", "a file pattern");
    at.require(!records.getTest().isBlank(), "test", "a file pattern");
    at.require(!records.getImageFeature().isBlank(), "image_feature", "a feature's name");
    at.require(!records.getLabelFeature().isBlank(), "label_feature", "a feature's name");
    at.require(
        records.getClasses() >= 0 && records.getClasses() <= MOST_CLASSES,
        "classes",
        "an integer from 1 to %d, or 0".formatted(MOST_CLASSES));
  }

  private static void validation(Validation validation, At at) {
    at.requireChoice("amount", "amount");
    at.require(
        !validation.hasShare() || validation.getShare() > 0 && validation.getShare() < 1,
        "share",
        "a number above 0 and below 1");
    at.require(
        !validation.hasImages() || validation.getImages() >= 1,
        "images",
        "an integer of at least 1");
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
    at.require(
        !augmentation.hasRandomResizedCrop()
            || !augmentation.hasPad()
            || augmentation.getPad() == 0,
        "pad",
        "0 with random_resized_crop: one crop or the other");
    at.in("random_resized_crop")
        .ifPresent(in -> resizedCrop(augmentation.getRandomResizedCrop(), in));
  }

  private static void resizedCrop(RandomResizedCrop crop, At at) {
    at.require(
        crop.getScaleMin() > 0 && crop.getScaleMin() <= 1,
        "scale_min",
        "a number above 0, at most 1");
    at.require(
        crop.getScaleMax() >= crop.getScaleMin() && crop.getScaleMax() <= 1,
        "scale_max",
        "a number from scale_min (%s) to 1".formatted(crop.getScaleMin()));
    at.require(
        crop.getRatioMin() > 0 && Double.isFinite(crop.getRatioMin()),
        "ratio_min",
        "a number above 0");
    at.require(
        crop.getRatioMax() >= crop.getRatioMin() && Double.isFinite(crop.getRatioMax()),
        "ratio_max",
        "a number of at least ratio_min (%s)".formatted(crop.getRatioMin()));
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

  /** Classes of a data set whose labels the config knows; 0 where only its files tell. */
  static int classes(Data data) {
    return switch (data.getSourceCase()) {
      case CIFAR10, DRAWN -> 10;
      case CIFAR100 -> data.getCifar100().getLabels() == Cifar.Labels.FINE ? 100 : 20;
      case TFRECORD -> data.getTfrecord().getClasses();
      case FOLDER, TINY_IMAGENET, CUSTOM, SOURCE_NOT_SET -> 0;
    };
  }

  /** An upper bound of the number of training images, as far as the config tells it. */
  static int mostTrainImages(Data data) {
    int most = data.getLimitTrain() > 0 ? data.getLimitTrain() : Integer.MAX_VALUE;
    if (data.hasDrawn()) {
      most = Math.min(most, data.getDrawn().getTrainImages());
    }
    // where only a bound is known, a share of it may be less than the share of what there is
    return data.getValidation().hasImages() ? most - data.getValidation().getImages() : most;
  }
}
