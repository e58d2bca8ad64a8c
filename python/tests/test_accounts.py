"""One decision for many accounts: the same rows however they are spread."""

from __future__ import annotations

import concurrent.futures

import pytest
from support import STUDY

import walkfolio as wf

pd = pytest.importorskip("pandas")

ACCOUNTS = pd.DataFrame(
    {
        "account": [f"{number:04d}" for number in range(23)],
        "cash": [1000.0 * (number % 7) for number in range(23)],
        "exclude": ["ACME" if number == 11 else "XLE" if number % 5 == 0 else "" for number in range(23)],
    }
)
POSITIONS = pd.DataFrame(
    {
        "account": [f"{number:04d}" for number in range(23) for _ in range(2)],
        "ticker": ["XLK", "XLF"] * 23,
        "shares": [10 + number for number in range(46)],
    }
)
OPTIONS = {"benchmark": "SPY", "date": "2025-06-02", "force": True}


@pytest.fixture(scope="module")
def whole(prices):
    return wf.decide_accounts(STUDY, ACCOUNTS, POSITIONS, prices, **OPTIONS)


def test_every_account_has_a_row(whole, prices):
    found = whole.accounts
    assert list(found["account"]) == list(ACCOUNTS["account"])
    assert (found["status"] == "failed").sum() == whole.to_dict()["failed"] == 1
    assert "ACME" in found.set_index("account").loc["0011", "reason"]
    orders = whole.orders
    assert len(orders) == whole.to_dict()["orders"] > 20
    assert (orders["shares"] == orders["shares"].round()).all()
    # An account alone has the orders of a decision for it.
    one = wf.decide_accounts(STUDY, ACCOUNTS.iloc[[3]], POSITIONS[POSITIONS["account"] == "0003"], prices, **OPTIONS)
    own = orders[orders["account"] == "0003"].reset_index(drop=True)
    assert one.orders.equals(own)


def test_spread_over_a_pool_they_are_the_same(whole, prices):
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        found = wf.decide_accounts(STUDY, ACCOUNTS, POSITIONS, prices, on=pool, batch=4, **OPTIONS)
    assert found.accounts.equals(whole.accounts)
    assert found.orders.equals(whole.orders)
    same = {"hash", "files"}
    for key, value in whole.to_dict().items():
        if key not in same:
            assert found.to_dict()[key] == (pytest.approx(value, rel=1e-12) if isinstance(value, float) else value), key


def test_files_are_the_same_accounts(whole, prices, tmp_path):
    ACCOUNTS.to_csv(tmp_path / "accounts.csv", index=False)
    POSITIONS.to_parquet(tmp_path / "positions.parquet")
    found = wf.decide_accounts(STUDY, tmp_path / "accounts.csv", tmp_path / "positions.parquet", prices, **OPTIONS)
    assert found.accounts.equals(whole.accounts)


def test_what_accounts_refuse(prices):
    none = wf.decide_accounts(STUDY, ACCOUNTS, POSITIONS, prices, benchmark="SPY", date="2025-06-10")
    assert not none.due
    assert "none is due on 2025-06-10" in repr(none)
    for accounts, words in (([1, 2], "accounts is a list, not a table"), ("nowhere.csv", "no file nowhere.csv")):
        with pytest.raises(wf.DataError, match=words):
            wf.decide_accounts(STUDY, accounts, POSITIONS, prices, **OPTIONS)
    with pytest.raises(wf.DataError, match="no lot_method newest.*one of: highest-cost"):
        wf.decide_accounts(STUDY, ACCOUNTS, POSITIONS, prices, lot_method="newest", **OPTIONS)
    with pytest.raises(wf.DataError, match="needs the rates of the tax"):
        wf.decide_accounts(STUDY, ACCOUNTS, POSITIONS, prices, lot_method="minimum-tax", **OPTIONS)
    with pytest.raises(wf.WalkfolioError, match="account"):
        wf.decide_accounts(STUDY, ACCOUNTS.drop(columns="account"), POSITIONS, prices, **OPTIONS)
