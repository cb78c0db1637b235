package dev.jackpot.tests;

import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.tensorflow.ndarray.Shape;

/**
 * Weights and images by the formula of tests/peers/golden_formula.py, to the same bits: the upper
 * 24 bits of SplitMix64's finalizer of (CRC-32 of the name, index).
 */
final class GoldenFormula {
  private static final int SQUARE = 16;

  private final long key;

  private GoldenFormula(String name) {
    CRC32 crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    key = crc.getValue() << 32;
  }

  /** In [−1, 1). */
  private double drawn(long index) {
    long x = key + index;
    x = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    x = x ^ (x >>> 31);
    return (x >>> 40) / (double) (1 << 23) - 1;
  }

  /** He's variance for kernels; near 1 or near 0 for the rest. */
  static HostTensor parameter(Parameter parameter) {
    GoldenFormula formula = new GoldenFormula(parameter.name());
    double middle =
        switch (parameter.role()) {
          case GAMMA, MOVING_VARIANCE -> 1;
          default -> 0;
        };
    double scale =
        switch (parameter.role()) {
          case GAMMA, MOVING_VARIANCE -> .25;
          case BETA, MOVING_MEAN, BIAS -> .125;
          default -> Math.sqrt(6 / (double) inputs(parameter));
        };
    float[] values = new float[parameter.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (middle + formula.drawn(i) * scale);
    }
    return new HostTensor(parameter.shape(), values);
  }

  /** Of one output: of a depthwise kernel height · width, of others all but the last dimension. */
  private static long inputs(Parameter kernel) {
    Shape shape = kernel.shape();
    return kernel.role() == Role.DEPTHWISE_KERNEL
        ? shape.get(0) * shape.get(1)
        : shape.size() / shape.get(shape.numDimensions() - 1);
  }

  /** [count, size, size, 3]: squares of 16 pixels, one colour each, with noise on them. */
  static HostTensor images(int count, int size) {
    GoldenFormula squares = new GoldenFormula("images/squares");
    GoldenFormula noise = new GoldenFormula("images/noise");
    Shape shape = Shape.of(count, size, size, 3);
    float[] values = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < values.length; i++) {
      int channel = i % 3;
      int x = i / 3 % size / SQUARE % SQUARE;
      int y = i / 3 / size % size / SQUARE % SQUARE;
      int image = i / 3 / size / size;
      long square = ((image * (long) SQUARE + y) * SQUARE + x) * 3 + channel;
      values[i] = (float) (squares.drawn(square) * 1.5 + noise.drawn(i) * .5);
    }
    return new HostTensor(shape, values);
  }
}
