package dev.jackpot.export;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;

/**
 * What a checkpoint of a run says of itself in its {@code checkpoint.json}.
 *
 * @param directory of the checkpoint
 * @param stage index of the stage that was running
 * @param epoch epochs of it that were finished
 * @param step steps of all stages so far
 * @param sha256 digests of the checkpoint's other files, by name
 */
public record StoredCheckpoint(
    Path directory, int stage, int epoch, long step, Map<String, String> sha256) {
  static final String DESCRIPTION = "checkpoint.json";

  /** As a run writes them. Their names are no order: a stage may have more than 9999 epochs. */
  static final Comparator<StoredCheckpoint> ORDER =
      Comparator.comparingInt(StoredCheckpoint::stage)
          .thenComparingInt(StoredCheckpoint::epoch)
          .thenComparingLong(StoredCheckpoint::step);

  private static final Gson GSON = new Gson();

  /** The part of checkpoint.json that is of use here. */
  private record Description(Progress progress, Map<String, String> sha256) {}

  private record Progress(int stage, int epoch, long step) {}

  /**
   * Reads the description, not the files it speaks of.
   *
   * @throws JackpotException if it is damaged
   */
  static StoredCheckpoint read(Path directory) {
    Path file = directory.resolve(DESCRIPTION);
    Description read;
    try {
      read = GSON.fromJson(Files.readString(file), Description.class);
    } catch (IOException e) {
      throw AtomicFiles.failure("read", file, e);
    } catch (JsonParseException | IllegalArgumentException e) {
      throw new JackpotException("%s is damaged: %s".formatted(file, e.getMessage()), e);
    }
    if (read == null || read.progress() == null || read.sha256() == null) {
      throw new JackpotException("%s is damaged: fields are missing".formatted(file));
    }
    Progress progress = read.progress();
    return new StoredCheckpoint(
        directory, progress.stage(), progress.epoch(), progress.step(), read.sha256());
  }

  /**
   * Compares its files with their digests.
   *
   * @throws JackpotException naming the first that is missing or differs
   */
  void check() {
    checkDigests(directory, sha256);
  }

  /**
   * Compares the files of a checkpoint with their digests.
   *
   * @param sha256 in hexadecimal, by file name
   * @throws JackpotException naming the first that is missing or differs
   */
  public static void checkDigests(Path directory, Map<String, String> sha256) {
    sha256.forEach((name, expected) -> check(directory, name, expected));
  }

  private static void check(Path directory, String name, String expected) {
    Path file = directory.resolve(name).normalize();
    if (!file.startsWith(directory.normalize()) || !Files.isRegularFile(file)) {
      throw new JackpotException(
          "checkpoint %s is damaged: %s is missing".formatted(directory, name));
    }
    String found = Sha256.of(file);
    if (!found.equals(expected)) {
      throw new JackpotException(
          "checkpoint %s is damaged: %s has SHA-256 %.12s…, expected %.12s…"
              .formatted(directory, name, found, expected));
    }
  }
}
