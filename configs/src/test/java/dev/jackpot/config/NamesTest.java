package dev.jackpot.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NamesTest {
  @Test
  void distancesCountedByHand() {
    assertThat(Names.distance("", "")).isZero();
    assertThat(Names.distance("mask", "")).isEqualTo(4);
    assertThat(Names.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(Names.distance("sparsty", "sparsity")).isEqualTo(1);
    assertThat(Names.distance("ab", "ba")).isEqualTo(2);
  }

  @Test
  void theDistanceToAStartLeavesTheRestOut() {
    assertThat(Names.distanceToStart("layr1/", "layer1/0/conv1/kernel")).isEqualTo(1);
    assertThat(Names.distanceToStart("layr1/", "conv1/kernel")).isEqualTo(4);
    assertThat(Names.distanceToStart("", "anything")).isZero();
    assertThat(Names.distanceToStart("abc", "")).isEqualTo(3);
  }

  @Test
  void theDistanceIsAMetric() {
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      String a = word(random);
      String b = word(random);
      String c = word(random);
      assertThat(Names.distance(a, b)).isEqualTo(Names.distance(b, a));
      assertThat(Names.distance(a, b) == 0).isEqualTo(a.equals(b));
      assertThat(Names.distance(a, c))
          .isLessThanOrEqualTo(Names.distance(a, b) + Names.distance(b, c));
    }
  }

  private static String word(Random random) {
    StringBuilder word = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      word.append((char) ('a' + random.nextInt(3)));
    }
    return word.toString();
  }

  @Test
  void nearIsOneChangeAndOneMoreForThreeLetters() {
    assertThat(Names.isNear("epoch", "epochs")).isTrue();
    assertThat(Names.isNear("Serch", "search")).isTrue();
    assertThat(Names.isNear("sparse", "sparsity")).isTrue();
    assertThat(Names.isNear("ab", "cd")).isFalse();
    assertThat(Names.isNear("zzzzz", "name")).isFalse();
  }

  @Test
  void theNearestComeFirstWhateverTheirCase() {
    List<String> known = List.of("search", "train", "prune");
    assertThat(Names.nearest("SERCH", known, 1)).containsExactly("search");
    assertThat(Names.nearest("tune", known, 3)).containsExactly("prune", "train", "search");
    assertThat(Names.nearest("x", List.of("b", "a"), 5))
        .as("ties by name")
        .containsExactly("a", "b");
    assertThat(Names.hint("serch", known)).isEqualTo("; nearest: search, prune");
    assertThat(Names.hint("serch", List.of())).isEmpty();
  }
}
