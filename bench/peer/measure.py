"""Times the networks of networks.py in PyTorch; called by bench/run.mjs, prints the seconds of each repeat as JSON."""
import argparse
import json
import os
import time

import numpy as np
import torch

import networks

parser = argparse.ArgumentParser()
parser.add_argument("--network", choices=["cosnet", "paper", "released"], required=True)
parser.add_argument("--task", choices=["embed", "train"], required=True)
parser.add_argument("--folder", required=True, help="where volumes.f32 and masks.f32 are")
parser.add_argument("--batch", type=int, required=True)
parser.add_argument("--threads", type=int, required=True)
parser.add_argument("--seed", type=int, required=True)
parser.add_argument("--seconds", type=float, required=True)
parser.add_argument("--repeats", type=int, required=True)
options = parser.parse_args()

torch.set_num_threads(options.threads)


def load(name):
    values = np.fromfile(os.path.join(options.folder, name), dtype="<f4", count=options.batch * 32**3)
    return torch.from_numpy(values.reshape(options.batch, 32, 32, 32))


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


if options.task == "train":
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


work = embed if options.task == "embed" else train
for _ in range(2 if options.repeats > 1 else 1):
    work()
seconds = []
while sum(seconds) < options.seconds or len(seconds) < options.repeats:
    start = time.perf_counter()
    work()
    seconds.append(time.perf_counter() - start)
print(json.dumps({"seconds": seconds}))
