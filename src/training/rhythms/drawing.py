"""The picture that S3's network looks at: twelve strips of a window on 640 x 640 pixels, drawn by tensor operations.

The routine is a module of the network itself and is exported inside its ONNX graph, so training, Python and the daemon
draw the same picture by construction. `drawing.py OUT.png [RECORD.mat]` writes one to look at.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

SIZE = 640
LEADS, SAMPLES = 12, 5000
SAMPLES_PER_COLUMN = 8
COLUMNS = SAMPLES // SAMPLES_PER_COLUMN  # 625; 7 and 8 columns of margin
STRIP = 53  # rows of a lead; 12 of them and a margin of 2 rows on each side
PIXELS_PER_MILLIVOLT = 18.0
LINE_WIDTH = 1.0


class Drawing(nn.Module):
    """[batch, 12, 5000] filtered mV at 500 Hz → [batch, 1, 640, 640], paper 0 and ink 1.

    A column shows the range of its eight samples and the next one, so strokes join; a flat lead draws a line. What
    leaves its strip is cut off. The ink of a pixel is the covered share of its height (anti-aliased).
    """

    def __init__(self):
        super().__init__()
        self.register_buffer("row", torch.arange(STRIP, dtype=torch.float32).reshape(1, 1, STRIP, 1))

    def forward(self, window):
        joined = torch.cat([window, window[:, :, -1:]], 2)
        highest = functional.max_pool1d(joined, SAMPLES_PER_COLUMN + 1, SAMPLES_PER_COLUMN)
        lowest = -functional.max_pool1d(-joined, SAMPLES_PER_COLUMN + 1, SAMPLES_PER_COLUMN)
        middle, half = STRIP / 2, LINE_WIDTH / 2
        limit = middle - half  # the line itself stays on its strip
        top = middle - half - (highest * PIXELS_PER_MILLIVOLT).clamp(-limit, limit)
        bottom = middle + half - (lowest * PIXELS_PER_MILLIVOLT).clamp(-limit, limit)
        ink = (bottom.unsqueeze(2) - self.row).clamp(0.0, 1.0) - (top.unsqueeze(2) - self.row).clamp(0.0, 1.0)
        page = ink.reshape(-1, 1, LEADS * STRIP, COLUMNS)
        above, left = (SIZE - LEADS * STRIP) // 2, (SIZE - COLUMNS) // 2
        page = _margin(page, 2, above, SIZE - LEADS * STRIP - above)
        return _margin(page, 3, left, SIZE - COLUMNS - left)


def _margin(page: torch.Tensor, axis: int, before: int, after: int) -> torch.Tensor:
    """Blank rows or columns; written with Concat, as the exporter makes a dozen nodes of a padding."""
    blank = 0.0 * page.narrow(axis, 0, max(before, after))
    return torch.cat([blank.narrow(axis, 0, before), page, blank.narrow(axis, 0, after)], axis)


def main() -> None:
    import sys
    from pathlib import Path

    import matplotlib

    matplotlib.use("Agg")
    import numpy as np
    from matplotlib import pyplot

    from datasets import read_mat
    from dsp import WINDOW_SAMPLES, stream_filter
    from synthetic import twelve_lead

    target = Path(sys.argv[1] if len(sys.argv) > 1 else "artifacts/drawing.png")
    target.parent.mkdir(parents=True, exist_ok=True)
    millivolts = read_mat(sys.argv[2]) if len(sys.argv) > 2 else twelve_lead(10.0, 1, "sinus", 0.0)
    window = stream_filter(millivolts[:, :WINDOW_SAMPLES]).astype(np.float32)
    page = Drawing()(torch.from_numpy(window)[None])[0, 0].numpy()
    pyplot.imsave(target, page, cmap="gray_r", vmin=0.0, vmax=1.0)


if __name__ == "__main__":
    main()
