"""One-shot global magnitude pruning with retraining in PyTorch, for a comparison with Jackpot's runs.

    magnitude_torch.py --data DIR --weights FILE.npz|CHECKPOINT [--sparsity 0.9] [--seeds 1,2] [--epochs 20] [--train 10000]
                       [--rate 0.1] [--decay 5e-4] [--constant] [--limit-test 0] [--threads N]

Own implementation of the preset resnet20-cifar10-lr-rewind90-short (docs/magnitude-pruning.md), on the same work: CIFAR-10
in its binary layout, the first 10,000 training images, a ResNet-20 with option-A shortcuts that starts from given weights
(an npz by Jackpot's names, or a checkpoint of a run), of all convolutions together the smallest |w| pruned (the
classifier stays dense), SGD with momentum 0.9, a cosine from the rate to 0 by epochs, weight decay on all parameters, batch
128, random crop of the image in a black frame of 4, flip. Only the order of the images and their crops are others.

Prints a JSON line per seed: test accuracy of the weights, right after pruning, after the last epoch and of the best one.
"""

import argparse
import json
import math
import os
import pathlib

import numpy as np
import torch
from torch.nn import functional as F

from cifar_torch import ResNet, accuracy, batches, load, training_files

BATCH, MOMENTUM = 128, 0.9


def places(network):
    """Jackpot's names of the network's arrays, and how each gets there."""
    layers = [("", "1", network.stem)]
    for i, block in enumerate(network.blocks):
        group, index = divmod(i, len(network.blocks) // 3)
        layers += [(f"layer{group + 1}/{index}/", str(n), layer) for n, layer in ((1, block.first), (2, block.second))]
    for prefix, number, layer in layers:
        yield f"{prefix}conv{number}/kernel", layer.convolution.weight, (3, 2, 0, 1)
        for name, array in (
            ("gamma", layer.norm.weight),
            ("beta", layer.norm.bias),
            ("moving_mean", layer.norm.running_mean),
            ("moving_variance", layer.norm.running_var),
        ):
            yield f"{prefix}bn{number}/{name}", array, (0,)
    yield "linear/kernel", network.classifier.weight, (1, 0)
    yield "linear/bias", network.classifier.bias, (0,)


def arrays(path):
    """The network's arrays by name, of an npz or of a checkpoint of Jackpot's (which takes TensorFlow to read)."""
    if path.suffix == ".npz":
        with np.load(path) as file:
            return {name: file[name] for name in file.files if not name.startswith("meta/")}
    import tensorflow

    reader = tensorflow.train.load_checkpoint(str(path / "state"))
    return {name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map() if "/momentum" not in name}


@torch.no_grad()
def fill(network, path):
    left = arrays(path)
    for name, array, order in places(network):
        if name not in left:
            raise SystemExit(f"{path}: no array {name} there, found {', '.join(sorted(left)[:5])}, ...")
        value = left.pop(name).astype(np.float32)
        if value.transpose(order).shape != tuple(array.shape):
            raise SystemExit(f"{path}: {name} has shape {value.shape}, the network's is another")
        array.copy_(torch.from_numpy(np.ascontiguousarray(value.transpose(order))))
    if left:
        raise SystemExit(f"{path}: no place for {', '.join(sorted(left))}")


@torch.no_grad()
def prune(network, sparsity):
    """Masks of all convolutions by one threshold: exactly floor(sparsity * N) weights go."""
    layers = network.layers()
    magnitudes = torch.cat([layer.convolution.weight.abs().flatten() for layer in layers])
    # the share is the decimal that was written: 0.9 of 10 is 9
    pruned = math.floor(round(sparsity * len(magnitudes), 6))
    mask = torch.ones_like(magnitudes)
    mask[magnitudes.argsort()[:pruned]] = 0
    for layer, part in zip(layers, mask.split([layer.mask.numel() for layer in layers])):
        layer.mask.copy_(part.view_as(layer.mask))
        layer.convolution.weight.mul_(layer.mask)
    return pruned, len(magnitudes)


def retrain(seed, options, data):
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    network = ResNet(skips=False)
    fill(network, options.weights)
    (images, labels), test = data
    dense = accuracy(network, *test)
    pruned, size = prune(network, options.sparsity)
    start = accuracy(network, *test)
    optimizer = torch.optim.SGD(network.parameters(), options.rate, momentum=MOMENTUM, weight_decay=options.decay)
    accuracies, loss = [], torch.tensor(math.nan)
    for epoch in range(options.epochs):
        share = 1 if options.constant else (1 + math.cos(math.pi * epoch / options.epochs)) / 2
        for group in optimizer.param_groups:
            group["lr"] = options.rate * share
        for x, y in batches(images, labels, generator, BATCH, black=True):
            optimizer.zero_grad(set_to_none=True)
            loss = F.cross_entropy(network(x), y)
            loss.backward()
            optimizer.step()
        accuracies.append(accuracy(network, *test))
    left = sum(int((layer.convolution.weight != 0).sum()) for layer in network.layers())
    if left > size - pruned:
        raise SystemExit(f"{left} weights are not 0, {size - pruned} were kept: the masks do not hold")
    return {
        "peer": "torch",
        "version": torch.__version__,
        "seed": seed,
        "pruned": pruned,
        "size": size,
        "epochs": options.epochs,
        "dense_accuracy": dense,
        "start_accuracy": start,
        "accuracy": accuracies[-1] if accuracies else start,
        "best_accuracy": max(accuracies, default=start),
        "last_loss": float(loss.detach()),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder with data_batch_*.bin and test_batch.bin")
    parser.add_argument("--weights", type=pathlib.Path, required=True, help="npz of a ResNet-20 by Jackpot's names, or a\nfolder of a run's checkpoints")
    parser.add_argument("--sparsity", type=float, default=0.9)
    parser.add_argument("--seeds", default="1,2")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--train", type=int, default=10000, help="first N training images")
    parser.add_argument("--limit-test", type=int, default=0, help="first N test images; 0: all")
    parser.add_argument("--rate", type=float, default=0.1)
    parser.add_argument("--decay", type=float, default=5e-4)
    parser.add_argument("--constant", action="store_true", help="the rate stays: fine-tuning")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    if not 0 <= options.sparsity < 1:
        raise SystemExit(f"--sparsity: found {options.sparsity}, expected a number in [0, 1)")
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    images, labels = load(options.data, training_files(options.data))
    test = load(options.data, ["test_batch.bin"])
    if options.limit_test:
        test = tuple(t[: options.limit_test] for t in test)
    data = (images[: options.train], labels[: options.train]), test
    for seed in map(int, options.seeds.split(",")):
        print(json.dumps(retrain(seed, options, data)), flush=True)


if __name__ == "__main__":
    main()
