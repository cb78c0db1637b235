package dev.jackpot.training.data;

import dev.jackpot.config.JackpotException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a split turned out to hold.
 *
 * @param images number of images
 * @param perClass number of images of each class
 * @param mean of pixel/255, per channel
 * @param std of pixel/255, per channel: over all pixels of all images
 */
public record SplitCheck(int images, List<Integer> perClass, List<Double> mean, List<Double> std) {
  public SplitCheck {
    perClass = List.copyOf(perClass);
    mean = List.copyOf(mean);
    std = List.copyOf(std);
  }

  /**
   * Looks at every label, at no image.
   *
   * @param name of the split
   * @return what is wrong: no images, or labels not in [0, classes)
   */
  static Optional<String> labels(Split split, int classes, String name) {
    if (split.size() < 1) {
      return Optional.of(
          "the %s split has %d images; expected at least 1".formatted(name, split.size()));
    }
    int wrong = 0;
    int first = -1;
    for (int i = 0; i < split.size(); i++) {
      int label = split.label(i);
      if (label < 0 || label >= classes) {
        first = wrong++ == 0 ? i : first;
      }
    }
    return wrong == 0
        ? Optional.empty()
        : Optional.of(
            "the %s split's image %d (from 0) has label %d; expected 0 to %d%s"
                .formatted(
                    name,
                    first,
                    split.label(first),
                    classes - 1,
                    wrong == 1
                        ? ""
                        : " (%d of %d labels are wrong)".formatted(wrong, split.size())));
  }

  /**
   * Reads a whole split.
   *
   * @param name what to call it in a message
   * @throws JackpotException if a label is not in [0, classes)
   */
  static SplitCheck of(Split split, int classes, String name) {
    Integer[] perClass = new Integer[classes];
    Arrays.fill(perClass, 0);
    int channels = split.shape().channels();
    long[] sum = new long[channels];
    long[] squares = new long[channels];
    byte[] pixels = new byte[split.shape().size()];
    for (int i = 0; i < split.size(); i++) {
      int label = split.label(i);
      if (label < 0 || label >= classes) {
        throw new JackpotException(
            "%s image %d (from 0): found label %d; expected 0 to %d"
                .formatted(name, i, label, classes - 1));
      }
      perClass[label]++;
      split.pixels(i, pixels);
      for (int p = 0; p < pixels.length; p++) {
        int value = pixels[p] & 0xFF;
        sum[p % channels] += value;
        squares[p % channels] += value * value;
      }
    }
    List<Double> mean = new ArrayList<>();
    List<Double> std = new ArrayList<>();
    double values = (double) split.size() * split.shape().height() * split.shape().width();
    for (int c = 0; c < channels; c++) {
      double average = sum[c] / values;
      mean.add(average / 255);
      std.add(Math.sqrt(Math.max(0, squares[c] / values - average * average)) / 255);
    }
    return new SplitCheck(split.size(), Arrays.asList(perClass), mean, std);
  }
}
