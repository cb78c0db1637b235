package dev.jackpot.training.data;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.TfRecords;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The classes of TFRecord shards: as many as the config says, or as there are names, or as the
 * largest training label says. Each has a training image.
 */
final class TfRecordClasses {
  private final TfRecords options;
  private final Path folder;

  TfRecordClasses(TfRecords options, Path folder) {
    this.options = options;
    this.folder = folder;
  }

  /**
   * A name per class.
   *
   * @throws ConfigException if a split has no images, a label is outside of the classes, or a class
   *     has no training image
   */
  List<String> names(Split train, Split test) {
    List<String> names =
        options.getClassNames().isEmpty()
            ? IntStream.range(0, count(train)).mapToObj(i -> "class " + i).toList()
            : given();
    List<String> problems = new ArrayList<>();
    SplitCheck.labels(train, names.size(), "training").ifPresent(problems::add);
    SplitCheck.labels(test, names.size(), "test").ifPresent(problems::add);
    if (problems.isEmpty()) {
      withoutImages(train, names).ifPresent(problems::add);
    } else if (options.getLabelOffset() != 0) {
      problems.add("label_offset, %d, is subtracted already".formatted(options.getLabelOffset()));
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems.stream().map("data.tfrecord: "::concat).toList());
    }
    return names;
  }

  private int count(Split train) {
    return options.getClasses() > 0
        ? options.getClasses()
        : Math.max(0, IntStream.range(0, train.size()).map(train::label).max().orElse(0)) + 1;
  }

  private List<String> given() {
    String field = "data.tfrecord.class_names";
    Path file;
    try {
      file = folder.resolve(options.getClassNames());
    } catch (InvalidPathException e) {
      throw new ConfigException(
          "%s: \"%s\" is no path: %s".formatted(field, options.getClassNames(), e.getReason()));
    }
    List<String> names = ClassNames.numbered(file, field);
    int classes = options.getClasses();
    if (classes > 0 && classes != names.size()) {
      throw new ConfigException(
          "%s: \"%s\" has %d lines; expected one for each of the %d classes"
              .formatted(field, options.getClassNames(), names.size(), classes));
    }
    return names;
  }

  /** Above all a set whose labels count from 1, which would train a class too many. */
  private Optional<String> withoutImages(Split train, List<String> names) {
    List<Integer> empty = SplitCheck.withoutImages(train, names.size());
    if (empty.isEmpty()) {
      return Optional.empty();
    }
    boolean fromOne = empty.get(0) == 0 && !empty.contains(1) && names.size() > 1;
    return Optional.of(
        "no training image is of %s; expected at least one of each of the %d classes%s"
            .formatted(
                ClassFolders.some(
                    empty.stream().map(c -> "label %d (%s)".formatted(c, names.get(c))).toList()),
                names.size(),
                fromOne
                    ? " (do the labels count from 1? Then set label_offset: %d)"
                        .formatted(options.getLabelOffset() + 1)
                    : ""));
  }
}
