"""What the peers that train on CIFAR-10 in PyTorch share: the images, and a CIFAR ResNet whose convolutions have masks."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

MEAN, DEVIATION = (0.4914, 0.4822, 0.4465), (0.2023, 0.1994, 0.2010)


class Ghosts:
    """What all places of one network share: beta and alpha, None where there is no such ghost (any more)."""

    beta = None
    alpha = None

    def activation(self, x):
        return F.relu(x) if self.beta is None else x * torch.sigmoid(self.beta * x)


class Layer(nn.Module):
    """A masked 3x3 convolution, its norm, and a skip around both."""

    def __init__(self, ghosts, channels_in, channels_out, stride=1, skip=False):
        super().__init__()
        self.ghosts = ghosts
        self.convolution = nn.Conv2d(channels_in, channels_out, 3, stride, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(channels_out)
        self.register_buffer("mask", torch.ones_like(self.convolution.weight))
        self.skip = None
        if skip:
            self.skip = nn.Conv2d(channels_in, channels_out, 1, stride, bias=False)
            nn.init.constant_(self.skip.weight, 1e-4)
            self.skip_norm = nn.BatchNorm2d(channels_out, eps=1e-5)

    def forward(self, x):
        c = self.convolution
        y = self.norm(F.conv2d(x, c.weight * self.mask, None, c.stride, c.padding))
        if self.skip is not None and self.ghosts.alpha is not None:
            y = y + self.ghosts.alpha * self.skip_norm(self.skip(x))
        return y


class Block(nn.Module):
    def __init__(self, ghosts, channels_in, channels_out, stride, skips):
        super().__init__()
        self.ghosts = ghosts
        self.first = Layer(ghosts, channels_in, channels_out, stride, skips)
        self.second = Layer(ghosts, channels_out, channels_out, 1, skips)
        self.stride, self.more = stride, channels_out - channels_in

    def forward(self, x):
        y = self.second(self.ghosts.activation(self.first(x)))
        if self.stride > 1 or self.more:
            x = x[:, :, :: self.stride, :: self.stride]
            x = F.pad(x, (0, 0, 0, 0, self.more // 2, self.more - self.more // 2))
        return self.ghosts.activation(x + y)


class ResNet(nn.Module):
    def __init__(self, skips, depth=20, width=16, classes=10):
        super().__init__()
        self.ghosts = Ghosts()
        self.stem = Layer(self.ghosts, 3, width)
        blocks, channels = [], width
        for group in range(3):
            for i in range((depth - 2) // 6):
                blocks.append(Block(self.ghosts, channels, width << group, 2 if group and not i else 1, skips))
                channels = width << group
        self.blocks = nn.Sequential(*blocks)
        self.classifier = nn.Linear(channels, classes)

    def forward(self, x):
        x = self.blocks(self.ghosts.activation(self.stem(x)))
        return self.classifier(x.mean((2, 3)))

    def layers(self):
        return [m for m in self.modules() if isinstance(m, Layer)]


def training_files(directory):
    files = sorted(f.name for f in directory.glob("data_batch_*.bin"))
    if not files:
        raise SystemExit(f"{directory}: no data_batch_*.bin there")
    return files


def load(directory, files):
    records = np.concatenate([np.fromfile(directory / f, np.uint8).reshape(-1, 3073) for f in files])
    pixels = torch.from_numpy(records[:, 1:].reshape(-1, 3, 32, 32).astype(np.float32) / 255)
    mean, deviation = (torch.tensor(v).view(1, 3, 1, 1) for v in (MEAN, DEVIATION))
    return (pixels - mean) / deviation, torch.from_numpy(records[:, 0].astype(np.int64))


def augmented(images, generator, black=False):
    """Crops of the images padded by 4, and flips; the padding is the mean pixel, or a black one."""
    padded = F.pad(images, (4, 4, 4, 4))
    if black:
        outside = F.pad(torch.zeros(1, 1, 32, 32), (4, 4, 4, 4), value=1.0)
        padded = padded - outside * (torch.tensor(MEAN) / torch.tensor(DEVIATION)).view(1, 3, 1, 1)
    out = torch.empty_like(images)
    rows, columns = (torch.randint(0, 9, (len(images),), generator=generator).tolist() for _ in range(2))
    flips = torch.rand(len(images), generator=generator).lt(0.5).tolist()
    for i, (row, column, flip) in enumerate(zip(rows, columns, flips)):
        image = padded[i, :, row : row + 32, column : column + 32]
        out[i] = image.flip(2) if flip else image
    return out


def batches(images, labels, generator, size, black=False):
    order = torch.randperm(len(images), generator=generator)
    for i in range(0, len(order) - size + 1, size):
        chosen = order[i : i + size]
        yield augmented(images[chosen], generator, black), labels[chosen]


@torch.no_grad()
def accuracy(network, images, labels):
    network.eval()
    hits = sum(int((network(x).argmax(1) == y).sum()) for x, y in zip(images.split(500), labels.split(500)))
    network.train()
    return hits / len(labels)
