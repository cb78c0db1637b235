package dev.jackpot.training;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.Names;
import dev.jackpot.export.MaskFiles;
import dev.jackpot.graph.NetworkSummary;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.Masks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Masks of a file that are to be a network's. */
final class FileMasks {
  private FileMasks() {}

  /**
   * Reads them.
   *
   * @param file a mask file, an NPZ, a checkpoint or a run
   * @throws ConfigException if it is not there, or holds masks that are not of the network's
   *     kernels, with every one of them; a kernel may be without a mask
   */
  static Masks read(String file, NetworkSummary network) {
    Masks masks = MaskFiles.open(Path.of(file)).masks();
    Map<String, Parameter> kernels = new LinkedHashMap<>();
    network.kernels().forEach(k -> kernels.put(k.name(), k));
    List<String> problems = new ArrayList<>();
    for (Map.Entry<String, Mask> mask : masks.byName().entrySet()) {
      Parameter kernel = kernels.get(mask.getKey());
      if (kernel == null) {
        problems.add(
            "%s: found a mask for \"%s\", expected kernels of %s%s"
                .formatted(
                    file,
                    mask.getKey(),
                    network.title(),
                    Names.hint(mask.getKey(), kernels.keySet())));
      } else if (!kernel.shape().equals(mask.getValue().shape())) {
        problems.add(
            "%s: found a mask of shape %s for \"%s\", expected %s"
                .formatted(file, mask.getValue().shape(), kernel.name(), kernel.shape()));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return masks;
  }
}
