package dev.jackpot.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.export.Npy;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.training.TrainedNetwork;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pre-trained ResNets give the logits that an independent implementation (PyTorch) gave. */
class PretrainedNetworksTest {
  @ParameterizedTest
  @CsvSource({"resnet20, 20, 932", "resnet32, 32, 944"})
  void officialImages(String name, int depth, int correct, @TempDir Path temp) throws Exception {
    TrainedNetwork network =
        network(
            Shared.exactCifar10(temp),
            depth,
            Shared.path("pretrained/%s-cifar10.npz".formatted(name)));
    compare(
        network, Shared.path("pretrained/%s-cifar10-logits-exact1017.npy".formatted(name)), 1017);
    assertThat(network.evaluate().correct()).isEqualTo(correct);
  }

  @Test
  void jpegImages(@TempDir Path temp) throws Exception {
    TrainedNetwork network =
        network(Shared.jpegCifar10(temp), 20, Shared.path("pretrained/resnet20-cifar10-jpeg.npz"));
    compare(network, Shared.path("pretrained/resnet20-cifar10-jpeg-logits-first1000.npy"), 1000);
    assertThat(network.evaluate().correct()).isEqualTo(8842);
  }

  private static TrainedNetwork network(Path data, int depth, Path weights) {
    Experiment experiment =
        ExperimentLoader.load(
            "resnet20-cifar10-jackpot90",
            List.of("data.path=" + data, "weights.path=" + weights, "network.depth=" + depth));
    return TrainedNetwork.of(experiment);
  }

  private static void compare(TrainedNetwork network, Path reference, int images) {
    HostTensor expected = Npy.read(reference);
    HostTensor found = network.logits(images);
    assertThat(found.shape()).isEqualTo(expected.shape());
    for (int i = 0; i < images; i++) {
      for (int c = 0; c < 10; c++) {
        assertThat(found.values()[i * 10 + c])
            .as("image %d, class %d", i, c)
            .isCloseTo(expected.values()[i * 10 + c], within(1e-3f));
      }
      assertThat(largest(found, i)).as("label of image %d", i).isEqualTo(largest(expected, i));
    }
  }

  private static int largest(HostTensor logits, int image) {
    int best = 0;
    for (int c = 1; c < 10; c++) {
      if (logits.values()[image * 10 + c] > logits.values()[image * 10 + best]) {
        best = c;
      }
    }
    return best;
  }
}
