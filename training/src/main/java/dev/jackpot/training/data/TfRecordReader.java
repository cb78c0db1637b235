package dev.jackpot.training.data;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.TfRecords;
import dev.jackpot.training.data.tfrecord.Features;
import dev.jackpot.training.data.tfrecord.LeftOut;
import dev.jackpot.training.data.tfrecord.Records;
import dev.jackpot.training.data.tfrecord.ShardFiles;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Opens a data set that lies in TFRecord shards (docs/data.md). */
final class TfRecordReader {
  private static final Logger LOG = LogManager.getLogger(TfRecordReader.class);

  private final TfRecords options;
  private final Data config;
  private final Path folder;

  private TfRecordReader(TfRecords options, Data config) {
    this.options = options;
    this.config = config;
    this.folder = folder(options.getPath());
  }

  /**
   * Indexes the shards of both splits.
   *
   * @throws ConfigException if there are none, they are damaged, hold no such images, a label is
   *     outside of the classes, or the splits share a shard
   */
  static DataSet open(TfRecords options, Data config) {
    return new TfRecordReader(options, config).read();
  }

  private DataSet read() {
    List<Path> trainFiles = files(options.getTrain(), "data.tfrecord.train");
    List<Path> testFiles = files(options.getTest(), "data.tfrecord.test");
    ShardFiles.requireApart(trainFiles, testFiles);
    Records train = index(trainFiles, "training");
    Records test = index(testFiles, "test");
    List<String> names = classNames(train);
    train.requireLabels(names.size());
    test.requireLabels(names.size());
    return new MemoryDataSet(
        "TFRecord shards of " + folder.toAbsolutePath().normalize().getFileName(),
        EncodedSplit.of(new TfRecordImages(train), config),
        EncodedSplit.of(new TfRecordImages(test), config),
        names,
        ChannelNormalization.IMAGENET);
  }

  private static Path folder(String path) {
    Path folder;
    try {
      folder = Path.of(path);
    } catch (InvalidPathException e) {
      throw new ConfigException(
          "data.tfrecord.path: \"%s\" is not a path: %s".formatted(path, e.getReason()));
    }
    if (!Files.isDirectory(folder)) {
      throw new ConfigException(
          "data.tfrecord.path: \"%s\" %s; expected the folder of the shards"
              .formatted(path, Files.exists(folder) ? "is a file" : "does not exist"));
    }
    return folder;
  }

  private List<Path> files(String pattern, String field) {
    List<Path> files = ShardFiles.matching(folder, pattern, field);
    List<String> missing = ShardFiles.missing(files);
    if (!missing.isEmpty()) {
      LOG.warn(
          "{}: by its shards' numbers there is more of it: no {}",
          folder,
          String.join(", ", missing));
    }
    return files;
  }

  private Records index(List<Path> files, String split) {
    boolean skip = config.getOnCorrupt() == Data.OnCorrupt.SKIP;
    Records records =
        Records.index(
            files,
            new Features(
                options.getImageFeature(), options.getLabelFeature(), options.getLabelOffset()),
            skip);
    List<LeftOut> leftOut = records.leftOut();
    if (!leftOut.isEmpty()) {
      String first = leftOut.get(0).name() + ": " + leftOut.get(0).reason();
      if (records.size() == 0) {
        throw new ConfigException(
            "data.tfrecord: no record of the %s split can be used; the first: %s"
                .formatted(split, first));
      }
      LOG.warn(
          "{} records of the {} split are left out; the first: {}", leftOut.size(), split, first);
    }
    return records;
  }

  /** As many as there are classes. */
  private List<String> classNames(Records train) {
    int classes = options.getClasses();
    if (options.getClassNames().isEmpty()) {
      int count = classes > 0 ? classes : Math.max(1, train.largestLabel() + 1);
      return IntStream.range(0, count).mapToObj(i -> "class " + i).toList();
    }
    List<String> names = lines(folder.resolve(options.getClassNames()));
    if (names.isEmpty() || classes > 0 && classes != names.size()) {
      throw new ConfigException(
          "data.tfrecord.class_names: \"%s\" has %d lines; expected one for each of the %s"
              .formatted(
                  options.getClassNames(),
                  names.size(),
                  classes > 0 ? classes + " classes" : "classes"));
    }
    return names;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream()
          .map(String::strip)
          .filter(l -> !l.isEmpty())
          .toList();
    } catch (CharacterCodingException e) {
      throw new ConfigException(
          "data.tfrecord.class_names: \"%s\" is not text in UTF-8".formatted(file));
    } catch (IOException e) {
      throw new JackpotException(
          "data.tfrecord.class_names: cannot read \"%s\": %s".formatted(file, e), e);
    }
  }
}
