"""An account's ledger, from target weights and price files.

Of fractions of shares everything is recomputed, orders too. Whole shares are the nearest to the target by a search that is
not repeated here: their orders are taken as stated, and cash, dividends, interest, charges and values follow from them.
"""

import numpy as np
import pandas as pd

COLUMNS = ["value", "cash", "long", "short", "dividends", "financing", "commissions", "costs", "traded", "forced"]


def table(run, name):
    """A table of the account; its column `traded` is money."""
    found = pd.read_parquet(run.folder / f"{name}.parquet")
    return found.assign(date=pd.to_datetime(found["date"]))


def rates(run, text, sessions):
    """What an annual rate earns over the interval of each session's return."""
    days = np.diff(sessions.to_numpy()).astype("timedelta64[D]").astype(float)
    over, _, spread = text.replace(" ", "").partition("risk_free") if "risk_free" in text else ("", "", text)
    number = float(spread.rstrip("%") or 0.0) / 100.0
    grown = (1.0 + number) ** (days / 365.0)
    if "risk_free" in text:
        grown *= 1.0 + run.factors["risk_free"].reindex(sessions[1:]).to_numpy()
    return np.concatenate([[0.0], grown - 1.0])


def dividends(close, adjusted):
    """`C' - C A' / A` where it is more than 0.005 % of the price before."""
    paid = close.shift(1) - close * adjusted.shift(1) / adjusted
    return paid.where(paid / close.shift(1) > 5e-5, 0.0).fillna(0.0)


def closes(run, data):
    """The closes that shares are valued at, and dividends a share."""
    account, adjusted = run.study["account"], run.prices[run.assets]
    if account["prices"] == "adjusted":
        return adjusted, adjusted * 0.0
    close = pd.read_csv(data / account["closes"], index_col=0, parse_dates=True)
    close = close[run.assets].reindex(adjusted.index).where(adjusted.notna())
    return close, dividends(close, adjusted)


class Ledger:
    """Shares and cash."""

    def __init__(self, run):
        self.account = run.study["account"]
        self.rate = run.study["costs"]["per_side_bps"] * 1e-4
        self.shares, self.cash = np.zeros(len(run.assets)), self.account["capital"]

    def worth(self, price):
        values = self.shares * price
        return values[values > 0.0].sum(), -values[values < 0.0].sum()

    def trade(self, row, shares, price, free=False):
        moved = shares - self.shares
        moved[np.abs(moved) <= 1e-9 * np.minimum(np.abs(self.shares), 1.0)] = 0.0
        value = moved * price
        row["traded"] += np.abs(value).sum()
        if not free:
            row["costs"] += self.rate * np.abs(value).sum()
            each = np.maximum(self.account["per_share"] * np.abs(moved), self.account["minimum_commission"])
            row["commissions"] += each[moved != 0.0].sum()
            self.cash -= self.rate * np.abs(value).sum() + each[moved != 0.0].sum()
        self.cash -= value.sum()
        self.shares = self.shares + moved

    def target(self, weights, price, free):
        """Shares of a target that pays for its own trade."""
        long, short = self.worth(price)
        equity = worth = self.cash + long - short
        gross = np.abs(weights).sum()
        if "initial_margin" in self.account and gross * self.account["initial_margin"] > 1.0 + 1e-12:
            weights = weights / (gross * self.account["initial_margin"])
        for _ in range(0 if free else 200):
            worth = equity - self.rate * np.abs(weights * worth - self.shares * price).sum()
        return weights * worth / price

    def called(self, price):
        """Shares after a margin call; none where equity covers the maintenance margin."""
        if "maintenance_margin" not in self.account:
            return None
        long, short = self.worth(price)
        gross, equity = long + short, self.cash + long - short
        if gross == 0.0 or equity >= self.account["maintenance_margin"] * gross:
            return None
        kept = (equity - self.rate * gross) / (gross * (self.account["initial_margin"] - self.rate))
        return self.shares * min(max(kept, 0.0), 1.0)


def recomputed(run, data):
    """The table of the account."""
    close, paid = closes(run, data)
    account, free = run.study["account"], not run.study["costs"]["charge_first"]
    last = pd.Timestamp(table(run, "account")["date"].iloc[-1])
    sessions = close.index[close.index <= last]
    keys = ["cash_rate", "borrow_rate", "short_rebate", "short_fee"]
    rate = {key: rates(run, account[key], sessions) for key in keys}
    orders = table(run, "account_orders")
    whole, asset = account["whole_shares"], {name: at for at, name in enumerate(run.assets)}
    due = {sessions[sessions.get_loc(date) - 1]: date for date in run.weights.index if date <= last}
    if whole:
        by_date = {date: rows for date, rows in orders.groupby("date")}
    ledger, rows, before, began = Ledger(run), [], account["capital"], False
    for at, date in enumerate(sessions):
        if not began and date not in due:
            continue
        price = close.iloc[at].fillna(1.0).to_numpy()
        row = dict.fromkeys(COLUMNS, 0.0) | {"date": date}
        if began:
            known = close.iloc[at - 1].fillna(1.0).to_numpy()
            _, short = ledger.worth(known)
            available = ledger.cash - short
            on_cash = rate["cash_rate" if available >= 0.0 else "borrow_rate"][at]
            row["financing"] = available * on_cash + short * (rate["short_rebate"][at] - rate["short_fee"][at])
            row["dividends"] = (ledger.shares * paid.iloc[at].to_numpy()).sum()
            ledger.cash += row["financing"] + row["dividends"]
        called = None if whole else ledger.called(price)
        if called is not None:
            ledger.trade(row, called, price)
            row["forced"] = row["traded"]
        initial = free and not began
        if whole and date in by_date:
            shares = ledger.shares.copy()
            for _, order in by_date[date].iterrows():
                shares[asset[order["asset"]]] += order["shares"]
            ledger.trade(row, shares, price, initial)
        elif not whole and date in due:
            weights = run.weights.loc[due[date]].to_numpy()
            ledger.trade(row, ledger.target(weights, price, initial), price, initial)
        row["long"], row["short"] = ledger.worth(price)
        row["cash"], row["value"] = ledger.cash, ledger.cash + row["long"] - row["short"]
        row["return"] = row["value"] / before - 1.0 if began else np.nan
        if began or row["value"] <= 0.0:
            before = row["value"]
        if began and row["value"] <= 0.0:
            row["return"] = -1.0
        rows.append(row)
        began = True
    return pd.DataFrame(rows).set_index("date")


def audit(run, report, data):
    """Every column of the ledger, as a part of the capital; the return as it is."""
    theirs, ours = table(run, "account").set_index("date"), recomputed(run, data)
    days = lambda frame: (frame.index - pd.Timestamp(0)).days
    report.compare("account.date", days(theirs), days(ours), 0.0)
    capital = run.study["account"]["capital"]
    for column in COLUMNS:
        report.compare(f"account.{column} / capital", theirs[column] / capital, ours[column] / capital, 1e-9)
    report.compare("account.return", theirs["return"], ours["return"], 1e-9)
    if run.study["account"]["whole_shares"]:
        report.left_out("account_orders.shares", "the search for the best whole shares; taken as stated")
