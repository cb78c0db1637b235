package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import dev.jackpot.config.proto.Prune;
import dev.jackpot.graph.GhostForm;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.InitialValues;
import dev.jackpot.graph.Losses;
import dev.jackpot.graph.Model;
import dev.jackpot.graph.Network;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.NetworkSummary;
import dev.jackpot.graph.Networks;
import dev.jackpot.graph.Phase;
import dev.jackpot.graph.Sessions;
import dev.jackpot.graph.Tower;
import dev.jackpot.graph.Variables;
import dev.jackpot.training.LookAheadGraph.Images;
import dev.jackpot.training.data.Batch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/**
 * Ghost skips are for the gradients that a sparse network loses on their way to its first layer:
 * how long that gradient is with them (α = 1) and without, before the first step, under random
 * masks of ERK densities.
 */
class FirstLayerGradientTest {
  private static final Logger LOG = LogManager.getLogger(FirstLayerGradientTest.class);
  private static final NetworkSpec SPEC = new NetworkSpec(32, 32, 3, 10);
  private static final GhostForm SKIPS = new GhostForm(Optional.empty(), true);
  private static final int SEEDS = 4;

  /** ‖∂L/∂w‖ of the first kernel over a batch of noise. */
  private static double norm(
      Network network, String kernel, State state, GhostForm ghosts, Images x) {
    try (Graph graph = new Graph()) {
      Model<TFloat32> model = new Model<>(graph, TFloat32.class, network, SPEC, state::form);
      Operand<TFloat32> images =
          model
              .tf()
              .reshape(
                  model.tf().constant(x.pixels()),
                  model.tf().constant(SPEC.images(x.labels().length).asArray()));
      Tower<TFloat32> tower = model.lay(images, Phase.SCORING, ghosts);
      Operand<TFloat32> loss =
          Losses.crossEntropy(
              model.tf(), tower.logits(), model.tf().constant(x.labels()), SPEC.classes(), 0);
      Operand<TFloat32> gradient =
          model.tf().gradients(loss, List.of(tower.reads().get(kernel))).dy(0);
      Map<String, HostTensor> values = new LinkedHashMap<>();
      tower.ghosts().forEach((name, ghost) -> values.put(name, ghost.initial(1e-4)));
      if (ghosts.skips()) {
        values.put(GhostForm.SKIP, HostTensor.filled(Shape.scalar(), 1));
      }
      model.variables().names().stream()
          .filter(n -> !values.containsKey(n))
          .forEach(n -> values.put(n, state.get(n)));
      try (Session session = Sessions.open(graph, Scored.ONE_THREAD)) {
        model.variables().assign(session, values);
        try (Result result = session.runner().fetch(gradient).run()) {
          double sum = 0;
          for (float g : Variables.host(result.get(0)).values()) {
            sum += (double) g * g;
          }
          return Math.sqrt(sum);
        }
      }
    }
  }

  private static State masked(NetworkSummary summary, double sparsity, long seed) {
    Prune.Builder prune = Prune.newBuilder().setSparsity(sparsity);
    prune.getCriterionBuilder().getRandomBuilder();
    prune.getAllocationBuilder().getErkBuilder();
    State drawn = new State(InitialValues.draw(summary.parameters(), seed, Scored.ONE_THREAD));
    return new PruneStage(prune.build())
        .begin(StageContext.of(summary, seed), drawn)
        .applied(summary.parameters());
  }

  @ParameterizedTest
  @CsvSource({
    "vgg { depth: 11 width: 0.25 }, layer1/0/conv/kernel, 0.98",
    "cifar_resnet { depth: 20 }, conv1/kernel, 0.98"
  })
  void skipsMakeItLonger(String config, String kernel, double sparsity)
      throws TextFormat.ParseException {
    Network network =
        Networks.REGISTRY.create(TextFormat.parse(config, dev.jackpot.config.proto.Network.class));
    NetworkSummary summary = NetworkSummary.of(network, SPEC);
    double plain = 0;
    double skipped = 0;
    for (int seed = 1; seed <= SEEDS; seed++) {
      State state = masked(summary, sparsity, seed);
      Batch batch = BenchmarkStep.images(SPEC, 32, seed).get(0);
      Images images = new Images(batch.images(), batch.labels());
      double without = norm(network, kernel, state, GhostForm.NONE, images);
      double with = norm(network, kernel, state, SKIPS, images);
      LOG.info(
          String.format(
              Locale.ROOT,
              "%s, %.0f %%, seed %d: ‖∂L/∂%s‖ %.4g plain, %.4g with skips",
              network.title(),
              100 * sparsity,
              seed,
              kernel,
              without,
              with));
      plain += without / SEEDS;
      skipped += with / SEEDS;
    }
    assertThat(skipped).isGreaterThan(plain);
  }
}
