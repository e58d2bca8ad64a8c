"""Recomputes the tables of run folders from decisions and price files, by formulas of its own.

    audit.py DATA RUN [RUN ...]

DATA is the folder with the price files that the studies name. The only inputs taken from a run are the
target weights (`decisions.parquet`, column `weight`) and the study (`run.json`); everything else in the
tables is computed again and compared. Exit code 1 if a column differs by more than its tolerance.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

import account
import measures
import others

# Absolute tolerances by column. Returns are products of a few numbers near 1 and agree to rounding; the
# risk columns go through a covariance of 252 rows.
TOLERANCE = {
    "returns": {"portfolio": 1e-13, "gross": 1e-13, "benchmark": 1e-13, "cash": 1e-15, "turnover": 1e-12, "cost": 1e-15},
    "decisions": {"drifted": 1e-12},
    "risk": {"active_weight": 1e-15, "marginal": 1e-12, "contribution": 1e-12},
    "features": {"momentum": 1e-12, "volatility": 1e-12, "correlation": 1e-10},
    "factors": {"values": 1e-15},
}
RISK_ROWS = 252


class Report:
    """What was compared, and how far apart it was."""

    def __init__(self, name):
        self.name, self.wrong, self.compared = name, 0, 0
        print(f"\n{name}")

    def compare(self, column, theirs, ours, tolerance):
        """Compares two arrays; a value that only one of them has is a difference."""
        theirs, ours = np.asarray(theirs, float), np.asarray(ours, float)
        self.compared += theirs.size
        if theirs.shape != ours.shape:
            return self._say(column, f"has {theirs.size} values, recomputed {ours.size}")
        absent = np.isnan(theirs) != np.isnan(ours)
        if absent.any():
            return self._say(column, f"{absent.sum()} values are defined on one side only")
        difference = np.nanmax(np.abs(theirs - ours), initial=0.0)
        if not difference <= tolerance:
            return self._say(column, f"differs by {difference:.2e}, tolerance {tolerance:.0e}")
        print(f"  {column}: {theirs.size} values, largest difference {difference:.1e} (tolerance {tolerance:.0e})")

    def _say(self, column, what):
        self.wrong += 1
        print(f"  {column}: WRONG, {what}")

    def left_out(self, what, why):
        print(f"  not recomputed: {what} ({why})")


class RunTables:
    """A run folder with the prices that its study names."""

    def __init__(self, folder, data):
        self.folder = folder
        self.manifest = json.loads((folder / "run.json").read_text())
        self.study = self.manifest["resolved"]
        self.assets = self.manifest["assets"]
        market = self.study["market"]
        prices = pd.read_csv(data / market["files"]["prices"], index_col=0, parse_dates=True)
        columns = list(dict.fromkeys([*self.assets, market["benchmark"]]))
        prices = prices[columns].dropna(how="all")
        self.prices = prices
        moves = prices.pct_change(fill_method=None)
        # The study may say that no return before a date is used.
        self.moves = moves.loc[market.get("first") :]
        self.factors = french(data / market["files"]["factors"]) if market.get("factors") else None
        if self.factors is not None:
            self.factors = self.factors.reindex(prices.index)
        decisions = self.table("decisions")
        # Weights are held from the session they are traded on; under a lag that is not the decision's.
        shape = dict(index="traded", columns="asset")
        self.weights = decisions.pivot(**shape, values="weight")[self.assets]
        self.drifted = decisions.pivot(**shape, values="drifted")[self.assets]
        self.traded = decisions.groupby("date")["traded"].first()

    def table(self, name):
        table = pd.read_parquet(self.folder / f"{name}.parquet")
        for column in ("date", "traded"):
            if column in table:
                table[column] = pd.to_datetime(table[column])
        return table

    def has(self, name):
        return (self.folder / f"{name}.parquet").exists()


def french(path):
    """Ken French's daily factors as fractions; text between the header and the copyright line."""
    rows = []
    for line in path.read_text(encoding="latin-1").splitlines():
        cells = [cell.strip() for cell in line.split(",")]
        if len(cells) == 5 and len(cells[0]) == 8 and cells[0].isdigit():
            rows.append(cells)
    table = pd.DataFrame(rows, columns=["date", "Mkt-RF", "SMB", "HML", "risk_free"])
    table.index = pd.to_datetime(table.pop("date"), format="%Y%m%d")
    return table.astype(float) / 100.0


def simulate(run, per_side_bps=None):
    """Holds the target weights through the market: returns, turnover, cost and drifted weights.

    Buy and hold: each position grows with its own asset; cash is what is not invested. The session of a
    trade is multiplied by `1 - c`, `c` = basis points per side times the sum of `|target - drifted|`.
    """
    last = pd.Timestamp(run.manifest["last"])
    moves = run.moves.loc[run.weights.index[0] : last]
    growth = 1.0 + moves[run.assets].fillna(0.0)
    costs, constant = run.study["costs"], run.study["walk_forward"]["drift"] != "buy_and_hold"
    bps = costs["per_side_bps"] if per_side_bps is None else per_side_bps
    rate, free = bps * 1e-4, not costs["charge_first"]
    held, target = np.zeros(len(run.assets)), None
    equity, rows, drifted = 1.0, [], []
    for date, factor in growth.iterrows():
        traded = cost = 0.0
        if date in run.weights.index:
            before = held / equity
            target = run.weights.loc[date].to_numpy()
            initial = not drifted
            drifted.append(before)
            if not (initial and free):
                traded = np.abs(target - before).sum()
                cost = rate * traded
            held, cash, equity = target.copy(), 1.0 - target.sum(), 1.0
        elif constant:
            held, cash, equity = target.copy(), 1.0 - target.sum(), 1.0
        held = held * factor.to_numpy()
        after = held.sum() + cash
        gross = after / equity - 1.0
        net = (1.0 + gross) * (1.0 - cost) - 1.0
        wiped = gross <= -1.0 or net <= -1.0
        rows.append((date, -1.0 if wiped else net, max(gross, -1.0), traded / 2.0, cost))
        equity = after
        if wiped:
            break
    names = ["date", "portfolio", "gross", "turnover", "cost"]
    table = pd.DataFrame(rows, columns=names).set_index("date")
    table["benchmark"] = moves[run.study["market"]["benchmark"]].reindex(table.index)
    table["cash"] = np.nan if run.factors is None else run.factors["risk_free"].reindex(table.index)
    return table, np.array(drifted)


def active_risk(run):
    """Tracking error by asset: `a_i (S a)_i / sqrt(a' S a)`, `S` the sample covariance, annual."""
    moves, benchmark = run.moves, run.study["market"]["benchmark"]
    periods = run.study["periods_per_year"]
    decided, rows = run.table("risk")["date"].unique(), []
    for date in pd.to_datetime(decided):
        if date not in run.traded.index:
            continue  # the last decision, which trades after the end of the backtest
        place = moves.index.get_loc(date)
        target = run.weights.loc[run.traded[date]]
        active = target[(target != 0.0) | (target.index == benchmark)].copy()
        if benchmark in run.assets:
            active[benchmark] -= 1.0
        else:
            active[benchmark] = -1.0
        known = moves[active.index].iloc[:place]
        complete = known.notna().all(axis=1)[::-1].cummin()[::-1]
        window = known[complete].iloc[-RISK_ROWS:]
        sigma = np.cov(window.to_numpy().T, ddof=1) * periods
        a = active.to_numpy()
        total = np.sqrt(a @ sigma @ a)
        marginal = sigma @ a / total
        rows += zip([date] * len(a), active.index, a, marginal, a * marginal)
    return pd.DataFrame(rows, columns=["date", "asset", "active_weight", "marginal", "contribution"])


def features(run, asked):
    """Features of the replica at month-ends: log momentum that skips a month, volatility, correlation."""
    log = np.log(run.prices)
    months = log.groupby(log.index.to_period("M")).tail(1)
    step = log.diff()
    tables = {}
    for months_back in (1, 3, 6, 12):
        tables[f"momentum_{months_back}m"] = months.shift(1) - months.shift(1 + months_back)
    for rows in (20, 60):
        tables[f"volatility_{rows}d"] = step.rolling(rows).std(ddof=1) * np.sqrt(252)
    benchmark = step[run.study["market"]["benchmark"]]
    tables["correlation_60d"] = step.rolling(60).corr(benchmark)
    keys = list(zip(asked["date"], asked["asset"]))
    return {
        name: np.array([tables[name][asset].get(date, np.nan) for date, asset in keys])
        for name in asked.columns
        if name in tables
    }


def audit_series(run, report):
    """Returns and drifted weights; gives the recomputed series."""
    ours, drifted = simulate(run)
    theirs = run.table("returns").set_index("date")
    days = lambda table: (table.index - pd.Timestamp(0)).days
    report.compare("returns.date", days(theirs), days(ours), 0.0)
    for column, tolerance in TOLERANCE["returns"].items():
        report.compare(f"returns.{column}", theirs[column], ours[column], tolerance)
    places = run.moves.index.get_indexer
    lag = places(run.traded) - places(run.traded.index)
    asked = np.full(len(lag), run.study["walk_forward"]["execution_lag"])
    report.compare("decisions.traded (sessions after date)", lag, asked, 0.0)
    report.compare("decisions.drifted", run.drifted.to_numpy(), drifted, TOLERANCE["decisions"]["drifted"])
    report.left_out("decisions.weight", "it is the input; `walkfolio verify` solves it again")
    return ours


def audit_tables(run, report, ours):
    """Risk, factors and features; names the tables that nothing here recomputes."""
    if run.has("risk"):
        theirs, own = run.table("risk"), active_risk(run)
        skipped = theirs.loc[~theirs["date"].isin(own["date"]), "date"].unique()
        if len(skipped) > 1:
            report.compare("risk.date", [len(skipped)], [1], 0.0)
        elif len(skipped) == 1:
            report.left_out(f"risk on {skipped[0]:%Y-%m-%d}", "the decision is never executed")
        theirs = theirs[theirs["date"].isin(own["date"])].sort_values(["date", "asset"])
        own = own.sort_values(["date", "asset"])
        for column, tolerance in TOLERANCE["risk"].items():
            report.compare(f"risk.{column}", theirs[column], own[column], tolerance)
    if run.has("factors"):
        theirs = run.table("factors").set_index("date")
        for column in theirs:
            own = run.factors[column].reindex(theirs.index)
            report.compare(f"factors.{column}", theirs[column], own, TOLERANCE["factors"]["values"])
    if run.has("features"):
        table = run.table("features")
        for name, own in features(run, table).items():
            tolerance = TOLERANCE["features"][name.split("_")[0]]
            report.compare(f"features.{name}", table[name], own, tolerance)
        report.left_out("features.label, features.label_weight", "least squares under bounds")
    for name in ("classifier", "predictions", "importance", "models"):
        if run.has(name):
            report.left_out(f"{name}.parquet", "fits of the classifier")
    report.left_out("ledger.parquet, timings.parquet", "messages and clocks")


def periods(run, ours):
    """The measured samples: the full one and the study's periods, each with its rebalances."""
    first = run.study["measure"].get("first")
    yield None, ours.loc[first:], ours
    for period in run.study.get("period", []):
        part = ours.loc[period.get("first") : period.get("last")]
        if len(part) > 0:
            yield period["name"], part, part


def audit_measures(run, report, ours):
    """Every measure of every period: of the portfolio, without costs, and of the benchmark."""
    theirs = json.loads((run.folder / "measures.json").read_text())
    compare_set(run, report, ("measures", theirs), ours)
    if theirs.get("without_costs"):
        free, _ = simulate(run, per_side_bps=0.0)
        compare_set(run, report, ("without_costs", theirs["without_costs"]), free)
    if theirs.get("benchmark"):
        alone = ours.assign(portfolio=ours["benchmark"], benchmark=np.nan)
        compare_set(run, report, ("benchmark", theirs["benchmark"]), alone)
    year, table = run.study["periods_per_year"], theirs["full"]
    for library, key, value in others.measures(ours.loc[run.study["measure"].get("first") :], year):
        report.compare(f"{library} {key}", [table[key]], [value], measures.tolerance(key, value))


def compare_set(run, report, named, series):
    """One set of measures: the full sample and each of the study's periods."""
    prefix, theirs = named
    year = run.study["periods_per_year"]
    number = lambda value: np.nan if value is None else float(value)
    for name, sample, traded in periods(run, series):
        own = measures.of(run, sample, traded, year)
        table = theirs["full"] if name is None else theirs["regimes"][name]
        label = f"{prefix}.{name or 'full'}"
        for key, value in table.items():
            if key not in own:
                report.left_out(f"{label}.{key}", "no formula here")
                continue
            tolerance = measures.tolerance(key, own[key])
            report.compare(f"{label}.{key}", [number(value)], [number(own[key])], tolerance)


def main(arguments):
    if len(arguments) < 2:
        sys.exit(__doc__)
    data, wrong, compared = Path(arguments[0]), 0, 0
    for folder in map(Path, arguments[1:]):
        report, run = Report(folder.name), RunTables(folder, data)
        ours = audit_series(run, report)
        audit_tables(run, report, ours)
        audit_measures(run, report, ours)
        if run.has("account"):
            account.audit(run, report, data)
        wrong, compared = wrong + report.wrong, compared + report.compared
    print(f"\n{len(arguments) - 1} runs, {compared} values compared, {wrong} columns wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
