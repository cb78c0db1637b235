"""Runs a SavedModel in Python TensorFlow: the reader that most people use, and none of Jackpot's own code.

    load_saved_model.py MODEL_DIR IMAGES.npy OUT.npz [--batch N]

MODEL_DIR holds saved_model.pb. IMAGES is uint8, [count, height, width, 3]. Both signatures run on all of them, batch by
batch: `serving_uint8` on the bytes, `serving_default` on the same values as float32. OUT gets an array
`SIGNATURE/OUTPUT` for each output. A JSON line on stdout names the signatures' inputs and outputs (dtype, shape).
Exit code 1 and one line on stderr if the model or a signature is not what is expected.
"""

import argparse
import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf

SIGNATURES = {"serving_default": np.float32, "serving_uint8": np.uint8}


def describe(signature):
    def specs(structure):
        return {
            name: {"dtype": spec.dtype.name, "shape": spec.shape.as_list()}
            for name, spec in sorted(structure.items())
        }

    return {
        "inputs": specs(signature.structured_input_signature[1]),
        "outputs": specs(signature.structured_outputs),
    }


def run(signature, images, batch):
    (name,) = signature.structured_input_signature[1]
    parts = [
        signature(**{name: tf.constant(images[start : start + batch])})
        for start in range(0, len(images), batch)
    ]
    return {key: np.concatenate([part[key].numpy() for part in parts]) for key in parts[0]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("images")
    parser.add_argument("out")
    parser.add_argument("--batch", type=int, default=256)
    options = parser.parse_args()

    images = np.load(options.images)
    if images.dtype != np.uint8 or images.ndim != 4 or images.shape[3] != 3 or not len(images):
        sys.exit(f"{options.images}: found {images.dtype} {list(images.shape)}, expected uint8 [count, height, width, 3]")
    model = tf.saved_model.load(options.model)
    missing = sorted(set(SIGNATURES) - set(model.signatures))
    if missing:
        sys.exit(f"{options.model}: no signature {', '.join(missing)}; found {', '.join(model.signatures)}")

    arrays, report = {}, {}
    for name, dtype in SIGNATURES.items():
        signature = model.signatures[name]
        report[name] = describe(signature)
        for output, values in run(signature, images.astype(dtype), options.batch).items():
            arrays[f"{name}/{output}"] = values
    np.savez(options.out, **arrays)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
