package dev.jackpot.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.TextFormat;
import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.MaskRecipe;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeTest {
  private static final double[] SPARSITIES = {0, 0.1, 0.29, 0.333, 0.5, 0.87654321, 0.9, 0.99};

  static Recipe recipe(String text) {
    try {
      return Recipe.of(TextFormat.parse(text, MaskRecipe.class));
    } catch (TextFormat.ParseException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static Masks masks(String text, List<Parameter> kernels, Map<String, HostTensor> values) {
    return recipe(text).masks(kernels, values, 1);
  }

  /** Every criterion, allocation and pattern: exact counts of units, whatever the sparsity. */
  @Test
  void countsAreExactInEveryCombination() {
    Random random = new Random(1);
    for (String criterion :
        List.of(
            "magnitude {}",
            "random {}",
            "random { seed: 5 }",
            "gradient {}",
            "taylor {}",
            "taylor { signed: true }",
            "snip {}",
            "grasp {}",
            "synflow { rounds: 1 }",
            "synflow { rounds: 4 }")) {
      for (String pattern :
          List.of(
              "free {}",
              "block { height: 2 width: 3 }",
              "block {}",
              "filter {}",
              "n_m { n: 1 m: 3 }")) {
        for (String allocation :
            List.of(
                "global {}", "global { by { magnitude {} } }", "uniform {}", "erk {}", "er {}")) {
          List<Parameter> kernels = Kernels.draw(random, 1 + random.nextInt(5));
          Map<String, HostTensor> values = Kernels.values(random, kernels, random.nextInt(4));
          for (double sparsity : SPARSITIES) {
            String text =
                "criterion { %s } pattern { %s } allocation { %s } sparsity: %s"
                    .formatted(criterion, pattern, allocation, sparsity);
            Masks masks = recipe(text).masks(kernels, values, 1, new Drawn(values));
            assertThat(unitsKept(text, masks, kernels))
                .as(text)
                .isEqualTo(wanted(allocation, sparsity, recipe(text), kernels));
          }
        }
      }
    }
  }

  /** Derivatives that are drawn, for criteria whose arithmetic does not matter here. */
  private record Drawn(Map<String, HostTensor> weights) implements NetworkGradients {
    private Map<String, float[]> draw(int seed) {
      Random random = new Random(seed);
      Map<String, float[]> drawn = new LinkedHashMap<>();
      weights.forEach((name, w) -> drawn.put(name, Draw.scores(random, w.values().length, 0)));
      return drawn;
    }

    @Override
    public Map<String, float[]> gradient(List<Parameter> kernels, Sample sample, Average average) {
      return draw(1);
    }

    @Override
    public Map<String, float[]> hessianProduct(
        List<Parameter> kernels, Sample sample, Map<String, float[]> direction) {
      return draw(2);
    }

    @Override
    public Flow flow(List<Parameter> kernels) {
      return new Flow() {
        @Override
        public Map<String, float[]> scores(Masks masks) {
          Map<String, float[]> scores = draw((int) masks.kept());
          scores.forEach(
              (name, of) -> {
                for (int i = 0; i < of.length; i++) {
                  of[i] = masks.get(name).kept(i) ? Math.abs(of[i]) : 0;
                }
              });
          return scores;
        }

        @Override
        public void close() {}
      };
    }
  }

  private static long wanted(
      String allocation, double sparsity, Recipe recipe, List<Parameter> kernels) {
    if (kernels.stream().allMatch(k -> recipe.units(k).fixed().isPresent())) {
      return kernels.stream().mapToLong(k -> recipe.units(k).fixed().getAsInt()).sum();
    }
    List<Integer> counts = kernels.stream().map(k -> recipe.units(k).count()).toList();
    return allocation.equals("uniform {}")
        ? counts.stream().mapToLong(c -> Counts.kept(sparsity, c)).sum()
        : Counts.kept(sparsity, counts.stream().mapToLong(c -> c).sum());
  }

  /** A unit's score is above 0 exactly if it is kept, and then 1: it is kept as a whole. */
  private static long unitsKept(String text, Masks masks, List<Parameter> kernels) {
    long kept = 0;
    for (Parameter kernel : kernels) {
      float[] units =
          recipe(text)
              .units(kernel)
              .scores(masks.get(kernel.name()).toFloats(), Criterion.Reduction.MEAN);
      for (float unit : units) {
        assertThat(unit).isIn(0f, 1f);
        kept += (long) unit;
      }
    }
    return kept;
  }

  @ParameterizedTest
  @CsvSource({"global", "uniform", "erk", "er"})
  void masksOfOneScoreAreNested(String allocation) {
    Random random = new Random(2);
    for (int trial = 0; trial < 10; trial++) {
      List<Parameter> kernels = Kernels.draw(random, 1 + random.nextInt(5));
      Map<String, HostTensor> values = Kernels.values(random, kernels, trial);
      for (String criterion : List.of("magnitude {}", "random {}")) {
        Masks before = null;
        for (double sparsity : SPARSITIES) {
          Masks now =
              masks(
                  "criterion { %s } allocation { %s {} } sparsity: %s"
                      .formatted(criterion, allocation, sparsity),
                  kernels,
                  values);
          if (before != null) {
            assertThat(Overlap.of(now, before).total().common()).isEqualTo(now.kept());
          }
          before = now;
        }
      }
    }
  }

  @Test
  void globalMagnitudeKeepsNoWeightBelowAPrunedOne() {
    Random random = new Random(6);
    for (int trial = 0; trial < 20; trial++) {
      List<Parameter> kernels = Kernels.draw(random, 1 + random.nextInt(5));
      Map<String, HostTensor> values = Kernels.values(random, kernels, 0);
      for (double sparsity : SPARSITIES) {
        Masks masks = masks("sparsity: " + sparsity, kernels, values);
        float smallestKept = Float.MAX_VALUE;
        float largestPruned = 0;
        for (String name : masks.names()) {
          float[] weights = values.get(name).values();
          for (int i = 0; i < weights.length; i++) {
            if (masks.get(name).kept(i)) {
              smallestKept = Math.min(smallestKept, Math.abs(weights[i]));
            } else {
              largestPruned = Math.max(largestPruned, Math.abs(weights[i]));
            }
          }
        }
        assertThat(largestPruned).isLessThanOrEqualTo(smallestKept);
        assertThat(masks.pruned()).isEqualTo(Counts.pruned(sparsity, masks.size()));
      }
    }
  }

  @Test
  void nmFixesEveryKernelAndAsksNoAllocation() {
    Random random = new Random(3);
    List<Parameter> kernels =
        List.of(
            Kernels.of("conv/kernel", Role.CONVOLUTION_KERNEL, 3, 3, 8, 4),
            Kernels.of("depthwise/kernel", Role.DEPTHWISE_KERNEL, 3, 3, 8, 1));
    for (String sparsity : List.of("", "sparsity: 0.5")) {
      Masks masks =
          masks(
              "pattern { n_m { n: 2 m: 4 } }" + sparsity,
              kernels,
              Kernels.values(random, kernels, 0));
      assertThat(masks.get("conv/kernel").kept()).isEqualTo(3 * 3 * 4 * 4);
      assertThat(masks.get("depthwise/kernel").pruned()).isZero();
    }
  }

  /** As many in each kernel as the magnitude mask keeps, elsewhere. */
  @Test
  void aRandomMaskMayTakeItsCountsFromMagnitude() {
    Random random = new Random(4);
    List<Parameter> kernels =
        List.of(
            Kernels.of("a/kernel", Role.CONVOLUTION_KERNEL, 3, 3, 8, 8),
            Kernels.of("b/kernel", Role.DENSE_KERNEL, 40, 20));
    Map<String, HostTensor> values = Kernels.values(random, kernels, 0);
    for (int i = 0; i < 800; i++) {
      values.get("b/kernel").values()[i] *= 0.3f;
    }
    Masks magnitude = masks("sparsity: 0.9", kernels, values);
    Masks drawn =
        masks(
            "sparsity: 0.9 criterion { random {} } allocation { global { by { magnitude {} } } }",
            kernels,
            values);
    assertThat(drawn).isNotEqualTo(magnitude);
    for (String name : magnitude.names()) {
      assertThat(drawn.get(name).kept()).isEqualTo(magnitude.get(name).kept());
    }
    assertThat(Math.abs(Overlap.of(drawn, magnitude).total().deviations())).isLessThan(4);
  }

  @Test
  void randomDependsOnSeedAndNameOnly() {
    List<Parameter> both =
        List.of(
            Kernels.of("a/kernel", Role.DENSE_KERNEL, 30, 30),
            Kernels.of("b/kernel", Role.DENSE_KERNEL, 30, 30));
    Map<String, HostTensor> values = Kernels.values(new Random(5), both, 0);
    String text = "sparsity: 0.5 allocation { uniform {} } criterion { random {} }";
    Masks first = recipe(text).masks(both, values, 7);
    assertThat(recipe(text).masks(both, values, 7)).isEqualTo(first);
    assertThat(recipe(text).masks(both, values, 8)).isNotEqualTo(first);
    assertThat(recipe(text).masks(both.subList(1, 2), values, 7).get("b/kernel"))
        .isEqualTo(first.get("b/kernel"));
    assertThat(first.get("a/kernel")).isNotEqualTo(first.get("b/kernel"));
    String own = text.replace("random {}", "random { seed: 7 }");
    assertThat(recipe(own).masks(both, values, 8)).isEqualTo(first);
  }

  /** Random masks: per-kernel counts within 4σ of uniform, |A ∩ B| within 4σ of hypergeometric. */
  @Test
  void randomMasksAreAtChance() {
    List<Parameter> kernels = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      kernels.add(Kernels.of("k" + i, Role.DENSE_KERNEL, 40 * (i + 1), 30));
    }
    Map<String, HostTensor> values = Kernels.values(new Random(6), kernels, 0);
    String text = "sparsity: 0.9 criterion { random {} }";
    List<Masks> masks = new ArrayList<>();
    for (int seed = 0; seed < 12; seed++) {
      masks.add(recipe(text).masks(kernels, values, seed));
    }
    double squares = 0;
    int pairs = 0;
    for (int i = 0; i < masks.size(); i++) {
      for (Mask mask : masks.get(i).byName().values()) {
        double sigma = Math.sqrt(0.09 * mask.size());
        assertThat(Math.abs(mask.kept() - 0.1 * mask.size())).isLessThan(4 * sigma);
      }
      for (int j = 0; j < i; j++) {
        double deviations = Overlap.of(masks.get(i), masks.get(j)).total().deviations();
        assertThat(Math.abs(deviations)).isLessThan(4.5);
        squares += deviations * deviations;
        pairs++;
      }
    }
    assertThat(squares / pairs).as("variance of the deviations, 1 by chance").isBetween(0.5, 1.8);
  }

  /** A random unit's draw is its first weight's: a filter of 1,000 weights has no mean of ½. */
  @Test
  void randomUnitsAreKeptWhateverTheirSize() {
    List<Parameter> kernels =
        List.of(
            Kernels.of("small", Role.DENSE_KERNEL, 2, 300),
            Kernels.of("large", Role.DENSE_KERNEL, 500, 300));
    Masks masks =
        masks(
            "sparsity: 0.5 pattern { filter {} } criterion { random {} }",
            kernels,
            Kernels.values(new Random(7), kernels, 0));
    assertThat(masks.get("small").density()).isBetween(0.38, 0.62);
    assertThat(masks.get("large").density()).isBetween(0.38, 0.62);
  }

  @Test
  void explicitRulesByHand() {
    List<Parameter> kernels =
        List.of(
            Kernels.of("stem/kernel", Role.DENSE_KERNEL, 10, 1),
            Kernels.of("layer1/kernel", Role.DENSE_KERNEL, 10, 1),
            Kernels.of("layer2/kernel", Role.DENSE_KERNEL, 10, 1),
            Kernels.of("layer3/kernel", Role.DENSE_KERNEL, 10, 1));
    Map<String, HostTensor> values = Kernels.values(new Random(8), kernels, 0);
    Masks masks =
        masks(
            """
            sparsity: 0.7
            allocation { explicit {
              rules { kernels: "stem/.*" density: 1 }
              rules { kernels: "layer[12]/kernel" density: 0.29 }
              rules { kernels: "layer.*" sparsity: 0.25 }
            } }
            """,
            kernels,
            values);
    Map<String, Integer> kept = new LinkedHashMap<>();
    masks.byName().forEach((name, mask) -> kept.put(name, mask.kept()));
    assertThat(kept)
        .containsExactly(
            Map.entry("stem/kernel", 10),
            Map.entry("layer1/kernel", 3),
            Map.entry("layer2/kernel", 3),
            Map.entry("layer3/kernel", 8));
    Masks other =
        masks(
            "sparsity: 0.7 allocation { explicit { rules { kernels: \"stem/kernel\" sparsity: 0 } }"
                + " }",
            kernels,
            values);
    assertThat(other.get("layer3/kernel").kept()).as("no rule: the mask's sparsity").isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          allocation { explicit { rules { kernels: "stm/.*" density: 1 } } } | allocation.explicit.rules[0].kernels: found "stm/.*", which matches no prunable kernel; nearest: stem/kernel, layer1/kernel
          allocation { explicit { rules { kernels: ".*" density: 1 } rules { kernels: "stem/.*" density: 1 } } } | allocation.explicit.rules[1].kernels: found "stem/.*", which matches only kernels that earlier rules match
          prunable { dense: "layer" } | prunable.dense[0]: found "layer", which matches no kernel; nearest: layer1/kernel, linear/kernel
          prunable { dense: ".*/kernel" } | prunable: leaves none of the network's 3 kernels to be pruned; expected at least one
          allocation { custom { name: "erk" } } | allocation: custom name "erk" is not on the class path (a jar offers it as a service of dev.jackpot.pruning.AllocationPlugin)
          """)
  void whatMatchesNothingIsAnError(String text, String message) {
    List<Parameter> kernels =
        List.of(
            Kernels.of("stem/kernel", Role.CONVOLUTION_KERNEL, 1, 1, 2, 2),
            Kernels.of("layer1/kernel", Role.DENSE_KERNEL, 2, 2),
            Kernels.of("linear/kernel", Role.CLASSIFIER_KERNEL, 2, 2));
    assertThatThrownBy(() -> masks(text, kernels, Kernels.values(new Random(9), kernels, 0)))
        .isInstanceOf(ConfigException.class)
        .hasMessage(message);
  }

  /** The names of a ResNet: what is literal in a rule is compared, not the whole of it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "layr1/.*          | layer1/0/conv1/kernel, layer1/0/conv2/kernel",
        "layer2/.*/conv3/kernel | layer2/0/conv1/kernel, layer2/0/conv2/kernel",
        ".*/downsampel/.*  | conv1/kernel, layer1/0/conv1/kernel",
        "layer9/0/downsample/kernel | layer2/0/downsample/kernel, layer3/0/downsample/kernel",
        "[a-z]+1/kernl     | conv1/kernel, layer1/0/conv1/kernel",
      })
  void theNearestNamesAreThoseOfTheRulesOwnWords(String rule, String nearest) {
    List<Parameter> kernels = new ArrayList<>();
    kernels.add(Kernels.of("conv1/kernel", Role.CONVOLUTION_KERNEL, 1, 1, 2, 2));
    for (int layer = 1; layer <= 3; layer++) {
      for (String part : List.of("conv1", "conv2", "downsample")) {
        if (layer > 1 || part.startsWith("conv")) {
          kernels.add(
              Kernels.of(
                  "layer%d/0/%s/kernel".formatted(layer, part),
                  Role.CONVOLUTION_KERNEL,
                  1,
                  1,
                  2,
                  2));
        }
      }
    }
    kernels.add(Kernels.of("linear/kernel", Role.CLASSIFIER_KERNEL, 2, 2));
    assertThatThrownBy(
            () ->
                masks(
                    "prunable { dense: \"%s\" }".formatted(rule),
                    kernels,
                    Kernels.values(new Random(9), kernels, 0)))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "prunable.dense[0]: found \"%s\", which matches no kernel; nearest: %s"
                .formatted(rule, nearest));
  }

  @Test
  void denseRulesKeepKernelsOutOfTheMasks() {
    List<Parameter> kernels =
        List.of(
            Kernels.of("stem/kernel", Role.CONVOLUTION_KERNEL, 1, 1, 2, 2),
            Kernels.of("layer1/kernel", Role.DENSE_KERNEL, 2, 2));
    Map<String, HostTensor> values = Kernels.values(new Random(9), kernels, 0);
    assertThat(masks("prunable { dense: \"stem/.*\" }", kernels, values).names())
        .containsExactly("layer1/kernel");
  }

  @Test
  void namesTheKernelOfANaN() {
    List<Parameter> kernels = List.of(Kernels.of("k", Role.DENSE_KERNEL, 2, 2));
    Map<String, HostTensor> values =
        Map.of("k", new HostTensor(kernels.get(0).shape(), new float[] {1, Float.NaN, 1, 1}));
    for (String pattern : List.of("free {}", "n_m {}", "filter {}")) {
      assertThatThrownBy(() -> masks("pattern { %s }".formatted(pattern), kernels, values))
          .isInstanceOf(JackpotException.class)
          .hasMessage("kernel k: the score of weight 1 of 4 is NaN; expected a number");
    }
  }

  @Test
  void aCriterionAtGivenCountsComparesPositionsOnly() {
    List<Parameter> kernels =
        List.of(Kernels.of("a", Role.DENSE_KERNEL, 9, 7), Kernels.of("b", Role.DENSE_KERNEL, 5, 5));
    Map<String, HostTensor> values = Kernels.values(new Random(10), kernels, 0);
    Masks uniform = masks("sparsity: 0.6 allocation { uniform {} }", kernels, values);
    Masks same =
        MaskSelection.atCounts(uniform, new MagnitudeCriterion(), values, 1, NetworkGradients.NONE);
    assertThat(same).isEqualTo(uniform);
    Map<String, HostTensor> lacking = Map.of("a", values.get("a"));
    assertThatThrownBy(
            () ->
                MaskSelection.atCounts(
                    uniform, new MagnitudeCriterion(), lacking, 1, NetworkGradients.NONE))
        .isInstanceOf(JackpotException.class)
        .hasMessage("kernel b: found weights of shape none; expected the mask's [5, 5]");
  }
}
