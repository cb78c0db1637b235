package dev.jackpot.pruning;

import dev.jackpot.config.JackpotException;
import dev.jackpot.config.Names;
import dev.jackpot.graph.HostTensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.tensorflow.ndarray.Shape;

/** The masks of a network's kernels by name, in the network's order. Immutable. */
public final class Masks {
  private final Map<String, Mask> byName;

  public Masks(Map<String, Mask> byName) {
    this.byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
  }

  /**
   * The masks of these values.
   *
   * @throws JackpotException naming the kernel, if a value is anything but 0 or 1
   */
  public static Masks of(Map<String, HostTensor> tensors) {
    Map<String, Mask> masks = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          try {
            masks.put(name, Mask.of(tensor));
          } catch (JackpotException e) {
            throw new JackpotException("kernel %s: %s".formatted(name, e.getMessage()), e);
          }
        });
    return new Masks(masks);
  }

  /** By kernel name, in the network's order; cannot be changed. */
  public Map<String, Mask> byName() {
    return byName;
  }

  /** The kernels' names in the network's order. */
  public Set<String> names() {
    return byName.keySet();
  }

  /**
   * The mask of a kernel.
   *
   * @throws JackpotException if there is none of that name
   */
  public Mask get(String name) {
    Mask mask = byName.get(name);
    if (mask == null) {
      throw new JackpotException(
          "there is no mask for kernel \"%s\"%s".formatted(name, Names.hint(name, names())));
    }
    return mask;
  }

  /** Number of weights of all kernels. */
  public long size() {
    return sum(Mask::size);
  }

  /** Number of kept weights of all kernels. */
  public long kept() {
    return sum(Mask::kept);
  }

  /** Number of pruned weights of all kernels. */
  public long pruned() {
    return size() - kept();
  }

  /** Kept over all, in [0, 1]; 1 without kernels. */
  public double density() {
    return size() == 0 ? 1 : (double) kept() / size();
  }

  private long sum(ToLongFunction<Mask> of) {
    return byName.values().stream().mapToLong(of).sum();
  }

  /**
   * Checks that these are the masks of these kernels.
   *
   * @param kernels the shapes of the kernels by name
   * @return this
   * @throws JackpotException listing every kernel without a mask, mask without a kernel and mask of
   *     another shape
   */
  public Masks checkAgainst(Map<String, Shape> kernels) {
    List<String> problems = new ArrayList<>();
    kernels.forEach(
        (name, shape) -> {
          Mask mask = byName.get(name);
          if (mask == null) {
            problems.add("kernel \"%s\" has no mask".formatted(name));
          } else if (!mask.shape().equals(shape)) {
            problems.add(
                "the mask of \"%s\" has shape %s, expected %s"
                    .formatted(name, mask.shape(), shape));
          }
        });
    for (String name : names()) {
      if (!kernels.containsKey(name)) {
        problems.add(
            "there is a mask for \"%s\", which is not a prunable kernel%s"
                .formatted(name, Names.hint(name, kernels.keySet())));
      }
    }
    if (!problems.isEmpty()) {
      throw new JackpotException("masks do not fit the network: " + String.join("; ", problems));
    }
    return this;
  }

  /**
   * SHA-256 over every kernel's name, shape and bits in order, as 64 lower-case hexadecimal digits.
   * Two runs that searched the same masks print the same hash.
   */
  public String sha256() {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    byName.forEach(
        (name, mask) -> {
          byte[] text = name.getBytes(StandardCharsets.UTF_8);
          long[] shape = mask.shape().asArray();
          ByteBuffer head = ByteBuffer.allocate(8 + text.length + 8 * shape.length);
          head.putInt(text.length).put(text).putInt(shape.length);
          for (long length : shape) {
            head.putLong(length);
          }
          digest.update(head.array());
          digest.update(mask.toBytes());
        });
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The same kernels in the same order with the same masks. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Masks m
        && List.copyOf(names()).equals(List.copyOf(m.names()))
        && byName.equals(m.byName);
  }

  @Override
  public int hashCode() {
    return byName.hashCode();
  }

  @Override
  public String toString() {
    return "Masks of %d kernels keep %d of %d".formatted(byName.size(), kept(), size());
  }
}
