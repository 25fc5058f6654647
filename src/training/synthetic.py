"""A small seeded 12-lead signal generator for golden vectors: sums of Gaussian waves per beat, no recording involved."""

from __future__ import annotations

import numpy as np

from dsp import LEADS, SOURCE_RATE_HZ

# Wave: (offset from the R peak in s, width in s); amplitudes in mV for the eight independent leads.
WAVES = {"P": (-0.16, 0.022), "Q": (-0.028, 0.009), "R": (0.0, 0.011), "S": (0.030, 0.011), "T": (0.26, 0.050)}
AMPLITUDES = {
    "I": (0.08, -0.05, 0.70, -0.10, 0.18),
    "II": (0.12, -0.08, 1.10, -0.12, 0.28),
    "V1": (0.05, 0.00, 0.25, -0.90, -0.08),
    "V2": (0.06, 0.00, 0.45, -1.20, 0.35),
    "V3": (0.06, 0.00, 0.80, -0.80, 0.40),
    "V4": (0.07, -0.05, 1.40, -0.40, 0.38),
    "V5": (0.07, -0.08, 1.25, -0.20, 0.30),
    "V6": (0.06, -0.08, 0.95, -0.10, 0.22),
}


def twelve_lead(seconds: float, seed: int, rhythm: str, offset_mv: float, noise_mv: float = 0.01) -> np.ndarray:
    """[12, samples] mV at 500 Hz. rhythm: "sinus", or "af" (irregular, no P waves, every seventh beat wide)."""
    rng = np.random.default_rng(seed)
    time = np.arange(int(seconds * SOURCE_RATE_HZ)) / SOURCE_RATE_HZ
    leads = {name: np.zeros_like(time) for name in AMPLITUDES}
    at, beat = 0.35, 0
    while at < seconds + 0.5:
        wide = rhythm == "af" and beat % 7 == 3
        for name, amplitudes in AMPLITUDES.items():
            for (wave, (shift, width)), amplitude in zip(WAVES.items(), amplitudes):
                if rhythm == "af" and wave == "P":
                    continue
                stretch = 2.6 if wide and wave != "T" else 1.0
                level = -0.7 * amplitude if wide and wave == "T" else amplitude
                leads[name] += level * np.exp(-0.5 * ((time - at - shift * stretch) / (width * stretch)) ** 2)
        at += rng.normal(0.82, 0.012) if rhythm == "sinus" else rng.uniform(0.38, 0.95)
        beat += 1
    mains = 0.02 * np.sin(2 * np.pi * 50 * time)
    for name in leads:
        leads[name] += rng.uniform(-1, 1) * offset_mv + rng.uniform(0.05, 0.15) * np.sin(2 * np.pi * 0.27 * time)
        leads[name] += mains + noise_mv * rng.standard_normal(len(time))
        leads[name] = leads[name].astype(np.float32).astype(np.float64)  # so that files of float32 hold it exactly
    limb_1, limb_2 = leads["I"], leads["II"]
    leads["III"], leads["aVR"] = limb_2 - limb_1, -(limb_1 + limb_2) / 2
    leads["aVL"], leads["aVF"] = limb_1 - limb_2 / 2, limb_2 - limb_1 / 2
    return np.stack([leads[name] for name in LEADS])
