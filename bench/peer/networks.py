"""The networks of src/model in PyTorch, written independently: the other side of forward-value fixtures and of benchmarks.

Volumes are [N, D, H, W]. A `Parameters` object hands out tensors by the names that src/model uses, and makes them on first use.
"""
import math

import torch
import torch.nn.functional as F


class Parameters:
    """Named tensors: trained values and running statistics. With `training`, batch norms use the batch's statistics."""

    def __init__(self, seed=0, training=False, dtype=torch.float32, randomise_norms=False):
        self.generator = torch.Generator().manual_seed(seed)
        self.training = training
        self.dtype = dtype
        # Norms other than the identity, for fixtures: a wrong use of any of their four vectors then shows.
        self.randomise_norms = randomise_norms
        # Whether training updates the running statistics, as a real training does.
        self.track = False
        self.values = {}
        self.statistics = {}

    def normal(self, *shape):
        # Rounded to float32 first, so that what is stored is what was used.
        return torch.randn(shape, generator=self.generator).to(self.dtype)

    def weights(self, name, shape, fan_in, gain=2.0):
        if name not in self.values:
            scaled = (self.normal(*shape) * math.sqrt(gain / fan_in)).float().to(self.dtype)
            self.values[name] = scaled.requires_grad_(self.training)
        return self.values[name]

    def bias(self, name, shape, value=0.0):
        if name not in self.values:
            noise = 0.3 * self.normal(*shape) if self.randomise_norms else torch.zeros(shape, dtype=self.dtype)
            self.values[name] = (value + noise).float().to(self.dtype).requires_grad_(self.training)
        return self.values[name]

    def norm(self, name, x):
        channels = x.shape[1]
        gamma = self.bias(f"{name}.gamma", (channels,), 1.0)
        beta = self.bias(f"{name}.beta", (channels,))
        if f"{name}.mean" not in self.statistics:
            mean, variance = torch.zeros(channels, dtype=self.dtype), torch.ones(channels, dtype=self.dtype)
            if self.randomise_norms:
                mean = mean + 0.3 * self.normal(channels)
                variance = (variance + 0.5 * self.normal(channels).abs()).float().to(self.dtype)
                mean = mean.float().to(self.dtype)
            self.statistics[f"{name}.mean"], self.statistics[f"{name}.variance"] = mean, variance
        mean, variance = self.statistics[f"{name}.mean"], self.statistics[f"{name}.variance"]
        if self.training:
            running = (mean, variance) if self.track else (None, None)
            return F.batch_norm(x, *running, gamma, beta, training=True, momentum=0.01)
        return F.batch_norm(x, mean, variance, gamma, beta)

    def dense(self, name, x, outputs, gain=2.0):
        weights = self.weights(f"{name}.weights", (outputs, x.shape[1]), x.shape[1], gain)
        return F.linear(x, weights, self.bias(f"{name}.bias", (outputs,)))

    def pointwise(self, name, x, outputs):
        channels = x.shape[1]
        weights = self.weights(f"{name}.weights", (outputs, channels), channels, 1.0)
        return F.conv3d(x, weights[:, :, None, None, None], self.bias(f"{name}.bias", (outputs,)))

    def conv(self, name, x, outputs, bias=None, stride=1, gain=2.0):
        channels = x.shape[1]
        weights = self.weights(f"{name}.weights", (outputs, channels, 3, 3, 3), channels * 27, gain)
        b = None if bias is None else self.bias(f"{name}.bias", (outputs,), bias)
        return F.conv3d(x, weights, b, stride=stride, padding=1)

    def conv_norm(self, name, x, outputs, stride=1):
        return self.norm(f"{name}.norm", self.conv(name, x, outputs, stride=stride))

    def conv_transpose(self, name, x, outputs):
        weights = self.weights(f"{name}.weights", (x.shape[1], outputs, 2, 2, 2), x.shape[1], 1.0)
        return F.conv_transpose3d(x, weights, self.bias(f"{name}.bias", (outputs,)), stride=2)

    def duse(self, name, x, combine):
        squeezed = F.relu(self.dense(f"{name}.squeeze", x.mean((2, 3, 4)), x.shape[1] // 2))
        by_channel = x * torch.sigmoid(self.dense(f"{name}.excite", squeezed, x.shape[1], 1.0))[:, :, None, None, None]
        by_space = x * torch.sigmoid(self.pointwise(f"{name}.spatial", x, 1))
        return by_channel + by_space if combine == "add" else torch.maximum(by_channel, by_space)


def space_to_depth(volumes):
    n, d, h, w = volumes.shape
    cells = volumes.reshape(n, d // 2, 2, h // 2, 2, w // 2, 2)
    return cells.permute(0, 2, 4, 6, 1, 3, 5).reshape(n, 8, d // 2, h // 2, w // 2)


def depth_to_space(cells):
    n, _, d, h, w = cells.shape
    return cells.reshape(n, 2, 2, 2, d, h, w).permute(0, 4, 1, 5, 2, 6, 3).reshape(n, 2 * d, 2 * h, 2 * w)


COSNET = {"widths": (16, 48, 96), "blocks": (1, 2, 2), "duse": True, "decoder": True, "hidden": 256, "embedding": 128}


def cosnet(p, volumes, config=COSNET):
    """(embedding [N, E] of unit length, mask logits [N, D, H, W] or None)"""
    widths, blocks = config["widths"], config["blocks"]

    def recalibrate(name, x):
        return p.duse(name, x, "add") if config["duse"] else x

    def level(index, x):
        for block in range(blocks[index]):
            name = f"level{index + 1}.block{block + 1}"
            inner = F.relu(p.conv_norm(f"{name}.first", x, x.shape[1]))
            x = F.relu(x + p.conv_norm(f"{name}.second", inner, x.shape[1]))
        return recalibrate(f"level{index + 1}.duse", x)

    fine = level(0, F.relu(p.conv_norm("stem", space_to_depth(volumes), widths[0])))
    middle = level(1, F.relu(p.conv_norm("down1", fine, widths[1], stride=2)))
    deep = level(2, F.relu(p.conv_norm("down2", middle, widths[2], stride=2)))
    pooled = [deep.mean((2, 3, 4)), deep.amax((2, 3, 4))]
    logits = None
    if config["decoder"]:

        def up(name, x, skip):
            mixed = p.pointwise(f"{name}.mix", x, skip.shape[1])
            joined = F.interpolate(mixed, scale_factor=2, mode="nearest") + skip
            return recalibrate(f"{name}.duse", F.relu(p.conv_norm(name, joined, skip.shape[1])))

        up_middle = up("up2", deep, middle)
        up_fine = up("up1", up_middle, fine)
        cells = p.conv("mask", up_fine, 8, bias=-2.0, gain=1.0)
        logits = depth_to_space(cells)
        attention = torch.sigmoid(cells).mean(1, keepdim=True).detach()
        coarse = F.avg_pool3d(attention, 2)

        def within(x, weights, softening):
            return (x * weights).sum((2, 3, 4)) / (weights.sum((2, 3, 4)) + softening)

        pooled += [
            within(up_fine, attention, 1.0),
            within(fine, attention, 1.0),
            within(up_middle, coarse, 0.3),
            within(middle, coarse, 0.3),
            torch.log(attention.sum((2, 3, 4)) + 1),
        ]
    else:
        pooled += [middle.mean((2, 3, 4))]
    features = p.norm("features", torch.cat(pooled, 1))
    embedding = p.dense("embedding", F.relu(p.dense("hidden", features, config["hidden"])), config["embedding"], 1.0)
    return embedding / torch.sqrt((embedding**2).sum(1, keepdim=True) + 1e-12), logits


PAPER = {"channels": 64, "embedding": 512, "duse": True, "decoder": True}


def authors(p, volumes, config, encoder_duse, combine):
    channels = config["channels"]

    def double(name, x):
        for part in ("first", "second"):
            x = p.norm(f"{name}.{part}.norm", F.relu(p.conv(f"{name}.{part}", x, channels, bias=0.0)))
        return x

    def recalibrate(name, x):
        return p.duse(name, x, combine) if name and config["duse"] else x

    x = F.relu(p.conv("input", volumes[:, None], channels, bias=0.0))
    fine = recalibrate(encoder_duse[0], double("level1", x))
    middle = recalibrate(encoder_duse[1], double("level2", F.max_pool3d(fine, 2)))
    deep = recalibrate(encoder_duse[2], double("level3", F.max_pool3d(middle, 2)))
    compressed = p.dense("compress", deep.flatten(1), config["embedding"], 1.0)
    embedding = p.dense("embedding", compressed, config["embedding"], 1.0)
    if not config["decoder"]:
        return embedding, None
    x = deep
    for name in ("decoder2", "decoder1"):
        x = recalibrate(f"{name}.duse", double(name, p.conv_transpose(f"{name}.up", x, channels)))
    return embedding, p.pointwise("mask", x, 1)[:, 0]


def paper(p, volumes, config=PAPER):
    return authors(p, volumes, config, ("level1.duse", "level2.duse", "level3.duse"), "add")


def released(p, volumes, config=PAPER):
    return authors(p, volumes, config, ("encoder.duse", "encoder.duse", None), "max")


def dice_loss(probability, truth):
    """1 - Dice of each row, averaged; 1 is added above and below, as in the authors' code."""
    overlap = (probability * truth).sum(1)
    return (1 - (2 * overlap + 1) / (probability.sum(1) + truth.sum(1) + 1)).mean()


def distance_scores(p, first, second):
    """A fully connected layer on |a - b| for all pairs: [P, P]."""
    distance = (first[:, None] - second[None]).abs()
    return p.dense("similarity", distance.reshape(-1, first.shape[1]), 1, 1.0).reshape(len(first), len(second))


def cosnet_loss(p, embedding, logits, masks):
    classes = len(embedding) // 2
    temperature = p.bias("logTemperature", (1,), math.log(10))
    scores = embedding[:classes] @ embedding[classes:].T * temperature.exp()
    target = torch.arange(classes)
    classification = 0.5 * (F.cross_entropy(scores, target) + F.cross_entropy(scores.T, target))
    zero = torch.zeros((), dtype=embedding.dtype)
    if logits is None:
        return classification, (classification, zero, zero)
    dice = dice_loss(torch.sigmoid(logits).flatten(1), masks.flatten(1))
    weight = torch.tensor(3.0, dtype=logits.dtype)
    cross_entropy = F.binary_cross_entropy_with_logits(logits, masks, pos_weight=weight)
    return classification + dice + cross_entropy, (classification, dice, cross_entropy)


def paper_loss(p, embedding, logits, masks, ways=2):
    """Binary cross-entropy of the softmax over an episode's supports, summed over supports, plus Dice of both sets."""
    classes = len(embedding) // 2
    losses = []
    for start in range(0, classes, ways):
        supports = embedding[start : start + ways]
        targets = embedding[classes + start : classes + start + ways]
        probability = F.softmax(distance_scores(p, supports, targets), 0)
        truth = torch.eye(ways, dtype=embedding.dtype)
        losses.append(F.binary_cross_entropy(probability, truth, reduction="sum") / ways)
    classification = torch.stack(losses).mean()
    zero = torch.zeros((), dtype=embedding.dtype)
    if logits is None:
        return classification, (classification, zero, zero)
    probability = torch.sigmoid(logits).flatten(1)
    both = [dice_loss(probability[half], masks.flatten(1)[half]) for half in (slice(0, classes), slice(classes, None))]
    return classification + both[0] + both[1], (classification, 0.5 * (both[0] + both[1]), zero)


def released_loss(p, embedding, logits, masks):
    """Sigmoid cross-entropy of a random pair that matches once in 14 times, plus Dice over all voxels of either view."""
    classes = len(embedding) // 2
    scores = distance_scores(p, embedding[:classes], embedding[classes:])
    truth = torch.eye(classes, dtype=embedding.dtype)
    each = F.binary_cross_entropy_with_logits(scores, truth, reduction="none")
    classification = each[truth == 1].mean() / 14 + each[truth == 0].mean() * 13 / 14
    zero = torch.zeros((), dtype=embedding.dtype)
    if logits is None:
        return classification, (classification, zero, zero)
    probability = torch.sigmoid(logits).reshape(2, -1)
    both = [dice_loss(probability[i : i + 1], masks.reshape(2, -1)[i : i + 1]) for i in (0, 1)]
    return classification + both[0] + both[1], (classification, 0.5 * (both[0] + both[1]), zero)
