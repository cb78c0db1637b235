package dev.jackpot.graph;

import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TFloating;

/**
 * A network in one graph: any number of forward passes ({@link Tower}s) that share their variables.
 *
 * @param <T> element type; float32 for networks with batch norm
 */
public final class Model<T extends TFloating> {
  private final Ops tf;
  private final Class<T> type;
  private final Network network;
  private final NetworkSpec spec;
  private final Function<Parameter, KernelForm> forms;
  private final Variables<T> variables;
  private Placeholder<TInt64> dropoutSeed;

  /**
   * @param graph the ops go here; the caller closes it
   * @param forms how each kernel enters the forward pass
   */
  public Model(
      Graph graph,
      Class<T> type,
      Network network,
      NetworkSpec spec,
      Function<Parameter, KernelForm> forms) {
    this.tf = Ops.create(graph);
    this.type = type;
    this.network = network;
    this.spec = spec;
    this.forms = forms;
    this.variables = new Variables<>(tf, type);
  }

  /**
   * Adds a forward pass.
   *
   * @param images [batch, height, width, channels], normalised
   * @throws dev.jackpot.config.ConfigException if they are too small for the network's strides;
   *     names the layer and the smallest size
   */
  public Tower<T> lay(Operand<T> images, Phase phase) {
    return lay(images, phase, GhostForm.NONE);
  }

  /**
   * The same with ghosts in it; a network with none is the plain one, op for op. {@link Phase#FLOW}
   * has none.
   */
  public Tower<T> lay(Operand<T> images, Phase phase, GhostForm ghosts) {
    try {
      return layUnchecked(images, phase, ghosts);
    } catch (SmallImageException e) {
      throw ImageSizes.tooSmall(network, spec, e);
    }
  }

  /** The same, except that an image which is too small is reported by its layer alone. */
  Tower<T> layUnchecked(Operand<T> images, Phase phase) {
    return layUnchecked(images, phase, GhostForm.NONE);
  }

  private Tower<T> layUnchecked(Operand<T> images, Phase phase, GhostForm ghosts) {
    Ops scoped = tf.withSubScope(phase.name().toLowerCase(Locale.ROOT));
    return lay(images, phase, pass(scoped, phase, ghosts));
  }

  private Pass<T> pass(Ops scoped, Phase phase, GhostForm ghosts) {
    if (phase == Phase.FLOW) {
      return new FlowPass<>(scoped);
    }
    return ghosts.equals(GhostForm.NONE)
        ? new Pass<>(scoped)
        : new GhostPass<>(scoped, type, variables, ghosts);
  }

  /**
   * Adds a forward pass beside the one at the kernels as they are: every kernel ŵ that has a
   * direction u is moved to ŵ + distance · u, and every ReLU, ReLU6 and max-pooling stays on the
   * side on which it is at ŵ. The gradients of this pass are smooth in the distance, and their
   * derivative at 0 is the Hessian's product with u as automatic differentiation has it.
   *
   * @param images [batch, height, width, channels], normalised
   * @param distance scalar
   * @param directed which kernels have a direction: a variable {@link Parameter#direction()}
   */
  public Tower<T> layBeside(
      Operand<T> images, Phase phase, Operand<T> distance, Predicate<Parameter> directed) {
    return layBeside(images, phase, (ops, parameter, value) -> value)
        .apply(
            (ops, kernel, effective) -> {
              if (!directed.test(kernel)) {
                return effective;
              }
              Operand<T> direction = variables.at(kernel.direction(), kernel.shape()).read(ops);
              return ops.math.add(effective, ops.math.mul(direction, distance));
            });
  }

  /**
   * Any number of forward passes beside one: where each says it takes the parameters, on the sides
   * on which every ReLU, ReLU6 and max-pooling is in the pass {@code at}.
   *
   * @param images [batch, height, width, channels], normalised
   * @return adds a pass beside
   */
  public Function<Moved<T>, Tower<T>> layBeside(Operand<T> images, Phase phase, Moved<T> at) {
    Sides<T> sides = new Sides<>(type);
    lay(images, phase, sides.noting(tf.withSubScope("at"), at));
    return moved -> lay(images, phase, sides.keeping(tf.withSubScope("beside"), moved));
  }

  /**
   * Adds a forward pass at other values of the parameters.
   *
   * @param images [batch, height, width, channels], normalised
   */
  public Tower<T> layAt(Operand<T> images, Phase phase, Moved<T> at) {
    return lay(images, phase, new MovedPass<>(tf.withSubScope("at"), at));
  }

  private Tower<T> lay(Operand<T> images, Phase phase, Pass<T> pass) {
    return lay(images, phase, pass, WiringNotes.none());
  }

  /** Adds a pass of inference and notes its layers. */
  Tower<T> layNoting(Operand<T> images, WiringNotes<T> notes) {
    return lay(images, Phase.INFERENCE, new Pass<>(tf), notes);
  }

  private Tower<T> lay(Operand<T> images, Phase phase, Pass<T> pass, WiringNotes<T> notes) {
    Layers<T> layers =
        new Layers<>(
            pass.tf,
            type,
            variables,
            network.conventions(),
            phase,
            pass,
            forms,
            this::dropoutSeed,
            notes);
    return layers.tower(network.lay(layers, images, spec.classes()));
  }

  /**
   * Scalar to feed with another number each training step if the network has dropout: what is
   * dropped is a function of it.
   */
  public Placeholder<TInt64> dropoutSeed() {
    if (dropoutSeed == null) {
      dropoutSeed = tf.placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
    }
    return dropoutSeed;
  }

  public Ops tf() {
    return tf;
  }

  public NetworkSpec spec() {
    return spec;
  }

  public Variables<T> variables() {
    return variables;
  }
}
