package dev.jackpot.training.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Folders of image files for tests. */
final class ImageTrees {
  private ImageTrees() {}

  /** Writes one file, its folders too. */
  static Path write(Path folder, String name, byte[] bytes) {
    Path file = folder.resolve(name);
    try {
      Files.createDirectories(file.getParent());
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A split of class folders with {@code count} plain JPEGs each, their grey telling which. */
  static void split(Path root, String split, int count, String... classes) {
    for (int c = 0; c < classes.length; c++) {
      for (int i = 0; i < count; i++) {
        int grey = 20 * (c * count + i + 1);
        write(
            root,
            "%s/%s/%02d.jpg".formatted(split, classes[c], i),
            Pictures.jpeg(grey << 16 | grey << 8 | grey));
      }
    }
  }

  /** Tiny-ImageNet's layout: 2 classes, 2 training images each and 3 test images. */
  static void tinyImageNet(Path root) {
    text(root, "wnids.txt", "n02\nn01\n");
    text(root, "words.txt", "n01\tgoldfish, Carassius auratus\nn02\tblack stork\nn99\tother\n");
    for (String id : new String[] {"n01", "n02"}) {
      for (int i = 0; i < 2; i++) {
        write(root, "train/%s/images/%s_%d.JPEG".formatted(id, id, i), Pictures.jpeg(0x102030));
      }
      text(root, "train/%s/%s_boxes.txt".formatted(id, id), "x\t0\t0\t1\t1\n");
    }
    for (int i = 0; i < 3; i++) {
      write(root, "val/images/val_%d.JPEG".formatted(i), Pictures.jpeg(0x405060));
    }
    text(
        root,
        "val/val_annotations.txt",
        "val_2.JPEG\tn02\t0\t0\t9\t9\nval_0.JPEG\tn01\t0\t0\t9\t9\nval_1.JPEG\tn02\t0\t0\t9\t9\n");
  }

  static void text(Path folder, String name, String text) {
    write(folder, name, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
