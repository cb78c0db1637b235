package dev.jackpot.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.Seeds;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.export.Npz;
import dev.jackpot.export.WeightFormats;
import dev.jackpot.export.WeightSource;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;
import dev.jackpot.training.ExperimentParts;
import dev.jackpot.training.InferenceGraph;
import dev.jackpot.training.StageContext;
import dev.jackpot.training.StageGraph;
import dev.jackpot.training.StageKind;
import dev.jackpot.training.StageKinds;
import dev.jackpot.training.StartingValues;
import dev.jackpot.training.State;
import dev.jackpot.training.StepResult;
import dev.jackpot.training.data.Batch;
import dev.jackpot.training.data.BatchStream;
import dev.jackpot.training.data.Batches;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ndarray.Shape;

/**
 * Three steps of a mask search on the same images leave what tests/peers/search_reference.py, an
 * implementation of the method in PyTorch, leaves: logits, losses, scores, masks, averages.
 */
@RequiresPeer
class SearchInPyTorchTest {
  private static final int STEPS = 3;
  private static final int BATCH = 32;
  private static final double SPARSITY = 0.6;
  // far enough that scores cross the gap of 0.01 in three steps
  private static final double RATE = 2;
  private static final float CLOSE = 1e-4f;
  // scores this close may change places by rounding
  private static final float TIE = 1e-5f;
  private static final String CONFIG =
      """
      name: "reference"
      seed: 3
      runtime { threads: 1 device: CPU }
      data { drawn { train_images: 200 test_images: 20 } evaluation_batch_size: 20 }
      network { cifar_resnet { depth: 8 width: 8 } }
      stages {
        search { sparsity: %s } epochs: 1 batch_size: %d
        optimizer { sgd { momentum: 0.9 } } weight_decay { scores: 5e-4 }
      }
      """
          .formatted(SPARSITY, BATCH);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.3})
  void threeStepsAgree(double restriction) throws Exception {
    ExperimentParts parts =
        ExperimentParts.open(
            ExperimentLoader.parse(
                CONFIG, ExperimentLoader.Format.TEXTPROTO, "reference", List.of()));
    Stage stage = parts.experiment().getStages(0);
    State start = asIfTrained(parts);
    StageKind kind = StageKinds.REGISTRY.create(stage);
    State first = kind.begin(StageContext.of(parts.summary(), 1), start);
    try (Batches batches = parts.trainingBatches(stage, new Seeds(3));
        BatchStream stream = batches.open(0, 0)) {
      List<Batch> images = new ArrayList<>();
      for (int i = 0; i < STEPS; i++) {
        images.add(stream.next());
      }
      Path out = reference(start, images, parts, restriction);
      HostTensor logits;
      try (InferenceGraph graph =
          InferenceGraph.open(parts, first, parts.experiment().getRuntime())) {
        logits = graph.logits(new HostTensor(parts.spec().images(BATCH), images.get(0).images()));
      }
      try (StageGraph graph =
              StageGraph.open(
                  parts.network(),
                  parts.spec(),
                  stage,
                  kind,
                  first,
                  parts.experiment().getRuntime(),
                  0);
          WeightSource expected = WeightFormats.open(out)) {
        close("logits", logits, expected.read("start/logits"));
        float[] losses = expected.read("losses").values();
        float[] swaps = expected.read("swaps").values();
        for (int i = 0; i < STEPS; i++) {
          StepResult step = graph.step(images.get(i), RATE, restriction);
          assertThat(step.loss()).as("loss of step %d", i).isCloseTo(losses[i], within(1e-4));
          assertThat((float) step.swaps())
              .as("swaps of step %d", i)
              .isCloseTo(swaps[i], within(2f));
        }
        assertThat(swaps[0]).as("swaps, which there should be for this to mean much").isPositive();
        compare(parts.summary().parameters(), graph.state(), expected);
      }
    }
  }

  /** Drawn values, but with norms and averages that differ between channels. */
  private static State asIfTrained(ExperimentParts parts) {
    State drawn = StartingValues.of(parts);
    Random random = new Random(8);
    for (Parameter p : parts.summary().parameters()) {
      float[] v = drawn.get(p.name()).values();
      for (int i = 0; i < v.length; i++) {
        switch (p.role()) {
          case MOVING_MEAN, BETA, BIAS -> v[i] = (float) random.nextGaussian() * .1f;
          case MOVING_VARIANCE, GAMMA -> v[i] = .5f + random.nextFloat();
          default -> {}
        }
      }
    }
    return drawn;
  }

  /** Runs the peer on the same values and images. */
  private Path reference(
      State start, List<Batch> batches, ExperimentParts parts, double restriction)
      throws Exception {
    int imageSize = (int) parts.spec().images(1).size();
    float[] images = new float[STEPS * BATCH * imageSize];
    float[] labels = new float[STEPS * BATCH];
    for (int i = 0; i < STEPS; i++) {
      System.arraycopy(
          batches.get(i).images(), 0, images, i * BATCH * imageSize, BATCH * imageSize);
      for (int n = 0; n < BATCH; n++) {
        labels[i * BATCH + n] = batches.get(i).labels()[n];
      }
    }
    Map<String, HostTensor> arrays = new LinkedHashMap<>();
    Shape one = parts.spec().images(BATCH);
    arrays.put("images", new HostTensor(Shape.of(STEPS).append(one), images));
    arrays.put("labels", new HostTensor(Shape.of(STEPS, BATCH), labels));
    Path values = folder.resolve("values.npz");
    Path fed = folder.resolve("batches.npz");
    Path out = folder.resolve("out.npz");
    Npz.write(values, start.values());
    Npz.write(fed, arrays);
    PeerProgram.run(
        folder.resolve("log.txt"),
        "search_reference.py",
        values,
        fed,
        out,
        "--sparsity",
        SPARSITY,
        "--rate",
        RATE,
        "--restriction",
        restriction);
    return out;
  }

  private static void compare(List<Parameter> parameters, State found, WeightSource expected)
      throws Exception {
    for (Parameter p : parameters) {
      if (p.role().isAverage()) {
        close(p.name(), found.get(p.name()), expected.read(p.name()));
      } else if (p.role() == Role.CONVOLUTION_KERNEL) {
        HostTensor score = found.get(p.score());
        close(p.score(), score, expected.read(p.score()));
        sameMask(p.name(), score, found.get(p.mask()), expected.read(p.mask()));
      }
    }
  }

  private static void close(String name, HostTensor found, HostTensor expected) {
    assertThat(found.shape()).as(name).isEqualTo(expected.shape());
    for (int i = 0; i < found.values().length; i++) {
      assertThat(found.values()[i])
          .as("%s[%d]", name, i)
          .isCloseTo(expected.values()[i], within(CLOSE));
    }
  }

  /** Equal but for weights whose scores are so close that rounding decides between them. */
  private static void sameMask(
      String name, HostTensor score, HostTensor found, HostTensor expected) {
    List<Float> onlyFound = new ArrayList<>();
    List<Float> onlyExpected = new ArrayList<>();
    for (int i = 0; i < found.values().length; i++) {
      if (found.values()[i] != expected.values()[i]) {
        (found.values()[i] == 1 ? onlyFound : onlyExpected).add(score.values()[i]);
      }
    }
    onlyFound.sort(null);
    onlyExpected.sort(null);
    assertThat(onlyFound).as("kept weights of " + name).hasSameSizeAs(onlyExpected);
    for (int i = 0; i < onlyFound.size(); i++) {
      assertThat(onlyFound.get(i))
          .as("score of a weight of %s that only one of the two keeps", name)
          .isCloseTo(onlyExpected.get(i), within(TIE));
    }
  }
}
