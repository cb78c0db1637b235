package dev.jackpot.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.export.Npy;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.training.ExperimentService;
import dev.jackpot.training.StageContext;
import dev.jackpot.training.StageKinds;
import dev.jackpot.training.State;
import dev.jackpot.training.StopSignal;
import dev.jackpot.training.TrainedNetwork;
import dev.jackpot.training.run.Result;
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

  /**
   * Property 11 of ../shared/papers/lottery-jackpots.md, section 8. PyTorch: 10.05 % as it is,
   * 46.95 % re-estimated, on all test images.
   */
  @Test
  void reestimatingBatchNormRaisesTheMagnitudeMask(@TempDir Path temp) throws Exception {
    Experiment experiment =
        ExperimentLoader.load(
            "resnet20-cifar10-jackpot90",
            List.of(
                "data.path=" + Shared.jpegCifar10(temp),
                "weights.path=" + Shared.path("pretrained/resnet20-cifar10-jpeg.npz"),
                "data.limit_train=2560",
                "data.limit_test=2000",
                "stages.search.epochs=1",
                "stages.search.start_batches=60"));
    TrainedNetwork dense = TrainedNetwork.of(experiment);
    State masked =
        StageKinds.REGISTRY
            .create(experiment.getStages(0))
            .begin(StageContext.of(dense.parts().summary(), 1), dense.state());
    assertThat(new TrainedNetwork(dense.parts(), masked).evaluate().accuracy()).isLessThan(0.15);
    Result result =
        ExperimentService.run(experiment, temp.resolve("run"), false, List.of(), new StopSignal());
    assertThat(result.denseAccuracy()).isCloseTo(dense.evaluate().accuracy(), within(1e-9));
    assertThat(result.startAccuracy()).isBetween(0.38, 0.56);
  }
}
