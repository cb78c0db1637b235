package dev.jackpot.pruning;

import dev.jackpot.config.JackpotException;
import dev.jackpot.graph.HostTensor;
import java.util.Arrays;
import java.util.BitSet;
import org.tensorflow.ndarray.Shape;

/**
 * Which weights of one kernel are kept: a bit per weight, row-major in the kernel's shape.
 * Immutable; equal when shape and bits are.
 */
public final class Mask {
  private final Shape shape;
  private final int size;
  private final BitSet bits;
  private final int kept;

  /** Takes the bits over; nobody else may hold them. */
  Mask(Shape shape, BitSet bits) {
    this.shape = shape;
    this.size = Math.toIntExact(shape.size());
    this.bits = bits;
    this.kept = bits.cardinality();
    if (bits.length() > size) {
      throw new IllegalArgumentException(
          "mask of shape %s has %d bits, found bit %d".formatted(shape, size, bits.length() - 1));
    }
  }

  /** Every weight is kept. */
  public static Mask full(Shape shape) {
    BitSet bits = new BitSet();
    bits.set(0, Math.toIntExact(shape.size()));
    return new Mask(shape, bits);
  }

  /**
   * The mask of these values.
   *
   * @throws JackpotException if a value is anything but 0 or 1
   */
  public static Mask of(HostTensor tensor) {
    float[] values = tensor.values();
    BitSet bits = new BitSet(values.length);
    for (int i = 0; i < values.length; i++) {
      if (values[i] == 1) {
        bits.set(i);
      } else if (values[i] != 0) {
        throw new JackpotException(
            "mask of shape %s: element %d is %s; expected 0 or 1"
                .formatted(tensor.shape(), i, values[i]));
      }
    }
    return new Mask(tensor.shape(), bits);
  }

  /**
   * The mask of these flags, row-major.
   *
   * @param kept as many as the shape has elements
   */
  public static Mask of(Shape shape, boolean[] kept) {
    if (shape.size() != kept.length) {
      throw new IllegalArgumentException(
          "shape %s has %d elements, found %d flags".formatted(shape, shape.size(), kept.length));
    }
    BitSet bits = new BitSet(kept.length);
    for (int i = 0; i < kept.length; i++) {
      if (kept[i]) {
        bits.set(i);
      }
    }
    return new Mask(shape, bits);
  }

  /**
   * The mask that {@link #toBytes()} wrote.
   *
   * @throws JackpotException if the bytes are too few or too many, or a bit behind the last weight
   *     is set
   */
  public static Mask ofBytes(Shape shape, byte[] bytes) {
    int size = Math.toIntExact(shape.size());
    BitSet bits = BitSet.valueOf(bytes);
    if (bytes.length != byteCount(size) || bits.length() > size) {
      throw new JackpotException(
          "mask of shape %s: found %d bytes with %d bits; expected %d bytes with at most %d bits"
              .formatted(shape, bytes.length, bits.length(), byteCount(size), size));
    }
    return new Mask(shape, bits);
  }

  public Shape shape() {
    return shape;
  }

  /** Number of weights. */
  public int size() {
    return size;
  }

  /** Number of kept weights. */
  public int kept() {
    return kept;
  }

  /** Number of pruned weights. */
  public int pruned() {
    return size - kept;
  }

  /** Whether the weight at a row-major index is kept. */
  public boolean kept(int index) {
    return bits.get(index);
  }

  /** Kept over all, in [0, 1]; 1 for a kernel without weights. */
  public double density() {
    return size == 0 ? 1 : (double) kept / size;
  }

  /** Its bits; nobody may change them. */
  BitSet bits() {
    return bits;
  }

  /** The units of which at least one weight is kept. */
  BitSet reduced(Units units) {
    float[] shares = units.scores(toFloats(), Criterion.Reduction.MEAN);
    BitSet left = new BitSet(shares.length);
    for (int unit = 0; unit < shares.length; unit++) {
      left.set(unit, shares[unit] > 0);
    }
    return left;
  }

  /** What both masks keep. */
  Mask and(Mask other) {
    BitSet both = (BitSet) bits.clone();
    both.and(other.bits);
    return new Mask(shape, both);
  }

  /** Number of weights that both masks keep. */
  int intersection(Mask other) {
    BitSet both = (BitSet) bits.clone();
    both.and(other.bits);
    return both.cardinality();
  }

  /** 1 where kept, 0 where pruned, row-major. */
  public float[] toFloats() {
    return toTensor(1, 0).values();
  }

  /** 1 where kept, 0 where pruned. */
  public HostTensor toTensor() {
    return toTensor(1, 0);
  }

  /** One value where kept and another where pruned: the magnitude start of the scores. */
  public HostTensor toTensor(float keptValue, float prunedValue) {
    float[] values = new float[size];
    Arrays.fill(values, prunedValue);
    for (int i = bits.nextSetBit(0); i >= 0; i = bits.nextSetBit(i + 1)) {
      values[i] = keptValue;
    }
    return new HostTensor(shape, values);
  }

  /** True where kept, row-major. */
  public boolean[] toBooleans() {
    boolean[] values = new boolean[size];
    for (int i = bits.nextSetBit(0); i >= 0; i = bits.nextSetBit(i + 1)) {
      values[i] = true;
    }
    return values;
  }

  /**
   * Eight weights to a byte, the first in the lowest bit; the bits behind the last weight are 0.
   */
  public byte[] toBytes() {
    return Arrays.copyOf(bits.toByteArray(), byteCount(size));
  }

  private static int byteCount(int size) {
    return size / 8 + (size % 8 == 0 ? 0 : 1);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Mask m && shape.equals(m.shape) && bits.equals(m.bits);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + bits.hashCode();
  }

  @Override
  public String toString() {
    return "Mask%s keeps %d of %d".formatted(shape, kept, size);
  }
}
