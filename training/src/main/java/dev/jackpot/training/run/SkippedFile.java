package dev.jackpot.training.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.jackpot.config.JackpotException;
import dev.jackpot.training.data.Split.Skipped;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/** The run directory's file of images that could not be decoded, {@code skipped_images.json}. */
public final class SkippedFile {
  private SkippedFile() {}

  /**
   * The images in it; none if it is not there.
   *
   * @throws JackpotException if it cannot be read or is no such file
   */
  public static List<Skipped> read(Path file) {
    if (!Files.exists(file)) {
      return List.of();
    }
    return JsonFields.read(file).objects("images").stream()
        .map(image -> new Skipped(image.string("image"), image.string("reason")))
        .toList();
  }

  /** Replaces what is there at once. */
  public static void write(Path file, Collection<Skipped> images) {
    JsonArray array = new JsonArray();
    for (Skipped image : images) {
      JsonObject o = new JsonObject();
      o.addProperty("image", image.name());
      o.addProperty("reason", image.reason());
      array.add(o);
    }
    JsonObject all = new JsonObject();
    all.add("images", array);
    JsonFields.write(file, all);
  }
}
