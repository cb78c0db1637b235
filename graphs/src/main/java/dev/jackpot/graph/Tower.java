package dev.jackpot.graph;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.types.family.TFloating;

/**
 * One forward pass through a network.
 *
 * @param logits [batch, classes]
 * @param parameters of the network by name, in the order they were laid
 * @param reads what each parameter was read as, by its name: gradients are taken with respect to
 *     these
 * @param scores what each searched kernel's score was read as, by the kernel's name
 * @param effective the kernels as the convolutions used them (ŵ), by the kernel's name
 * @param averageUpdates ops that move batch norm's running averages; empty in inference
 * @param costs of the kernels, in the order they were laid
 * @param ghosts parameters of its ghosts by name; none of them is among {@code parameters}
 * @param outputs what the layers give before their activations, by the kernel's name
 * @param <T> element type
 */
public record Tower<T extends TFloating>(
    Operand<T> logits,
    Map<String, Parameter> parameters,
    Map<String, Operand<T>> reads,
    Map<String, Operand<T>> scores,
    Map<String, Operand<T>> effective,
    List<Op> averageUpdates,
    List<LayerCost> costs,
    Map<String, Ghost<T>> ghosts,
    Map<String, LayerOutput<T>> outputs) {}
