package dev.jackpot.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.JackpotException;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

class SurvivorsTest {
  private static final List<Parameter> KERNELS =
      List.of(
          new Parameter("a", Role.CONVOLUTION_KERNEL, Shape.of(3, 3, 5, 7)),
          new Parameter("b", Role.CONVOLUTION_KERNEL, Shape.of(1, 1, 64, 1)),
          new Parameter("c", Role.DENSE_KERNEL, Shape.of(11, 13)));

  /**
   * @param values how many different scores there are, 0 among them
   */
  private static Map<String, float[]> scores(Random random, int values) {
    Map<String, float[]> scores = new LinkedHashMap<>();
    for (Parameter kernel : KERNELS) {
      float[] drawn = new float[kernel.size()];
      for (int i = 0; i < drawn.length; i++) {
        drawn[i] = random.nextInt(values) / 8f;
      }
      scores.put(kernel.name(), drawn);
    }
    return scores;
  }

  /** Round after round, with many ties and with few, against ranking all weights. */
  @Test
  void areTheBestOfAllWherePrunedOnesRankLast() {
    Random random = new Random(3);
    for (int values : new int[] {1, 2, 5, 100, 1 << 20}) {
      Rounds rounds = Rounds.free(KERNELS, 0.99);
      Masks masks = rounds.masks(scores(random, values), 0.1);
      for (double sparsity : new double[] {0.1, 0.3, 0.31, 0.7, 0.95, 0.99}) {
        Map<String, float[]> next = scores(random, values);
        Masks found = rounds.masks(next, masks, sparsity);
        assertThat(found.kept()).isEqualTo(Counts.kept(sparsity, masks.size()));
        masks.byName().forEach((name, mask) -> Rounds.rankPrunedLast(next.get(name), mask));
        assertThat(found).isEqualTo(rounds.masks(next, sparsity));
        masks = found;
      }
    }
  }

  @Test
  void moreThanIsLeftRevivesTheFirst() {
    Rounds rounds = Rounds.free(KERNELS, 0.9);
    Masks few = rounds.masks(scores(new Random(1), 50), 0.9);
    Map<String, float[]> scores = scores(new Random(2), 50);
    Masks more = rounds.masks(scores, few, 0.5);
    assertThat(more.kept()).isEqualTo(Counts.kept(0.5, few.size()));
    few.byName()
        .forEach((name, m) -> assertThat(m.intersection(more.get(name))).isEqualTo(m.kept()));
  }

  @Test
  void aNumberIsExpectedOnlyOfWhatIsLeft() {
    Rounds rounds = Rounds.free(KERNELS, 0.9);
    Masks half = rounds.masks(scores(new Random(1), 1 << 20), 0.5);
    Map<String, float[]> scores = scores(new Random(2), 50);
    float[] c = scores.get("c");
    for (int i = 0; i < c.length; i++) {
      c[i] = half.get("c").kept(i) ? c[i] : Float.NaN;
    }
    assertThat(rounds.masks(scores, half, 0.8).kept()).isEqualTo(Counts.kept(0.8, half.size()));
    c[half.get("c").bits().nextSetBit(0)] = Float.NaN;
    assertThatThrownBy(() -> rounds.masks(scores, half, 0.8))
        .isInstanceOf(JackpotException.class)
        .hasMessageContaining("kernel c: the score of weight 0");
  }
}
