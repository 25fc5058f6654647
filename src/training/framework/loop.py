"""One training: seeded order, progress, a checkpoint at most every two minutes, optional averaged or best weights."""

from __future__ import annotations

import copy
import time
from pathlib import Path

import torch

from framework import place
from framework.machine import device
from progress import Progress

CHECKPOINT_EVERY_S = 120.0


def fit(network, optimizer, loss_of, rows: int, batch: int, epochs: int, seed: int, title: str, checkpoint: Path | None = None,
        scheduler=None, per_batch: bool = False, average: float | None = None, keep_best: bool = False, clip: float | None = None):  # fmt: skip
    """Trains `network` in place. `loss_of(network, indices, generator)` gives the mean loss of those rows.

    scheduler: stepped each epoch, or each batch with `per_batch`. average: decay of the exponentially averaged copy that is
    returned instead. keep_best: the weights of the epoch with the lowest training loss are returned. The last incomplete
    batch of an epoch is left out when it holds fewer than two rows (batch normalisation). A checkpoint, where there is one,
    is gone on from. Returns (network in evaluation mode, loss per epoch, CPU seconds or, on a GPU, seconds).
    """
    target = device()
    clock = time.process_time if target.type == "cpu" else time.monotonic  # what else the machine does shall not count
    network.to(target)
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    averaged = copy.deepcopy(network) if average is not None else None
    best, best_loss = None, float("inf")
    losses, seconds = [], 0.0
    if checkpoint is not None and checkpoint.exists():
        state = torch.load(checkpoint, map_location=target)
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        losses, seconds, best, best_loss = state["losses"], state["seconds"], state["best"], state["best_loss"]
        generator.set_state(state["generator"].cpu())
        torch.set_rng_state(state["random"].cpu())
        if scheduler is not None:
            scheduler.load_state_dict(state["scheduler"])
        if averaged is not None:
            averaged.load_state_dict(state["averaged"])
    progress = Progress(title, epochs)
    saved = time.monotonic()
    for epoch in range(len(losses), epochs):
        start = clock()
        network.train()
        total, seen = 0.0, 0
        for indices in torch.randperm(rows, generator=generator).split(batch):
            if len(indices) < 2:
                continue
            loss = loss_of(network, indices, generator)
            optimizer.zero_grad()
            loss.backward()
            if clip is not None:
                torch.nn.utils.clip_grad_norm_(network.parameters(), clip)
            optimizer.step()
            if per_batch:
                scheduler.step()
            if averaged is not None:
                _average(averaged, network, average)
            total += loss.item() * len(indices)
            seen += len(indices)
        if scheduler is not None and not per_batch:
            scheduler.step()
        losses.append(total / seen)
        if keep_best and losses[-1] < best_loss:
            best, best_loss = {name: value.detach().cpu().clone() for name, value in network.state_dict().items()}, losses[-1]
        seconds += clock() - start
        progress.step(f"loss {losses[-1]:.4f}")
        if checkpoint is not None and epoch + 1 < epochs and time.monotonic() - saved > CHECKPOINT_EVERY_S:
            state = {
                "network": network.state_dict(), "optimizer": optimizer.state_dict(), "losses": losses, "seconds": seconds, "best": best,
                "best_loss": best_loss, "generator": generator.get_state(), "random": torch.get_rng_state(),
                "scheduler": None if scheduler is None else scheduler.state_dict(),
                "averaged": None if averaged is None else averaged.state_dict(),
            }  # fmt: skip
            place.save(state, checkpoint)
            saved = time.monotonic()
    progress.close()
    if keep_best and best is not None:
        network.load_state_dict(best)
    if checkpoint is not None:
        checkpoint.unlink(missing_ok=True)
    return (network if averaged is None else averaged).eval(), losses, seconds


@torch.no_grad()
def _average(averaged, network, decay: float) -> None:
    for mean, value in zip(averaged.state_dict().values(), network.state_dict().values()):
        if mean.dtype.is_floating_point:
            mean.lerp_(value, 1.0 - decay)
        else:
            mean.copy_(value)
