package dev.jackpot.export.compaction;

import com.google.protobuf.TextFormat;
import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.MaskProvenance;
import dev.jackpot.export.MaskFiles;
import dev.jackpot.export.Npz;
import dev.jackpot.graph.wiring.WiringFiles;
import dev.jackpot.pruning.Masks;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder with a network as data: {@code wiring.textproto}, {@code weights.npz}, {@code
 * masks.masks} if it has masks, and {@code network.textproto}, the lines of a config that begin
 * with it.
 */
public final class WiredFolder {
  private static final String WIRING = "wiring.textproto";
  private static final String WEIGHTS = "weights.npz";
  private static final String MASKS = "masks.masks";
  private static final String NETWORK = "network.textproto";

  private WiredFolder() {}

  /**
   * Refuses a folder that is there, before there is anything to write.
   *
   * @throws ConfigException naming it
   */
  public static void requireNew(Path folder) {
    if (Files.exists(folder)) {
      throw new ConfigException("--out: %s exists; expected a new folder".formatted(folder));
    }
  }

  /**
   * Writes all files, or nothing.
   *
   * @param masks what goes into the mask file; without kernels there is none
   */
  public static void write(
      Path folder, ValuedWiring network, Masks masks, MaskProvenance provenance) {
    requireNew(folder);
    AtomicFiles.writeDirectory(
        folder,
        temporary -> {
          WiringFiles.write(temporary.resolve(WIRING), network.wiring());
          Npz.write(temporary.resolve(WEIGHTS), network.values());
          if (!masks.names().isEmpty()) {
            MaskFiles.write(temporary.resolve(MASKS), masks, provenance);
          }
          Experiment.Builder config = Experiment.newBuilder();
          config.getNetworkBuilder().getWiredBuilder().setPath(folder.resolve(WIRING).toString());
          config.getWeightsBuilder().setPath(folder.resolve(WEIGHTS).toString());
          Files.writeString(temporary.resolve(NETWORK), TextFormat.printer().printToString(config));
        });
  }
}
