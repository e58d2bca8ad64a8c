"""The tables of `account`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ._base import StudyObject

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class Account(StudyObject):
    """A cash account that carries out the decisions.

    Attributes
    ----------
    capital :
        Cash before the first trade.

        Unit: the currency of the prices.

        Example: `capital = 1000000`
    bands :
        No-trade bands: a weight that is no further from its target is left alone.

        One number for all assets, or a table of tickers.

        Unit: fraction of equity.

        Example: `bands = { XLE = 0.01, XLF = 0.005 }`
    borrow_rate :
        The annual rate that borrowed cash costs, as `cash_rate`.

        Cash is borrowed as far as long positions exceed equity: the proceeds of short sales are collateral,
        and pay for nothing.

        Example: `borrow_rate = "risk_free + 1.5%"`

        Default: `"0%"`.
    cash_rate :
        The annual rate that cash earns, but for the proceeds of short sales: `"2%"`, `"risk_free"`, or the
        risk-free rate with a spread: `"risk_free - 0.5%"`. Interest over (t-1, t] is `(1 + rate)^(days /
        365) - 1` of the balance at the close of t-1, in calendar days.

        Example: `cash_rate = "risk_free - 0.5%"`

        Default: `"0%"`.
    closes :
        Closes as traded, a file in any layout of prices below the folder of the other files, where the
        price files have adjusted closes alone.

        Example: `closes = "close.csv"`
    events :
        Dividends per share and splits (new shares per old one) by ex-date, CSV: `date, ticker, dividend,
        split`. Without it, and without events in the files of the closes, dividends are what the adjusted
        closes have beyond the closes.

        Example: `events = "events.csv"`
    execution :
        The price of trades on the session that `walk_forward.execution_lag` names.

        Default: `"close"`.
    flows :
        Contributions and withdrawals, CSV: `date, amount`, negative for what is paid out.

        They are paid at the close of the first session on or after their date, before its trades. What is
        paid in stays cash until the next trade; what cash does not cover is raised by reducing all
        positions in proportion.

        Example: `flows = "flows.csv"`
    initial_margin :
        The equity that positions need when they are traded, of the value of all long and short positions: a
        decision that takes on more is scaled down. It goes with `maintenance_margin`; without both there is
        no margin rule.

        Unit: fraction of the positions.

        Example: `initial_margin = 0.5`
    maintenance_margin :
        The equity that positions need at every close.

        Below it there is a margin call: all positions are reduced in proportion, at that close, until
        equity covers `initial_margin` again.

        Unit: fraction of the positions.

        Example: `maintenance_margin = 0.25`
    min_trade :
        A trade of a smaller value is not made.

        Unit: the currency of the prices.

        Example: `min_trade = 100`

        Default: `0.0`.
    minimum_commission :
        The least commission of an order, next to `costs.per_side_bps`.

        Unit: the currency of the prices.

        Example: `minimum_commission = 1.0`

        Default: `0.0`.
    opens :
        Opens, a file in any layout of prices, where the price files have no column `open`.

        They are adjusted as the closes of `prices` are.

        Example: `opens = "open.csv"`
    per_share :
        The commission of each share.

        Unit: the currency of the prices.

        Example: `per_share = 0.005`

        Default: `0.0`.
    prices :
        The closes that shares are valued and traded at.

        Default: `"adjusted"`.
    short_fee :
        The annual fee on the value of borrowed shares, as `cash_rate`.

        Example: `short_fee = "0.5%"`

        Default: `"0%"`.
    short_rebate :
        The annual rate that the proceeds of short sales earn, as `cash_rate`.

        Example: `short_rebate = "risk_free - 0.25%"`

        Default: `"0%"`.
    vwap :
        Volume-weighted average prices, as `opens`; the column is `vwap`.

        Example: `vwap = "vwap.csv"`
    whole_shares :
        Whether shares are whole: each trade takes the whole shares nearest to the target that the cash pays
        for. With `false` any fraction is traded.

        Default: `true`.
    """

    capital: float
    bands: float | Mapping[str, float] | None = None
    borrow_rate: str | None = None
    cash_rate: str | None = None
    closes: str | None = None
    events: str | None = None
    execution: Literal["close", "open", "vwap"] | None = None
    flows: str | None = None
    initial_margin: float | None = None
    maintenance_margin: float | None = None
    min_trade: float | None = None
    minimum_commission: float | None = None
    opens: str | None = None
    per_share: float | None = None
    prices: Literal["adjusted", "unadjusted"] | None = None
    short_fee: str | None = None
    short_rebate: str | None = None
    vwap: str | None = None
    whole_shares: bool | None = None
