package dev.jackpot.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.TextFormat;
import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.Criterion;
import dev.jackpot.config.proto.GradientSample;
import dev.jackpot.config.proto.MaskRecipe;
import dev.jackpot.config.proto.UniformAllocation;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;
import dev.jackpot.pruning.FirstOrderCriterion.Form;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ndarray.Shape;

/** The criteria's arithmetic, on gradients that are known. */
class GradientCriteriaTest {
  private static final Parameter A = kernel("a/kernel", 2, 2);
  private static final GradientSample SAMPLE = GradientSample.getDefaultInstance();

  private static Parameter kernel(String name, long... shape) {
    return new Parameter(name, Role.DENSE_KERNEL, Shape.of(shape));
  }

  /**
   * L = ½ Σ h (w − w*)²: g = h (w − w*), H = diag(h).
   *
   * @param asked what was asked, in order
   */
  private record Quadratic(float[] h, float[] best, float[] w, List<Object> asked)
      implements NetworkGradients {
    @Override
    public Map<String, float[]> gradient(List<Parameter> kernels, Sample sample, Average average) {
      asked.add(sample);
      asked.add(average);
      float[] g = new float[w.length];
      for (int i = 0; i < g.length; i++) {
        g[i] = h[i] * (w[i] - best[i]);
      }
      return new LinkedHashMap<>(Map.of(A.name(), g));
    }

    @Override
    public Map<String, float[]> hessianProduct(
        List<Parameter> kernels, Sample sample, Map<String, float[]> direction) {
      asked.add(sample);
      float[] product = direction.get(A.name()).clone();
      for (int i = 0; i < product.length; i++) {
        product[i] *= h[i];
      }
      return new LinkedHashMap<>(Map.of(A.name(), product));
    }

    @Override
    public Flow flow(List<Parameter> kernels) {
      throw new AssertionError("no flow is wanted");
    }
  }

  private static final Quadratic QUADRATIC =
      new Quadratic(
          new float[] {1, 2, 3, 4},
          new float[] {0, 1, 2, -1},
          new float[] {1, -1, .5f, -1},
          new ArrayList<>());

  private static ScoringInput input(NetworkGradients network) {
    Map<String, HostTensor> weights = Map.of(A.name(), new HostTensor(A.shape(), QUADRATIC.w()));
    return new ScoringInput(List.of(A), weights, 77, network, Rounds.free(List.of(A), .5));
  }

  private static float[] scores(dev.jackpot.pruning.Criterion criterion) {
    return criterion.scores(input(QUADRATIC)).get(A.name());
  }

  @Test
  void firstOrderScoresAreTheGradientsAndItsProductsWithTheWeight() {
    // g = 1, −4, −4.5, 0
    assertThat(scores(new FirstOrderCriterion(Form.GRADIENT, SAMPLE)))
        .containsExactly(1, 4, 4.5f, 0);
    assertThat(scores(new FirstOrderCriterion(Form.SALIENCY, SAMPLE)))
        .containsExactly(1, 4, 2.25f, 0);
    assertThat(scores(new FirstOrderCriterion(Form.RISE, SAMPLE)))
        .containsExactly(-1, -4, 2.25f, 0);
  }

  /** s = w h² (w − w*) on a quadratic loss. */
  @Test
  void graspIsTheWeightTimesTheHessianTimesTheGradient() {
    assertThat(scores(new GraspCriterion(SAMPLE, 200)))
        .usingElementComparator((a, b) -> a + 0f == b ? 0 : 1)
        .containsExactly(1f, 8f, -6.75f, 0f);
  }

  /** Of 4 weights at half: the paper removes the largest −w ⊙ Hg, the third and the fourth. */
  @Test
  void graspKeepsTheLargest() {
    Masks masks =
        Recipe.of(
                MaskRecipe.newBuilder()
                    .setSparsity(.5)
                    .setCriterion(
                        Criterion.newBuilder()
                            .setGrasp(dev.jackpot.config.proto.GraspCriterion.getDefaultInstance()))
                    .build())
            .masks(List.of(A), input(QUADRATIC).weights(), 1, QUADRATIC);
    assertThat(masks.get(A.name()).toBooleans()).containsExactly(true, true, false, false);
  }

  @Test
  void theConfigsSampleIsAskedFor() {
    List<Object> asked = QUADRATIC.asked();
    asked.clear();
    GradientSample sample =
        GradientSample.newBuilder()
            .setBatches(3)
            .setBatchSize(16)
            .setSeed(9)
            .setReduction(GradientSample.Reduction.ABSOLUTE)
            .build();
    scores(new FirstOrderCriterion(Form.SALIENCY, sample));
    assertThat(asked)
        .containsExactly(
            new NetworkGradients.Sample(3, 16, 9, 1), NetworkGradients.Average.ABSOLUTE);
    asked.clear();
    scores(new GraspCriterion(SAMPLE, 200));
    NetworkGradients.Sample images = new NetworkGradients.Sample(10, 128, 77, 200);
    assertThat(asked).containsExactly(images, NetworkGradients.Average.SIGNED, images);
  }

  @Test
  void withoutANetworkTheyAreRefused() {
    for (var criterion :
        List.of(
            new FirstOrderCriterion(Form.SALIENCY, SAMPLE),
            new GraspCriterion(SAMPLE, 200),
            new SynFlowCriterion(3))) {
      assertThatThrownBy(() -> criterion.scores(input(NetworkGradients.NONE)))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("needs the network's gradients");
    }
  }

  /** Scores that fall with the index; remembers the masks it was asked under. */
  private static class Falling implements NetworkGradients.Flow {
    final List<Masks> asked = new ArrayList<>();
    boolean closed;

    @Override
    public Map<String, float[]> scores(Masks masks) {
      asked.add(masks);
      Map<String, float[]> scores = new LinkedHashMap<>();
      masks
          .byName()
          .forEach(
              (name, mask) -> {
                float[] falling = new float[mask.size()];
                for (int i = 0; i < falling.length; i++) {
                  falling[i] = mask.kept(i) ? falling.length - i : 0;
                }
                scores.put(name, falling);
              });
      return scores;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  /** Turns round what it says once weights are missing. */
  private static final class Turning extends Falling {
    @Override
    public Map<String, float[]> scores(Masks masks) {
      Map<String, float[]> scores = super.scores(masks);
      if (masks.pruned() > 0) {
        scores.values().forEach(Turning::turn);
      }
      return scores;
    }

    private static void turn(float[] scores) {
      for (int i = 0; i < scores.length; i++) {
        scores[i] = scores[i] > 0 ? scores.length + 1 - scores[i] : 0;
      }
    }
  }

  private static Falling flow(MaskRecipe recipe, Masks[] chosen) {
    return flow(recipe, chosen, new Falling());
  }

  private static Falling flow(MaskRecipe recipe, Masks[] chosen, Falling flow) {
    NetworkGradients network =
        new NetworkGradients() {
          @Override
          public Map<String, float[]> gradient(List<Parameter> k, Sample s, Average a) {
            throw new AssertionError("no gradient is wanted");
          }

          @Override
          public Map<String, float[]> hessianProduct(
              List<Parameter> k, Sample s, Map<String, float[]> d) {
            throw new AssertionError("no product is wanted");
          }

          @Override
          public Flow flow(List<Parameter> kernels) {
            return flow;
          }
        };
    List<Parameter> kernels = List.of(kernel("a/kernel", 10, 40), kernel("b/kernel", 20, 30));
    Map<String, HostTensor> weights = new LinkedHashMap<>();
    kernels.forEach(k -> weights.put(k.name(), HostTensor.filled(k.shape(), 1)));
    chosen[0] = Recipe.of(recipe).masks(kernels, weights, 1, network);
    return flow;
  }

  private static MaskRecipe.Builder synflow(int rounds) {
    return MaskRecipe.newBuilder()
        .setSparsity(.99)
        .setCriterion(
            Criterion.newBuilder()
                .setSynflow(
                    dev.jackpot.config.proto.SynFlowCriterion.newBuilder().setRounds(rounds)));
  }

  /** 1,000 weights to 1 % in two rounds: 10 % in between. Masks are nested, the flow is closed. */
  @Test
  void synapticFlowGoesDownInEqualRatios() {
    Masks[] chosen = new Masks[1];
    Falling flow = flow(synflow(4).build(), chosen);
    assertThat(flow.closed).isTrue();
    assertThat(flow.asked.stream().map(Masks::kept)).containsExactly(1000L, 317L, 100L, 32L);
    assertThat(chosen[0].kept()).isEqualTo(10);
    List<Masks> all = new ArrayList<>(flow.asked);
    all.add(chosen[0]);
    for (int i = 1; i < all.size(); i++) {
      for (String name : all.get(i).names()) {
        Mask inner = all.get(i).get(name);
        assertThat(inner.intersection(all.get(i - 1).get(name))).isEqualTo(inner.kept());
      }
    }
  }

  /** The rounds go by the recipe's own allocation, not by one threshold. */
  @Test
  void synapticFlowsRoundsAreTheRecipes() {
    Masks[] chosen = new Masks[1];
    MaskRecipe.Builder recipe = synflow(2);
    recipe.getAllocationBuilder().setUniform(UniformAllocation.getDefaultInstance());
    Falling flow = flow(recipe.build(), chosen);
    assertThat(flow.asked.get(1).get("a/kernel").kept()).isEqualTo(40);
    assertThat(flow.asked.get(1).get("b/kernel").kept()).isEqualTo(60);
    assertThat(chosen[0].get("a/kernel").kept()).isEqualTo(4);
    assertThat(chosen[0].get("b/kernel").kept()).isEqualTo(6);
  }

  /** Each rule's density falls by itself: 4 of 400 by way of 40, 24 of 600 by way of 120. */
  @Test
  void synapticFlowsRoundsGoByEveryRule() throws Exception {
    Masks[] chosen = new Masks[1];
    MaskRecipe.Builder recipe = synflow(2);
    TextFormat.merge(
        "allocation { explicit { rules { kernels: \"a/.*\" density: 0.01 }"
            + " rules { kernels: \"b/.*\" sparsity: 0.96 } } }",
        recipe);
    Falling flow = flow(recipe.build(), chosen);
    assertThat(flow.asked.get(1).get("a/kernel").kept()).isEqualTo(40);
    assertThat(flow.asked.get(1).get("b/kernel").kept()).isEqualTo(120);
    assertThat(chosen[0].get("a/kernel").kept()).isEqualTo(4);
    assertThat(chosen[0].get("b/kernel").kept()).isEqualTo(24);
    flow(synflow(1).setAllocation(recipe.getAllocation()).build(), chosen);
    assertThat(chosen[0].get("b/kernel").kept()).isEqualTo(24);
  }

  /**
   * 2:4 keeps 6 of 10 channels in one kernel, 10 of 20 in the other: 540 weights of 1,000. Half way
   * there are √0.54 of them, two at least in every group.
   */
  @Test
  void synapticFlowsRoundsLeadToAnNmPattern() throws Exception {
    MaskRecipe.Builder recipe = synflow(2).clearSparsity();
    TextFormat.merge("pattern { n_m { n: 2 m: 4 } }", recipe);
    Masks[] chosen = new Masks[1];
    Falling flow = flow(recipe.build(), chosen);
    Masks half = flow.asked.get(1);
    assertThat(half.kept()).isEqualTo(735);
    assertThat(half.get("a/kernel").kept()).isNotEqualTo(400);
    assertThat(chosen[0].kept()).isEqualTo(540);
    assertThat(chosen[0].get("a/kernel").kept()).isEqualTo(240);
    for (String name : half.names()) {
      Mask last = chosen[0].get(name);
      assertThat(last.intersection(half.get(name))).as(name).isEqualTo(last.kept());
    }
    recipe.setCriterion(synflow(100).getCriterion());
    assertThat(flow(recipe.build(), chosen).asked).hasSize(100);
    assertThat(chosen[0].kept()).isEqualTo(540);
  }

  /** The flow through what is left says otherwise than the first: one round is not two. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "allocation { explicit { rules { kernels: \".*\" sparsity: 0.5 } } }",
        "pattern { n_m { n: 2 m: 4 } }"
      })
  void moreRoundsChooseOtherWeights(String how) throws Exception {
    Masks[] once = new Masks[1];
    Masks[] twice = new Masks[1];
    MaskRecipe.Builder recipe = MaskRecipe.newBuilder();
    TextFormat.merge(how, recipe);
    flow(recipe.setCriterion(synflow(1).getCriterion()).build(), once);
    Falling turning =
        flow(recipe.setCriterion(synflow(2).getCriterion()).build(), twice, new Turning());
    assertThat(turning.asked).hasSize(2);
    assertThat(twice[0].kept()).isEqualTo(once[0].kept());
    assertThat(twice[0]).isNotEqualTo(once[0]);
  }

  @Test
  void atGivenCountsTheRoundsEndThere() {
    List<Parameter> kernels = List.of(kernel("a/kernel", 10, 40), kernel("b/kernel", 20, 30));
    Map<String, Mask> counts = new LinkedHashMap<>();
    counts.put("a/kernel", MaskSelection.topK(Shape.of(10, 40), new float[400], 4));
    counts.put("b/kernel", MaskSelection.topK(Shape.of(20, 30), new float[600], 96));
    Rounds rounds = Rounds.counts(kernels, new Masks(counts));
    assertThat(rounds.sparsity()).isEqualTo(.9);
    Map<String, float[]> scores = Map.of("a/kernel", new float[400], "b/kernel", new float[600]);
    Masks half = rounds.masks(scores, 1 - Math.sqrt(.1));
    assertThat(half.get("a/kernel").kept()).isEqualTo(40);
    assertThat(half.get("b/kernel").kept()).isEqualTo(240);
  }
}
