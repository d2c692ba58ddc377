"""What the authors' own programs do in a step, where torch has no such optimizer: the second source.

Each moves one parameter in place, in the order of operations of the program named, which often is another
than that of the paper's box in `optimizer_formulas`. Neither looks at the engine's rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import sqrt
from typing import Any

import torch
from torch import Tensor

Program = Callable[[Tensor, Tensor, dict[str, Any], Mapping[str, Any]], None]
"""Parameter, gradient (it may be overwritten), what is remembered (empty at first), settings."""


def _zeros(s: dict[str, Any], like: Tensor, *names: str) -> list[Tensor]:
    return [s.setdefault(name, torch.zeros_like(like)) for name in names]


def _counted(s: dict[str, Any]) -> int:
    s["step"] = s.get("step", 0) + 1
    return int(s["step"])


def lars(p: Tensor, g: Tensor, s: dict[str, Any], v: Mapping[str, Any]) -> None:
    """LARC of NVIDIA's apex: the gradient is scaled, then momentum with the learning rate outside."""
    (buffer,) = _zeros(s, p, "buffer")
    decay = v["weight_decay"]
    rate = v["trust"] * p.norm() / (g.norm() + p.norm() * decay + v["epsilon"])
    buffer.mul_(v["momentum"]).add_((g + decay * p) * rate)
    p.sub_(v["learning_rate"] * buffer)


def lamb(p: Tensor, g: Tensor, s: dict[str, Any], v: Mapping[str, Any]) -> None:
    """FusedLAMB of NVIDIA's apex, without its clipping of the gradient."""
    first, second = _zeros(s, p, "first", "second")
    step = _counted(s)
    first.add_((1 - v["beta1"]) * (g - first))
    second.add_((1 - v["beta2"]) * (g * g - second))
    one, two = first / (1 - v["beta1"] ** step), second / (1 - v["beta2"] ** step)
    update = one / (two.sqrt() + v["epsilon"]) + v["weight_decay"] * p
    p.sub_(v["learning_rate"] * (p.norm() / update.norm()) * update)


def novograd(p: Tensor, g: Tensor, s: dict[str, Any], v: Mapping[str, Any]) -> None:
    """NovoGrad of NVIDIA's examples, without averaging of gradients."""
    (mean,) = _zeros(s, p, "mean")
    norm = float(g.pow(2).sum())
    s["square"] = norm if "square" not in s else v["beta2"] * s["square"] + (1 - v["beta2"]) * norm
    scaled = g.div(sqrt(s["square"]) + v["epsilon"]).add(p, alpha=v["weight_decay"])
    p.add_(mean.mul_(v["beta1"]).add_(scaled), alpha=-v["learning_rate"])


def lion(p: Tensor, g: Tensor, s: dict[str, Any], v: Mapping[str, Any]) -> None:
    """Google's automl/lion: the weights shrink first."""
    (mean,) = _zeros(s, p, "mean")
    p.mul_(1 - v["learning_rate"] * v["weight_decay"])
    p.add_((mean * v["beta1"] + g * (1 - v["beta1"])).sign(), alpha=-v["learning_rate"])
    mean.mul_(v["beta2"]).add_(g, alpha=1 - v["beta2"])


def signum(p: Tensor, g: Tensor, s: dict[str, Any], v: Mapping[str, Any]) -> None:
    """Signum of MXNet, by the authors: the momentum points downhill."""
    (downhill,) = _zeros(s, p, "downhill")
    downhill.mul_(v["momentum"]).sub_(g, alpha=1 - v["momentum"])
    p.add_(downhill.sign(), alpha=v["learning_rate"])


def adabelief(p: Tensor, g: Tensor, s: dict[str, Any], v: Mapping[str, Any]) -> None:
    """adabelief_pytorch 0.2, neither rectified nor decaying: ε is added to what is kept, and once more."""
    mean, spread = _zeros(s, p, "mean", "spread")
    step = _counted(s)
    mean.mul_(v["beta1"]).add_(g, alpha=1 - v["beta1"])
    residual = g - mean
    spread.mul_(v["beta2"]).addcmul_(residual, residual, value=1 - v["beta2"])
    divisor = (spread.add_(v["epsilon"]).sqrt() / sqrt(1 - v["beta2"] ** step)).add(v["epsilon"])
    p.addcdiv_(mean, divisor, value=-v["learning_rate"] / (1 - v["beta1"] ** step))


def yogi(p: Tensor, g: Tensor, s: dict[str, Any], v: Mapping[str, Any]) -> None:
    """The step of optax and TensorFlow Addons, from the paper's start and without Adam's corrections.

    These start at 10⁻⁶ and correct; the paper starts at the square of the first gradient and does not.
    """
    (mean,) = _zeros(s, p, "mean")
    square = s.setdefault("square", g * g)
    mean.mul_(v["beta1"]).add_(g, alpha=1 - v["beta1"])
    square.addcmul_((g * g - square).sign(), g * g, value=1 - v["beta2"])
    p.addcdiv_(mean, square.sqrt() + v["epsilon"], value=-v["learning_rate"])


def qhadam(p: Tensor, g: Tensor, s: dict[str, Any], v: Mapping[str, Any]) -> None:
    """The means as sums over all gradients so far, each weighted by its age; as the paper defines them."""
    seen = s.setdefault("seen", [])
    seen.append(g.clone())

    def mean(memory: float, values: list[Tensor]) -> Tensor:
        weights = torch.tensor([memory**age for age in reversed(range(len(values)))], dtype=p.dtype)
        return torch.tensordot(weights, torch.stack(values), 1) / weights.sum()

    above = (1 - v["nu1"]) * g + v["nu1"] * mean(v["beta1"], seen)
    below = (1 - v["nu2"]) * g**2 + v["nu2"] * mean(v["beta2"], [one**2 for one in seen])
    p.sub_(v["learning_rate"] * above / (below.sqrt() + v["epsilon"]))


def qh_momentum(p: Tensor, g: Tensor, s: dict[str, Any], v: Mapping[str, Any]) -> None:
    """qhoptim of Facebook: two steps, one by the mean and one by the gradient."""
    (buffer,) = _zeros(s, p, "buffer")
    buffer.mul_(v["momentum"]).add_(g, alpha=1 - v["momentum"])
    p.add_(buffer, alpha=-v["learning_rate"] * v["nu"])
    p.add_(g, alpha=-v["learning_rate"] * (1 - v["nu"]))


def aggregated_momentum(p: Tensor, g: Tensor, s: dict[str, Any], v: Mapping[str, Any]) -> None:
    """AggMo of the authors: a buffer for each memory, each moves the weights by its share."""
    memories = [1 - v["damping"] ** power for power in range(3)]
    for memory in memories:
        (buffer,) = _zeros(s, p, str(memory))
        buffer.mul_(memory).add_(g)
        p.sub_(buffer, alpha=v["learning_rate"] / len(memories))


def adopt(p: Tensor, g: Tensor, s: dict[str, Any], v: Mapping[str, Any]) -> None:
    """The authors' program in its clipped version: the step is counted from 0."""
    mean, square = _zeros(s, p, "mean", "square")
    step = _counted(s) - 1
    if step == 0:
        square.addcmul_(g, g)
        return
    scaled = g.div(square.sqrt().clamp(min=v["epsilon"])).clamp(-(step**0.25), step**0.25)
    mean.lerp_(scaled, 1 - v["beta1"])
    p.add_(mean, alpha=-v["learning_rate"])
    square.mul_(v["beta2"]).addcmul_(g, g, value=1 - v["beta2"])


def adan(p: Tensor, g: Tensor, s: dict[str, Any], v: Mapping[str, Any]) -> None:
    """Adan of sail-sg, whose decay is not proximal: the weights shrink first."""
    mean, difference, square = _zeros(s, p, "mean", "difference", "square")
    step, beta2 = _counted(s), v["beta2"]
    change = g - s.get("before", g)
    s["before"] = g.clone()
    ahead = g + beta2 * change
    mean.mul_(v["beta1"]).add_(g, alpha=1 - v["beta1"])
    difference.mul_(beta2).add_(change, alpha=1 - beta2)
    square.mul_(v["beta3"]).addcmul_(ahead, ahead, value=1 - v["beta3"])
    divisor = (square.sqrt() / sqrt(1 - v["beta3"] ** step)).add(v["epsilon"])
    update = (mean / (1 - v["beta1"] ** step) + beta2 * difference / (1 - beta2**step)) / divisor
    p.mul_(1 - v["learning_rate"] * v["weight_decay"]).add_(update, alpha=-v["learning_rate"])


def ademamix(p: Tensor, g: Tensor, s: dict[str, Any], v: Mapping[str, Any]) -> None:
    """Apple's ml-ademamix without its warm-ups."""
    fast, slow, square = _zeros(s, p, "fast", "slow", "square")
    step = _counted(s)
    fast.mul_(v["beta1"]).add_(g, alpha=1 - v["beta1"])
    slow.mul_(v["beta3"]).add_(g, alpha=1 - v["beta3"])
    square.mul_(v["beta2"]).addcmul_(g, g, value=1 - v["beta2"])
    divisor = (square.sqrt() / sqrt(1 - v["beta2"] ** step)).add(v["epsilon"])
    update = (fast / (1 - v["beta1"] ** step) + v["mixture"] * slow) / divisor
    p.sub_(v["learning_rate"] * update.add(p, alpha=v["weight_decay"]))


def laprop(p: Tensor, g: Tensor, s: dict[str, Any], v: Mapping[str, Any]) -> None:
    """LaProp of Z-T-WANG: the learning rate is within the mean, whose own mean corrects it."""
    mean, square = _zeros(s, p, "mean", "square")
    square.mul_(v["beta2"]).addcmul_(g, g, value=1 - v["beta2"])
    s["rates"] = s.get("rates", 0.0) * v["beta1"] + (1 - v["beta1"]) * v["learning_rate"]
    s["ones"] = s.get("ones", 0.0) * v["beta2"] + (1 - v["beta2"])
    scaled = g / (square / s["ones"]).sqrt().add(v["epsilon"])
    mean.mul_(v["beta1"]).add_(scaled, alpha=(1 - v["beta1"]) * v["learning_rate"])
    p.sub_(mean / (s["rates"] / v["learning_rate"]))


def adabound(p: Tensor, g: Tensor, s: dict[str, Any], v: Mapping[str, Any]) -> None:
    """AdaBound of Luolc; its final rate does not follow the learning rate by itself."""
    mean, square = _zeros(s, p, "mean", "square")
    step, final = _counted(s), v["final"] * v["learning_rate"]
    mean.mul_(v["beta1"]).add_(g, alpha=1 - v["beta1"])
    square.mul_(v["beta2"]).addcmul_(g, g, value=1 - v["beta2"])
    size = v["learning_rate"] * sqrt(1 - v["beta2"] ** step) / (1 - v["beta1"] ** step)
    low = final * (1 - 1 / (v["tightening"] * step + 1))
    high = final * (1 + 1 / (v["tightening"] * step))
    p.sub_(torch.full_like(p, size).div_(square.sqrt().add(v["epsilon"])).clamp_(low, high).mul_(mean))


def diffgrad(p: Tensor, g: Tensor, s: dict[str, Any], v: Mapping[str, Any]) -> None:
    """diffGrad_v2 of shivram1987 (his first program says itself that it is wrong): ε beside the raw root."""
    mean, square, before = _zeros(s, p, "mean", "square", "before")
    step = _counted(s)
    mean.mul_(v["beta1"]).add_(g, alpha=1 - v["beta1"])
    square.mul_(v["beta2"]).addcmul_(g, g, value=1 - v["beta2"])
    friction = 1 / (1 + torch.exp(-(before - g).abs()))
    before.copy_(g)
    size = v["learning_rate"] * sqrt(1 - v["beta2"] ** step) / (1 - v["beta1"] ** step)
    p.addcdiv_(mean * friction, square.sqrt().add(v["epsilon"]), value=-size)


def madgrad(p: Tensor, g: Tensor, s: dict[str, Any], v: Mapping[str, Any]) -> None:
    """Facebook's madgrad, but for ε, which it adds to the learning rate, too."""
    total, square = _zeros(s, p, "total", "square")
    start = s.setdefault("start", p.clone())
    weight = v["learning_rate"] * sqrt(_counted(s))
    square.addcmul_(g, g, value=weight)
    total.add_(g, alpha=weight)
    aim = start.addcdiv(total, square.pow(1 / 3).add(v["epsilon"]), value=-1)
    p.mul_(v["momentum"]).add_(aim, alpha=1 - v["momentum"])


def prodigy(p: Tensor, g: Tensor, s: dict[str, Any], v: Mapping[str, Any]) -> None:
    """prodigy_reference of konstmish, whose sums lack the factor 1 − √β₂; but for ε, which it scales by the d
    that has already grown.
    """
    mean, square, total = _zeros(s, p, "mean", "square", "total")
    start, first = s.setdefault("start", p.clone()), 1e-6
    d, memory = s.get("d", first), sqrt(v["beta2"])
    rate = d * v["learning_rate"]
    s["above"] = s.get("above", 0.0) * memory + (d / first) * rate * float((g * (start - p)).sum())
    mean.mul_(v["beta1"]).add_(g, alpha=d * (1 - v["beta1"]))
    square.mul_(v["beta2"]).addcmul_(g, g, value=d * d * (1 - v["beta2"]))
    total.mul_(memory).add_(g, alpha=(d / first) * rate)
    s["d"] = max(d, s["above"] / float(total.abs().sum()))
    p.add_(p, alpha=-v["weight_decay"] * rate)
    p.addcdiv_(mean, square.sqrt().add(d * v["epsilon"]), value=-rate)


def lookahead(p: Tensor, g: Tensor, s: dict[str, Any], v: Mapping[str, Any]) -> None:
    """Lookahead of michaelrzhang around torch's AdamW."""
    if not s:
        settings = {"lr": v["learning_rate"], "weight_decay": v["weight_decay"], "eps": v["epsilon"]}
        s.update(
            inner=torch.optim.AdamW([p], betas=(v["beta1"], v["beta2"]), **settings), slow=p.clone(), step=0
        )
    p.grad = g
    s["inner"].step()
    if _counted(s) >= v["interval"]:
        s["step"] = 0
        p.mul_(v["share"]).add_(s["slow"], alpha=1 - v["share"])
        s["slow"].copy_(p)


def schedule_free(p: Tensor, g: Tensor, s: dict[str, Any], v: Mapping[str, Any]) -> None:
    """sgd_schedulefree_reference of Facebook: three positions, weighted by the largest rate so far."""
    x, z = s.setdefault("judged", p.clone()), s.setdefault("z", p.clone())
    rate = v["learning_rate"]
    s["largest"] = max(rate, s.get("largest", -1.0))
    s["sum"] = s.get("sum", 0.0) + s["largest"] ** 2
    share = s["largest"] ** 2 / s["sum"]
    z.sub_(g + v["weight_decay"] * p, alpha=rate)
    x.mul_(1 - share).add_(z, alpha=share)
    p.copy_(x.mul(v["interpolation"]).add_(z, alpha=1 - v["interpolation"]))


def schedule_free_adamw(p: Tensor, g: Tensor, s: dict[str, Any], v: Mapping[str, Any]) -> None:
    """adamw_schedulefree_paper of Facebook: y moves without x, which is worked out back from y and z."""
    z, beta = s.setdefault("z", p.clone()), v["interpolation"]
    (square,) = _zeros(s, p, "square")
    rate = v["learning_rate"] * sqrt(1 - v["beta2"] ** _counted(s))
    s["largest"] = max(rate, s.get("largest", -1.0))
    s["sum"] = s.get("sum", 0.0) + s["largest"] ** 2
    share = s["largest"] ** 2 / s["sum"]
    square.mul_(v["beta2"]).addcmul_(g, g, value=1 - v["beta2"])
    scaled = g.div(square.sqrt().add_(v["epsilon"])).add_(p, alpha=v["weight_decay"])
    p.lerp_(z, share).add_(scaled, alpha=rate * (beta * (1 - share) - 1))
    z.sub_(scaled, alpha=rate)
    s["judged"] = p.lerp(z, 1 - 1 / beta)


def _uphill(p: Tensor, g: Tensor, v: Mapping[str, Any]) -> Tensor:
    """The second gradient of davda54's sam, in the bowl of the test: its slopes are from 0.01 to 10."""
    slopes = torch.logspace(-2, 1, p.numel(), dtype=p.dtype).view(p.shape)
    return g + slopes * (g * (v["radius"] / (g.norm(p=2) + 1e-12)))


def _within(make: Callable[[Tensor], torch.optim.Optimizer], p: Tensor, g: Tensor, s: dict[str, Any]) -> None:
    inner = s.setdefault("inner", make(p))
    p.grad = g
    inner.step()


def sam(p: Tensor, g: Tensor, s: dict[str, Any], v: Mapping[str, Any]) -> None:
    """sam of davda54 around torch's SGD."""
    rate, momentum = v["learning_rate"], v["momentum"]
    _within(lambda own: torch.optim.SGD([own], rate, momentum=momentum), p, _uphill(p, g, v), s)


def sam_adamw(p: Tensor, g: Tensor, s: dict[str, Any], v: Mapping[str, Any]) -> None:
    """sam of davda54 around torch's AdamW."""
    rate, betas, decay = v["learning_rate"], (v["beta1"], v["beta2"]), v["weight_decay"]
    _within(lambda own: torch.optim.AdamW([own], rate, betas, v["epsilon"], decay), p, _uphill(p, g, v), s)


def sophia(p: Tensor, g: Tensor, s: dict[str, Any], v: Mapping[str, Any]) -> None:
    """sophia of the authors' levanter, with the bowl's own slopes: they shrink, then sign and ratio apart."""
    mean, hessian = _zeros(s, p, "mean", "hessian")
    if (_counted(s) - 1) % v["interval"] == 0:
        slopes = torch.logspace(-2, 1, p.numel(), dtype=p.dtype).view(p.shape)
        hessian.mul_(v["beta2"]).add_(slopes, alpha=1 - v["beta2"])
    mean.mul_(v["beta1"]).add_(g, alpha=1 - v["beta1"])
    p.mul_(1 - v["learning_rate"] * v["weight_decay"])
    ratio = (mean.abs() / (v["scale"] * hessian).clamp(min=v["epsilon"])).clamp(max=1)
    p.addcmul_(mean.sign(), ratio, value=-v["learning_rate"])


def d_adaptation(p: Tensor, g: Tensor, s: dict[str, Any], v: Mapping[str, Any]) -> None:
    """DAdaptAdam of Facebook with decoupled decay: all in its own units, the numerator as one number."""
    mean, square, total = _zeros(s, p, "mean", "square", "total")
    root, d = sqrt(v["beta2"]), s.get("d", 1e-6)
    rate = d * v["learning_rate"]
    newest = rate * float((g * (total / square.sqrt().add(v["epsilon"]))).sum())
    mean.mul_(v["beta1"]).add_(g, alpha=rate * (1 - v["beta1"]))
    square.mul_(v["beta2"]).addcmul_(g, g, value=1 - v["beta2"])
    total.mul_(root).add_(g, alpha=rate * (1 - root))
    s["above"] = root * s.get("above", 0.0) + (1 - root) * newest
    s["d"] = max(d, s["above"] / ((1 - root) * float(total.abs().sum())))
    p.add_(p, alpha=-v["weight_decay"] * rate)
    p.addcdiv_(mean, square.sqrt().add(v["epsilon"]), value=-1)


def swats(p: Tensor, g: Tensor, s: dict[str, Any], v: Mapping[str, Any]) -> None:
    """SWATS of Mrpatekful: the rate is absolute, and replaces that of Adam."""
    mean, square, speed = _zeros(s, p, "mean", "square", "speed")
    step = _counted(s)
    if "found" in s:
        p.add_(speed.mul_(v["beta1"]).add_(g), alpha=-s["found"] * (1 - v["beta1"]))
        return
    mean.mul_(v["beta1"]).add_(g, alpha=1 - v["beta1"])
    square.mul_(v["beta2"]).addcmul_(g, g, value=1 - v["beta2"])
    size = v["learning_rate"] * sqrt(1 - v["beta2"] ** step) / (1 - v["beta1"] ** step)
    move = -size * (mean / square.sqrt().add(v["epsilon"]))
    p.add_(move)
    along = float((move * g).sum())
    if along != 0:
        scaling = float((move * move).sum()) / -along
        s["scaling"] = s.get("scaling", 0.0) * v["beta2"] + (1 - v["beta2"]) * scaling
        usual = s["scaling"] / (1 - v["beta2"] ** step)
        if step > 1 and abs(usual - scaling) < v["tolerance"] * scaling and usual > 0:
            s["found"] = usual


def shampoo(p: Tensor, g: Tensor, s: dict[str, Any], v: Mapping[str, Any]) -> None:
    """The loop over axes of shampoo.pytorch, with the paper's power for its own; roots by SVD."""
    step, order, found = _counted(s) - 1, g.dim(), g
    for axis in range(order):
        size = g.shape[axis]
        precondition = s.setdefault(axis, v["epsilon"] * torch.eye(size, dtype=p.dtype))
        flat = g.transpose(0, axis).reshape(size, -1)
        precondition.add_(flat @ flat.t())
        if step % v["interval"] == 0:
            left, sizes, right = torch.linalg.svd(precondition)
            s[f"inverse {axis}"] = left @ sizes.pow(-1 / (2 * order)).diag() @ right
        found = (s[f"inverse {axis}"] @ found.transpose(0, axis)).transpose(0, axis)
    p.add_(found, alpha=-v["learning_rate"])


def soap(p: Tensor, g: Tensor, s: dict[str, Any], v: Mapping[str, Any]) -> None:
    """soap.py of the authors: projections by einsum, decay after the step, the first step skipped."""
    mean, square = _zeros(s, p, "mean", "square")
    grams = s.setdefault("grams", [torch.zeros(size, size, dtype=p.dtype) for size in p.shape])
    if "bases" in s:
        left, right = s["bases"]
        step = _counted(s)
        turned = torch.einsum("ab,ac,bd->cd", g, left, right)
        mean.mul_(v["beta1"]).add_(g, alpha=1 - v["beta1"])
        square.mul_(v["beta2"]).add_(turned.square(), alpha=1 - v["beta2"])
        size = v["learning_rate"] * sqrt(1 - v["beta2"] ** step) / (1 - v["beta1"] ** step)
        scaled = torch.einsum("ab,ac,bd->cd", mean, left, right) / square.sqrt().add(v["epsilon"])
        before = p.clone()
        p.add_(torch.einsum("cd,ac,bd->ab", scaled, left, right), alpha=-size)
        p.add_(before, alpha=-v["learning_rate"] * v["weight_decay"])
    for gram, product in zip(grams, (g @ g.T, g.T @ g), strict=True):
        gram.lerp_(product, 1 - v["beta2"])
    if "bases" not in s:
        s["bases"] = [torch.linalg.eigh(gram)[1].flip([1]) for gram in grams]
    elif s["step"] % v["interval"] == 0:
        for axis, (gram, basis) in enumerate(zip(grams, s["bases"], strict=True)):
            order = torch.argsort(torch.diag(basis.T @ gram @ basis), descending=True)
            square.copy_(square.index_select(axis, order))
            s["bases"][axis] = torch.linalg.qr(gram @ basis[:, order])[0]


PROGRAMS: dict[str, Program] = {
    "d_adaptation": d_adaptation,
    "swats": swats,
    "shampoo": shampoo,
    "soap": soap,
    "sam": sam,
    "sam_adamw": sam_adamw,
    "sophia": sophia,
    "schedule_free": schedule_free,
    "schedule_free_adamw": schedule_free_adamw,
    "lars": lars,
    "lamb": lamb,
    "novograd": novograd,
    "lion": lion,
    "signum": signum,
    "adabelief": adabelief,
    "yogi": yogi,
    "qhadam": qhadam,
    "qh_momentum": qh_momentum,
    "aggregated_momentum": aggregated_momentum,
    "adopt": adopt,
    "adan": adan,
    "ademamix": ademamix,
    "laprop": laprop,
    "adabound": adabound,
    "diffgrad": diffgrad,
    "madgrad": madgrad,
    "prodigy": prodigy,
    "lookahead": lookahead,
}
