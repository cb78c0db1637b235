package dev.jackpot.training.data;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.Names;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A split whose images lie in a folder for each class. */
final class ClassFolders {
  /** Names that a message lists before it only counts. */
  private static final int SHOWN = 10;

  private ClassFolders() {}

  /**
   * The classes: the names of the folders in a split's folder, in order.
   *
   * @throws ConfigException if there is none
   */
  static List<String> names(Path split) {
    List<String> names = FolderListing.folders(split);
    if (names.isEmpty()) {
      throw new ConfigException(
          "data.path: \"%s\" has no class folders; expected a folder of images for each class"
              .formatted(split));
    }
    return names;
  }

  /**
   * Requires the class folders of the training split in the test split, and no others, and none of
   * them to be the same folder.
   *
   * @throws ConfigException a problem for each folder that is missing or unknown
   */
  static void requireSame(Path root, String train, String test, List<String> classes) {
    List<String> found = names(root.resolve(test));
    List<String> problems = new ArrayList<>();
    List<String> unknown = found.stream().filter(name -> !classes.contains(name)).toList();
    List<String> missing = classes.stream().filter(name -> !found.contains(name)).toList();
    if (!unknown.isEmpty()) {
      problems.add(
          "data.path: \"%s\" has class folders that \"%s\" has not: %s%s"
              .formatted(
                  root.resolve(test),
                  root.resolve(train),
                  some(unknown),
                  Names.hint(unknown.get(0), classes)));
    }
    if (!missing.isEmpty()) {
      problems.add(
          "data.path: \"%s\" lacks class folders that \"%s\" has: %s"
              .formatted(root.resolve(test), root.resolve(train), some(missing)));
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    for (String name : classes) {
      DataFolder.requireApart(root.resolve(train).resolve(name), root.resolve(test).resolve(name));
    }
  }

  /**
   * Lists the images of every class.
   *
   * @param split its folder's name in {@code root}
   * @throws ConfigException if a class has no image
   */
  static ImageFiles read(Path root, String split, List<String> classes) {
    List<FolderListing> listings =
        classes.parallelStream()
            .map(name -> FolderListing.of(root, root.resolve(split).resolve(name)))
            .toList();
    List<String> problems = new ArrayList<>();
    for (int c = 0; c < classes.size(); c++) {
      FolderListing listing = listings.get(c);
      if (listing.images().isEmpty()) {
        problems.add(
            "data.path: class folder \"%s\" %s; expected %s images"
                .formatted(
                    root.resolve(split).resolve(classes.get(c)),
                    listing.others() == 0
                        ? "is empty"
                        : "has %d files, but no image".formatted(listing.others()),
                    ImageFormat.ACCEPTED));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return ImageFiles.ofClasses(root, listings);
  }

  /** The first few names, and how many more there are. */
  static String some(List<String> names) {
    String shown = names.stream().limit(SHOWN).collect(Collectors.joining(", "));
    return names.size() <= SHOWN ? shown : shown + " and %d more".formatted(names.size() - SHOWN);
  }
}
