package dev.jackpot.training.data;

import dev.jackpot.config.JackpotException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a split turned out to hold.
 *
 * @param images number of images, those that cannot be decoded among them
 * @param perClass number of images of each class
 * @param heights of the stored images
 * @param widths of the stored images
 * @param mean of pixel/255, per channel
 * @param std of pixel/255, per channel: over all pixels of all images as evaluation shows them
 * @param unreadable images that cannot be decoded, in order
 * @param contents 64 bits of each image's SHA-256 as it is stored, by index; 0 where it cannot be
 *     read
 */
public record SplitCheck(
    int images,
    List<Integer> perClass,
    Range heights,
    Range widths,
    List<Double> mean,
    List<Double> std,
    List<Split.Skipped> unreadable,
    long[] contents) {
  /** Images that a thread reads at a time. */
  private static final int CHUNK = 64;

  public SplitCheck {
    perClass = List.copyOf(perClass);
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    unreadable = List.copyOf(unreadable);
  }

  /** Smallest, middle and largest of some sizes in pixels; 0 where there are none. */
  public record Range(int min, int median, int max) {
    @Override
    public String toString() {
      return min == max ? "" + min : "%d to %d, median %d".formatted(min, max, median);
    }
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
            "the %s split's %s has label %d; expected 0 to %d%s"
                .formatted(
                    name,
                    split.name(first),
                    split.label(first),
                    classes - 1,
                    wrong == 1
                        ? ""
                        : " (%d of %d labels are wrong)".formatted(wrong, split.size())));
  }

  /** Classes that no image of a split is of; the labels are in [0, classes). Looks at no image. */
  static List<Integer> withoutImages(Split split, int classes) {
    boolean[] there = new boolean[classes];
    for (int i = 0; i < split.size(); i++) {
      there[split.label(i)] = true;
    }
    return IntStream.range(0, classes).filter(c -> !there[c]).boxed().toList();
  }

  /** Classes that no image of this split is of. */
  public List<Integer> withoutImages() {
    return IntStream.range(0, perClass.size()).filter(c -> perClass.get(c) == 0).boxed().toList();
  }

  /**
   * Reads a whole split, on all cores.
   *
   * @param name what to call it in a message
   * @throws JackpotException if a label is not in [0, classes)
   */
  static SplitCheck of(Split split, int classes, String name) {
    labels(split, classes, name)
        .ifPresent(
            problem -> {
              throw new JackpotException(problem);
            });
    long[] contents = new long[split.size()];
    int chunks = (split.size() - 1) / CHUNK + 1;
    return IntStream.range(0, chunks)
        .parallel()
        .mapToObj(
            chunk -> {
              SplitTally tally = new SplitTally(split, classes, contents);
              int end = Math.min(split.size(), (chunk + 1) * CHUNK);
              for (int i = chunk * CHUNK; i < end; i++) {
                tally.add(i);
              }
              return tally;
            })
        .reduce(SplitTally::plus)
        .orElseThrow()
        .check();
  }
}
