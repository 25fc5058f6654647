"""The signal path in front of every network, exactly as the daemon runs it.

    mV at 500 Hz -> causal 0.5-40 Hz band-pass over the stream (float64) -> last 10 s (float32)
                 -> the window steps of the model card, in their order

`tests/.../Golden` pins both sides to each other; change nothing here without new golden vectors.
"""

from __future__ import annotations

import numpy as np
from scipy import signal

SOURCE_RATE_HZ = 500
WINDOW_SAMPLES = 5000
LEADS = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")

# Electrode polarisation and breathing lie below 0.5 Hz, muscle and mains above 40 Hz (monitor band of IEC 60601-2-27).
HIGH_PASS_HZ = 0.5
LOW_PASS_HZ = 40.0


def band_pass_sections() -> np.ndarray:
    """Biquads [b0 b1 b2 1 a1 a2]: Butterworth order 2 high-pass (one section), then order 4 low-pass (two)."""
    high = signal.butter(2, HIGH_PASS_HZ, "highpass", fs=SOURCE_RATE_HZ, output="sos")
    low = signal.butter(4, LOW_PASS_HZ, "lowpass", fs=SOURCE_RATE_HZ, output="sos")
    return np.vstack([high, low])


def stream_filter(millivolts: np.ndarray, sections: np.ndarray | None = None) -> np.ndarray:
    """Filters [leads, samples] from the first sample of a session on; float64 in and out.

    The state starts where a constant input equal to the first sample would have left it, so an electrode
    offset of hundreds of mV leaves no step behind and every lead starts at 0.
    """
    sections = band_pass_sections() if sections is None else sections
    data = np.asarray(millivolts, dtype=np.float64)
    rest = signal.sosfilt_zi(sections)  # [sections, 2], for an input of 1
    state = rest[:, np.newaxis, :] * data[np.newaxis, :, :1]
    filtered, _ = signal.sosfilt(sections, data, axis=-1, zi=state)
    return filtered


def quantize(millivolts: np.ndarray) -> np.ndarray:
    """What is left of a recording after a device has sent it: int16, 1 uV per LSB, half to even.

    A record beyond +-32767 uV is sent with the first coarser gain of 2, 5, 10, 20, 50 ... uV that holds it.
    """
    microvolts = np.asarray(millivolts, dtype=np.float64) * 1000.0
    gain = gain_microvolts(float(np.max(np.abs(microvolts), initial=0.0)))
    counts = np.rint(microvolts / gain).astype(np.int16)
    return counts.astype(np.float64) * gain / 1000.0


def gain_microvolts(peak_microvolts: float) -> float:
    for decade in (1, 10, 100, 1000, 10000):
        for factor in (1, 2, 5):
            if peak_microvolts <= 32767.0 * factor * decade:
                return float(factor * decade)
    raise ValueError(f"{peak_microvolts} uV cannot be sent as int16")


def run_steps(window: np.ndarray, steps: list[dict], lead_names: tuple[str, ...] = LEADS) -> np.ndarray:
    """Carries out the card's window steps on float32 [leads, samples]."""
    data = np.ascontiguousarray(window, dtype=np.float32)
    for step in steps:
        data = _run_step(data, step, lead_names)
    return data


def _run_step(data: np.ndarray, step: dict, lead_names: tuple[str, ...]) -> np.ndarray:
    kind = step["step"]
    if kind == "select_leads":
        return np.ascontiguousarray(data[[lead_names.index(name) for name in step["leads"]]])
    if kind == "decimate":
        return np.ascontiguousarray(data[:, step["offset"] :: step["factor"]])
    if kind == "scale":
        return data * np.float32(step["factor"])
    if kind == "clip":
        return np.clip(data, np.float32(step["min"]), np.float32(step["max"]))
    if kind == "zscore":
        return zscore(data, step["axis"], step["epsilon"])
    if kind == "minmax":
        return minmax(data, step["low"], step["high"])
    if kind == "pad":
        return pad(data, step["samples"], step["value"])
    raise ValueError(f"unknown preprocessing step '{kind}'")


def zscore(data: np.ndarray, axis: str, epsilon: float) -> np.ndarray:
    """(x - mean) / (std + epsilon), population std in two passes, all in float64, rounded to float32 once.

    axis "lead": statistics of each lead; "record": one mean and std over all leads and samples, which keeps
    the amplitude ratios between leads.
    """
    exact = data.astype(np.float64)
    over = {"lead": 1, "record": None}[axis]
    mean = exact.mean(axis=over, keepdims=True)
    std = np.sqrt(np.square(exact - mean).mean(axis=over, keepdims=True))
    return ((exact - mean) / (std + epsilon)).astype(np.float32)


def minmax(data: np.ndarray, low: float, high: float) -> np.ndarray:
    """Each lead stretched to low .. high, in float64, rounded to float32 once; a flat lead becomes low."""
    exact = data.astype(np.float64)
    least, most = exact.min(axis=1, keepdims=True), exact.max(axis=1, keepdims=True)
    span = most - least
    return (low + (exact - least) / np.where(span > 0, span, 1.0) * (high - low)).astype(np.float32)


def pad(data: np.ndarray, samples: int, value: float) -> np.ndarray:
    """`value` behind each lead up to `samples`; what is longer is cut off."""
    filled = np.full((data.shape[0], samples), value, dtype=np.float32)
    kept = min(samples, data.shape[1])
    filled[:, :kept] = data[:, :kept]
    return filled
