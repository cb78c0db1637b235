package dev.jackpot.training.data;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.Cifar;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads CIFAR-10 or CIFAR-100 in the official binary layout into memory (about 190 MB for a full
 * set). Batch files may be shorter than the official 10,000 records. Everything wrong with the
 * files is reported together, before training starts.
 */
final class CifarReader {
  private static final int OFFICIAL_TRAIN = 50_000;
  private static final int OFFICIAL_TEST = 10_000;

  /**
   * Red values with which the first training image of the official CIFAR-10 begins (a frog, label
   * 6).
   */
  private static final int[] OFFICIAL_START = {59, 43, 50, 68, 98, 119, 139, 145};

  private CifarReader() {}

  /** CIFAR-10. */
  static DataSet cifar10(Cifar config) {
    return read(CifarLayout.CIFAR10, config.getPath());
  }

  /** CIFAR-100 with fine or coarse labels. */
  static DataSet cifar100(Cifar config) {
    return read(CifarLayout.cifar100(config.getLabels()), config.getPath());
  }

  private static DataSet read(CifarLayout layout, String path) {
    Path folder = CifarFolder.find(layout, path);
    List<String> problems = new ArrayList<>();
    List<String> names = classNames(layout, folder, problems);
    List<ArraySplit.Block> train = new ArrayList<>();
    for (String file : layout.trainFiles()) {
      train.add(new CifarFile(layout, folder.resolve(file), problems).read());
    }
    ArraySplit.Block test =
        new CifarFile(layout, folder.resolve(layout.testFile()), problems).read();
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    Split trainSplit = new ArraySplit(CifarLayout.SHAPE, train);
    Split testSplit = new ArraySplit(CifarLayout.SHAPE, List.of(test));
    return new MemoryDataSet(
        description(layout, trainSplit, testSplit),
        trainSplit,
        testSplit,
        names,
        layout.normalization());
  }

  /** The folder's own names of the classes, if it has any, or else the official ones. */
  private static List<String> classNames(CifarLayout layout, Path folder, List<String> problems) {
    Path file = folder.resolve(layout.namesFile());
    if (!Files.isRegularFile(file)) {
      return officialNames(layout);
    }
    try {
      List<String> names = lines(Files.readString(file, StandardCharsets.UTF_8));
      if (names.size() != layout.classes()) {
        problems.add(
            "\"%s\" names %d classes; expected %d".formatted(file, names.size(), layout.classes()));
      }
      return names;
    } catch (IOException e) {
      throw new JackpotException("cannot read \"%s\": %s".formatted(file, e), e);
    }
  }

  private static List<String> officialNames(CifarLayout layout) {
    String resource = layout.labels().get(layout.label()).names();
    try (InputStream in = CifarReader.class.getResourceAsStream(resource)) {
      return lines(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new JackpotException("cannot read the resource " + resource + ": " + e, e);
    }
  }

  private static List<String> lines(String text) {
    return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  /**
   * The official name only for official pixels: images that went through JPEG, say, are another
   * data set.
   */
  private static String description(CifarLayout layout, Split train, Split test) {
    String name = layout.name();
    if (layout == CifarLayout.CIFAR10 && !official(train)) {
      name += " layout, not the official pixels";
    }
    if (layout == CifarLayout.CIFAR100_COARSE) {
      name += ", coarse labels";
    }
    return train.size() == OFFICIAL_TRAIN && test.size() == OFFICIAL_TEST
        ? name
        : "%s (%d + %d images)".formatted(name, train.size(), test.size());
  }

  private static boolean official(Split train) {
    byte[] pixels = new byte[train.shape().size()];
    train.pixels(0, pixels);
    int[] start = new int[OFFICIAL_START.length];
    for (int i = 0; i < start.length; i++) {
      start[i] = pixels[i * train.shape().channels()] & 0xFF;
    }
    return Arrays.equals(start, OFFICIAL_START);
  }
}
