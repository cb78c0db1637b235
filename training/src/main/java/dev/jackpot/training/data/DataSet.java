package dev.jackpot.training.data;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A labelled set of images of one shape, in a training, a test and perhaps a validation split. */
public interface DataSet {
  /** What people call it, for instance "CIFAR-10"; stands in reports and manifests. */
  String description();

  Split train();

  Split test();

  /** A part of the training images that is set apart for choosing, if the config asks for one. */
  default Optional<Split> validation() {
    return Optional.empty();
  }

  /** Images of all splits that could not be decoded so far, see {@code data.on_corrupt}. */
  default List<Split.Skipped> skipped() {
    return Stream.concat(Stream.of(train(), test()), validation().stream())
        .flatMap(split -> split.skipped().stream())
        .distinct()
        .toList();
  }

  /** A name per class, in the order of the labels. */
  List<String> classNames();

  /**
   * Constants that bring the training pixels to about mean 0 and variance 1, used where a config
   * gives none.
   */
  ChannelNormalization normalization();

  /** Number of classes. */
  default int classes() {
    return classNames().size();
  }

  /** Shape of every image. */
  default ImageShape shape() {
    return train().shape();
  }

  /**
   * SHA-256 over the class names and the shape, labels and pixels of all splits, in order, as 64
   * lower-case hexadecimal digits. Of encoded images it covers the names and lengths of the files
   * instead of the pixels. Reads every image that is not encoded (about a second for CIFAR-10), so
   * keep the answer.
   */
  default String fingerprint() {
    return Fingerprint.of(this);
  }
}
