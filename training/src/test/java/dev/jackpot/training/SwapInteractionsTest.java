package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.JackpotException;
import dev.jackpot.pruning.Swap;
import dev.jackpot.pruning.SwapRanking;
import dev.jackpot.training.SwapInteractions.Measured;
import dev.jackpot.training.run.SwapMeasurement.Alone;
import dev.jackpot.training.run.SwapMeasurement.Group;
import dev.jackpot.training.run.SwapMeasurement.Kernel;
import dev.jackpot.training.run.SwapMeasurement.Together;
import dev.jackpot.training.run.SwapRegion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** On losses that are quadratic in the swaps, where all is known exactly. */
class SwapInteractionsTest {
  /**
   * L = 100 + Σ d_s + Σ_{s&lt;t} c_st over the swaps that are made, all whole numbers; a swap's
   * number is its revived weight.
   */
  private record Quadratic(int[] alone, int[][] cross) implements SwapLosses {
    static Quadratic draw(int swaps) {
      Random random = new Random(1);
      int[][] cross = new int[swaps][swaps];
      for (int[] row : cross) {
        for (int i = 0; i < swaps; i++) {
          row[i] = random.nextInt(21) - 10;
        }
      }
      return new Quadratic(random.ints(swaps, -50, 50).toArray(), cross);
    }

    static int number(KernelSwap swap) {
      return swap.swap().revived()[0];
    }

    int interaction(List<Integer> swaps) {
      int sum = 0;
      for (int s : swaps) {
        for (int t : swaps) {
          sum += s < t ? cross[s][t] : 0;
        }
      }
      return sum;
    }

    @Override
    public double after(List<KernelSwap> swaps) {
      List<Integer> numbers = swaps.stream().map(Quadratic::number).toList();
      assertThat(numbers).doesNotHaveDuplicates();
      return 100 + numbers.stream().mapToInt(s -> alone[s]).sum() + interaction(numbers);
    }

    @Override
    public double predicted(KernelSwap swap) {
      return alone[number(swap)] + 0.5;
    }
  }

  private static Map<String, SwapRanking> rankings(int... counts) {
    Map<String, SwapRanking> rankings = new LinkedHashMap<>();
    int next = 0;
    for (int k = 0; k < counts.length; k++) {
      List<Swap> swaps = new ArrayList<>();
      for (int i = 0; i < counts[k]; i++, next++) {
        swaps.add(new Swap(new int[] {next}, new int[] {1000 + next}));
      }
      rankings.put("k" + k, new SwapRanking(swaps, 2));
    }
    return rankings;
  }

  @Test
  void interactionIsTheSumOfTheCrossTerms() {
    Quadratic loss = Quadratic.draw(64);
    Measured measured = SwapInteractions.measure(rankings(64), loss, 64, 3);
    assertThat(measured.loss()).isEqualTo(100);
    Group group = measured.groups().get(0);
    assertThat(measured.groups()).hasSize(1);
    assertThat(group.region()).isEqualTo(SwapRegion.LAYER);
    assertThat(group.points()).extracting(Together::swaps).containsExactly(1, 2, 4, 8, 16, 32, 64);
    List<Integer> numbers = new ArrayList<>();
    double sum = 0;
    for (Together point : group.points()) {
      while (numbers.size() < point.swaps()) {
        sum += loss.alone()[numbers.size()];
        numbers.add(numbers.size());
      }
      assertThat(point.interaction()).isEqualTo(loss.interaction(numbers));
      assertThat(point.actual()).isEqualTo(sum + loss.interaction(numbers));
      assertThat(point.predicted()).isEqualTo(sum + .5 * point.swaps());
    }
    assertThat(group.points().get(0).interaction()).isZero();
    Kernel kernel = measured.kernels().get(0);
    assertThat(kernel.wanted()).isEqualTo(2);
    assertThat(kernel.swaps()).hasSize(64);
    assertThat(kernel.swaps().get(7)).isEqualTo(new Alone(loss.alone()[7] + .5, loss.alone()[7]));
  }

  /** Without cross terms there is no interaction, wherever the swaps are. */
  @Test
  void independentSwapsDoNotInteract() {
    Quadratic drawn = Quadratic.draw(60);
    Quadratic linear = new Quadratic(drawn.alone(), new int[60][60]);
    Measured measured = SwapInteractions.measure(rankings(10, 10, 10, 10, 10, 10), linear, 16, 6);
    for (Group group : measured.groups()) {
      assertThat(group.points()).allMatch(p -> p.interaction() == 0);
    }
  }

  /** Six kernels, two places: 1 and 4. Swaps are dealt in turn and stop where there are no more. */
  @Test
  void regionsAreSpreadOverTheNetwork() {
    Quadratic loss = Quadratic.draw(60);
    Measured measured = SwapInteractions.measure(rankings(10, 10, 10, 10, 3, 10), loss, 64, 2);
    assertThat(measured.groups())
        .extracting(g -> g.region() + " " + g.kernels())
        .containsExactly(
            "LAYER [k1]",
            "LAYER [k4]",
            "ADJACENT [k1, k2]",
            "ADJACENT [k4, k5]",
            "DISTANT [k1, k4]",
            "DISTANT [k4, k1]",
            "ALL [k0, k1, k2, k3, k4, k5]");
    assertThat(measured.groups())
        .extracting(g -> g.points().get(g.points().size() - 1).swaps())
        .containsExactly(8, 2, 16, 8, 8, 8, 32);
    // k1 gives numbers 10 to 19, k2 20 to 29
    Together four = measured.groups().get(2).points().get(2);
    assertThat(four.interaction()).isEqualTo(loss.interaction(List.of(10, 11, 20, 21)));
  }

  @Test
  void kernelsWithoutSwapsAreLeftOut() {
    Measured none = SwapInteractions.measure(rankings(0, 0), Quadratic.draw(1), 64, 3);
    assertThat(none.loss()).isEqualTo(100);
    assertThat(none.groups()).isEmpty();
    Measured two = SwapInteractions.measure(rankings(0, 3, 0, 3), Quadratic.draw(6), 64, 9);
    assertThat(two.groups())
        .extracting(g -> g.region() + " " + g.kernels())
        .containsExactly(
            "LAYER [k1]", "LAYER [k3]", "ADJACENT [k1, k3]", "ADJACENT [k3, k1]", "ALL [k1, k3]");
  }

  @Test
  void aLossThatIsNoNumberIsAnError() {
    SwapLosses broken =
        new SwapLosses() {
          @Override
          public double after(List<KernelSwap> swaps) {
            return swaps.size() == 2 ? Double.NaN : 1;
          }

          @Override
          public double predicted(KernelSwap swap) {
            return 0;
          }
        };
    assertThatThrownBy(() -> SwapInteractions.measure(rankings(4), broken, 4, 1))
        .isInstanceOf(JackpotException.class)
        .hasMessage(
            "dependency: the mini-batch's loss after 2 swaps is NaN; expected a finite number");
  }
}
