"""The tables of `select`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from ._base import StudyObject

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, kw_only=True)
class AllAssets(StudyObject):
    """All that are eligible."""

    _kind: ClassVar[str | None] = "none"


@dataclass(frozen=True, kw_only=True)
class Labels(StudyObject):
    """What an asset's label is.

    Attributes
    ----------
    l1_penalty :
        Penalty on `sum |w|`: a constant here, and a warning says so.

        Unit: of the objective, for a sum of absolute weights of 1.

        Example: `l1_penalty = 0.001`
    max_weight :
        Largest weight of one asset in the program.

        Unit: fraction of equity.

        Default: `0.3`.
    threshold :
        The label is 1 for a weight above this.

        Unit: fraction of equity.

        Default: `0.005`.
    window :
        Rows of the program's window.

        Default: `252`.
    """

    l1_penalty: float | None = None
    max_weight: float | None = None
    threshold: float | None = None
    window: int | None = None


@dataclass(frozen=True, kw_only=True)
class Persistence(StudyObject):
    """Those that the tracking program of the last month-end held.

    Attributes
    ----------
    labels :
        What an asset's label is.
    min_selected :
        At least so many assets are selected, those with the largest weights.

        Unit: assets.

        Default: `4`.
    """

    _kind: ClassVar[str | None] = "persistence"
    labels: Labels | Mapping[str, Any] | None = None
    min_selected: int | None = None


@dataclass(frozen=True, kw_only=True)
class Extra(StudyObject):
    """A feature from a file.

    A file with the columns `date, asset, value` gives the value itself. One with `date, asset,
    constituent, weight, market_cap, pe, actual_eps, estimated_eps` is summed over the constituents,
    `sum w_i x_i`. The date is the day on which a value became known.

    Attributes
    ----------
    file :
        The CSV file, below the folder of the source or of `--data`.

        Example: `file = "signals/market_cap.csv"`
    kind :
        What it is.
    """

    file: str
    kind: Literal["log_dollar_volume", "market_cap", "price_earnings", "earnings_surprise"]


@dataclass(frozen=True, kw_only=True)
class Features(StudyObject):
    """What the classifier is told of an asset.

    Attributes
    ----------
    correlation_days :
        Correlations of daily log returns with the benchmark's over the last so many sessions.

        Default: `[60]`.
    extra :
        Features from files of your own.
    momentum_months :
        Log returns over so many months, up to the month-end before the last: the most recent month is
        skipped.

        Default: `[1, 3, 6, 12]`.
    regimes :
        Regimes, by the names of their `[[regime]]`: the probability of each state but the first at the
        month-end, 1 or 0 where a regime has no probabilities.

        They are the same for all assets of a month, and are not standardized.

        Example: `regimes = ["market"]`
    standardize :
        Whether each feature is standardized across the assets of a month.

        Default: `"none"`.
    volatility_days :
        Annualized standard deviations of the last so many daily log returns.

        Default: `[20, 60]`.
    """

    correlation_days: Sequence[int] | None = None
    extra: Sequence[Extra | Mapping[str, Any]] | None = None
    momentum_months: Sequence[int] | None = None
    regimes: Sequence[str] | None = None
    standardize: Literal["none", "z_score", "rank"] | None = None
    volatility_days: Sequence[int] | None = None


@dataclass(frozen=True, kw_only=True)
class SelectLabels(StudyObject):
    """What it learns to predict.

    Attributes
    ----------
    l1_penalty :
        Penalty on `sum |w|`: a constant here, and a warning says so.

        Unit: of the objective, for a sum of absolute weights of 1.

        Example: `l1_penalty = 0.001`
    max_weight :
        Largest weight of one asset in the program.

        Unit: fraction of equity.

        Default: `0.3`.
    threshold :
        The label is 1 for a weight above this.

        Unit: fraction of equity.

        Default: `0.005`.
    window :
        Rows of the program's window.

        Default: `252`.
    """

    l1_penalty: float | None = None
    max_weight: float | None = None
    threshold: float | None = None
    window: int | None = None


@dataclass(frozen=True, kw_only=True)
class Parameters(StudyObject):
    """How trees are grown; a search replaces those that its grid names.

    Attributes
    ----------
    colsample_bytree :
        Share of the features that a tree may split on.

        Unit: fraction.

        Default: `0.8`.
    gamma :
        Least gain of a split.

        Unit: reduction of the loss.

        Default: `0.0`.
    learning_rate :
        What each tree's answer is multiplied by.

        Unit: fraction.

        Default: `0.1`.
    max_depth :
        Greatest depth of a tree.

        Unit: levels.

        Default: `4`.
    min_child_weight :
        Least sum of second derivatives in a leaf.

        Unit: sum of second derivatives.

        Default: `1.0`.
    n_estimators :
        Number of trees.

        Unit: trees.

        Default: `200`.
    reg_alpha :
        L1 penalty on the values of leaves.

        Unit: sum of gradients.

        Default: `0.0`.
    reg_lambda :
        L2 penalty on the values of leaves.

        Unit: sum of second derivatives.

        Default: `1.0`.
    seed :
        Seed of the sampling.

        Unit: any.

        Default: `42`.
    subsample :
        Share of the rows that a tree is grown on.

        Unit: fraction.

        Default: `0.8`.
    """

    colsample_bytree: float | None = None
    gamma: float | None = None
    learning_rate: float | None = None
    max_depth: int | None = None
    min_child_weight: float | None = None
    n_estimators: int | None = None
    reg_alpha: float | None = None
    reg_lambda: float | None = None
    seed: int | None = None
    subsample: float | None = None


@dataclass(frozen=True, kw_only=True)
class SelectSearch(StudyObject):
    """Searches for the parameters with the best cross-validated AUC.

    Attributes
    ----------
    every_months :
        How often, in months; what was found holds until the next search.

        Example: `every_months = 12`
    grid :
        Values to try by parameter; all combinations are tried.
    """

    every_months: int
    grid: Mapping[str, Sequence[float]] | None = None


@dataclass(frozen=True, kw_only=True)
class BuiltIn(StudyObject):
    """Our own, exact greedy; needs nothing installed."""

    _kind: ClassVar[str | None] = "built_in"


@dataclass(frozen=True, kw_only=True)
class Xgboost(StudyObject):
    """The XGBoost library through its C interface, `tree_method = exact`.

    Attributes
    ----------
    library :
        The shared library; without it `WALKFOLIO_XGBOOST`, or what `make xgboost` installed.

        Example: `library = "/usr/lib/libxgboost.so"`
    """

    _kind: ClassVar[str | None] = "xgboost"
    library: str | None = None


@dataclass(frozen=True, kw_only=True)
class Validation(StudyObject):
    """How the classifier is cross-validated before each decision.

    Attributes
    ----------
    folds :
        Number of folds; 0 for no cross-validation.

        Unit: folds.

        Default: `3`.
    purge_months :
        Months before each test that training leaves out: labels of neighbouring months share most of their
        window.

        Default: `12`.
    """

    folds: int | None = None
    purge_months: int | None = None


@dataclass(frozen=True, kw_only=True)
class BoostedTrees(StudyObject):
    """Those that gradient-boosted trees expect the next tracking program to hold.

    Attributes
    ----------
    features :
        What the classifier is told of an asset.
    labels :
        What it learns to predict.
    min_selected :
        At least so many assets are selected, those with the largest probabilities.

        Unit: assets.

        Default: `4`.
    parameters :
        How trees are grown; a search replaces those that its grid names.
    save_models :
        Whether each decision's model is kept in `models.parquet`.

        Default: `true`.
    search :
        Searches for the parameters with the best cross-validated AUC.
    since :
        No training row before this date.

        Example: `since = 2013-07-01`
    threshold :
        Assets with at least this probability are selected.

        Unit: probability.

        Default: `0.5`.
    trainer :
        Which implementation grows the trees.
    validation :
        How the classifier is cross-validated before each decision.
    """

    _kind: ClassVar[str | None] = "boosted_trees"
    features: Features | Mapping[str, Any] | None = None
    labels: SelectLabels | Mapping[str, Any] | None = None
    min_selected: int | None = None
    parameters: Parameters | Mapping[str, Any] | None = None
    save_models: bool | None = None
    search: SelectSearch | Mapping[str, Any] | None = None
    since: str | datetime.date | None = None
    threshold: float | None = None
    trainer: BuiltIn | Mapping[str, Any] | Xgboost | Mapping[str, Any] | None = None
    validation: Validation | Mapping[str, Any] | None = None
