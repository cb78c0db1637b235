"""Reference values of a mask search: what a few steps on given images do to a small ResNet, computed by PyTorch.

    search_reference.py VALUES.npz BATCHES.npz OUT.npz --sparsity P --rate ETA --restriction R
                        [--momentum 0.9] [--weight-decay 5e-4] [--epsilon 1e-5] [--average-momentum 0.9]

Own implementation of the method (Zhang et al., Lottery Jackpots Exist in Pre-trained Models, 2021) that shares nothing
with Jackpot but the names and layouts of its files. Sums are taken in float32, as there.

VALUES holds a ResNet of depth 6n+2 with option-A shortcuts: kernels [height, width, in, out] and [in, classes], gamma,
beta, moving_mean and moving_variance of each norm. BATCHES holds images [steps, batch, height, width, channels],
float32 and normalised, and labels [steps, batch]: one step for each.

The search prunes floor(P * all) weights of all convolutions together by |w|, gives kept weights the score 1 and pruned
ones 0.99, and then moves scores alone: SGD with momentum, weight decay added to the gradient. After each step every
kernel swaps max(1, ceil(R * wanted)) of the wanted pairs of kept and pruned weights.

OUT gets `start/logits` [batch, classes] (of the first batch by the running averages, before any step), `losses`
[steps], `swaps` [steps], and what the last step left: `KERNEL/mask`, `KERNEL/score`, and every moving_mean and
moving_variance under its name. Exit code 1 and one line on stderr if the files do not fit.
"""

import argparse
import math
import re
import sys
from decimal import Decimal

import numpy as np
import torch
from torch.nn import functional as F

START_KEPT, START_PRUNED = 1.0, 0.99


class Network:
    """The forward pass over values by name. Kernels that are searched enter as effective weights."""

    def __init__(self, values, epsilon, average_momentum):
        self.values = {name: torch.from_numpy(value) for name, value in values.items()}
        self.epsilon, self.blend = epsilon, 1 - average_momentum
        blocks = {match for match in map(re.compile(r"(layer\d+)/(\d+)").match, values) if match}
        self.blocks = sorted({(match[1], int(match[2])) for match in blocks})
        if not self.blocks or "conv1/kernel" not in values or "linear/kernel" not in values:
            sys.exit(f"expected the parameters of a CIFAR ResNet, found {', '.join(values)}")
        self.convolutions = [name for name, value in values.items() if name.endswith("/kernel") and value.ndim == 4]

    def logits(self, images, effective, training):
        def convolution(name, x, stride):
            return F.conv2d(x, effective[name + "/kernel"].permute(3, 2, 0, 1), stride=stride, padding=1)

        def norm(name, x):
            v = self.values
            return F.batch_norm(
                x, v[name + "/moving_mean"], v[name + "/moving_variance"], v[name + "/gamma"], v[name + "/beta"],
                training=training, momentum=self.blend, eps=self.epsilon)  # moves the averages in place

        x = F.relu(norm("bn1", convolution("conv1", images.permute(0, 3, 1, 2), 1)))
        for group, block in self.blocks:
            name = f"{group}/{block}"
            stride = 2 if block == 0 and group != "layer1" else 1
            y = F.relu(norm(name + "/bn1", convolution(name + "/conv1", x, stride)))
            y = norm(name + "/bn2", convolution(name + "/conv2", y, 1))
            more = y.shape[1] - x.shape[1]
            x = x[:, :, ::stride, ::stride]
            x = F.relu(y + F.pad(x, (0, 0, 0, 0, more // 2, more - more // 2)))
        return x.mean((2, 3)) @ self.values["linear/kernel"] + self.values["linear/bias"]


class Search:
    """Masks and scores of a network's convolutions, all in the kernels' own layout."""

    def __init__(self, network, sparsity, options):
        self.network, self.options = network, options
        weights = {name: network.values[name].numpy() for name in network.convolutions}
        sizes = np.concatenate([np.abs(w).ravel() for w in weights.values()])
        pruned = int(Decimal(sparsity) * len(sizes))
        keep = np.zeros(len(sizes), bool)
        keep[highest_first(sizes)[: len(sizes) - pruned]] = True
        parts = np.split(keep, np.cumsum([w.size for w in weights.values()])[:-1])
        self.masks = {name: part.reshape(weights[name].shape) for name, part in zip(weights, parts)}
        self.scores = {
            name: torch.from_numpy(np.where(mask, START_KEPT, START_PRUNED).astype(np.float32)).requires_grad_()
            for name, mask in self.masks.items()
        }
        self.optimizer = torch.optim.SGD(
            list(self.scores.values()), options.rate, momentum=options.momentum, weight_decay=options.weight_decay)

    def effective(self):
        """The mask forward; the gradient of the score is that of the mask, at kept and pruned positions alike."""
        weights = {}
        for name, score in self.scores.items():
            mask = torch.from_numpy(self.masks[name].astype(np.float32))
            weights[name] = self.network.values[name] * (mask + (score - score.detach()))
        return weights

    def step(self, images, labels):
        """Returns the loss before the step and the number of swaps after it."""
        self.optimizer.zero_grad()
        loss = F.cross_entropy(self.network.logits(images, self.effective(), True), labels)
        loss.backward()
        self.optimizer.step()
        swaps = sum(swap(self.scores[n].detach().numpy(), m, self.options.restriction) for n, m in self.masks.items())
        return loss.item(), swaps


def highest_first(values):
    """Indices by value, highest first; of equal values the lower index first."""
    return np.argsort(-values.ravel(), kind="stable")


def swap(score, mask, restriction):
    """Changes the mask in place: of the pruned weights among the best as many as are kept, the best share come in."""
    order = highest_first(score)
    flat = mask.reshape(-1)
    count = int(flat.sum())
    revive = [i for i in order[:count] if not flat[i]]
    remove = [i for i in order[count:] if flat[i]]
    allowed = min(len(revive), max(1, math.ceil(restriction * len(revive))))
    flat[revive[:allowed]] = True
    flat[remove[len(remove) - allowed :]] = False
    return allowed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("values")
    parser.add_argument("batches")
    parser.add_argument("out")
    parser.add_argument("--sparsity", required=True)
    parser.add_argument("--rate", type=float, required=True)
    parser.add_argument("--restriction", type=float, required=True)
    parser.add_argument("--momentum", type=float, default=0.9)
    parser.add_argument("--weight-decay", type=float, default=5e-4)
    parser.add_argument("--epsilon", type=float, default=1e-5)
    parser.add_argument("--average-momentum", type=float, default=0.9)
    options = parser.parse_args()

    torch.set_num_threads(1)
    batches = np.load(options.batches)
    images = torch.from_numpy(batches["images"])
    labels = torch.from_numpy(batches["labels"].astype(np.int64))
    if images.ndim != 5 or labels.shape != images.shape[:2]:
        sys.exit(f"{options.batches}: found images {list(images.shape)} and labels {list(labels.shape)}, "
                 "expected [steps, batch, height, width, channels] and [steps, batch]")
    network = Network(dict(np.load(options.values)), options.epsilon, options.average_momentum)
    search = Search(network, options.sparsity, options)
    with torch.no_grad():
        logits = network.logits(images[0], search.effective(), False).numpy()
    steps = [search.step(x, y) for x, y in zip(images, labels)]

    arrays = {"start/logits": logits}
    arrays["losses"] = np.array([loss for loss, _ in steps], np.float32)
    arrays["swaps"] = np.array([swaps for _, swaps in steps], np.float32)
    for name in network.convolutions:
        arrays[name + "/mask"] = search.masks[name].astype(np.float32)
        arrays[name + "/score"] = search.scores[name].detach().numpy()
    arrays.update({n: v.numpy() for n, v in network.values.items() if "/moving_" in n})
    np.savez(options.out, **arrays)


if __name__ == "__main__":
    main()
