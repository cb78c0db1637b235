package dev.jackpot.training.data;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.TfRecords;
import dev.jackpot.training.data.tfrecord.Features;
import dev.jackpot.training.data.tfrecord.LeftOut;
import dev.jackpot.training.data.tfrecord.Records;
import dev.jackpot.training.data.tfrecord.ShardFiles;
import java.nio.file.Path;
import java.util.List;
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
    this.folder = DataFolder.find(options.getPath(), "the folder of the TFRecord shards");
  }

  /**
   * Indexes the shards of both splits.
   *
   * @throws ConfigException if there are none, they are damaged, hold no such images, a label is
   *     outside of the classes, a class has no training image, or the splits share a shard
   */
  static DataSet open(TfRecords options, Data config) {
    return new TfRecordReader(options, config).read();
  }

  private DataSet read() {
    List<Path> trainFiles = files(options.getTrain(), "data.tfrecord.train");
    List<Path> testFiles = files(options.getTest(), "data.tfrecord.test");
    ShardFiles.requireApart(trainFiles, testFiles);
    Split train = EncodedSplit.of(new TfRecordImages(index(trainFiles, "training")), config);
    Split test = EncodedSplit.of(new TfRecordImages(index(testFiles, "test")), config);
    return new MemoryDataSet(
        "TFRecord shards of " + folder.toAbsolutePath().normalize().getFileName(),
        train,
        test,
        new TfRecordClasses(options, folder).names(train, test),
        ChannelNormalization.IMAGENET);
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
    if (!records.empty().isEmpty()) {
      LOG.warn(
          "{} shards of the {} split are empty (0 bytes); the first: {}",
          records.empty().size(),
          split,
          records.empty().get(0));
    }
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
}
