"""The device that trains, and what to say of the machine beside a figure."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path

import numpy as np
import torch


def device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def describe() -> dict:
    return {
        "cpu": _cpu_name(),
        "cores": os.cpu_count(),
        "gpu": torch.cuda.get_device_name(0) if torch.cuda.is_available() else None,
        "threads": torch.get_num_threads(),
        "load": round(os.getloadavg()[0], 1),
        "torch": torch.__version__,
    }


def short(description: dict) -> str:
    return description["gpu"] or f"{description['threads']} thread of {description['cores']} x {description['cpu']}"


def _cpu_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        name = platform.processor() or platform.machine()
    return " ".join(name.replace("(R)", "").replace("Processor", "").replace("CPU", "").split())


@torch.no_grad()
def windows_per_second(networks, shape: tuple[int, ...], batch: int = 32, seconds: float = 1.0) -> float:
    """Windows per second of the PyTorch networks (all members, one after the other) on one CPU thread: a lower bound for ONNX Runtime."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        networks = [network.cpu().eval() for network in networks]
        inputs = torch.from_numpy(np.random.default_rng(0).random((batch, *shape), dtype=np.float32))
        for network in networks:
            network(inputs)
        rounds, start = 0, time.process_time()
        while time.process_time() - start < seconds or rounds == 0:
            for network in networks:
                network(inputs)
            rounds += 1
        return rounds * batch / (time.process_time() - start)
    finally:
        torch.set_num_threads(threads)
