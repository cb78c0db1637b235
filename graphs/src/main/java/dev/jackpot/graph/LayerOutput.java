package dev.jackpot.graph;

import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * What the layer of a kernel gives in one forward pass, before its activation.
 *
 * @param y [batch, …, channels]: of the layer with its bias, or of the batch norm that follows it
 * @param norm that follows it directly
 */
public record LayerOutput<T extends TFloating>(Operand<T> y, Optional<FollowingNorm> norm) {}
