package dev.jackpot.training;

import dev.jackpot.config.Sha256;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.KernelForm;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.Masks;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a stage reads and leaves: every variable's values by name. A parameter goes under its own
 * name, a kernel's mask and scores under {@code kernel/mask} and {@code kernel/score}, optimizer
 * slots under {@code variable/slot}.
 *
 * @param values in the order of the graph's variables
 */
public record State(Map<String, HostTensor> values) {
  /** These values with others put over them. */
  public State with(Map<String, HostTensor> more) {
    Map<String, HostTensor> all = new LinkedHashMap<>(values);
    all.putAll(more);
    return new State(all);
  }

  /** These values over others. */
  State over(Map<String, HostTensor> less) {
    return new State(less).with(values);
  }

  public HostTensor get(String name) {
    HostTensor value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no values for " + name);
    }
    return value;
  }

  /** How a kernel enters a forward pass: under its mask if it has one. */
  public KernelForm form(Parameter kernel) {
    return values.containsKey(kernel.mask()) ? KernelForm.MASKED : KernelForm.DENSE;
  }

  /** SHA-256 over every variable's name, shape and values in order, in hexadecimal. */
  public String sha256() {
    return Sha256.of(
        digest ->
            values.forEach(
                (name, value) -> {
                  digest.update((name + value.shape()).getBytes(StandardCharsets.UTF_8));
                  ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * value.values().length);
                  bytes.asFloatBuffer().put(value.values());
                  digest.update(bytes.array());
                }));
  }

  /** The kernel's mask, if it has one. */
  public Optional<Mask> mask(Parameter kernel) {
    return Optional.ofNullable(values.get(kernel.mask())).map(Mask::of);
  }

  /** Parameters as inference uses them: masks applied, nothing else left. */
  public Map<String, HostTensor> effective(Collection<Parameter> parameters) {
    Map<String, HostTensor> result = new LinkedHashMap<>();
    for (Parameter p : parameters) {
      HostTensor value = get(p.name());
      result.put(p.name(), mask(p).map(m -> masked(value, m)).orElse(value));
    }
    return result;
  }

  static HostTensor masked(HostTensor kernel, Mask mask) {
    float[] values = kernel.values().clone();
    for (int i = 0; i < values.length; i++) {
      // pruned weights become +0, also where w · 0 would be −0
      values[i] = mask.kept(i) ? values[i] : 0;
    }
    return new HostTensor(kernel.shape(), values);
  }

  /** Parameters and masks only: what the next stage starts from. */
  public State carried(Collection<Parameter> parameters) {
    return under(this, parameters);
  }

  /** Parameters only: every kernel is dense. */
  public State unmasked(Collection<Parameter> parameters) {
    return under(new State(Map.of()), parameters);
  }

  /** These parameters with the masks of another state, if it has some. */
  public State under(State masks, Collection<Parameter> parameters) {
    Map<String, HostTensor> result = new LinkedHashMap<>();
    for (Parameter p : parameters) {
      result.put(p.name(), get(p.name()));
      if (masks.values.containsKey(p.mask())) {
        result.put(p.mask(), masks.get(p.mask()));
      }
    }
    return new State(result);
  }

  /** Pruned weights set to +0: θ ⊙ M. Masks stay. */
  public State applied(Collection<Parameter> parameters) {
    return with(effective(parameters));
  }

  /** The masks of the kernels that have some, by the kernel's name. */
  public Map<String, Mask> masks(Collection<Parameter> parameters) {
    Map<String, Mask> masks = new LinkedHashMap<>();
    parameters.forEach(p -> mask(p).ifPresent(m -> masks.put(p.name(), m)));
    return masks;
  }

  /** These values with other masks over theirs: a kernel that gets none keeps the one it has. */
  public State with(Masks masks, Collection<Parameter> parameters) {
    Map<String, HostTensor> added = new LinkedHashMap<>();
    for (Parameter p : parameters) {
      Mask mask = masks.byName().get(p.name());
      if (mask != null) {
        added.put(p.mask(), mask.toTensor());
      }
    }
    return with(added);
  }
}
