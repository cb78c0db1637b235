package dev.jackpot.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.JackpotException;
import dev.jackpot.graph.HostTensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

class MaskTest {
  private static final Mask DIAGONAL =
      Mask.of(Shape.of(2, 2), new boolean[] {true, false, false, true});

  @Test
  void countsByHand() {
    assertThat(DIAGONAL.size()).isEqualTo(4);
    assertThat(DIAGONAL.kept()).isEqualTo(2);
    assertThat(DIAGONAL.pruned()).isEqualTo(2);
    assertThat(DIAGONAL.density()).isEqualTo(0.5);
    assertThat(DIAGONAL.kept(0)).isTrue();
    assertThat(DIAGONAL.kept(1)).isFalse();
    assertThat(DIAGONAL.toFloats()).containsExactly(1, 0, 0, 1);
    assertThat(DIAGONAL.toTensor(1, 0.99f).values()).containsExactly(1, 0.99f, 0.99f, 1);
    assertThat(DIAGONAL.toBytes()).containsExactly(0b1001);
    assertThat(Mask.full(Shape.of(3, 3)).density()).isEqualTo(1);
  }

  @Test
  void equalsByShapeAndBits() {
    assertThat(DIAGONAL)
        .isEqualTo(Mask.of(new HostTensor(Shape.of(2, 2), new float[] {1, -0f, 0, 1})));
    assertThat(DIAGONAL).hasSameHashCodeAs(Mask.of(DIAGONAL.toTensor()));
    assertThat(DIAGONAL).isNotEqualTo(Mask.of(Shape.of(4), DIAGONAL.toBooleans()));
    assertThat(DIAGONAL).isNotEqualTo(Mask.full(Shape.of(2, 2)));
  }

  @Test
  void returnsFromBytes() {
    Random random = new Random(2);
    for (int n = 0; n < 70; n++) {
      Mask mask = MaskSelection.topK(Draw.scores(random, n, 0), n == 0 ? 0 : random.nextInt(n + 1));
      assertThat(mask.toBytes()).hasSize((n + 7) / 8);
      assertThat(Mask.ofBytes(mask.shape(), mask.toBytes())).isEqualTo(mask);
      assertThat(Mask.of(mask.toTensor())).isEqualTo(mask);
    }
    assertThatThrownBy(() -> Mask.ofBytes(Shape.of(9), new byte[1]))
        .isInstanceOf(JackpotException.class)
        .hasMessage(
            "mask of shape [9]: found 1 bytes with 0 bits; expected 2 bytes with at most 9 bits");
    assertThatThrownBy(() -> Mask.ofBytes(Shape.of(3), new byte[] {8}))
        .hasMessage(
            "mask of shape [3]: found 1 bytes with 4 bits; expected 1 bytes with at most 3 bits");
  }

  @Test
  void takesOnlyZeroAndOne() {
    for (float wrong : new float[] {0.5f, -1, 2, Float.NaN}) {
      HostTensor tensor = new HostTensor(Shape.of(1, 2), new float[] {1, wrong});
      assertThatThrownBy(() -> Mask.of(tensor))
          .isInstanceOf(JackpotException.class)
          .hasMessage("mask of shape [1, 2]: element 1 is %s; expected 0 or 1", wrong);
      assertThatThrownBy(() -> Masks.of(Map.of("conv/kernel", tensor)))
          .hasMessage(
              "kernel conv/kernel: mask of shape [1, 2]: element 1 is %s; expected 0 or 1", wrong);
    }
    assertThatThrownBy(() -> Mask.of(Shape.of(3), new boolean[2]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void masksAddUp() {
    Masks masks = masks("a", DIAGONAL, "b", Mask.full(Shape.of(6)));
    assertThat(masks.size()).isEqualTo(10);
    assertThat(masks.kept()).isEqualTo(8);
    assertThat(masks.pruned()).isEqualTo(2);
    assertThat(masks.density()).isEqualTo(0.8);
    assertThat(masks.names()).containsExactly("a", "b");
    assertThatThrownBy(() -> masks.byName().put("c", DIAGONAL))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> masks.get("aa"))
        .isInstanceOf(JackpotException.class)
        .hasMessage("there is no mask for kernel \"aa\"; nearest: a, b");
  }

  @Test
  void hashTellsMasksApart() {
    Masks masks = masks("a", DIAGONAL, "b", Mask.full(Shape.of(6)));
    assertThat(masks.sha256())
        .matches("[0-9a-f]{64}")
        .isEqualTo(masks("a", Mask.of(DIAGONAL.toTensor()), "b", Mask.full(Shape.of(6))).sha256())
        .isNotEqualTo(masks("b", Mask.full(Shape.of(6)), "a", DIAGONAL).sha256())
        .isNotEqualTo(masks("a", Mask.full(Shape.of(2, 2)), "b", Mask.full(Shape.of(6))).sha256())
        .isNotEqualTo(
            masks("a", Mask.of(Shape.of(4), DIAGONAL.toBooleans()), "b", Mask.full(Shape.of(6)))
                .sha256())
        .isNotEqualTo(masks("a", DIAGONAL, "c", Mask.full(Shape.of(6))).sha256());
    assertThat(masks).isNotEqualTo(masks("b", Mask.full(Shape.of(6)), "a", DIAGONAL));
  }

  @Test
  void fitsTheNetworkOrSaysWhyNot() {
    Masks masks = masks("conv1/kernel", DIAGONAL, "conv2/kernel", DIAGONAL);
    Map<String, Shape> kernels =
        Map.of("conv1/kernel", Shape.of(2, 2), "conv2/kernel", Shape.of(2, 2));
    assertThat(masks.checkAgainst(kernels)).isSameAs(masks);
    Map<String, Shape> other = new LinkedHashMap<>();
    other.put("conv1/kernel", Shape.of(4));
    other.put("conv3/kernel", Shape.of(2, 2));
    assertThatThrownBy(() -> masks.checkAgainst(other))
        .isInstanceOf(JackpotException.class)
        .hasMessageContaining("the mask of \"conv1/kernel\" has shape [2, 2], expected [4]")
        .hasMessageContaining("kernel \"conv3/kernel\" has no mask")
        .hasMessageContaining(
            "there is a mask for \"conv2/kernel\", which is not a prunable kernel; nearest: conv1/kernel");
  }

  static Masks masks(String name1, Mask mask1, String name2, Mask mask2) {
    Map<String, Mask> masks = new LinkedHashMap<>();
    masks.put(name1, mask1);
    masks.put(name2, mask2);
    return new Masks(masks);
  }
}
