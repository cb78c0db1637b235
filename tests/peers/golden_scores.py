"""SNIP, GraSP and SynFlow scores of a ResNet-8 in PyTorch, on weights and images from a formula (golden_formula.py).

    golden_scores.py OUT.npz

Writes snip/NAME, grasp/NAME, synflow/NAME (float32) for every convolution of Jackpot's cifar_resnet of depth 8 and width
4, and mask/NAME (uint8), the masks of 100 rounds of SynFlow at a sparsity of 95 %. `GoldenScoresTest` compares Jackpot's
own with the committed file. GraSP's product with the Hessian is automatic differentiation's, by a second backward pass.
"""

import sys

import numpy as np
import torch
import torch.nn.functional as F

import golden_formula

WIDTH, CLASSES, SIZE = 4, 10, 32
BATCHES, BATCH = 2, 16
TEMPERATURE = 200
SPARSITY, ROUNDS = 0.95, 100
EPSILON = 1e-5


def shapes():
    """Jackpot's parameters: name → shape; kernels are [height, width, in, out]."""
    found = {"conv1/kernel": (3, 3, 3, WIDTH)}
    norms = [("bn1", WIDTH)]
    width = WIDTH
    for group in range(3):
        filters = WIDTH << group
        block = f"layer{group + 1}/0"
        found[f"{block}/conv1/kernel"] = (3, 3, width, filters)
        found[f"{block}/conv2/kernel"] = (3, 3, filters, filters)
        norms += [(f"{block}/bn1", filters), (f"{block}/bn2", filters)]
        width = filters
    for name, channels in norms:
        found[f"{name}/gamma"] = found[f"{name}/beta"] = (channels,)
    found["linear/kernel"] = (width, CLASSES)
    found["linear/bias"] = (CLASSES,)
    return found


def values(dtype):
    drawn = {n: torch.tensor(golden_formula.parameter(n, s)).to(dtype) for n, s in shapes().items()}
    # PyTorch's convolutions take [out, in, height, width]
    return {n: v.permute(3, 2, 0, 1).contiguous() if v.dim() == 4 else v for n, v in drawn.items()}


def forward(p, x, flow=False):
    """Logits. In training mode (batch norm by the batch), or as synaptic flow sees the network."""

    def norm(name, y):
        if flow:
            return y
        return F.batch_norm(y, None, None, p[f"{name}/gamma"], p[f"{name}/beta"], True, 0, EPSILON)

    x = F.relu(norm("bn1", F.conv2d(x, p["conv1/kernel"], padding=1)))
    for group in range(3):
        block, stride = f"layer{group + 1}/0", 2 if group else 1
        y = F.conv2d(x, p[f"{block}/conv1/kernel"], stride=stride, padding=1)
        y = F.conv2d(F.relu(norm(f"{block}/bn1", y)), p[f"{block}/conv2/kernel"], padding=1)
        y = norm(f"{block}/bn2", y)
        if stride == 2:
            more = y.shape[1] - x.shape[1]
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, more // 2, more - more // 2))
        x = F.relu(x + y)
    logits = x.mean((2, 3)) @ p["linear/kernel"]
    return logits if flow else logits + p["linear/bias"]


def batches():
    drawn = golden_formula.images(BATCHES * BATCH, SIZE).astype(np.float64)
    pixels = np.clip(np.floor(drawn * 64 + 128), 0, 255)
    images = torch.tensor(((pixels / 255 - 0.5) / 0.25).astype(np.float32)).permute(0, 3, 1, 2).contiguous()
    labels = torch.arange(BATCHES * BATCH) % CLASSES
    return list(zip(images.split(BATCH), labels.split(BATCH)))


def gradient(p, kernels, temperature, graph=False):
    """Of the mean of the batches' losses."""
    loss = sum(F.cross_entropy(forward(p, x) / temperature, y) for x, y in batches()) / BATCHES
    return torch.autograd.grad(loss, [p[k] for k in kernels], create_graph=graph)


def snip(p, kernels):
    return [(p[k] * g).abs() for k, g in zip(kernels, gradient(p, kernels, 1))]


def grasp(p, kernels):
    g = gradient(p, kernels, TEMPERATURE, graph=True)
    product = torch.autograd.grad(sum((a * a.detach()).sum() for a in g), [p[k] for k in kernels])
    return [p[k] * h for k, h in zip(kernels, product)]


def synflow(p, kernels, masks):
    """N · s / R in double precision."""
    absolute = {n: v.abs() for n, v in p.items()}
    for k in kernels:
        absolute[k] = (absolute[k] * masks[k]).detach().requires_grad_()
    total = forward(absolute, torch.ones(1, 3, SIZE, SIZE, dtype=torch.float64), flow=True).sum()
    found = torch.autograd.grad(total, [absolute[k] for k in kernels])
    weights = sum(p[k].numel() for k in kernels)
    return [absolute[k].detach() * g / total.detach() * weights for k, g in zip(kernels, found)]


def synflow_masks(p, kernels):
    masks = {k: torch.ones_like(p[k]) for k in kernels}
    for step in range(ROUNDS):
        scores = dict(zip(kernels, synflow(p, kernels, masks)))
        flat = torch.cat([torch.where(masks[k] > 0, scores[k], torch.tensor(-1.0).double()).flatten() for k in kernels])
        density = (1 - SPARSITY) ** ((step + 1) / ROUNDS)
        kept = len(flat) - int(np.floor(np.round((1 - density) * len(flat), 6)))
        threshold = flat.sort(descending=True).values[kept - 1]
        masks = {k: (torch.where(masks[k] > 0, scores[k], torch.tensor(-1.0).double()) >= threshold).double() for k in kernels}
    return masks


def ours(tensor):
    return tensor.detach().permute(2, 3, 1, 0).contiguous().numpy()


def main():
    torch.set_num_threads(1)
    kernels = [n for n, s in shapes().items() if len(s) == 4]
    found = {}
    double = values(torch.float64)
    single = values(torch.float32)
    for name in kernels:
        single[name].requires_grad_()
    for what, scores in (
        ("snip", snip(single, kernels)),
        ("grasp", grasp(single, kernels)),
        ("synflow", synflow(double, kernels, {k: torch.ones_like(double[k]) for k in kernels})),
    ):
        found |= {f"{what}/{k}": ours(s).astype(np.float32) for k, s in zip(kernels, scores)}
    found |= {f"mask/{k}": ours(m).astype(np.uint8) for k, m in synflow_masks(double, kernels).items()}
    np.savez(sys.argv[1], **found)


if __name__ == "__main__":
    main()
