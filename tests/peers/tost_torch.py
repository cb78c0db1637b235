"""Training a sparse ResNet with and without the ToST recipe in PyTorch, for a comparison with Jackpot's runs.

    tost_torch.py --data DIR [--sparsity 0.98] [--recipes default,all] [--seeds 1,2,3] [--epochs 15] [--train 10000]
                  [--rescale 60] [--rescale-batch 64] [--rescale-rate 0.03] [--all-classes] [--limit-test 0] [--threads N]

Own implementation of the recipe (Jaiswal et al., Training Your Sparse Neural Network Better with Any Mask, 2022) as
docs/sparse-training.md has it, on the same work as Jackpot's: CIFAR-10 in its binary layout, the first 10,000 training
images, ResNet-20 with option-A shortcuts, a random mask with ERK densities over the convolutions (the classifier stays
dense), SGD with momentum 0.9, rate 0.1 dropped to a tenth at 90/182 and 135/182 of the epochs, weight decay 2e-4 on
all parameters, batch 128, random crop with black padding of 4, flip: the recipe of configs/sweeps/tost-resnet20-short.textproto. Switches, joined by "+" or by the words "default" and "all":

    soft      x * sigmoid(beta * x), beta from 1 to 10 geometrically, until two fifths of the epochs; then ReLU
    skips     alpha * norm(1x1 convolution) around every 3x3 convolution of a block, alpha from 1 to 0 until then
    rescale   layer-wise scale factors of the initial weights by the constrained look-ahead objective; its derivatives are
              those of automatic differentiation, back through the gradient that is looked ahead by
    smoothing label smoothing 0.1, shared among the other classes

Prints a JSON line per recipe and seed: test accuracy of the last epoch, of the best one after the hand-over, and images/s
with ghosts and after them. Masks and initial weights depend on the seed alone, so recipes are compared on the same ones.
"""

import argparse
import json
import math
import os
import pathlib
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

try:
    from torch.func import functional_call
except ImportError:  # before 2.0
    from torch.nn.utils.stateless import functional_call

from cifar_torch import ResNet, accuracy, batches, load, training_files

BATCH, RATE, MOMENTUM, DECAY = 128, 0.1, 0.9, 2e-4
SWITCHES = ("soft", "skips", "rescale", "smoothing")


def draw(network, generator):
    """He's normal weights, cut off at two deviations, and Glorot's uniform ones for the classifier."""
    for layer in network.layers():
        weight = layer.convolution.weight
        deviation = math.sqrt(2 / weight[0].numel()) / 0.87962566103423978
        nn.init.trunc_normal_(weight, 0, deviation, -2 * deviation, 2 * deviation)
    nn.init.xavier_uniform_(network.classifier.weight)
    nn.init.zeros_(network.classifier.bias)


def densities(shapes, density):
    """Erdos-Renyi-kernel densities of the shapes, none above 1, keeping `density` of all weights."""
    sizes = [math.prod(s) for s in shapes]
    raw = [sum(s) / math.prod(s) for s in shapes]
    dense = set()
    while True:
        sparse = [i for i in range(len(shapes)) if i not in dense]
        kept = density * sum(sizes) - sum(sizes[i] for i in dense)
        scale = kept / sum(raw[i] * sizes[i] for i in sparse)
        largest = max(raw[i] for i in sparse)
        if scale * largest <= 1:
            return [1.0 if i in dense else scale * raw[i] for i in range(len(shapes))]
        dense |= {i for i in sparse if raw[i] == largest}


def prune(network, sparsity, generator):
    layers = network.layers()
    shapes = [tuple(layer.mask.shape) for layer in layers]
    for layer, share in zip(layers, densities(shapes, 1 - sparsity)):
        scores = torch.rand(layer.mask.numel(), generator=generator)
        mask = torch.zeros_like(scores)
        mask[scores.topk(round(share * scores.numel())).indices] = 1
        layer.mask.copy_(mask.view_as(layer.mask))
        with torch.no_grad():
            layer.convolution.weight.mul_(layer.mask)


def statistics(network, batch_only):
    """Whether norms take the batch's statistics and leave their averages alone."""
    for norm in network.modules():
        if isinstance(norm, nn.BatchNorm2d):
            norm.track_running_stats = not batch_only


def look_ahead(network, start, factors, first, second, eta, gamma):
    """
    The gradient's norm over `first` at factors * start, and the derivatives of what is to fall: of the norm where it is above
    gamma, else of the loss over `second` a step ahead, divided by eta.
    """
    alphas = torch.tensor(factors, requires_grad=True)
    values = {name: alphas[k] * value for k, (name, value) in enumerate(start.items())}

    def loss(at, batch):
        return F.cross_entropy(functional_call(network, at, (batch[0],)), batch[1])

    g = torch.autograd.grad(loss(values, first), list(values.values()), create_graph=True)
    norm = torch.sqrt(sum((x * x).sum() for x in g))
    if float(norm) > gamma:
        return float(norm), True, torch.autograd.grad(norm, alphas)[0].tolist()
    ahead = {name: value - eta * x / norm for (name, value), x in zip(values.items(), g)}
    return float(norm), False, torch.autograd.grad(loss(ahead, second()) / eta, alphas)[0].tolist()


def rescale(network, images, labels, generator, options, eta=0.1, gamma=1.0, least=0.01):
    """
    One factor per tensor: min L(theta - eta * g/|g|) subject to |g| <= gamma, by Adam on the factors. Biases and the norms' beta
    may go down to 0, everything else to `least`.
    """
    start = {n: p.detach().clone() for n, p in network.named_parameters() if ".skip" not in n}
    floors = [0.0 if name.endswith(".bias") else least for name in start]
    factors = [1.0] * len(start)
    objective, constraint, second = ([0.0] * len(start) for _ in range(3))
    done = [0, 0]
    stream = iter(())

    def draw_batch():
        nonlocal stream
        try:
            return next(stream)
        except StopIteration:
            stream = batches(images, labels, generator, options.rescale_batch, black=True)
            return next(stream)

    def joined(a, b):
        return torch.cat([a[0], b[0]]), torch.cat([a[1], b[1]])

    statistics(network, batch_only=True)
    for iteration in range(1, options.rescale + 1):
        a, b, c = draw_batch(), draw_batch(), draw_batch()
        _, constrained, slopes = look_ahead(
            network, start, factors, joined(a, b), lambda: joined(a, c), eta, gamma)
        first = constraint if constrained else objective
        done[constrained] += 1
        for k, slope in enumerate(slopes):
            d = max(-1.0, min(1.0, slope))
            first[k] = 0.9 * first[k] + 0.1 * d
            second[k] = 0.999 * second[k] + 0.001 * d * d
            step = first[k] / (1 - 0.9 ** done[constrained])
            size = math.sqrt(second[k] / (1 - 0.999**iteration)) + 1e-8
            factors[k] = max(factors[k] - options.rescale_rate * step / size, floors[k])
    statistics(network, batch_only=False)
    with torch.no_grad():
        parameters = dict(network.named_parameters())
        for (name, value), factor in zip(start.items(), factors):
            parameters[name].copy_(value * factor)
    return factors, done[1]


def train(recipe, seed, options, data):
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    network = ResNet("skips" in recipe)
    torch.manual_seed(seed)  # skips must not move the draws of the other weights
    draw(network, generator)
    prune(network, options.sparsity, generator)
    (images, labels), test = data
    factors, constrained = [1.0], 0
    if "rescale" in recipe:
        factors, constrained = rescale(network, images, labels, torch.Generator().manual_seed(seed + 1000), options)
    optimizer = torch.optim.SGD(network.parameters(), RATE, momentum=MOMENTUM, weight_decay=DECAY)
    hand_over = max(1, round(0.4 * options.epochs))
    drops = [round(options.epochs * e / 182) for e in (90, 135)]
    # torch's shares epsilon among all classes
    smoothing = (0.1 if options.all_classes else 0.1 * 10 / 9) if "smoothing" in recipe else 0.0
    rates, best, last, losses = {True: [], False: []}, -1.0, -1.0, []
    for epoch in range(options.epochs):
        ghosts = epoch < hand_over
        network.ghosts.beta = 10.0 ** (epoch / hand_over) if ghosts and "soft" in recipe else None
        network.ghosts.alpha = 1 - epoch / hand_over if ghosts and "skips" in recipe else None
        for group in optimizer.param_groups:
            group["lr"] = RATE * 0.1 ** sum(epoch >= d for d in drops)
        begun, seen, spent = time.perf_counter(), 0, 0.0
        for x, y in batches(images, labels, generator, BATCH, black=True):
            begun = time.perf_counter()
            optimizer.zero_grad(set_to_none=True)
            loss = F.cross_entropy(network(x), y, label_smoothing=smoothing)
            loss.backward()
            optimizer.step()
            spent += time.perf_counter() - begun
            seen += len(x)
        losses.append(float(loss.detach()))
        rates[ghosts].append(seen / spent)
        last = accuracy(network, *test)
        best = best if ghosts else max(best, last)
    return {
        "peer": "torch",
        "version": torch.__version__,
        "recipe": "+".join(recipe) or "default",
        "seed": seed,
        "sparsity": options.sparsity,
        "epochs": options.epochs,
        "accuracy": last,
        "best_accuracy": best,
        "last_loss": losses[-1],
        "factors": [min(factors), max(factors)],
        "constraint_steps": constrained,
        "images_per_s_with_ghosts": float(np.median(rates[True])),
        "images_per_s_after": float(np.median(rates[False])),
    }


def recipes(text):
    for name in text.split(","):
        recipe = {"default": (), "all": SWITCHES}.get(name, tuple(name.split("+")))
        for switch in recipe:
            if switch not in SWITCHES:
                raise SystemExit(f"--recipes: found {switch}, expected default, all or some of {', '.join(SWITCHES)}")
        yield recipe


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder with data_batch_*.bin and test_batch.bin")
    parser.add_argument("--sparsity", type=float, default=0.98)
    parser.add_argument("--recipes", default="default,all")
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--epochs", type=int, default=15)
    parser.add_argument("--train", type=int, default=10000, help="first N training images")
    parser.add_argument("--limit-test", type=int, default=0, help="first N test images; 0: all")
    parser.add_argument("--rescale", type=int, default=60, help="iterations of the factors")
    parser.add_argument("--rescale-batch", type=int, default=64, help="images in each of a gradient's two batches")
    parser.add_argument("--rescale-rate", type=float, default=0.03, help="learning rate of the factors")
    parser.add_argument("--all-classes", action="store_true", help="smoothing shares epsilon among all classes")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    if not 0 <= options.sparsity < 1:
        raise SystemExit(f"--sparsity: found {options.sparsity}, expected a number in [0, 1)")
    if options.epochs < 2:
        raise SystemExit(f"--epochs: found {options.epochs}, expected at least 2: one with ghosts and one without")
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    chosen = list(recipes(options.recipes))
    images, labels = load(options.data, training_files(options.data))
    test = load(options.data, ["test_batch.bin"])
    if options.limit_test:
        test = tuple(t[: options.limit_test] for t in test)
    data = (images[: options.train], labels[: options.train]), test
    for seed in map(int, options.seeds.split(",")):
        for recipe in chosen:
            print(json.dumps(train(recipe, seed, options, data)), flush=True)


if __name__ == "__main__":
    main()
