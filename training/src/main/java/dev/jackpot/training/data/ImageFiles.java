package dev.jackpot.training.data;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.JackpotException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Image files below one folder. In memory are their names, labels and lengths alone. */
final class ImageFiles implements EncodedImages {
  private final Path folder;
  private final String[] names;
  private final int[] labels;
  private final long[] lengths;

  /**
   * One file.
   *
   * @param name relative to the folder, its parts separated by '/'
   * @param label its class
   * @param length in bytes
   */
  record Entry(String name, int label, long length) {}

  private ImageFiles(Path folder, List<Entry> entries) {
    this.folder = folder;
    this.names = entries.stream().map(Entry::name).toArray(String[]::new);
    this.labels = entries.stream().mapToInt(Entry::label).toArray();
    this.lengths = entries.stream().mapToLong(Entry::length).toArray();
  }

  static ImageFiles of(Path folder, List<Entry> entries) {
    return new ImageFiles(folder, entries);
  }

  /**
   * The files of class folders: the first of each class, the second of each, … so that the first
   * images of a split ({@code data.limit_train}) are of all classes.
   */
  static ImageFiles ofClasses(Path folder, List<FolderListing> classes) {
    List<Entry> entries = new ArrayList<>();
    int most = classes.stream().mapToInt(listing -> listing.images().size()).max().orElse(0);
    for (int turn = 0; turn < most; turn++) {
      for (int label = 0; label < classes.size(); label++) {
        List<FolderListing.File> images = classes.get(label).images();
        if (turn < images.size()) {
          FolderListing.File file = images.get(turn);
          entries.add(new Entry(file.name(), label, file.length()));
        }
      }
    }
    return new ImageFiles(folder, entries);
  }

  @Override
  public int size() {
    return names.length;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public String name(int index) {
    return names[index];
  }

  @Override
  public long length(int index) {
    return lengths[index];
  }

  @Override
  public byte[] read(int index) {
    Path file = folder.resolve(names[index]);
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      if (!Files.isDirectory(folder)) {
        throw new JackpotException(
            "\"%s\": the data set's folder is gone; it was there when the set was opened"
                .formatted(folder),
            e);
      }
      throw new CorruptImageException(
          "%s: the file cannot be read: %s".formatted(names[index], AtomicFiles.reason(e)), e);
    }
  }
}
