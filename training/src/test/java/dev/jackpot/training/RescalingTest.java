package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.DensityScale;
import dev.jackpot.config.proto.LookAheadScale;
import dev.jackpot.config.proto.Rescale;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;
import dev.jackpot.pruning.Mask;
import dev.jackpot.training.data.RandomImages;
import dev.jackpot.training.run.RescaleRecord;
import dev.jackpot.training.run.RescaleRecord.Factor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.types.TFloat64;

/** What rescaling leaves, whatever the factors come out as. */
class RescalingTest {
  private static final Scored BENT =
      sparse(Scored.of(new PlainNetwork(List.of(24, 20), false), new NetworkSpec(4, 4, 3, 5)));
  private static RescaleRecord learned;

  private static Scored sparse(Scored scored) {
    Map<String, HostTensor> masks = new LinkedHashMap<>();
    for (Parameter kernel : scored.kernels().subList(0, 2)) {
      boolean[] kept = new boolean[kernel.size()];
      for (int i = 0; i < kept.length; i += 5) {
        kept[i] = true;
      }
      masks.put(kernel.mask(), Mask.of(kernel.shape(), kept).toTensor());
    }
    Scored masked = scored.with(masks);
    return masked.with(masked.state().applied(masked.summary().parameters()).values());
  }

  private static Rescaling.Input input(Scored scored) {
    return new Rescaling.Input(
        "sparse",
        scored.network(),
        scored.spec(),
        scored.summary().parameters(),
        scored.state(),
        Scored.ONE_THREAD,
        s -> RandomImages.batches(scored.spec(), s.batchSize(), 7, s.seed()),
        8,
        5,
        new StopSignal());
  }

  private static RescaleRecord learn(LookAheadScale options, int iterations) {
    LookAheadScale some = options.toBuilder().setIterations(iterations).build();
    return new LookAheadRescaling(some).factors(TFloat64.class, input(BENT));
  }

  @BeforeAll
  static void learn() {
    learned = learn(LookAheadScale.newBuilder().setGamma(2).build(), 180);
  }

  @Test
  void theObjectiveFalls() {
    assertThat(learned.iterations()).isEqualTo(180);
    assertThat(learned.objectiveAfter()).isLessThan(learned.objectiveBefore() - .01);
  }

  @Test
  void aFactorChangesATensorsLengthAndNothingElse() {
    List<Parameter> parameters = BENT.summary().parameters();
    State scaled = Rescalings.apply(BENT.state(), parameters, learned);
    int moved = 0;
    for (Factor factor : learned.factors()) {
      float[] before = BENT.weights(factor.name());
      float[] after = scaled.get(factor.name()).values();
      double sum = 0;
      double scaledSum = 0;
      for (int i = 0; i < before.length; i++) {
        assertThat(Math.signum(after[i])).isEqualTo(Math.signum(before[i]));
        assertThat(after[i]).isCloseTo((float) (factor.alpha() * before[i]), within(1e-7f));
        sum += (double) before[i] * before[i];
        scaledSum += (double) after[i] * after[i];
      }
      assertThat(scaledSum)
          .isCloseTo(factor.alpha() * factor.alpha() * sum, within(1e-6 * (1 + scaledSum)));
      moved += factor.alpha() != 1 ? 1 : 0;
    }
    assertThat(moved).isEqualTo(3); // biases begin at 0: they have no scale
    for (Parameter kernel : BENT.kernels()) {
      assertThat(scaled.get(kernel.name()).nonzero())
          .isEqualTo(BENT.state().get(kernel.name()).nonzero());
      assertThat(scaled.mask(kernel)).isEqualTo(BENT.state().mask(kernel));
    }
  }

  @Test
  void factorsKeepToTheirFloor() {
    LookAheadScale options =
        LookAheadScale.newBuilder().setGamma(0).setLearningRate(.2).setAlphaMin(.3).build();
    RescaleRecord record = learn(options, 30);
    assertThat(record.factors())
        .filteredOn(f -> BENT.summary().kernels().stream().anyMatch(k -> k.name().equals(f.name())))
        .allMatch(f -> f.alpha() >= .3)
        .anyMatch(f -> f.alpha() == .3);
  }

  @ParameterizedTest
  @CsvSource({"0, 12", "1e300, 0"})
  void gammaDecidesWhichStepsAreTaken(double gamma, int constrained) {
    RescaleRecord record = learn(LookAheadScale.newBuilder().setGamma(gamma).build(), 12);
    assertThat(record.constraintSteps()).isEqualTo(constrained);
    if (constrained > 0) {
      assertThat(record.gradientAfter()).isLessThan(record.gradientBefore());
    }
  }

  @Test
  void theSeedDecidesTheFactors() {
    LookAheadScale one = LookAheadScale.newBuilder().setSeed(1).build();
    LookAheadScale two = LookAheadScale.newBuilder().setSeed(2).build();
    assertThat(learn(one, 5).factors()).isEqualTo(learn(one, 5).factors());
    assertThat(learn(one, 5).factors()).isNotEqualTo(learn(two, 5).factors());
  }

  /** Four of five weights are gone: α = √5 there, 1 elsewhere. */
  @Test
  void densityTakesTheVarianceBack() {
    RescaleRecord record =
        Rescalings.REGISTRY
            .create(Rescale.newBuilder().setDensity(DensityScale.getDefaultInstance()).build())
            .factors(input(BENT));
    for (Parameter p : BENT.summary().parameters()) {
      double density = BENT.state().mask(p).map(m -> (double) m.kept() / m.size()).orElse(1.);
      double alpha =
          record.factors().stream()
              .filter(f -> f.name().equals(p.name()))
              .findFirst()
              .orElseThrow()
              .alpha();
      assertThat(alpha).as(p.name()).isCloseTo(1 / Math.sqrt(density), within(1e-12));
    }
    assertThat(record.factors().get(0).alpha()).isCloseTo(Math.sqrt(5), within(.02));
  }

  @Test
  void averagesHaveNoFactor() {
    Scored resnet = LookAheadTest.resNet();
    RescaleRecord record =
        new LookAheadRescaling(LookAheadScale.newBuilder().setIterations(1).build())
            .factors(input(resnet));
    assertThat(record.factors())
        .hasSize(
            (int)
                resnet.summary().parameters().stream()
                    .map(Parameter::role)
                    .filter(r -> r != Role.MOVING_MEAN && r != Role.MOVING_VARIANCE)
                    .count());
  }

  @Test
  void aNumberThatIsNoneIsToldWithItsStage() {
    Parameter kernel = BENT.kernels().get(0);
    float[] broken = BENT.weights(kernel.name()).clone();
    broken[0] = Float.NaN;
    LookAheadRescaling rule = new LookAheadRescaling(LookAheadScale.getDefaultInstance());
    assertThatThrownBy(() -> rule.factors(TFloat64.class, input(BENT.with(kernel, broken))))
        .isInstanceOf(JackpotException.class)
        .hasMessageStartingWith("stages.sparse.rescale.look_ahead: iteration 1: ")
        .hasMessageContaining("the gradient's norm is NaN");
  }

  @Test
  void aStopIsHeard() {
    StopSignal stop = new StopSignal();
    stop.request(StopSignal.INTERRUPTED);
    Rescaling.Input in = input(BENT);
    Rescaling.Input stopped =
        new Rescaling.Input(
            in.stage(),
            in.network(),
            in.spec(),
            in.parameters(),
            in.state(),
            in.runtime(),
            in.batches(),
            in.batchSize(),
            in.seed(),
            stop);
    assertThatThrownBy(
            () ->
                new LookAheadRescaling(LookAheadScale.getDefaultInstance())
                    .factors(TFloat64.class, stopped))
        .isInstanceOf(RunInterruptedException.class);
  }

  @Test
  void moreImagesThanThereAreAreAnError() {
    assertThatThrownBy(
            () ->
                Runs.run(
                    Tiny.experiment(
                        "stages { train {} epochs: 1 batch_size: 16 rescale { look_ahead {"
                            + " batch_size: 1000 } } }"),
                    Path.of("not-there")))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(
            "stages.train.rescale.look_ahead.batch_size: found 1000; expected at most the 96 ");
    assertThat(Path.of("not-there")).doesNotExist();
  }
}
