package dev.jackpot.training.data;

import dev.jackpot.config.proto.Cifar;
import java.util.List;
import java.util.stream.Stream;

/**
 * How the official binary version of CIFAR-10 or CIFAR-100 lies in a folder: files of records, a
 * record being one or two label bytes and then the red, green and blue planes of a 32×32 image,
 * each row by row (Krizhevsky, "The CIFAR-10 dataset", section "Binary version").
 *
 * @param name what people call the data set
 * @param folder its folder's name in the official archive
 * @param trainFiles files of the training split, in order
 * @param testFile the file of the test split
 * @param labels the label bytes a record begins with
 * @param label which of them is the class
 * @param namesFile the file beside them that names the classes, one a line
 * @param normalization means and standard deviations of its 50,000 training images
 */
record CifarLayout(
    String name,
    String folder,
    List<String> trainFiles,
    String testFile,
    List<LabelByte> labels,
    int label,
    String namesFile,
    ChannelNormalization normalization) {
  /**
   * One label byte.
   *
   * @param name what to call it in a message
   * @param classes its values are 0 … classes − 1
   * @param names the resource that names its classes
   */
  record LabelByte(String name, int classes, String names) {}

  static final ImageShape SHAPE = new ImageShape(32, 32, 3);

  static final CifarLayout CIFAR10 =
      new CifarLayout(
          "CIFAR-10",
          "cifar-10-batches-bin",
          List.of(
              "data_batch_1.bin",
              "data_batch_2.bin",
              "data_batch_3.bin",
              "data_batch_4.bin",
              "data_batch_5.bin"),
          "test_batch.bin",
          List.of(new LabelByte("label", 10, "cifar10.txt")),
          0,
          "batches.meta.txt",
          new ChannelNormalization(
              List.of(0.4914, 0.4822, 0.4465), List.of(0.2470, 0.2435, 0.2616)));

  static final CifarLayout CIFAR100_COARSE = cifar100(0, "coarse_label_names.txt");
  static final CifarLayout CIFAR100_FINE = cifar100(1, "fine_label_names.txt");

  private static CifarLayout cifar100(int label, String namesFile) {
    return new CifarLayout(
        "CIFAR-100",
        "cifar-100-binary",
        List.of("train.bin"),
        "test.bin",
        List.of(
            new LabelByte("coarse label", 20, "cifar100-coarse.txt"),
            new LabelByte("fine label", 100, "cifar100-fine.txt")),
        label,
        namesFile,
        new ChannelNormalization(List.of(0.5071, 0.4865, 0.4409), List.of(0.2673, 0.2564, 0.2762)));
  }

  /** CIFAR-100 with the labels a config asks for. */
  static CifarLayout cifar100(Cifar.Labels labels) {
    return labels == Cifar.Labels.COARSE ? CIFAR100_COARSE : CIFAR100_FINE;
  }

  /** Bytes of a record. */
  int recordSize() {
    return labels.size() + SHAPE.size();
  }

  /** Number of classes. */
  int classes() {
    return labels.get(label).classes();
  }

  /** All its files, training first. */
  List<String> files() {
    return Stream.concat(trainFiles.stream(), Stream.of(testFile)).toList();
  }
}
