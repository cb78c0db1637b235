"""Weights and images by a formula that this and `GoldenFormula` of the Java tests compute to the same bits.

A value is drawn by its tensor's name and its place in it: the CRC-32 of the name, shifted left by 32, plus the index,
through the finalizer of SplitMix64; the upper 24 bits make a number in [-1, 1). All of it is exact in double precision,
so that only the last rounding to float32 is left.
"""

import zlib

import numpy as np

CHUNK = 1 << 22


def drawn(name, count):
    """Doubles in [-1, 1), one for each index."""
    key = np.uint64(zlib.crc32(name.encode())) << np.uint64(32)
    return np.concatenate(
        [finalized(key + np.arange(at, min(at + CHUNK, count), dtype=np.uint64)) for at in range(0, count, CHUNK)]
    )


def finalized(x):
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    x = x ^ (x >> np.uint64(31))
    return (x >> np.uint64(40)).astype(np.float64) / (1 << 23) - 1


def parameter(name, shape):
    """float32 values of Jackpot's parameter of that name, in its layout: [height, width, in, out] or [in, out].

    Kernels have He's variance, 2 / inputs of an output, so that values neither vanish nor explode over the layers;
    what belongs to batch norm is near one or near zero, never equal.
    """
    role = name.rsplit("/", 1)[1]
    values = drawn(name, int(np.prod(shape)))
    if role == "kernel":
        depthwise = name.endswith("depthwise/kernel")
        inputs = np.prod(shape[:2] if depthwise else shape[:-1])
        values = values * np.sqrt(6 / float(inputs))
    elif role in ("gamma", "moving_variance"):
        values = 1 + values * 0.25
    elif role in ("beta", "moving_mean", "bias"):
        values = values * 0.125
    else:
        raise ValueError(f"{name}: found {role}, expected the role of a parameter")
    return values.astype(np.float32).reshape(shape)


def images(count, size):
    """float32, [count, size, size, 3]: squares of 16 pixels, one colour each, with noise on them."""
    squares = drawn("images/squares", count * 16 * 16 * 3).reshape(count, 16, 16, 3)
    noise = drawn("images/noise", count * size * size * 3).reshape(count, size, size, 3)
    place = np.arange(size) // 16 % 16
    return (squares[:, place][:, :, place] * 1.5 + noise * 0.5).astype(np.float32)
