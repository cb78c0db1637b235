package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.HandOver;
import dev.jackpot.config.proto.Ghosts;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.graph.GhostForm;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.InitialValues;
import dev.jackpot.graph.Model;
import dev.jackpot.graph.Network;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.NetworkSummary;
import dev.jackpot.graph.Networks;
import dev.jackpot.graph.Phase;
import dev.jackpot.graph.Sessions;
import dev.jackpot.graph.Tower;
import dev.jackpot.graph.Variables;
import dev.jackpot.training.data.Batch;
import dev.jackpot.training.data.BatchStream;
import dev.jackpot.training.data.Batches;
import dev.jackpot.training.data.RandomImages;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/** How far the logits of a trained network jump where its ghosts end. */
class HandOverJumpTest {
  /** The largest |x| · σ(−|x|). */
  private static final double GAP = .2784646;

  private static final NetworkSpec SPEC = new NetworkSpec(8, 8, 3, 4);
  private static final int IMAGES = 12;
  private static final int STEPS = 6;

  private static Stage stage(int until, Ghosts.Per per) {
    Stage.Builder stage = Stage.newBuilder().setName("jump").setEpochs(2 * until);
    stage.getTrainBuilder();
    stage.getGhostsBuilder().setUntilEpoch(until).setPer(per);
    return stage.build();
  }

  private static Stage swish(int until, Ghosts.Per per) {
    Stage.Builder stage = stage(until, per).toBuilder();
    stage.getGhostsBuilder().getSoftNeuronsBuilder().getSwishBuilder();
    return stage.build();
  }

  /** A stage's graphs over the network, and some images. */
  private record Rig(Network network, Stage stage, StageGraphs graphs, List<Batch> images)
      implements AutoCloseable {
    static Rig of(Network network, Stage stage) {
      NetworkSummary summary = NetworkSummary.of(network, SPEC);
      StageKind kind = StageKinds.REGISTRY.create(stage);
      State first = new State(InitialValues.draw(summary.parameters(), 3, Scored.ONE_THREAD));
      StageGraphs graphs =
          new StageGraphs(
              stage,
              0,
              first,
              (now, state) ->
                  StageGraph.open(network, SPEC, now, kind, state, Scored.ONE_THREAD, 1));
      try (Batches batches = RandomImages.batches(SPEC, IMAGES, STEPS, 2);
          BatchStream stream = batches.open(0, 0)) {
        return new Rig(network, stage, graphs, Stream.generate(stream::next).limit(STEPS).toList());
      }
    }

    /** Trains all epochs before the hand-over; the scalars end as the last step's. */
    void train() {
      GhostSchedule schedule = new GhostSchedule(stage);
      for (int epoch = 0; epoch < HandOver.epoch(stage); epoch++) {
        for (int step = 0; step < STEPS; step++) {
          graphs.current().assign(schedule.at(epoch, step, STEPS));
          graphs.current().step(images.get(step), .05, 1);
        }
      }
    }

    /** Of the first batch, by the running averages, as the graph of the moment evaluates. */
    float[] logits() {
      State state = graphs.current().state();
      boolean ghosts = state.values().keySet().stream().anyMatch(n -> n.startsWith("ghost/"));
      GhostForm form = ghosts ? GhostForm.of(stage.getGhosts()) : GhostForm.NONE;
      try (Graph graph = new Graph()) {
        Model<TFloat32> model = new Model<>(graph, TFloat32.class, network, SPEC, state::form);
        HostTensor pixels = new HostTensor(SPEC.images(IMAGES), images.get(0).images());
        Operand<TFloat32> x =
            model
                .tf()
                .reshape(
                    model.tf().constant(pixels.values()),
                    model.tf().constant(pixels.shape().asArray()));
        Tower<TFloat32> tower = model.lay(x, Phase.INFERENCE, form);
        try (Session session = Sessions.open(graph, Scored.ONE_THREAD)) {
          model
              .variables()
              .assign(
                  session,
                  model.variables().names().stream().collect(Collectors.toMap(n -> n, state::get)));
          try (Result result = session.runner().fetch(tower.logits()).run()) {
            return Variables.host(result.get(0)).values();
          }
        }
      }
    }

    @Override
    public void close() {
      graphs.close();
    }
  }

  /**
   * A hidden value is off by what its inputs are off, each times its weight, and by the
   * activation's own gap; ReLU is no steeper than 1.
   *
   * @param gap of the activation
   * @return of each logit
   */
  private static double[] bound(State state, int hidden, double gap) {
    double[] off = {};
    for (int l = 0; l <= hidden; l++) {
      HostTensor kernel = state.get((l < hidden ? "hidden" + l : "linear") + "/kernel");
      int out = Math.toIntExact(kernel.shape().get(1));
      double[] next = new double[out];
      for (int i = 0; i < off.length; i++) {
        for (int j = 0; j < out; j++) {
          next[j] += off[i] * Math.abs(kernel.values()[i * out + j]);
        }
      }
      for (int j = 0; j < out && l < hidden; j++) {
        next[j] += gap;
      }
      off = next;
    }
    return off;
  }

  /**
   * The last step before the hand-over has u = (T − 1) / T, or by the step T − 1/steps of T: β is
   * 10^u.
   */
  @ParameterizedTest
  @CsvSource({"2, EPOCH, 3.16228", "2, STEP, 8.25404", "3, EPOCH, 4.64159", "3, STEP, 8.79923"})
  void softNeuronsJumpNoFurtherThanTheirLastBetaAllows(int until, Ghosts.Per per, double beta) {
    PlainNetwork network = new PlainNetwork(List.of(9, 7), false);
    try (Rig rig = Rig.of(network, swish(until, per))) {
      rig.train();
      State last = rig.graphs().current().state();
      assertThat((double) last.get(GhostForm.NEURON).values()[0]).isCloseTo(beta, within(1e-4));
      float[] before = rig.logits();
      rig.graphs().at(until);
      float[] after = rig.logits();
      double[] bound = bound(last, 2, GAP / beta);
      double largest = 0;
      for (int i = 0; i < before.length; i++) {
        double jump = Math.abs(after[i] - before[i]);
        assertThat(jump).isLessThan(bound[i % bound.length]);
        largest = Math.max(largest, jump);
      }
      assertThat(largest).isGreaterThan(1e-3);
    }
  }

  /** Where α is 0 and the blend all ReLU the ghosts end without a jump, to the bit. */
  @ParameterizedTest
  @ValueSource(strings = {"mish", "gelu"})
  void ghostsThatHaveFadedEndWithoutAJump(String neuron) {
    Stage.Builder stage = stage(2, Ghosts.Per.EPOCH).toBuilder();
    stage.getGhostsBuilder().getSkipsBuilder();
    if (neuron.equals("mish")) {
      stage.getGhostsBuilder().getSoftNeuronsBuilder().getMishBuilder();
    } else {
      stage.getGhostsBuilder().getSoftNeuronsBuilder().getGeluBuilder();
    }
    try (Rig rig = Rig.of(resNet(), stage.build())) {
      rig.train();
      float[] still = rig.logits();
      rig.graphs().current().assign(new GhostSchedule(stage.build()).at(2, 0, STEPS));
      float[] before = rig.logits();
      assertThat(before).isNotEqualTo(still);
      rig.graphs().at(2);
      assertThat(rig.logits()).isEqualTo(before);
    }
  }

  /** By the epoch the last α is alpha / T: what it still carries is all that goes. */
  @Test
  void skipsEndAtTheirLastAlpha() {
    Stage.Builder stage = stage(3, Ghosts.Per.EPOCH).toBuilder();
    stage.getGhostsBuilder().getSkipsBuilder();
    try (Rig rig = Rig.of(resNet(), stage.build())) {
      rig.train();
      assertThat(rig.graphs().current().state().get(GhostForm.SKIP).values()[0])
          .isEqualTo((float) (1 - 2. / 3));
      float[] before = rig.logits();
      rig.graphs().current().assign(Map.of(GhostForm.SKIP, scalar(0)));
      float[] without = rig.logits();
      rig.graphs().at(3);
      assertThat(rig.logits()).isEqualTo(without).isNotEqualTo(before);
    }
  }

  private static HostTensor scalar(float value) {
    return HostTensor.filled(Shape.scalar(), value);
  }

  private static Network resNet() {
    dev.jackpot.config.proto.Network.Builder config = dev.jackpot.config.proto.Network.newBuilder();
    config.getCifarResnetBuilder().setDepth(8).setWidth(4);
    return Networks.REGISTRY.create(config.build());
  }
}
