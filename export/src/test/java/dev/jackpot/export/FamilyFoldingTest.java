package dev.jackpot.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import dev.jackpot.config.proto.Export;
import dev.jackpot.config.proto.Network;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.Networks;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every family is exported with its batch norms folded, and the served logits are those of the
 * training graph, whose batch norms are not.
 */
class FamilyFoldingTest {
  private static final int IMAGES = 8;

  @TempDir private Path folder;

  /** With preactivation only the norms between two convolutions of a block can go. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "32 | cifar_resnet { depth: 8 width: 8 shortcut: B } origin: KERAS | 9",
        "32 | cifar_resnet { depth: 8 width: 8 preactivation: true } | 3",
        "32 | resnet { depth: 18 width: 0.1 } | 20",
        "32 | resnet { depth: 18 width: 0.1 } origin: TF_OFFICIAL | 21",
        "32 | resnet { depth: 50 width: 0.1 } origin: KERAS | 53",
        "32 | resnet { depth: 50 width: 0.1 preactivation: true } origin: KERAS | 32",
        "32 | vgg { depth: 11 width: 0.1 } | 8",
        "32 | vgg { depth: 11 width: 0.1 head: IMAGENET hidden: 16 batch_norm: false } | 0",
        "32 | mobilenet_v1 { width: 0.25 } origin: KERAS | 27",
        "32 | mobilenet_v2 { width: 0.25 } | 52",
        "32 | mobilenet_v3 { size: SMALL width: 0.5 } | 34",
        "32 | mobilenet_v3 { width: 0.5 } convolution_bias: true | 46",
      })
  void foldedLogitsAreTheOnesOfTraining(int image, String config, int norms) throws Exception {
    Network network = TextFormat.parse(config, Network.class);
    NetworkSpec spec = new NetworkSpec(image, image, 3, 5);
    ServableModel model = TinyModel.make(Networks.REGISTRY.create(network), spec, 1);
    Export options = Export.newBuilder().setFoldBatchNorm(true).build();
    ExportReport report =
        new SavedModelWriter(options)
            .write(folder.resolve("1"), model, TinyModel.sample(model, IMAGES));
    assertThat(report.foldedBatchNorms()).isEqualTo(norms);
    assertThat(report.logitDifference()).isLessThan(1e-4);
    assertThat(report.labelsAgreeing()).isEqualTo(IMAGES);
  }
}
