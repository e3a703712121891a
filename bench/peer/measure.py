"""PyTorch's side of bench/run.mjs and bench/convolution.mjs: prints the seconds of each repeat as JSON."""
import argparse
import json
import os
import time

import numpy as np
import torch
import torch.nn.functional as F

import networks

parser = argparse.ArgumentParser()
parser.add_argument("--task", choices=["embed", "train", "convolution"], required=True)
parser.add_argument("--batch", type=int, required=True)
parser.add_argument("--threads", type=int, required=True)
parser.add_argument("--seconds", type=float, required=True)
parser.add_argument("--repeats", type=int, required=True)
parser.add_argument("--network", choices=["cosnet", "paper", "released"])
parser.add_argument("--folder", help="where volumes.f32 and masks.f32 are")
parser.add_argument("--seed", type=int, default=0)
for length in ("inputs", "outputs", "edge", "stride"):
    parser.add_argument(f"--{length}", type=int)
options = parser.parse_args()
torch.set_num_threads(options.threads)


def sample(work):
    """Seconds of each repeat, after warming up."""
    for _ in range(2 if options.repeats > 1 else 1):
        work()
    seconds = []
    while sum(seconds) < options.seconds or len(seconds) < options.repeats:
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return seconds


def load(name):
    values = np.fromfile(os.path.join(options.folder, name), dtype="<f4", count=options.batch * 32**3)
    return torch.from_numpy(values.reshape(options.batch, 32, 32, 32))


def network():
    volumes, masks = load("volumes.f32"), load("masks.f32")
    forward = getattr(networks, options.network)
    loss_of = getattr(networks, f"{options.network}_loss")
    parameters = networks.Parameters(options.seed)
    with torch.no_grad():
        embedding, logits = forward(parameters, volumes[:2])  # makes the parameters
        loss_of(parameters, embedding, logits, masks[:2])

    def embed():
        with torch.inference_mode():
            embedding, logits = forward(parameters, volumes)
            return embedding, torch.sigmoid(logits)

    if options.task == "embed":
        return {"seconds": sample(embed)}

    parameters.training = parameters.track = True
    for value in parameters.values.values():
        value.requires_grad_()
    decaying = [value for name, value in parameters.values.items() if name.endswith(".weights")]
    others = [value for name, value in parameters.values.items() if not name.endswith(".weights")]
    optimiser = torch.optim.AdamW(
        [{"params": decaying, "weight_decay": 1e-4}, {"params": others, "weight_decay": 0.0}], lr=1e-4
    )

    def train():
        optimiser.zero_grad(set_to_none=True)
        loss, _ = loss_of(parameters, *forward(parameters, volumes), masks)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters.values.values(), 5.0)
        optimiser.step()

    return {"seconds": sample(train)}


def convolution():
    edge, stride = options.edge, options.stride
    x = torch.randn(options.batch, options.inputs, edge, edge, edge, requires_grad=True)
    w = torch.randn(options.outputs, options.inputs, 3, 3, 3, requires_grad=True)
    g = torch.randn(options.batch, options.outputs, *[edge // stride] * 3)

    def forward():
        with torch.inference_mode():
            F.conv3d(x, w, stride=stride, padding=1)

    def both():
        torch.autograd.grad(F.conv3d(x, w, stride=stride, padding=1), (x, w), g)

    return {"forward": sample(forward), "both": sample(both)}


print(json.dumps(convolution() if options.task == "convolution" else network()))
