package dev.jackpot.config;

import com.google.protobuf.Descriptors.Descriptor;
import dev.jackpot.config.Scalars.Style;
import dev.jackpot.config.proto.Experiment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads an experiment from textproto or JSON, applies {@code --set} arguments and validates the
 * whole. Whatever is wrong is reported together, a line each: {@code file:line:column: path: found
 * …, expected …}.
 */
public final class ExperimentLoader {
  /** Bytes. A config of a hundred stages has thirty thousand. */
  static final int LARGEST_FILE = 1 << 20;

  private ExperimentLoader() {}

  /** The language a config is written in. */
  public enum Format {
    TEXTPROTO,
    JSON;

    /** By the file's extension. */
    static Optional<Format> of(String fileName) {
      String name = fileName.toLowerCase(Locale.ROOT);
      if (name.endsWith(".json")) {
        return Optional.of(JSON);
      }
      boolean text =
          name.endsWith(".textproto") || name.endsWith(".txtpb") || name.endsWith(".pbtxt");
      return text ? Optional.of(TEXTPROTO) : Optional.empty();
    }
  }

  /**
   * Loads a config that can be run.
   *
   * @param fileOrPreset a file (.textproto, .txtpb, .pbtxt or .json) or a preset's name
   * @param sets overrides, {@code path=value} each, applied in order
   * @return the resolved experiment; without a name of its own it has the file's or the preset's
   * @throws ConfigException with every problem
   */
  public static Experiment load(String fileOrPreset, List<String> sets) {
    return load(fileOrPreset, sets, false);
  }

  /**
   * The same, except that paths which the user has to give (data, weights) may still be missing.
   */
  public static Experiment loadTemplate(String fileOrPreset, List<String> sets) {
    return load(fileOrPreset, sets, true);
  }

  /**
   * Reads a config from memory.
   *
   * @param source what messages call it, for instance a file's name
   */
  public static Experiment parse(String text, Format format, String source, List<String> sets) {
    return parse(text, format, source, sets, false);
  }

  /** The same, except for paths that are still missing, as in {@link #loadTemplate}. */
  public static Experiment parseTemplate(
      String text, Format format, String source, List<String> sets) {
    return parse(text, format, source, sets, true);
  }

  /**
   * Checks an experiment that a program has put together.
   *
   * @throws ConfigException with every problem
   */
  public static void validate(Experiment experiment) {
    Problems problems = new Problems();
    ExperimentRules.check(experiment, new At(Draft.of(experiment), problems, false));
    problems.throwIfAny();
  }

  private static Experiment load(String fileOrPreset, List<String> sets, boolean template) {
    Optional<Path> file = existing(fileOrPreset);
    Optional<Format> format = Format.of(fileOrPreset);
    if (file.isPresent() && format.isPresent() && !Files.isDirectory(file.get())) {
      String source = Show.oneLine(fileOrPreset);
      return parse(read(file.get(), source), format.get(), source, sets, template);
    }
    String preset = Presets.text(fileOrPreset).orElseThrow(() -> noConfig(fileOrPreset, file));
    return parse(preset, Format.TEXTPROTO, "preset " + fileOrPreset, sets, template);
  }

  private static ConfigException noConfig(String name, Optional<Path> file) {
    String source = Show.oneLine(name);
    if (file.isEmpty()) {
      String hint = Names.hint(Scalars.cut(name), Presets.names());
      return new ConfigException(source + ": no such file or preset" + hint);
    } else if (Files.isDirectory(file.get())) {
      Path inside = file.get().resolve("config.textproto");
      String hint = Files.exists(inside) ? "; nearest: " + Show.oneLine(inside.toString()) : "";
      return new ConfigException(
          source + ": found a directory, expected a config file or a preset's name" + hint);
    }
    return new ConfigException(
        source + ": unknown extension, expected .textproto, .txtpb, .pbtxt or .json");
  }

  static Optional<Path> existing(String name) {
    try {
      Path path = Path.of(name);
      return !name.isEmpty() && Files.exists(path) ? Optional.of(path) : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  static String read(Path file, String source) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(LARGEST_FILE + 1);
    } catch (IOException e) {
      throw new ConfigException(
          "%s: cannot be read: %s".formatted(source, Show.oneLine(String.valueOf(e))));
    }
    return decode(bytes, source);
  }

  /** As UTF-8, strictly: the first byte that is not is reported with its place. */
  static String decode(byte[] bytes, String source) {
    if (bytes.length > LARGEST_FILE) {
      throw new ConfigException(
          "%s: found more than %d bytes, expected a config".formatted(source, LARGEST_FILE));
    }
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length + 1);
    CoderResult result = decoder.decode(in, out, true);
    String text = out.flip().toString();
    if (result.isError()) {
      Cursor cursor = Cursor.ofFile(text, source);
      while (cursor.peek() != Cursor.END) {
        cursor.next();
      }
      throw new ConfigException(
          "%s: found the byte 0x%02x, expected UTF-8"
              .formatted(cursor.place(), in.get(in.position())));
    }
    return text;
  }

  private static Experiment parse(
      String text, Format format, String source, List<String> sets, boolean template) {
    Problems problems = new Problems();
    Draft draft = draft(Experiment.getDescriptor(), text, format, source, problems);
    new Overrides(problems).apply(draft, sets);
    NamedNetworks.spellOut(draft, problems);
    var name = Experiment.getDescriptor().findFieldByNumber(Experiment.NAME_FIELD_NUMBER);
    if (!draft.has(name) && !draft.isBroken(name)) {
      draft.add(name, nameFrom(source), draft.place());
    }
    Experiment experiment = (Experiment) draft.build(Experiment.newBuilder());
    ExperimentRules.check(experiment, new At(draft, problems, template));
    problems.throwIfAny();
    return experiment;
  }

  /**
   * What a text says of a message, unchecked.
   *
   * @param source what problems call it
   * @throws ConfigException if it is too long, or not of the format
   */
  static Draft draft(
      Descriptor type, String text, Format format, String source, Problems problems) {
    if (text.length() > LARGEST_FILE) {
      throw new ConfigException(
          "%s: found more than %d characters, expected a config".formatted(source, LARGEST_FILE));
    }
    Draft draft = Draft.root(type, Place.of(source, 1, 1));
    try {
      Cursor in = Cursor.ofFile(text, source);
      Node.Block block = format == Format.JSON ? JsonSyntax.file(in) : TextSyntax.file(in);
      new Binder(problems, format == Format.JSON ? Style.JSON : Style.TEXT).fill(draft, block);
    } catch (SyntaxException e) {
      problems.add(e.place(), () -> "", e.getMessage());
      problems.throwIfAny();
    }
    return draft;
  }

  /** {@code configs/My run.textproto} → My-run. */
  static String nameFrom(String source) {
    String file = source.substring(Math.max(source.lastIndexOf('/'), source.lastIndexOf('\\')) + 1);
    String stem = file.replaceFirst("^preset ", "").replaceFirst("\\.[A-Za-z]+$", "");
    String name = stem.replaceAll("[^A-Za-z0-9_.-]", "-").replaceFirst("^[.-]+", "");
    return name.isEmpty() ? "experiment" : name.substring(0, Math.min(name.length(), 100));
  }
}
