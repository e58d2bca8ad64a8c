"""Writes cov_variants_R1.csv: covariances of the made-up returns R1 with other settings than the golden files have.

    python variants.py GOLDEN > cov_variants_R1.csv

Gerber by Riskfolio-Lib 7.4.0, moving averages by pandas 3.1.1, the others by numpy 2.4.6 from their definitions. Daily; upper
triangle by rows, as in `golden/advanced/cov_R1.csv`.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from riskfolio.src import GerberStatistic as gerber

x = pd.read_csv(Path(sys.argv[1]) / "advanced/input_returns_R1.csv", index_col=0)
t, n = x.shape


def weighted(half_life):
    """Zero-mean second moments with weights that sum to 1, by pandas' own mean of products."""
    products = {(i, j): x[i] * x[j] for i in x for j in x}
    last = pd.DataFrame(products).ewm(halflife=half_life, adjust=True).mean().iloc[-1]
    return np.array([[last[(i, j)] for j in x] for i in x])


def correlation(sigma):
    deviation = np.sqrt(np.diag(sigma))
    return sigma / np.outer(deviation, deviation)


def two_speeds(fast, slow):
    deviation = np.sqrt(np.diag(weighted(fast)))
    return correlation(weighted(slow)) * np.outer(deviation, deviation)


def denoised(noise):
    sample = np.cov(x.to_numpy(), rowvar=False)
    values, vectors = np.linalg.eigh(correlation(sample))
    edge = noise * (1 + np.sqrt(n / t)) ** 2
    low = values <= edge
    values[low] = values[low].mean()
    deviation = np.sqrt(np.diag(sample))
    return correlation((vectors * values) @ vectors.T) * np.outer(deviation, deviation)


def components(k):
    sample = np.cov(x.to_numpy(), rowvar=False)
    values, vectors = np.linalg.eigh(sample)
    common = (vectors[:, -k:] * values[-k:]) @ vectors[:, -k:].T
    return common + np.diag(np.diag(sample - common))


found = {
    "ewma15_zero_mean": weighted(15),
    "ewma_vol10_corr30": two_speeds(10, 30),
    "gerber_union_0.3": gerber.gerber_cov_stat1(x, threshold=0.3).to_numpy(),
    "gerber_union_0.8": gerber.gerber_cov_stat1(x, threshold=0.8).to_numpy(),
    "gerber_geometric_0.3": gerber.gerber_cov_stat2(x, threshold=0.3).to_numpy(),
    "mp_denoised_0.6": denoised(0.6),
    "pca_1": components(1),
    "pca_4": components(4),
}
print("asset_i,asset_j," + ",".join(found))
for i in range(n):
    for j in range(i, n):
        cells = ",".join(repr(float(own[i, j])) for own in found.values())
        print(f"{x.columns[i]},{x.columns[j]},{cells}")
