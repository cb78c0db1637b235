"""Logits of torchvision's and Keras' networks on weights and images from a formula (golden_formula.py).

    golden_logits.py OUT_DIR [NAME...]     default: all, see --list

Writes OUT_DIR/NAME.txt: a line for each of two images of 224×224 pixels (or as many as the name says), 100 logits each. `GoldenLogitsTest` compares
Jackpot's networks, filled by the same formula, with the committed files in golden/. Nothing of Jackpot runs here: the
tables below say which of its parameters each parameter of torchvision or Keras is.
"""

import argparse
import os
import re
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

import golden_formula

IMAGES = 2
CLASSES = 100

# function, family, size of the images, options
TORCHVISION = {
    "resnet18-torchvision": ("resnet18", "resnet", 224, {}),
    "resnet50-torchvision": ("resnet50", "resnet", 224, {}),
    "resnet50-105px-torchvision": ("resnet50", "resnet", 105, {}),
    "vgg11-144px-torchvision": ("vgg11", "vgg", 144, {}),
    "vgg16-bn-torchvision": ("vgg16_bn", "vgg", 224, {}),
    "mobilenet-v2-torchvision": ("mobilenet_v2", "mobilenet_v2", 224, {}),
    "mobilenet-v2-0.35-105px-torchvision": ("mobilenet_v2", "mobilenet_v2", 105, {"width_mult": 0.35}),
    "mobilenet-v3-large-torchvision": ("mobilenet_v3_large", "mobilenet_v3", 224, {}),
    "mobilenet-v3-large-0.75-105px-torchvision": ("mobilenet_v3_large", "mobilenet_v3", 105, {"width_mult": 0.75}),
    "mobilenet-v3-small-torchvision": ("mobilenet_v3_small", "mobilenet_v3", 224, {}),
}

RAW = {"include_preprocessing": False}
KERAS = {
    "resnet50-keras": ("ResNet50", "resnet", 224, {}),
    "resnet50-105px-keras": ("ResNet50", "resnet", 105, {}),
    "resnet50-v2-keras": ("ResNet50V2", "resnet_v2", 224, {}),
    "resnet50-v2-105px-keras": ("ResNet50V2", "resnet_v2", 105, {}),
    "vgg16-keras": ("VGG16", "vgg", 224, {}),
    "mobilenet-v1-keras": ("MobileNet", "mobilenet_v1", 224, {}),
    "mobilenet-v1-0.5-keras": ("MobileNet", "mobilenet_v1", 224, {"alpha": 0.5}),
    "mobilenet-v2-keras": ("MobileNetV2", "mobilenet_v2", 224, {}),
    "mobilenet-v2-1.4-105px-keras": ("MobileNetV2", "mobilenet_v2", 105, {"alpha": 1.4}),
    "mobilenet-v3-large-keras": ("MobileNetV3Large", "mobilenet_v3", 224, RAW),
    "mobilenet-v3-large-0.75-105px-keras": ("MobileNetV3Large", "mobilenet_v3", 105, RAW | {"alpha": 0.75}),
    "mobilenet-v3-small-keras": ("MobileNetV3Small", "mobilenet_v3", 224, RAW),
}

# Jackpot's last name part for theirs
TORCH_NORM = {"weight": "gamma", "bias": "beta", "running_mean": "moving_mean", "running_var": "moving_variance"}
TORCH_LAYER = {"weight": "kernel", "bias": "bias"}


# ------------------------------------------------------------------------------------------------- torchvision


def torch_resnet(model):
    """Jackpot's layer for each of torchvision's."""
    rules = [
        (r"(conv1|bn1)", r"\1"),
        (r"layer(\d)\.(\d+)\.(conv\d|bn\d)", r"layer\1/\2/\3"),
        (r"layer(\d)\.(\d+)\.downsample\.0", r"layer\1/\2/shortcut/conv"),
        (r"layer(\d)\.(\d+)\.downsample\.1", r"layer\1/\2/shortcut/bn"),
        (r"fc", "linear"),
    ]
    return lambda name: renamed(name, rules)


def torch_vgg(model):
    from torch import nn

    names, group, index = {"classifier.0": "hidden1", "classifier.3": "hidden2", "classifier.6": "linear"}, 1, -1
    for i, layer in enumerate(model.features):
        if isinstance(layer, nn.MaxPool2d):
            group, index = group + 1, -1
        elif isinstance(layer, nn.Conv2d):
            index += 1
            names[f"features.{i}"] = f"layer{group}/{index}/conv"
        elif isinstance(layer, nn.BatchNorm2d):
            names[f"features.{i}"] = f"layer{group}/{index}/bn"
    return names.__getitem__


def torch_mobilenet_v2(model):
    last = len(model.features) - 1
    names = {"features.0.0": "conv1", "features.0.1": "bn1", "classifier.1": "linear"}
    names |= {f"features.{last}.0": "conv2", f"features.{last}.1": "bn2"}
    for i in range(1, last):
        block = f"block{i - 1}"
        at = f"features.{i}.conv"
        plain = ["0.0:depthwise", "0.1:depthwise_bn", "1:project", "2:project_bn"]
        full = ["0.0:expand", "0.1:expand_bn", "1.0:depthwise", "1.1:depthwise_bn", "2:project", "3:project_bn"]
        for entry in plain if i == 1 else full:
            theirs, ours = entry.split(":")
            names[f"{at}.{theirs}"] = f"{block}/{ours}"
    return names.__getitem__


def torch_mobilenet_v3(model):
    from torchvision.ops.misc import SqueezeExcitation

    last = len(model.features) - 1
    names = {"features.0.0": "conv1", "features.0.1": "bn1", "classifier.0": "hidden", "classifier.3": "linear"}
    names |= {f"features.{last}.0": "conv2", f"features.{last}.1": "bn2"}
    for i in range(1, last):
        parts = list(model.features[i].block)
        plain = [p for p in range(len(parts)) if not isinstance(parts[p], SqueezeExcitation)]
        for p, ours in zip(reversed(plain), ["project", "depthwise", "expand"]):
            names[f"features.{i}.block.{p}.0"] = f"block{i - 1}/{ours}"
            names[f"features.{i}.block.{p}.1"] = f"block{i - 1}/{ours}_bn"
        for p in set(range(len(parts))) - set(plain):
            names[f"features.{i}.block.{p}.fc1"] = f"block{i - 1}/squeeze_excite/reduce"
            names[f"features.{i}.block.{p}.fc2"] = f"block{i - 1}/squeeze_excite/expand"
    return names.__getitem__


TORCH_FAMILIES = {
    "resnet": torch_resnet,
    "vgg": torch_vgg,
    "mobilenet_v2": torch_mobilenet_v2,
    "mobilenet_v3": torch_mobilenet_v3,
}


def torch_value(module, ours, theirs):
    """Values of Jackpot's parameter in PyTorch's layout, whose shape is that of `theirs`."""
    from torch import nn

    shape = tuple(theirs.shape)
    if len(shape) == 4:
        order, back = ((2, 3, 0, 1), (2, 3, 0, 1)) if module.groups > 1 else ((2, 3, 1, 0), (3, 2, 0, 1))
        return golden_formula.parameter(ours, tuple(shape[i] for i in order)).transpose(back)
    if isinstance(module, nn.Linear) and len(shape) == 2:
        values = golden_formula.parameter(ours, (shape[1], shape[0]))
        if ours == "hidden1/kernel":  # [7, 7, channels] with us, [channels, 7, 7] there
            values = values.reshape(7, 7, -1, shape[0]).transpose(2, 0, 1, 3).reshape(shape[1], shape[0])
        return values.T
    return golden_formula.parameter(ours, shape)


def torch_logits(name):
    import torch
    import torchvision

    function, family, size, options = TORCHVISION[name]
    model = getattr(torchvision.models, function)(weights=None, num_classes=CLASSES, **options).eval()
    ours = TORCH_FAMILIES[family](model)
    with torch.no_grad():
        for path, tensor in model.state_dict().items():
            layer, part = path.rsplit(".", 1)
            if part != "num_batches_tracked":
                module = model.get_submodule(layer)
                parts = TORCH_NORM if isinstance(module, torch.nn.BatchNorm2d) else TORCH_LAYER
                value = torch_value(module, f"{ours(layer)}/{parts[part]}", tensor)
                tensor.copy_(torch.from_numpy(np.ascontiguousarray(value)))
        images = torch.from_numpy(golden_formula.images(IMAGES, size).transpose(0, 3, 1, 2).copy())
        return model(images).numpy()


# ------------------------------------------------------------------------------------------------------- Keras

KERAS_FAMILIES = {
    "resnet": [
        (r"conv1_(conv|bn)", r"\g<1>1"),
        (r"conv(\d)_block(\d+)_0_(conv|bn)", r"layer{1-1}/{2-1}/shortcut/\3"),
        (r"conv(\d)_block(\d+)_(\d)_(conv|bn)", r"layer{1-1}/{2-1}/\4\3"),
        (r"predictions", "linear"),
    ],
    # batch norm i + 1 follows convolution i; the first one precedes all of them
    "resnet_v2": [
        (r"conv1_conv", "conv1"),
        (r"conv(\d)_block(\d+)_0_conv", r"layer{1-1}/{2-1}/shortcut/conv"),
        (r"conv(\d)_block(\d+)_preact_bn", r"layer{1-1}/{2-1}/bn1"),
        (r"conv(\d)_block(\d+)_(\d)_conv", r"layer{1-1}/{2-1}/conv\3"),
        (r"conv(\d)_block(\d+)_(\d)_bn", r"layer{1-1}/{2-1}/bn{3+1}"),
        (r"post_bn", "post_bn"),
        (r"predictions", "linear"),
    ],
    "vgg": [
        (r"block(\d)_conv(\d)", r"layer\1/{2-1}/conv"),
        (r"fc(\d)", r"hidden\1"),
        (r"predictions", "linear"),
    ],
    "mobilenet_v1": [
        (r"conv1", "conv1"),
        (r"conv1_bn", "bn1"),
        (r"conv_dw_(\d+)(_bn|)", r"block{1-1}/depthwise\2"),
        (r"conv_pw_(\d+)(_bn|)", r"block{1-1}/pointwise\2"),
        (r"conv_preds", "linear"),
    ],
    "mobilenet_v2": [
        (r"Conv1", "conv1"),
        (r"bn_Conv1", "bn1"),
        (r"expanded_conv_(depthwise|project)", r"block0/\1"),
        (r"expanded_conv_(depthwise|project)_BN", r"block0/\1_bn"),
        (r"block_(\d+)_(expand|depthwise|project)", r"block\1/\2"),
        (r"block_(\d+)_(expand|depthwise|project)_BN", r"block\1/\2_bn"),
        (r"Conv_1", "conv2"),
        (r"Conv_1_bn", "bn2"),
        (r"predictions", "linear"),
    ],
    "mobilenet_v3": [
        (r"conv", "conv1"),
        (r"conv_bn", "bn1"),
        (r"expanded_conv_(depthwise|project)(_bn|)", r"block0/\1\2"),
        (r"expanded_conv_squeeze_excite_conv", "block0/squeeze_excite/reduce"),
        (r"expanded_conv_squeeze_excite_conv_1", "block0/squeeze_excite/expand"),
        (r"expanded_conv_(\d+)_(expand|depthwise|project)(_bn|)", r"block\1/\2\3"),
        (r"expanded_conv_(\d+)_squeeze_excite_conv", r"block\1/squeeze_excite/reduce"),
        (r"expanded_conv_(\d+)_squeeze_excite_conv_1", r"block\1/squeeze_excite/expand"),
        (r"conv_1", "conv2"),
        (r"conv_1_bn", "bn2"),
        (r"conv_2", "hidden"),
        (r"logits", "linear"),
    ],
}


def keras_logits(name):
    import keras

    function, family, size, options = KERAS[name]
    model = getattr(keras.applications, function)(
        weights=None, classes=CLASSES, classifier_activation=None, input_shape=(size, size, 3), **options
    )
    for layer in model.layers:
        if layer.weights:
            ours = renamed(layer.name, KERAS_FAMILIES[family])
            layer.set_weights([keras_value(f"{ours}/{w.name}", tuple(w.shape)) for w in layer.weights])
    return model.predict(golden_formula.images(IMAGES, size), verbose=0)


def keras_value(ours, shape):
    """Layouts are the same, but for 1×1 convolutions after the pooling, which are dense layers with us."""
    if len(shape) == 4 and ours in ("linear/kernel", "hidden/kernel"):
        return golden_formula.parameter(ours, shape[2:]).reshape(shape)
    return golden_formula.parameter(ours.replace("depthwise_kernel", "kernel"), shape)


# ------------------------------------------------------------------------------------------------------------


def renamed(name, rules):
    """By the first rule that matches; {1-1} in it is group 1 less 1."""
    for pattern, replacement in rules:
        match = re.fullmatch(pattern, name)
        if match:
            counted = re.sub(
                r"\{(\d)([+-]\d)\}", lambda m: str(int(match[int(m[1])]) + int(m[2])), replacement
            )
            return match.expand(counted)
    sys.exit(f"{name}: no rule says what it is called in Jackpot")


def main():
    names = list(TORCHVISION) + list(KERAS)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("out", nargs="?")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--list", action="store_true", help="print the names and stop")
    options = parser.parse_args()
    if options.list:
        print("\n".join(names))
        return
    unknown = sorted(set(options.names) - set(names))
    if unknown or not options.out:
        sys.exit(f"expected a folder and names of {', '.join(names)}; found {', '.join(unknown) or 'no folder'}")
    for name in options.names or names:
        logits = torch_logits(name) if name in TORCHVISION else keras_logits(name)
        lines = [" ".join(f"{value:.9g}" for value in image) for image in logits]
        Path(options.out, f"{name}.txt").write_text("\n".join(lines) + "\n")
        spread = np.abs(logits[0] - logits[1]).max() / np.abs(logits).max()
        print(f"{name}: largest {np.abs(logits).max():.4g}, the two images differ by {spread:.2g} of it", flush=True)


if __name__ == "__main__":
    main()
