"""What tests name in common."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMES = ["XLE", "XLF", "XLK", "SPY"]
STUDY = {"objective": {"kind": "tracking_error", "window": 252}, "every": "month", "bounds": (0.0, 0.6)}
