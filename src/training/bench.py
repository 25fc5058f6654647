"""Windows per second of a shipped network with PyTorch on all cores: a lower bound for ONNX Runtime, which fuses more."""

from __future__ import annotations

import sys
import time

import numpy as np
import torch

from predict import ShippedModel


def main() -> None:
    model = ShippedModel(sys.argv[1] if len(sys.argv) > 1 else "rhythm-12lead-normal-abnormal")
    leads = model.card["input"]["leads"]
    for batch in (1, 16, 32):
        inputs = np.random.default_rng(0).standard_normal((batch, len(leads), model.card["input"]["samples"])).astype(np.float32)
        model.network(inputs)
        wall, cpu = time.perf_counter(), time.process_time()
        rounds = max(1, 256 // batch)
        for _ in range(rounds):
            model.network(inputs)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        windows = rounds * batch
        print(f"batch {batch:2d}: {windows / wall:7.0f} windows/s on {torch.get_num_threads()} threads, {windows / cpu:7.0f} per core second")


if __name__ == "__main__":
    main()
