package dev.jackpot.graph.wiring;

/** What may be in a channel of a layer's output. */
public enum Signal {
  /** Always 0. */
  ZERO,
  /** Always one number, at every position of every image. */
  CONSTANT,
  /** The same for every image, but not at every position: a constant that met a zero border. */
  FIXED,
  /** Whatever the image says. */
  VARYING
}
