"""Regular tachycardia out of normal records: the same beats, played faster.

A network that learnt AF from CinC 2017 has hardly seen a fast regular rhythm. These are no real tachycardias (P, QRS and T are
shortened alike), so they only teach, and are never scored as anything but a check.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from scipy import signal

from dsp import SOURCE_RATE_HZ, WINDOW_SAMPLES, stream_filter

SLOWEST_BPM, FASTEST_BPM = 105.0, 175.0
FACTORS = (1.2, 2.4)
REGULAR = 0.10  # standard deviation over mean of the RR intervals
SECONDS_KEPT = 12


def r_peaks(millivolts: np.ndarray) -> np.ndarray:
    """Sample numbers of steep deflections in any lead; good enough for clean normal records."""
    filtered = stream_filter(millivolts)
    span = SOURCE_RATE_HZ // 62
    steep = np.abs(filtered[:, span:] - filtered[:, :-span]).mean(0)
    envelope = np.convolve(steep, np.ones(40) / 40, "same")
    peaks, _ = signal.find_peaks(envelope, height=0.45 * np.percentile(envelope, 98), distance=int(0.3 * SOURCE_RATE_HZ))
    return peaks


def played_faster(millivolts: np.ndarray, rng: np.random.Generator) -> np.ndarray | None:
    """[leads, samples] mV, at least 10 s, at a drawn rate; None where the record is irregular or already fast.

    A record that gets shorter than that is continued with itself from R peak to R peak.
    """
    peaks = r_peaks(millivolts)
    wanted = rng.uniform(SLOWEST_BPM, FASTEST_BPM)
    if len(peaks) < 6:
        return None
    gaps = np.diff(peaks) / SOURCE_RATE_HZ
    factor = wanted / (60.0 / np.median(gaps))
    if gaps.std() / gaps.mean() > REGULAR or not FACTORS[0] <= factor <= FACTORS[1]:
        return None
    ratio = Fraction(1.0 / factor).limit_denominator(24)
    enough = SECONDS_KEPT * SOURCE_RATE_HZ
    if millivolts.shape[1] * ratio < enough:
        beats = millivolts[:, peaks[0] : peaks[-1]]
        millivolts = np.tile(beats, 1 + int(np.ceil(enough / ratio / beats.shape[1])))
    faster = signal.resample_poly(millivolts[:, : int(np.ceil(2 * enough / ratio))], ratio.numerator, ratio.denominator, axis=-1, padtype="line")
    return faster if faster.shape[1] >= WINDOW_SAMPLES else None
