package dev.jackpot.training.data;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.Registry;
import dev.jackpot.config.proto.Cifar;
import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.Drawn;
import dev.jackpot.config.proto.ImageFolder;
import dev.jackpot.config.proto.TfRecords;
import dev.jackpot.config.proto.TinyImageNet;
import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** The data sets a config may choose from. */
public final class DataSets {
  private static final Logger LOG = LogManager.getLogger(DataSets.class);

  private static final Registry<Data, DataSet> REGISTRY =
      new Registry<Data, DataSet>("data", DataSetPlugin.class)
          .add("cifar10", Cifar.class, (options, data) -> CifarReader.cifar10(options))
          .add("cifar100", Cifar.class, (options, data) -> CifarReader.cifar100(options))
          .add("drawn", Drawn.class, (options, data) -> DrawnDataSet.draw(options))
          .add("folder", ImageFolder.class, ImageFolderReader::read)
          .add("tiny_imagenet", TinyImageNet.class, TinyImageNetReader::read)
          .add("tfrecord", TfRecords.class, TfRecordReader::open);

  private DataSets() {}

  /** All of them, with those of plug-ins. */
  public static Registry<Data, DataSet> registry() {
    return REGISTRY;
  }

  /**
   * Reads or draws the data set that a config chooses, cut to its limits, its validation images set
   * apart from what is left.
   *
   * @throws ConfigException if the config or the files it points to are wrong, a split has no
   *     image, or a label is none of the classes'
   */
  public static DataSet open(Data config) {
    DataSet whole = REGISTRY.create(config);
    DataSet data = limited(resized(whole, config), config);
    List<String> problems = new ArrayList<>();
    SplitCheck.labels(data.train(), data.classes(), "training").ifPresent(problems::add);
    SplitCheck.labels(data.test(), data.classes(), "test").ifPresent(problems::add);
    if (!problems.isEmpty()) {
      throw new ConfigException(
          problems.stream().map(p -> "data: %s: %s".formatted(data.description(), p)).toList());
    }
    warnOfEmptyClasses(whole);
    // an image never stands in for one of another split: they are parted before
    return tolerant(ValidationChoice.apart(data, config), config);
  }

  /**
   * Folders and shards refuse them; a set in memory, a part of CIFAR for instance, may be meant.
   */
  private static void warnOfEmptyClasses(DataSet whole) {
    if (SplitCheck.labels(whole.train(), whole.classes(), "training").isPresent()) {
      return; // behind the limit; the classes cannot be counted
    }
    List<Integer> empty = SplitCheck.withoutImages(whole.train(), whole.classes());
    if (!empty.isEmpty()) {
      LOG.warn(
          "{}: {} of {} classes have no training image: {}",
          whole.description(),
          empty.size(),
          whole.classes(),
          ClassFolders.some(empty.stream().map(whole.classNames()::get).toList()));
    }
  }

  /** Images of one size at the size the config asks for. Encoded ones already are. */
  private static DataSet resized(DataSet data, Data config) {
    boolean sized = config.getImageSize() > 0;
    boolean cropped = config.getAugmentation().hasRandomResizedCrop();
    if (data.train().encoded() || !sized && !cropped) {
      return data;
    }
    Split train = ResizedSplit.of(data.train(), config);
    boolean changed = !train.shape().equals(data.shape());
    return new MemoryDataSet(
        data.description()
            + (changed ? " at %d×%d".formatted(train.shape().height(), train.shape().width()) : ""),
        train,
        ResizedSplit.of(data.test(), config),
        data.classNames(),
        data.normalization());
  }

  /** Lets other images stand in for damaged ones if the config says so. */
  private static DataSet tolerant(DataSet data, Data config) {
    if (config.getOnCorrupt() == Data.OnCorrupt.FAIL || !data.train().encoded()) {
      return data;
    }
    return new MemoryDataSet(
        data.description(),
        new SkippingSplit(data.train()),
        new SkippingSplit(data.test()),
        data.validation().map(SkippingSplit::new),
        data.classNames(),
        data.normalization());
  }

  private static DataSet limited(DataSet data, Data config) {
    int train = limit("data.limit_train", config.getLimitTrain(), data.train());
    int test = limit("data.limit_test", config.getLimitTest(), data.test());
    if (train == data.train().size() && test == data.test().size()) {
      return data;
    }
    return new MemoryDataSet(
        data.description() + ", the first %d + %d".formatted(train, test),
        data.train().first(train),
        data.test().first(test),
        data.classNames(),
        data.normalization());
  }

  private static int limit(String field, int limit, Split split) {
    if (limit < 0) {
      throw new ConfigException(
          "%s: found %d; expected a number of images, or 0 for all".formatted(field, limit));
    }
    return limit == 0 ? split.size() : Math.min(limit, split.size());
  }
}
