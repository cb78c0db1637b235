package dev.jackpot.graph;

import dev.jackpot.config.ConfigException;
import org.tensorflow.Graph;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Which images are large enough for a network's strides. */
final class ImageSizes {
  /** Pixels; nothing that is trained here takes larger ones. */
  private static final int LARGEST = 1 << 12;

  private ImageSizes() {}

  /** What to tell whoever gave images that are too small. */
  static ConfigException tooSmall(Network network, NetworkSpec spec, SmallImageException reason) {
    int least = least(network, spec);
    return new ConfigException(
        "network: %s on images of %d×%d pixels: %s; expected images of at least %d×%d"
            .formatted(
                network.title(), spec.height(), spec.width(), reason.getMessage(), least, least));
  }

  /** Height and width of the smallest square image, by trying: any network can be asked. */
  private static int least(Network network, NetworkSpec spec) {
    int tooSmall = Math.min(spec.height(), spec.width());
    int enough = 2 * tooSmall;
    while (enough < LARGEST && !lays(network, spec, enough)) {
      tooSmall = enough;
      enough *= 2;
    }
    while (enough - tooSmall > 1) {
      int middle = (tooSmall + enough) / 2;
      if (lays(network, spec, middle)) {
        enough = middle;
      } else {
        tooSmall = middle;
      }
    }
    return enough;
  }

  private static boolean lays(Network network, NetworkSpec spec, int size) {
    NetworkSpec square = new NetworkSpec(size, size, spec.channels(), spec.classes());
    try (Graph graph = new Graph()) {
      Model<TFloat32> model =
          new Model<>(graph, TFloat32.class, network, square, p -> KernelForm.DENSE);
      model.layUnchecked(
          model.tf().placeholder(TFloat32.class, Placeholder.shape(square.images(-1))),
          Phase.INFERENCE);
      return true;
    } catch (SmallImageException e) {
      return false;
    }
  }
}
