"""Writes TFRecord shards of tf.train.Example messages as Python TensorFlow writes them.

    write_tfrecords.py FOLDER PATTERN SHARDS IMAGES CLASSES [--jpeg HEIGHT WIDTH]

PATTERN is a name with two %d, the shard's number and their count. Image i has label i % CLASSES + 1 and goes to shard
i % SHARDS. Its bytes are `image I` in ASCII, or with --jpeg a JPEG all of whose pixels are (40 * (i % CLASSES), 100, 200).
"""
import argparse
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import tensorflow as tf


def feature(**kind):
    return tf.train.Feature(**kind)


def example(i, options):
    if options.jpeg:
        pixels = np.empty((*options.jpeg, 3), np.uint8)
        pixels[:] = (40 * (i % options.classes), 100, 200)
        encoded = tf.io.encode_jpeg(pixels, quality=95).numpy()
    else:
        encoded = b"image %d" % i
    return tf.train.Example(
        features=tf.train.Features(
            feature={
                "image/encoded": feature(bytes_list=tf.train.BytesList(value=[encoded])),
                "image/class/label": feature(int64_list=tf.train.Int64List(value=[i % options.classes + 1])),
                "image/class/text": feature(bytes_list=tf.train.BytesList(value=[b"class %d" % (i % options.classes)])),
                "image/object/bbox/xmin": feature(float_list=tf.train.FloatList(value=[0.25, 0.5])),
                "image/height": feature(int64_list=tf.train.Int64List(value=[])),
            }
        )
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("pattern")
    parser.add_argument("shards", type=int)
    parser.add_argument("images", type=int)
    parser.add_argument("classes", type=int)
    parser.add_argument("--jpeg", type=int, nargs=2)
    options = parser.parse_args()
    for shard in range(options.shards):
        name = options.pattern % (shard, options.shards)
        with tf.io.TFRecordWriter(os.path.join(options.folder, name)) as writer:
            for i in range(shard, options.images, options.shards):
                writer.write(example(i, options).SerializeToString())


main()
