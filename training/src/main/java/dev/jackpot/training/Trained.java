package dev.jackpot.training;

import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * A variable that a stage trains.
 *
 * @param variable its name
 * @param read what the forward pass read it as: the gradient is taken with respect to this
 * @param decayed what weight decay is computed of, for a masked kernel w ⊙ m
 * @param decay λ of the term λ · decayed added to the gradient
 */
public record Trained<T extends TFloating>(
    String variable, Operand<T> read, Operand<T> decayed, double decay) {}
