"""The tables of `estimate`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ._base import StudyObject

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._covariance import BlendCovariance, Denoised, Detoned, EwmaCovariance, EwmaVolatilityCorrelation, FactorModelCovariance, Gerber, LedoitWolf, LedoitWolfNonlinear, Oas, Pca, SampleCovariance
    from ._expected_returns import BayesStein, BlackLitterman, BlendReturns, Capm, Equilibrium, EwmaReturns, FactorModelReturns, File, Historical, JamesStein, MeanReversion, Momentum, MultiFactor, SampleMean, Shrinkage


@dataclass(frozen=True, kw_only=True)
class Estimate(StudyObject):
    """How moments are estimated, for objectives that use moments.

    Attributes
    ----------
    covariance :
        The covariance of returns; betas come from the same window.
    expected_returns :
        Expected returns, for objectives that use them.
    units :
        The unit of moments, and with it of `lambda`.

        Default: `"annual"`.
    """

    covariance: FactorModelCovariance | Mapping[str, Any] | LedoitWolf | Mapping[str, Any] | LedoitWolfNonlinear | Mapping[str, Any] | Oas | Mapping[str, Any] | SampleCovariance | Mapping[str, Any] | EwmaCovariance | Mapping[str, Any] | EwmaVolatilityCorrelation | Mapping[str, Any] | Denoised | Mapping[str, Any] | Detoned | Mapping[str, Any] | Gerber | Mapping[str, Any] | Pca | Mapping[str, Any] | BlendCovariance | Mapping[str, Any]
    expected_returns: FactorModelReturns | Mapping[str, Any] | SampleMean | Mapping[str, Any] | Historical | Mapping[str, Any] | Shrinkage | Mapping[str, Any] | Momentum | Mapping[str, Any] | MeanReversion | Mapping[str, Any] | MultiFactor | Mapping[str, Any] | EwmaReturns | Mapping[str, Any] | JamesStein | Mapping[str, Any] | BayesStein | Mapping[str, Any] | Capm | Mapping[str, Any] | Equilibrium | Mapping[str, Any] | BlackLitterman | Mapping[str, Any] | File | Mapping[str, Any] | BlendReturns | Mapping[str, Any] | None = None
    units: Literal["annual", "daily"] | None = None
