package dev.jackpot.training.data;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What lies in a folder: image files at any depth, told by their names' endings, in the order of
 * their names. Links are followed, hidden files (a name that begins with a dot) left out.
 *
 * @param images image files; also of kinds that cannot be decoded, so that they are not overlooked
 * @param others how many other files there are
 */
record FolderListing(List<File> images, int others) {
  /** Endings of files that are taken for images; the last line's cannot be decoded. */
  private static final Set<String> ENDINGS =
      Set.of(
          "jpg", "jpeg", "jpe", "jfif", "png", "gif", "bmp", "dib", //
          "webp", "tif", "tiff", "heic", "heif", "avif", "svg", "jp2", "jxl", "ppm", "pgm");

  /**
   * An image file.
   *
   * @param name relative to the listing's root, its parts separated by '/'
   * @param length in bytes
   */
  record File(String name, long length) {}

  /**
   * Lists a folder.
   *
   * @param root what names are relative to
   * @param folder in it
   * @throws ConfigException if a link in it leads nowhere or in a circle
   */
  static FolderListing of(Path root, Path folder) {
    Visitor visitor = new Visitor(root);
    try {
      Files.walkFileTree(
          folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, visitor);
    } catch (java.nio.file.FileSystemLoopException e) {
      throw new ConfigException(
          "data.path: \"%s\" is a link to a folder around it".formatted(e.getFile()));
    } catch (IOException e) {
      throw new JackpotException("cannot list \"%s\": %s".formatted(folder, e), e);
    }
    visitor.images.sort(Comparator.comparing(File::name));
    return new FolderListing(List.copyOf(visitor.images), visitor.others);
  }

  /** Names of the folders in a folder, links to folders among them, in order; no hidden ones. */
  static List<String> folders(Path folder) {
    try (Stream<Path> children = Files.list(folder)) {
      return children
          .filter(child -> !isHidden(child) && Files.isDirectory(child))
          .map(child -> child.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new JackpotException("cannot list \"%s\": %s".formatted(folder, e), e);
    }
  }

  private static boolean isHidden(Path path) {
    return path.getFileName().toString().startsWith(".");
  }

  private static boolean isImage(String name) {
    int dot = name.lastIndexOf('.');
    return dot > 0 && ENDINGS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
  }

  private static final class Visitor extends SimpleFileVisitor<Path> {
    private final Path root;
    private final List<File> images = new ArrayList<>();
    private int others;

    Visitor(Path root) {
      this.root = root;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      return isHidden(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (isHidden(file)) {
        return FileVisitResult.CONTINUE;
      }
      if (attributes.isSymbolicLink()) { // would have been followed if it led anywhere
        throw new ConfigException("data.path: \"%s\" is a link to nothing".formatted(file));
      }
      if (attributes.isRegularFile() && isImage(file.getFileName().toString())) {
        images.add(new File(name(file), attributes.size()));
      } else {
        others++;
      }
      return FileVisitResult.CONTINUE;
    }

    private String name(Path file) {
      return root.relativize(file).toString().replace(java.io.File.separatorChar, '/');
    }
  }
}
