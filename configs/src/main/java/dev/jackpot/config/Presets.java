package dev.jackpot.config;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The experiments that come with the program: configs/presets/*.textproto, on the class path as
 * presets/*, and those that {@link Composition} puts together.
 */
public final class Presets {
  static final String FOLDER = "presets/";
  static final String EXTENSION = ".textproto";

  private Presets() {}

  /**
   * A preset as a list shows it.
   *
   * @param description the first line of its comment
   */
  public record Preset(String name, String description) {}

  /** All presets, by name. */
  public static List<Preset> list() {
    return names().stream()
        .map(name -> new Preset(name, description(text(name).orElseThrow())))
        .toList();
  }

  /** The names, sorted. */
  public static List<String> names() {
    try {
      Path home =
          Path.of(Presets.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Stream.concat(names(home).stream(), Composition.names().stream()).sorted().toList();
    } catch (IOException | URISyntaxException e) {
      throw new JackpotException("presets: cannot list them: " + e, e);
    }
  }

  /** The text of a preset, or nothing if there is none of that name. */
  public static Optional<String> text(String name) {
    if (!name.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*")) {
      return Optional.empty();
    }
    try (InputStream in =
        Presets.class.getClassLoader().getResourceAsStream(FOLDER + name + EXTENSION)) {
      return in == null
          ? Composition.text(name)
          : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new JackpotException("preset " + name + ": cannot be read: " + e, e);
    }
  }

  /**
   * @param home where this class was loaded from: a folder of classes, or a jar
   */
  static List<String> names(Path home) throws IOException {
    return Files.isDirectory(home) ? inFolder(home.resolve(FOLDER)) : inJar(home);
  }

  private static List<String> inFolder(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return names(files.map(file -> file.getFileName().toString()));
    }
  }

  private static List<String> inJar(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return names(
          file.stream()
              .map(entry -> entry.getName())
              .filter(entry -> entry.startsWith(FOLDER))
              .map(entry -> entry.substring(FOLDER.length())));
    }
  }

  private static List<String> names(Stream<String> files) {
    return files
        .filter(file -> file.endsWith(EXTENSION) && !file.contains("/"))
        .map(file -> file.substring(0, file.length() - EXTENSION.length()))
        .sorted()
        .toList();
  }

  private static String description(String text) {
    return text.lines()
        .filter(line -> line.startsWith("#"))
        .findFirst()
        .map(line -> line.substring(1).strip())
        .orElse("");
  }
}
