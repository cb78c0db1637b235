package dev.jackpot.training;

import dev.jackpot.config.proto.LookAheadScale;

/**
 * One look ahead from θ(α): the loss after a step of training, as a function of the factors, and
 * its derivatives, made of gradients and products with the Hessian only.
 *
 * <pre>
 *   g = ∇L(S; θ(α)), A(g) = g/‖g‖ or g, u = ∇L(S̃; θ − ηA(g)), H the Hessian of L(S) at θ
 *   objective    L(S̃; θ − ηA(g)) / η     ∂/∂θ = (u − η H w)/η, w = (u − ĝ(ĝᵀu))/‖g‖, or u
 *   constraint   ‖g‖                      ∂/∂θ = H ĝ
 *   ∂/∂α_k = ⟨∂/∂θ_k, θ0_k⟩
 * </pre>
 *
 * @param <B> what a set of images is
 */
final class LookAhead<B> {
  private final LookAheadScale options;
  private final Oracle<B> oracle;

  LookAhead(LookAheadScale options, Oracle<B> oracle) {
    this.options = options;
    this.oracle = oracle;
  }

  /**
   * Gradients of a network at θ(α). Calls for one look ahead come in this order and remember g and
   * u.
   */
  interface Oracle<B> {
    /** g over the images, at θ(α). */
    Gradient gradient(double[] alpha, B images);

    /** u over the images, at θ(α) − step · g. */
    Ahead ahead(double[] alpha, double step, B images);

    /** ⟨H(a · u + b · g), θ0⟩ tensor by tensor, H over the images at θ(α). */
    double[] product(double[] alpha, double a, double b, B images);
  }

  /**
   * @param loss in nats
   * @param norm ‖g‖
   */
  record Gradient(double loss, double norm) {}

  /**
   * @param loss in nats
   * @param derivatives ⟨u, θ0⟩ tensor by tensor
   * @param overlap gᵀu
   */
  record Ahead(double loss, double[] derivatives, double overlap) {}

  /**
   * What a step on the factors needs.
   *
   * @param constrained the gradient is longer than γ: the derivatives are of its norm
   * @param norm of the gradient
   * @param objective the loss after the step, in nats, not divided by η; NaN if constrained
   */
  record Derivatives(boolean constrained, double norm, double objective, double[] values) {}

  /**
   * The derivatives of what is to fall: of the gradient's norm where it is above γ, else of the
   * objective. Three or four gradients.
   *
   * @param first S, of g
   * @param second S̃, of u
   */
  Derivatives derivatives(double[] alpha, B first, B second) {
    Gradient g = oracle.gradient(alpha, first);
    if (g.norm() > options.getGamma()) {
      return new Derivatives(
          true, g.norm(), Double.NaN, oracle.product(alpha, 0, 1 / g.norm(), first));
    }
    double eta = options.getEta();
    Ahead u = oracle.ahead(alpha, step(g), second);
    double[] values = u.derivatives().clone();
    if (g.norm() > 0) {
      double norm = g.norm();
      double[] product =
          options.getNormalized()
              ? oracle.product(alpha, 1 / norm, -u.overlap() / (norm * norm * norm), first)
              : oracle.product(alpha, 1, 0, first);
      for (int k = 0; k < values.length; k++) {
        values[k] -= eta * product[k];
      }
    }
    for (int k = 0; k < values.length; k++) {
      values[k] /= eta;
    }
    return new Derivatives(false, g.norm(), u.loss(), values);
  }

  /**
   * How many gradients {@link #derivatives} takes: g, two for the product with the Hessian, and u
   * where it is not constrained.
   */
  static int gradients(boolean constrained) {
    return constrained ? 3 : 4;
  }

  /**
   * The loss after the step whatever the gradient's norm, and that norm. Two gradients.
   *
   * @return {@link Derivatives} without values
   */
  Derivatives value(double[] alpha, B first, B second) {
    Gradient g = oracle.gradient(alpha, first);
    double loss = oracle.ahead(alpha, step(g), second).loss();
    return new Derivatives(g.norm() > options.getGamma(), g.norm(), loss, new double[0]);
  }

  /** By how many g the parameters move: A(g) = 0 where g = 0. */
  private double step(Gradient g) {
    boolean normalized = options.getNormalized() && g.norm() > 0;
    return normalized ? options.getEta() / g.norm() : options.getEta();
  }
}
