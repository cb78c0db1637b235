package dev.jackpot.training.data;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.Names;
import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.ImageFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads {@code DIR/train/CLASS/…} and {@code DIR/val/CLASS/…}; classes are numbered by name. */
final class ImageFolderReader {
  private static final List<String> TEST_FOLDERS = List.of("val", "test", "validation", "valid");
  private static final String LAYOUT = "a folder with train/CLASS/IMAGE and val/CLASS/IMAGE in it";

  private final Path root;
  private final ImageFolder options;

  private ImageFolderReader(Path root, ImageFolder options) {
    this.root = root;
    this.options = options;
  }

  /**
   * Lists all files; reads none.
   *
   * @throws ConfigException if folders are missing, empty or do not fit each other
   */
  static DataSet read(ImageFolder options, Data config) {
    Path root = DataFolder.find(options.getPath(), LAYOUT);
    return new ImageFolderReader(root, options).read(config);
  }

  private DataSet read(Data config) {
    String train = options.getTrain();
    requireFolder("data.folder.train", train);
    String test = test();
    DataFolder.requireApart(root.resolve(train), root.resolve(test));
    List<String> classes = ClassFolders.names(root.resolve(train));
    ClassFolders.requireSame(root, train, test, classes);
    ImageFiles training = ClassFolders.read(root, train, classes);
    ImageFiles testing = ClassFolders.read(root, test, classes);
    return new MemoryDataSet(
        "folder %s (%d + %d images)"
            .formatted(root.toAbsolutePath().getFileName(), training.size(), testing.size()),
        EncodedSplit.of(training, config),
        EncodedSplit.of(testing, config),
        shown(classes),
        ChannelNormalization.IMAGENET);
  }

  /** The test split's folder: the config's, or whichever usual one is there. */
  private String test() {
    if (options.hasTest()) {
      requireFolder("data.folder.test", options.getTest());
      return options.getTest();
    }
    return TEST_FOLDERS.stream()
        .filter(name -> Files.isDirectory(root.resolve(name)))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigException(
                    "data.path: \"%s\" has no folder %s for the test split; found %s (name it with data.folder.test)"
                        .formatted(root, String.join(", ", TEST_FOLDERS), found())));
  }

  private void requireFolder(String field, String name) {
    if (name.isBlank() || !Files.isDirectory(root.resolve(name))) {
      List<String> folders = FolderListing.folders(root);
      throw new ConfigException(
          "%s: \"%s\" has no folder \"%s\"; found %s%s; expected %s"
              .formatted(field, root, name, found(), Names.hint(name, folders), LAYOUT));
    }
  }

  private String found() {
    List<String> folders = FolderListing.folders(root);
    return folders.isEmpty() ? "no folders" : ClassFolders.some(folders);
  }

  /** Names to show: those of the config's file, or the folders'. */
  private List<String> shown(List<String> classes) {
    if (!options.hasClassNames()) {
      return classes;
    }
    Path file = root.resolve(options.getClassNames());
    if (!Files.isRegularFile(file)) {
      throw new ConfigException("data.folder.class_names: no file \"%s\"".formatted(file));
    }
    Map<String, String> names = ClassNames.byKey(file);
    List<String> missing = new ArrayList<>();
    for (String name : classes) {
      if (!names.containsKey(name)) {
        missing.add(name);
      }
    }
    if (!missing.isEmpty()) {
      throw new ConfigException(
          "data.folder.class_names: \"%s\" does not name %s%s"
              .formatted(
                  file, ClassFolders.some(missing), Names.hint(missing.get(0), names.keySet())));
    }
    return classes.stream().map(names::get).collect(Collectors.toUnmodifiableList());
  }
}
