package dev.jackpot.training.data;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.Names;
import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.TinyImageNet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads Tiny-ImageNet-200 as its archive lays it out. Classes are numbered by WordNet id, as an
 * image folder's would be, not in the order of wnids.txt.
 */
final class TinyImageNetReader {
  private static final String FOLDER = "tiny-imagenet-200";
  private static final String IDS = "wnids.txt";
  private static final String WORDS = "words.txt";
  private static final String ANNOTATIONS = "val/val_annotations.txt";
  private static final String TEST_IMAGES = "val/images";
  private static final String LAYOUT =
      "the folder with wnids.txt, train and val of tiny-imagenet-200.zip, unpacked";

  private final Path root;
  private final List<String> ids;

  private TinyImageNetReader(Path root) {
    this.root = root;
    this.ids = ClassNames.lines(root.resolve(IDS)).stream().sorted().distinct().toList();
  }

  /**
   * Lists all files; reads no image.
   *
   * @throws ConfigException if files are missing or do not fit each other
   */
  static DataSet read(TinyImageNet options, Data config) {
    Path given = DataFolder.find(options.getPath(), LAYOUT);
    Path inner = given.resolve(FOLDER);
    Path root = !Files.exists(given.resolve(IDS)) && Files.isDirectory(inner) ? inner : given;
    List<String> problems = new ArrayList<>();
    for (String file : List.of(IDS, "train", ANNOTATIONS, TEST_IMAGES)) {
      if (!Files.exists(root.resolve(file))) {
        problems.add(
            "data.path: \"%s\" has no %s; expected %s%s"
                .formatted(root, file, LAYOUT, rearranged(root, file)));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return new TinyImageNetReader(root).read(config);
  }

  /** A hint where somebody has moved the test images to class folders. */
  private static String rearranged(Path root, String file) {
    boolean folders =
        file.equals(ANNOTATIONS)
            && Files.isDirectory(root.resolve("val"))
            && FolderListing.folders(root.resolve("val")).size() > 1;
    return folders ? " (val holds class folders: read it as data { folder { … } })" : "";
  }

  private DataSet read(Data config) {
    if (ids.isEmpty()) {
      throw new ConfigException(
          "\"%s\" is empty; expected a WordNet id a line".formatted(root.resolve(IDS)));
    }
    ImageFiles train = ClassFolders.read(root, "train", trainFolders());
    ImageFiles test = test();
    return new MemoryDataSet(
        "Tiny-ImageNet (%d + %d images)".formatted(train.size(), test.size()),
        EncodedSplit.of(train, config),
        EncodedSplit.of(test, config),
        names(),
        ChannelNormalization.IMAGENET);
  }

  /** The classes, each of which has a folder. */
  private List<String> trainFolders() {
    List<String> folders = FolderListing.folders(root.resolve("train"));
    List<String> missing = ids.stream().filter(id -> !folders.contains(id)).toList();
    List<String> unknown = folders.stream().filter(name -> !ids.contains(name)).toList();
    if (!missing.isEmpty()) {
      throw new ConfigException(
          "data.path: \"%s\" lacks the folders of %s, which %s lists%s"
              .formatted(
                  root.resolve("train"),
                  ClassFolders.some(missing),
                  IDS,
                  Names.hint(missing.get(0), unknown)));
    }
    if (!unknown.isEmpty()) {
      throw new ConfigException(
          "data.path: \"%s\" has folders that %s does not list: %s%s"
              .formatted(
                  root.resolve("train"),
                  IDS,
                  ClassFolders.some(unknown),
                  Names.hint(unknown.get(0), ids)));
    }
    return ids;
  }

  /** The images of val/images, labelled by val_annotations.txt, in the order of their names. */
  private ImageFiles test() {
    Path file = root.resolve(ANNOTATIONS);
    Map<String, FolderListing.File> images = new TreeMap<>();
    for (FolderListing.File image : FolderListing.of(root, root.resolve(TEST_IMAGES)).images()) {
      images.put(image.name().substring(TEST_IMAGES.length() + 1), image);
    }
    Map<String, Integer> labels = labels(file, images);
    List<String> unlabelled =
        images.keySet().stream().filter(name -> !labels.containsKey(name)).toList();
    if (!unlabelled.isEmpty()) {
      throw new ConfigException(
          "\"%s\" has no line for %s".formatted(file, ClassFolders.some(unlabelled)));
    }
    List<ImageFiles.Entry> entries = new ArrayList<>();
    images.forEach(
        (name, image) ->
            entries.add(new ImageFiles.Entry(image.name(), labels.get(name), image.length())));
    return ImageFiles.of(root, entries);
  }

  /** Lines of image, WordNet id and a box (not used), separated by tabs. */
  private Map<String, Integer> labels(Path file, Map<String, FolderListing.File> images) {
    Map<String, Integer> classes = new HashMap<>();
    for (int c = 0; c < ids.size(); c++) {
      classes.put(ids.get(c), c);
    }
    Map<String, Integer> labels = new HashMap<>();
    List<String> problems = new ArrayList<>();
    int number = 0;
    for (String line : ClassNames.lines(file)) {
      number++;
      String[] parts = line.split("\t");
      if (parts.length < 2) {
        problems.add(
            "\"%s\", line %d: found \"%s\"; expected an image and a WordNet id, separated by a tab"
                .formatted(file, number, line));
      } else if (!classes.containsKey(parts[1])) {
        problems.add(
            "\"%s\", line %d: found the class \"%s\", which %s does not list%s"
                .formatted(file, number, parts[1], IDS, Names.hint(parts[1], ids)));
      } else if (!images.containsKey(parts[0])) {
        problems.add(
            "\"%s\", line %d: there is no image \"%s\" in %s%s"
                .formatted(
                    file, number, parts[0], TEST_IMAGES, Names.hint(parts[0], images.keySet())));
      } else if (labels.put(parts[0], classes.get(parts[1])) != null) {
        problems.add(
            "\"%s\", line %d: \"%s\" has a line already".formatted(file, number, parts[0]));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems.subList(0, Math.min(problems.size(), 10)));
    }
    return labels;
  }

  /** The first word of each id in words.txt, or the id where there is none. */
  private List<String> names() {
    Path words = root.resolve(WORDS);
    Map<String, String> names = Files.isRegularFile(words) ? ClassNames.byKey(words) : Map.of();
    return ids.stream().map(id -> names.getOrDefault(id, id).split(",")[0].strip()).toList();
  }
}
