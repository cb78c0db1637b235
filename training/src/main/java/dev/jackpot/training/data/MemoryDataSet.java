package dev.jackpot.training.data;

import java.util.List;
import java.util.Optional;

/** A data set whose parts are at hand. */
public record MemoryDataSet(
    String description,
    Split train,
    Split test,
    Optional<Split> validation,
    List<String> classNames,
    ChannelNormalization normalization)
    implements DataSet {
  /** One without a validation split. */
  public MemoryDataSet(
      String description,
      Split train,
      Split test,
      List<String> classNames,
      ChannelNormalization normalization) {
    this(description, train, test, Optional.empty(), classNames, normalization);
  }

  public MemoryDataSet {
    classNames = List.copyOf(classNames);
    if (!train.shape().equals(test.shape())) {
      throw new IllegalArgumentException(
          "training images are %s, test images %s".formatted(train.shape(), test.shape()));
    }
    normalization.requireChannels(train.shape().channels());
  }
}
