package dev.jackpot.training.data;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.Seeds;
import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.Validation;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Sets a part of the training images apart, the same share of every class: of {@code count} images
 * class c gives count · n<sub>c</sub> / n, rounded by the largest remainders so that the total is
 * exact (a tie goes to the lower class). Which images of a class is drawn from the sub-seed {@code
 * validation} of the choice's own seed.
 */
final class ValidationChoice {
  private ValidationChoice() {}

  /**
   * The same data set with its training images in two parts, both in their old order.
   *
   * @throws ConfigException if no image would be left in one of them
   */
  static DataSet apart(DataSet data, Data config) {
    if (!config.hasValidation()) {
      return data;
    }
    Split all = data.train();
    int count = count(config.getValidation(), all.size());
    boolean[] chosen = choose(all, data.classes(), count, config.getValidation().getSeed());
    return new MemoryDataSet(
        "%s, %d of %d training images set apart".formatted(data.description(), count, all.size()),
        select(all, chosen, false),
        data.test(),
        Optional.of(select(all, chosen, true)),
        data.classNames(),
        data.normalization());
  }

  private static int count(Validation config, int images) {
    if (config.hasShare()) {
      int count = (int) Math.round(config.getShare() * images);
      if (count < 1 || count >= images) {
        throw new ConfigException(
            "data.validation.share: found %s, which is %d of the %d training images; expected at least 1 and fewer than all"
                .formatted(config.getShare(), count, images));
      }
      return count;
    }
    if (config.getImages() < 1 || config.getImages() >= images) {
      throw new ConfigException(
          "data.validation.images: found %d; expected at least 1 and fewer than the %d training images"
              .formatted(config.getImages(), images));
    }
    return config.getImages();
  }

  /** Which images are set apart. */
  static boolean[] choose(Split split, int classes, int count, long seed) {
    int[] sizes = new int[classes];
    for (int i = 0; i < split.size(); i++) {
      sizes[split.label(i)]++;
    }
    int[] left = shares(sizes, count);
    int[] order = CounterRandom.permutation(split.size(), new Seeds(seed).of("validation"), 0);
    boolean[] chosen = new boolean[split.size()];
    for (int i : order) {
      chosen[i] = left[split.label(i)]-- > 0;
    }
    return chosen;
  }

  /**
   * How many of each class.
   *
   * @param sizes images of each class
   * @param count at most their sum
   */
  static int[] shares(int[] sizes, int count) {
    long all = Arrays.stream(sizes).asLongStream().sum();
    int[] shares = new int[sizes.length];
    long[] remainders = new long[sizes.length];
    int rest = count;
    for (int c = 0; c < sizes.length; c++) {
      long product = (long) count * sizes[c];
      shares[c] = (int) (product / all);
      remainders[c] = product % all;
      rest -= shares[c];
    }
    IntStream.range(0, sizes.length)
        .boxed()
        .sorted(Comparator.comparingLong((Integer c) -> -remainders[c]))
        .limit(rest)
        .forEach(c -> shares[c]++);
    return shares;
  }

  private static Split select(Split all, boolean[] chosen, boolean which) {
    return new SelectedImages(
        all, IntStream.range(0, chosen.length).filter(i -> chosen[i] == which).toArray());
  }
}
