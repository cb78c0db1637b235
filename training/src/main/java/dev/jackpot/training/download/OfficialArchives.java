package dev.jackpot.training.download;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.Names;
import dev.jackpot.training.download.OfficialArchive.Format;
import dev.jackpot.training.download.OfficialArchive.Limits;
import java.net.URI;
import java.util.List;

/** The archives that Jackpot knows: addresses, sizes and checksums (docs/data.md). */
public final class OfficialArchives {
  private static final long MEGABYTE = 1_000_000;

  /** Eight files of 184 MB together. */
  private static final Limits CIFAR = new Limits(16, 200 * MEGABYTE);

  /** 120,609 entries, nearly all small JPEG files, which a zip archive does not shrink. */
  private static final Limits TINY_IMAGENET = new Limits(125_000, 600 * MEGABYTE);

  public static final OfficialArchive CIFAR10 =
      new OfficialArchive(
          "cifar10",
          "CIFAR-10",
          URI.create("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"),
          "cifar-10-binary.tar.gz",
          170_052_171,
          "c32a1d4ab5d03f1284b67883e8d87530",
          "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
          Format.TAR_GZ,
          "cifar-10-batches-bin",
          List.of(
              "data_batch_1.bin",
              "data_batch_2.bin",
              "data_batch_3.bin",
              "data_batch_4.bin",
              "data_batch_5.bin",
              "test_batch.bin"),
          CIFAR,
          "data.cifar10.path");

  public static final OfficialArchive CIFAR100 =
      new OfficialArchive(
          "cifar100",
          "CIFAR-100",
          URI.create("https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz"),
          "cifar-100-binary.tar.gz",
          168_513_733,
          "03b5dce01913d631647c71ecec9e9cb8",
          "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
          Format.TAR_GZ,
          "cifar-100-binary",
          List.of("train.bin", "test.bin"),
          CIFAR,
          "data.cifar100.path");

  public static final OfficialArchive TINY_IMAGENET_200 =
      new OfficialArchive(
          "tiny-imagenet",
          "Tiny-ImageNet",
          URI.create("https://cs231n.stanford.edu/tiny-imagenet-200.zip"),
          "tiny-imagenet-200.zip",
          248_100_043,
          "90528d7ca1a48142e341f4ef8d21d0de",
          "6198c8ae015e2b3e007c7841da39ec069199b9aa3bfa943a462022fe5e43c821",
          Format.ZIP,
          "tiny-imagenet-200",
          List.of("wnids.txt", "words.txt", "train", "val/images", "val/val_annotations.txt"),
          TINY_IMAGENET,
          "data.tiny_imagenet.path");

  private static final List<OfficialArchive> ALL = List.of(CIFAR10, CIFAR100, TINY_IMAGENET_200);

  private OfficialArchives() {}

  /** All of them. */
  public static List<OfficialArchive> all() {
    return ALL;
  }

  /**
   * The one of that name.
   *
   * @throws ConfigException if there is none
   */
  public static OfficialArchive named(String name) {
    List<String> names = ALL.stream().map(OfficialArchive::name).toList();
    return ALL.stream()
        .filter(a -> a.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigException(
                    "no download is known for \"%s\"; expected one of %s%s"
                        .formatted(name, String.join(", ", names), Names.hint(name, names))));
  }
}
