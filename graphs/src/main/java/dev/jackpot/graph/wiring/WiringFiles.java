package dev.jackpot.graph.wiring;

import com.google.protobuf.TextFormat;
import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.WiringFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Wirings in and out of textproto files. */
public final class WiringFiles {
  private static final long MOST_BYTES = 64 << 20;

  private WiringFiles() {}

  /**
   * Reads and checks a wiring.
   *
   * @throws ConfigException if nothing is there, it is no wiring, or a layer cannot be
   */
  public static Wiring read(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new ConfigException(
          "%s: no such wiring; `jackpot compact` and `jackpot widen` write some".formatted(path));
    }
    WiringFile.Builder file = WiringFile.newBuilder();
    try {
      if (Files.size(path) > MOST_BYTES) {
        throw new ConfigException(
            "%s: expected a wiring of at most %d bytes, found %d"
                .formatted(path, MOST_BYTES, Files.size(path)));
      }
      TextFormat.merge(Files.readString(path, StandardCharsets.UTF_8), file);
    } catch (TextFormat.ParseException e) {
      throw new ConfigException("%s: not a wiring: %s".formatted(path, e.getMessage()));
    } catch (IOException e) {
      throw new JackpotException("%s: cannot be read: %s".formatted(path, e), e);
    }
    return Wiring.of(file.build(), path.toString()).requireKnown("a wired network", "");
  }

  /**
   * Writes a wiring; an existing file is replaced only when the new one is complete on disk.
   *
   * @throws JackpotException if it has ops that are no layers
   */
  public static void write(Path path, Wiring wiring) {
    wiring.requireKnown("a stored wiring", "");
    AtomicFiles.write(path, TextFormat.printer().printToString(wiring.file()));
  }
}
