package dev.jackpot.pruning;

import dev.jackpot.graph.Parameter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One threshold over the weights that masks have left: what {@link GlobalAllocation} and {@link
 * MaskSelection#topK} choose together where everything pruned ranks last, without a look at it.
 * Late rounds of many have few weights left, and these are packed before they are compared.
 */
public final class Survivors {
  private Survivors() {}

  /**
   * The best of what is left; of equal scores those in the earlier kernel, and there at the lower
   * index.
   *
   * @param scores a score per weight by kernel name
   * @param within masks of these kernels
   * @param kept from 0 to what {@code within} keep
   * @throws dev.jackpot.config.JackpotException naming the kernel, if the score of a weight that is
   *     left is NaN
   */
  public static Masks best(
      List<Parameter> kernels, Map<String, float[]> scores, Masks within, long kept) {
    List<float[]> left = new ArrayList<>();
    for (Parameter kernel : kernels) {
      float[] packed = packed(scores.get(kernel.name()), within.get(kernel.name()));
      MaskSelection.requireNumbers(kernel.name(), packed);
      left.add(packed);
    }
    Cut cut = Cut.of(left, kept);
    long ties = cut.ties();
    Map<String, Mask> masks = new LinkedHashMap<>();
    for (int k = 0; k < left.size(); k++) {
      Parameter kernel = kernels.get(k);
      BitSet before = within.get(kernel.name()).bits();
      BitSet bits = new BitSet(kernel.size());
      int i = before.nextSetBit(0);
      for (float score : left.get(k)) {
        int key = Cut.key(score);
        if (key > cut.key() || key == cut.key() && ties-- > 0) {
          bits.set(i);
        }
        i = before.nextSetBit(i + 1);
      }
      masks.put(kernel.name(), new Mask(kernel.shape(), bits));
    }
    return new Masks(masks);
  }

  /** The scores of the weights that are left, in order. */
  private static float[] packed(float[] scores, Mask mask) {
    float[] packed = new float[mask.kept()];
    BitSet bits = mask.bits();
    for (int i = bits.nextSetBit(0), j = 0; i >= 0; i = bits.nextSetBit(i + 1), j++) {
      packed[j] = scores[i];
    }
    return packed;
  }
}
