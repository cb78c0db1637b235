"""The speed of one step in PyTorch on this machine's cores: a lottery-jackpot search, or plain training.

    search_torch.py --mode search,train --format nchw,channels_last [--depth 20] [--batch 128] [--steps 30] [--threads N]

Own implementation of the method (Zhang et al., Lottery Jackpots Exist in Pre-trained Models, 2021), for a comparison on
equal work: a CIFAR ResNet with option-A shortcuts, random images that lie in memory, forward, softmax cross-entropy,
backward, SGD with momentum and weight decay; in a search only the scores learn, weights are frozen, and after each step
every convolution swaps the best half of the wanted swaps. Steps of all the asked combinations are interleaved, so that
other load on the machine hits all alike. Prints a JSON line for each combination: the median step and images_per_s.
"""

import argparse
import itertools
import json
import os
import statistics
import time

import torch
from torch import nn
from torch.nn import functional as F

MOMENTUM, WEIGHT_DECAY, RATE = 0.9, 5e-4, 0.1
SPARSITY, RESTRICTION = 0.9, 0.5
START_KEPT, START_PRUNED = 1.0, 0.99


class StraightThrough(torch.autograd.Function):
    """Forward the mask, backward the gradient to the score unchanged."""

    @staticmethod
    def forward(context, score, mask):
        return mask

    @staticmethod
    def backward(context, gradient):
        return gradient, None


def flat(tensor):
    """A view of all elements in the order they lie in memory, which is the same for a score and its mask."""
    return tensor.view(-1) if tensor.is_contiguous() else tensor.permute(0, 2, 3, 1).view(-1)


class Convolution(nn.Conv2d):
    """A 3x3 convolution without bias whose kernel may be searched: effective = weight * mask."""

    def __init__(self, channels_in, channels_out, stride=1):
        super().__init__(channels_in, channels_out, 3, stride, padding=1, bias=False)
        nn.init.kaiming_normal_(self.weight, mode="fan_out")
        self.searched = False

    def search(self, threshold):
        self.weight.requires_grad_(False)
        self.register_buffer("mask", (self.weight.abs() > threshold).float())
        self.score = nn.Parameter(torch.where(self.mask > 0, START_KEPT, START_PRUNED))
        self.searched = True

    def forward(self, x):
        weight = self.weight
        if self.searched:
            weight = weight * StraightThrough.apply(self.score, self.mask)
        return F.conv2d(x, weight, None, self.stride, self.padding)

    @torch.no_grad()
    def swap(self, fraction):
        """Brings in the best `fraction` of the pruned positions that score above the threshold, for as many worst."""
        score, mask = flat(self.score), flat(self.mask)
        pruned = int((mask == 0).sum())
        if pruned in (0, mask.numel()):
            return
        threshold = score.kthvalue(pruned).values
        wanted = ((mask == 0) & (score > threshold)).nonzero().view(-1)
        unwanted = ((mask == 1) & (score <= threshold)).nonzero().view(-1)
        count = min(len(wanted), len(unwanted))
        count = -int(-fraction * count // 1)
        if count:
            mask[wanted[score[wanted].topk(count).indices]] = 1
            mask[unwanted[score[unwanted].topk(count, largest=False).indices]] = 0


class Block(nn.Module):
    def __init__(self, channels_in, channels_out, stride):
        super().__init__()
        self.first = Convolution(channels_in, channels_out, stride)
        self.first_norm = nn.BatchNorm2d(channels_out)
        self.second = Convolution(channels_out, channels_out)
        self.second_norm = nn.BatchNorm2d(channels_out)
        self.stride, self.more = stride, channels_out - channels_in

    def forward(self, x):
        y = F.relu(self.first_norm(self.first(x)))
        y = self.second_norm(self.second(y))
        if self.stride > 1 or self.more:
            x = x[:, :, :: self.stride, :: self.stride]
            x = F.pad(x, (0, 0, 0, 0, self.more // 2, self.more - self.more // 2))
        return F.relu(x + y)


def resnet(depth, width=16, classes=10):
    """A CIFAR ResNet of depth 6n+2."""
    if depth < 8 or (depth - 2) % 6:
        raise SystemExit(f"depth {depth}: expected 6n+2, for instance 20")
    layers = [Convolution(3, width), nn.BatchNorm2d(width), nn.ReLU()]
    channels = width
    for stage, block in itertools.product(range(3), range((depth - 2) // 6)):
        wider = width << stage
        layers.append(Block(channels, wider, 2 if stage and not block else 1))
        channels = wider
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes))


class Step:
    """One way of making a step; each has its own network and optimizer."""

    def __init__(self, mode, memory, depth, images, labels):
        self.mode, self.memory = mode, memory
        self.network = resnet(depth).train()
        self.convolutions = [m for m in self.network.modules() if isinstance(m, Convolution)]
        trained = list(self.network.parameters())
        if mode == "search":
            weights = torch.cat([c.weight.detach().abs().view(-1) for c in self.convolutions])
            threshold = weights.kthvalue(int(SPARSITY * len(weights))).values
            for parameter in trained:
                parameter.requires_grad_(False)
            for convolution in self.convolutions:
                convolution.search(threshold)
            trained = [c.score for c in self.convolutions]
        self.images, self.labels = images, labels
        if memory == "channels_last":
            self.network = self.network.to(memory_format=torch.channels_last)
            self.images = images.contiguous(memory_format=torch.channels_last)
        self.optimizer = torch.optim.SGD(trained, RATE, momentum=MOMENTUM, weight_decay=WEIGHT_DECAY)
        self.seconds = []

    def run(self):
        start = time.perf_counter()
        self.optimizer.zero_grad(set_to_none=True)
        F.cross_entropy(self.network(self.images), self.labels).backward()
        self.optimizer.step()
        if self.mode == "search":
            for convolution in self.convolutions:
                convolution.swap(RESTRICTION)
        self.seconds.append(time.perf_counter() - start)

    def result(self, warm_up):
        seconds = statistics.median(self.seconds[warm_up:])
        return {
            "peer": "torch",
            "version": torch.__version__,
            "mode": self.mode,
            "format": self.memory,
            "batch": len(self.images),
            "threads": torch.get_num_threads(),
            "steps": len(self.seconds) - warm_up,
            "step_seconds": seconds,
            "images_per_s": len(self.images) / seconds,
        }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--mode", default="search,train")
    parser.add_argument("--format", default="nchw,channels_last")
    parser.add_argument("--depth", type=int, default=20)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--warm-up", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    modes, formats = options.mode.split(","), options.format.split(",")
    for value, known in [(m, ("search", "train")) for m in modes] + [(f, ("nchw", "channels_last")) for f in formats]:
        if value not in known:
            raise SystemExit(f"{value}: expected one of {', '.join(known)}")

    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(options.seed)
    images = torch.randn(options.batch, 3, 32, 32)
    labels = torch.randint(0, 10, (options.batch,))
    steps = [Step(m, f, options.depth, images, labels) for m, f in itertools.product(modes, formats)]
    for _ in range(options.warm_up + options.steps):
        for step in steps:
            step.run()
    for step in steps:
        print(json.dumps(step.result(options.warm_up)))


if __name__ == "__main__":
    main()
