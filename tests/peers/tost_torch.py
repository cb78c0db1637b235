"""Training a sparse ResNet with and without the ToST recipe in PyTorch, for a comparison with Jackpot's runs.

    tost_torch.py --data DIR [--sparsity 0.98] [--recipes default,all] [--seeds 1,2,3] [--epochs 15] [--train 10000]
                  [--rescale 180] [--limit-test 0] [--threads N]

Own implementation of the recipe (Jaiswal et al., Training Your Sparse Neural Network Better with Any Mask, 2022) as
docs/sparse-training.md has it, on the same work as Jackpot's: CIFAR-10 in its binary layout, the first 10,000 training
images, ResNet-20 with option-A shortcuts, a random mask with ERK densities over the convolutions (the classifier stays
dense), SGD with momentum 0.9, rate 0.1 dropped to a tenth at 90/182 and 135/182 of the epochs, weight decay 2e-4 on
kernels, batch 128, random crop with padding 4, flip. Switches, joined by "+" or by the words "default" and "all":

    soft      x * sigmoid(beta * x), beta from 1 to 10 geometrically, until two fifths of the epochs; then ReLU
    skips     alpha * norm(1x1 convolution) around every 3x3 convolution of a block, alpha from 1 to 0 until then
    rescale   layer-wise scale factors of the initial weights by the constrained look-ahead objective
    smoothing label smoothing 0.1

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


def gradients(network, parameters, batch):
    """The gradient of the plain loss by the batch's statistics, averages untouched."""
    norms = [m for m in network.modules() if isinstance(m, nn.BatchNorm2d)]
    for norm in norms:
        norm.track_running_stats = False
    grads = torch.autograd.grad(F.cross_entropy(network(batch[0]), batch[1]), parameters)
    for norm in norms:
        norm.track_running_stats = True
    return [g.detach() for g in grads]


def moved(parameters, directions, distance):
    with torch.no_grad():
        for p, d in zip(parameters, directions):
            p.add_(d, alpha=distance)


def hessian_product(network, parameters, batch, vectors, step=1e-2):
    """H v by central differences of gradients along v / |v|."""
    length = math.sqrt(sum(float((v * v).sum()) for v in vectors))
    if length == 0:
        return [torch.zeros_like(v) for v in vectors]
    moved(parameters, vectors, step / length)
    above = gradients(network, parameters, batch)
    moved(parameters, vectors, -2 * step / length)
    below = gradients(network, parameters, batch)
    moved(parameters, vectors, step / length)
    return [(a - b) * (length / (2 * step)) for a, b in zip(above, below)]


def rescale(network, images, labels, generator, iterations, eta=0.1, gamma=1.0, rate=1e-2, least=0.01):
    """One factor per tensor: min L(theta - eta * g/|g|) subject to |g| <= gamma, by Adam on the factors."""
    skips = {id(p) for layer in network.layers() if layer.skip is not None
             for m in (layer.skip, layer.skip_norm) for p in m.parameters()}
    parameters = [p for p in network.parameters() if id(p) not in skips]
    start = [p.detach().clone() for p in parameters]
    factors = [1.0] * len(parameters)
    objective, constraint, second = ([0.0] * len(parameters) for _ in range(3))
    done = [0, 0]
    stream = iter(())

    def draw_batch():
        nonlocal stream
        try:
            return next(stream)
        except StopIteration:
            stream = batches(images, labels, generator, BATCH)
            return next(stream)

    for iteration in range(1, iterations + 1):
        a, b = draw_batch(), draw_batch()
        both = (torch.cat([a[0], b[0]]), torch.cat([a[1], b[1]]))
        g = gradients(network, parameters, both)
        norm = math.sqrt(sum(float((x * x).sum()) for x in g))
        unit = [x / norm for x in g]
        constrained = norm > gamma
        if constrained:
            slopes = hessian_product(network, parameters, both, unit)
        else:
            c = draw_batch()
            moved(parameters, unit, -eta)
            u = gradients(network, parameters, (torch.cat([a[0], c[0]]), torch.cat([a[1], c[1]])))
            moved(parameters, unit, eta)
            along = sum(float((x * y).sum()) for x, y in zip(unit, u))
            w = [(x - y * along) / norm for x, y in zip(u, unit)]
            product = hessian_product(network, parameters, both, w)
            slopes = [(x - eta * h) / eta for x, h in zip(u, product)]
        first = constraint if constrained else objective
        done[constrained] += 1
        for k, (slope, value) in enumerate(zip(slopes, start)):
            d = max(-1.0, min(1.0, float((slope * value).sum())))
            first[k] = 0.9 * first[k] + 0.1 * d
            second[k] = 0.999 * second[k] + 0.001 * d * d
            step = first[k] / (1 - 0.9 ** done[constrained])
            size = math.sqrt(second[k] / (1 - 0.999**iteration)) + 1e-8
            floor = least if value.dim() > 1 else 0.0
            factors[k] = max(factors[k] - rate * step / size, floor)
        with torch.no_grad():
            for p, value, factor in zip(parameters, start, factors):
                p.copy_(value * factor)


def train(recipe, seed, options, data):
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    network = ResNet("skips" in recipe)
    torch.manual_seed(seed)  # skips must not move the draws of the other weights
    draw(network, generator)
    prune(network, options.sparsity, generator)
    (images, labels), test = data
    if "rescale" in recipe:
        rescale(network, images, labels, torch.Generator().manual_seed(seed + 1000), options.rescale)
    decayed = [p for p in network.parameters() if p.dim() > 1]
    others = [p for p in network.parameters() if p.dim() <= 1]
    groups = [{"params": decayed, "weight_decay": DECAY}, {"params": others, "weight_decay": 0}]
    optimizer = torch.optim.SGD(groups, RATE, momentum=MOMENTUM)
    hand_over = max(1, round(0.4 * options.epochs))
    drops = [round(options.epochs * e / 182) for e in (90, 135)]
    smoothing = (0.1 * 10 / 9 if options.others else 0.1) if "smoothing" in recipe else 0.0
    rates, best, last, losses = {True: [], False: []}, -1.0, -1.0, []
    for epoch in range(options.epochs):
        ghosts = epoch < hand_over
        network.ghosts.beta = 10.0 ** (epoch / hand_over) if ghosts and "soft" in recipe else None
        network.ghosts.alpha = 1 - epoch / hand_over if ghosts and "skips" in recipe else None
        for group in optimizer.param_groups:
            group["lr"] = RATE * 0.1 ** sum(epoch >= d for d in drops)
        begun, seen, spent = time.perf_counter(), 0, 0.0
        for x, y in batches(images, labels, generator, BATCH):
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
    parser.add_argument("--rescale", type=int, default=180, help="iterations of the factors")
    parser.add_argument("--others", action="store_true", help="smoothing shares epsilon among the other classes")
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
