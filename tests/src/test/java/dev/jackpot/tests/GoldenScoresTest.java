package dev.jackpot.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.proto.CifarResNet;
import dev.jackpot.config.proto.Criterion;
import dev.jackpot.config.proto.GradientSample;
import dev.jackpot.config.proto.GraspCriterion;
import dev.jackpot.config.proto.MaskRecipe;
import dev.jackpot.config.proto.Runtime;
import dev.jackpot.config.proto.SnipCriterion;
import dev.jackpot.config.proto.SynFlowCriterion;
import dev.jackpot.export.WeightFormats;
import dev.jackpot.export.WeightSource;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Network;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.NetworkSummary;
import dev.jackpot.graph.Networks;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;
import dev.jackpot.pruning.Criteria;
import dev.jackpot.pruning.Masks;
import dev.jackpot.pruning.NetworkGradients;
import dev.jackpot.pruning.Recipe;
import dev.jackpot.pruning.Rounds;
import dev.jackpot.pruning.ScoringInput;
import dev.jackpot.training.CriterionGradients;
import dev.jackpot.training.data.ArraySplit;
import dev.jackpot.training.data.Batches;
import dev.jackpot.training.data.ChannelNormalization;
import dev.jackpot.training.data.DataSet;
import dev.jackpot.training.data.ImageShape;
import dev.jackpot.training.data.MemoryDataSet;
import dev.jackpot.training.data.Preparation;
import dev.jackpot.training.data.Split;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SNIP, GraSP and SynFlow score the weights of a network with batch norm as a program in PyTorch
 * does (tests/peers/golden_scores.py), whose products with the Hessian are automatic
 * differentiation's.
 */
class GoldenScoresTest {
  private static final int BATCHES = 2;
  private static final int BATCH = 16;
  private static final int SIZE = 32;
  private static final NetworkSpec SPEC = new NetworkSpec(SIZE, SIZE, 3, 10);
  private static final GradientSample SAMPLE =
      GradientSample.newBuilder().setBatches(BATCHES).setBatchSize(BATCH).build();
  private static final Network NETWORK =
      Networks.REGISTRY.create(
          dev.jackpot.config.proto.Network.newBuilder()
              .setCifarResnet(CifarResNet.newBuilder().setDepth(8).setWidth(4))
              .build());
  private static final NetworkSummary SUMMARY = NetworkSummary.of(NETWORK, SPEC);
  private static final List<Parameter> KERNELS =
      SUMMARY.kernels().stream().filter(k -> k.role() == Role.CONVOLUTION_KERNEL).toList();

  @TempDir Path folder;

  @Test
  void snip() throws Exception {
    assertThat(agreement("snip", snipOptions(), committed())).isGreaterThan(.99999);
  }

  private static Criterion.Builder snipOptions() {
    return Criterion.newBuilder().setSnip(SnipCriterion.newBuilder().setSample(SAMPLE));
  }

  @Test
  void grasp() throws Exception {
    assertThat(agreement("grasp", graspOptions(), committed())).isGreaterThan(.9999);
  }

  private static Criterion.Builder graspOptions() {
    return Criterion.newBuilder().setGrasp(GraspCriterion.newBuilder().setSample(SAMPLE));
  }

  @Test
  void synflow() throws Exception {
    assertThat(agreement("synflow", synflowOnce(), committed())).isGreaterThan(.99999);
  }

  private static Criterion.Builder synflowOnce() {
    return Criterion.newBuilder().setSynflow(SynFlowCriterion.newBuilder().setRounds(1));
  }

  @Test
  void synflowsMasksAfterAHundredRounds() throws Exception {
    MaskRecipe.Builder recipe = MaskRecipe.newBuilder().setSparsity(.95);
    recipe.getCriterionBuilder().setSynflow(SynFlowCriterion.getDefaultInstance());
    Map<String, HostTensor> weights = weights();
    Masks masks =
        Recipe.of(recipe.build()).masks(SUMMARY.parameters(), weights, 1, gradients(weights));
    try (WeightSource expected = WeightFormats.open(committed())) {
      for (Parameter k : KERNELS) {
        assertThat(masks.get(k.name()).toFloats())
            .as(k.name())
            .isEqualTo(expected.read("mask/" + k.name()).values());
      }
    }
  }

  @Test
  @RequiresPeer
  void thePeerWritesTheCommittedFile() throws Exception {
    Path out = folder.resolve("scores.npz");
    PeerProgram.run(folder.resolve("log.txt"), "golden_scores.py", out);
    try (WeightSource made = WeightFormats.open(out);
        WeightSource kept = WeightFormats.open(committed())) {
      for (Parameter k : KERNELS) {
        String mask = "mask/" + k.name();
        assertThat(made.read(mask)).as(mask).isEqualTo(kept.read(mask));
      }
    }
    assertThat(agreement("snip", snipOptions(), out)).isGreaterThan(.99999);
    assertThat(agreement("grasp", graspOptions(), out)).isGreaterThan(.9999);
    assertThat(agreement("synflow", synflowOnce(), out)).isGreaterThan(.99999);
  }

  private static Path committed() {
    return Repository.peers().resolve("golden/scores.npz");
  }

  /** Spearman's rank correlation over all kernels together. */
  private static double agreement(String what, Criterion.Builder options, Path file)
      throws Exception {
    Map<String, HostTensor> weights = weights();
    Map<String, float[]> found =
        Criteria.REGISTRY
            .create(options.build())
            .scores(
                new ScoringInput(
                    KERNELS, weights, 1, gradients(weights), Rounds.free(KERNELS, .9)));
    Map<String, float[]> expected = new LinkedHashMap<>();
    try (WeightSource source = WeightFormats.open(file)) {
      for (Parameter k : KERNELS) {
        HostTensor scores = source.read(what + "/" + k.name());
        assertThat(scores.shape()).isEqualTo(k.shape());
        expected.put(k.name(), scores.values());
      }
    }
    return correlation(ranks(flat(found)), ranks(flat(expected)));
  }

  private static float[] flat(Map<String, float[]> scores) {
    float[] all = new float[KERNELS.stream().mapToInt(Parameter::size).sum()];
    int at = 0;
    for (Parameter k : KERNELS) {
      float[] of = scores.get(k.name());
      System.arraycopy(of, 0, all, at, of.length);
      at += of.length;
    }
    return all;
  }

  private static double[] ranks(float[] scores) {
    double[] ranks = new double[scores.length];
    int[] order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> scores[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int i = 0; i < order.length; i++) {
      ranks[order[i]] = i;
    }
    return ranks;
  }

  private static double correlation(double[] a, double[] b) {
    double middle = (a.length - 1) / 2.;
    double product = 0;
    double square = 0;
    for (int i = 0; i < a.length; i++) {
      product += (a[i] - middle) * (b[i] - middle);
      square += (a[i] - middle) * (a[i] - middle);
    }
    return product / square;
  }

  private static Map<String, HostTensor> weights() {
    Map<String, HostTensor> weights = new LinkedHashMap<>();
    SUMMARY.parameters().forEach(p -> weights.put(p.name(), GoldenFormula.parameter(p)));
    return weights;
  }

  private static NetworkGradients gradients(Map<String, HostTensor> weights) {
    DataSet data = images();
    Preparation preparation =
        Preparation.evaluation(data, dev.jackpot.config.proto.Data.getDefaultInstance());
    return CriterionGradients.of(
        NETWORK,
        SPEC,
        weights,
        Runtime.newBuilder().setThreads(1).setDevice(Runtime.Device.CPU).build(),
        sample -> Batches.evaluation(data.train(), preparation, sample.batchSize(), 0));
  }

  /** The formula's images as pixels: v ↦ ⌊64 v + 128⌋ within a byte. */
  private static DataSet images() {
    float[] drawn = GoldenFormula.images(BATCHES * BATCH, SIZE).values();
    byte[] pixels = new byte[drawn.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) Math.max(0, Math.min(255, Math.floor(drawn[i] * 64. + 128)));
    }
    int[] labels = IntStream.range(0, BATCHES * BATCH).map(i -> i % SPEC.classes()).toArray();
    Split split =
        new ArraySplit(
            new ImageShape(SIZE, SIZE, 3), List.of(new ArraySplit.Block(labels, pixels)));
    return new MemoryDataSet(
        "formula",
        split,
        split,
        IntStream.range(0, SPEC.classes()).mapToObj(Integer::toString).toList(),
        new ChannelNormalization(List.of(.5, .5, .5), List.of(.25, .25, .25)));
  }
}
