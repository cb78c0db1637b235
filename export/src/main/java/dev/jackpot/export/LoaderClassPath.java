package dev.jackpot.export;

import dev.jackpot.export.loader.PlainLoader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The class path of {@link PlainLoader}'s process: that one class file, and of this process's class
 * path what holds no class of Jackpot.
 */
final class LoaderClassPath {
  private static final String JACKPOT = "dev/jackpot/";
  private static final String TENSORFLOW = "org/tensorflow/TensorFlow.class";

  private LoaderClassPath() {}

  /**
   * Puts the class file into a folder and names the whole class path. Where TensorFlow Java and
   * Jackpot are in one jar, that jar is on it.
   */
  static String in(Path folder) throws IOException {
    String name = PlainLoader.class.getName().replace('.', '/') + ".class";
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (InputStream in = PlainLoader.class.getClassLoader().getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException(name + " is not on the class path");
      }
      Files.copy(in, file);
    }
    List<Path> all =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(e -> !e.isEmpty())
            .map(Path::of)
            .filter(Files::exists)
            .toList();
    List<Path> others = all.stream().filter(e -> !holds(e, JACKPOT)).toList();
    List<Path> needed = others.stream().anyMatch(e -> holds(e, TENSORFLOW)) ? others : all;
    return Stream.concat(Stream.of(folder), needed.stream())
        .map(p -> p.toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static boolean holds(Path entry, String name) {
    if (Files.isDirectory(entry)) {
      return Files.exists(entry.resolve(name));
    }
    try (JarFile jar = new JarFile(entry.toFile())) {
      return jar.stream().anyMatch(e -> e.getName().startsWith(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
