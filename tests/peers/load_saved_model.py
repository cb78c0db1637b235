"""Runs a SavedModel in Python TensorFlow: the reader that most people use, and none of Jackpot's own code.

    load_saved_model.py MODEL_DIR IMAGES.npy OUT.npz [--batch N]

MODEL_DIR holds saved_model.pb. IMAGES is uint8, [count, height, width, 3]. All signatures run on all of them, batch by
batch: `serving_uint8` on the bytes, `serving_default` on the same values as float32, `serving_jpeg` on PNG files of
them. OUT gets an array `SIGNATURE/OUTPUT` for each output, `variables/NAME` for each variable and, where the model has
requests for warming up, `warmup/SIGNATURE` with the images of those. A JSON line on stdout names the signatures' inputs
and outputs (dtype, shape). Exit code 1 and one line on stderr if the model or a signature is not what is expected.
"""

import argparse
import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
from tensorflow.core.framework import tensor_pb2

SIGNATURES = {
    "serving_default": lambda images: images.astype(np.float32),
    "serving_uint8": lambda images: images,
    "serving_jpeg": lambda images: np.array([tf.io.encode_png(image).numpy() for image in images]),
}


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


def fields(message):
    """The length-delimited fields of a message by number; protobuf's decoder without a schema."""
    found, position = {}, 0
    while position < len(message):
        tag, position = varint(message, position)
        if tag & 7 != 2:
            raise ValueError(f"field {tag >> 3} has wire type {tag & 7}")
        length, position = varint(message, position)
        found.setdefault(tag >> 3, []).append(message[position : position + length])
        position += length
    return found


def varint(message, position):
    value, shift = 0, 0
    while True:
        byte = message[position]
        position += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, position


def warmup(model):
    """Images by signature. Numbers as in tensorflow_serving/apis/{prediction_log,predict,model}.proto."""
    path = os.path.join(model, "assets.extra", "tf_serving_warmup_requests")
    images = {}
    if not os.path.exists(path):
        return images
    for record in tf.data.TFRecordDataset(path):
        (predict_log,) = fields(record.numpy())[6]
        (request,) = fields(predict_log)[1]
        (spec,), (entry,) = fields(request)[1], fields(request)[2]
        assert fields(entry)[1] == [b"images"], fields(entry)[1]
        tensor = tensor_pb2.TensorProto.FromString(fields(entry)[2][0])
        images.setdefault(fields(spec)[3][0].decode(), []).append(tf.make_ndarray(tensor))
    return images


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
    for name, form in SIGNATURES.items():
        signature = model.signatures[name]
        report[name] = describe(signature)
        for output, values in run(signature, form(images), options.batch).items():
            arrays[f"{name}/{output}"] = values
    for variable in model.variables:
        arrays["variables/" + variable.name.removesuffix(":0")] = variable.numpy()
    for name, requests in warmup(options.model).items():
        arrays["warmup/" + name] = np.concatenate(requests)
    np.savez(options.out, **arrays)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
