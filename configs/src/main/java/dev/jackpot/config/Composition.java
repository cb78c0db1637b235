package dev.jackpot.config;

import com.google.protobuf.TextFormat;
import dev.jackpot.config.proto.ComposedPreset;
import dev.jackpot.config.proto.ComposedPresets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Presets put together from parts: the same data and the same recipe with one network after
 * another, configs/presets/composed. A preset's text is complete: nothing in it refers to a part.
 */
final class Composition {
  private static final String FOLDER = Presets.FOLDER + "composed/";
  private static final String DATA = "\ndata {\n";
  private static final ComposedPresets TABLE = table();

  private Composition() {}

  /** Their names, in the order of the table. */
  static List<String> names() {
    return TABLE.getPresetList().stream().map(ComposedPreset::getName).toList();
  }

  /** The text of a preset, or nothing if there is none of that name. */
  static Optional<String> text(String name) {
    return TABLE.getPresetList().stream()
        .filter(preset -> preset.getName().equals(name))
        .findFirst()
        .map(Composition::text);
  }

  private static String text(ComposedPreset preset) {
    StringBuilder text = new StringBuilder();
    text.append("# ").append(preset.getDescription()).append('\n');
    text.append("name: \"").append(preset.getName()).append("\"\n");
    text.append("network { ").append(preset.getNetwork()).append(" }\n");
    for (String part : preset.getPartList()) {
      text.append(read("parts/" + part));
    }
    return preset.hasData() ? withData(preset, text.toString()) : text.toString();
  }

  private static String withData(ComposedPreset preset, String text) {
    if (!text.contains(DATA)) {
      throw new IllegalStateException(
          "preset %s: no part of it has data".formatted(preset.getName()));
    }
    return text.replace(DATA, DATA + "  " + preset.getData() + "\n");
  }

  private static ComposedPresets table() {
    try {
      return TextFormat.parse(read("presets"), ComposedPresets.class);
    } catch (TextFormat.ParseException e) {
      throw new IllegalStateException(FOLDER + "presets: " + e.getMessage(), e);
    }
  }

  private static String read(String name) {
    String path = FOLDER + name + Presets.EXTENSION;
    try (InputStream in = Composition.class.getClassLoader().getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("the program's own " + path + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new JackpotException(path + ": cannot be read: " + e, e);
    }
  }
}
