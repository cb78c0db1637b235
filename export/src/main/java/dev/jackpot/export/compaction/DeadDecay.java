package dev.jackpot.export.compaction;

/**
 * How weights without a data gradient decay under SGD with momentum and L2: v ← μv + λw, w ← w −
 * ηv. With the velocity at its asymptotic direction |w| is multiplied by z per step.
 *
 * @param rate η
 * @param momentum μ, in [0, 1)
 * @param decay λ
 */
public record DeadDecay(double rate, double momentum, double decay) {
  /**
   * z = [(1 + μ − ηλ) + √((1 + μ − ηλ)² − 4μ)] / 2; the modulus √μ where the root is imaginary (|w|
   * then swings).
   */
  public double perStep() {
    double sum = 1 + momentum - rate * decay;
    double square = sum * sum - 4 * momentum;
    return square < 0 ? Math.sqrt(momentum) : (sum + Math.sqrt(square)) / 2;
  }

  /** z to the power of an epoch's steps. */
  public double perEpoch(long steps) {
    return Math.pow(perStep(), steps);
  }
}
