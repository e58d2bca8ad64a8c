"""Studies and runs: what goes in, what comes out."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys

import numpy as np
import pytest
from support import ROOT, STUDY

import walkfolio as wf


def test_a_run_of_a_frame_is_the_run_of_its_file(prices, tmp_path, run):
    prices.to_csv(tmp_path / "prices.csv")
    of_file = wf.run(STUDY, tmp_path / "prices.csv", benchmark="SPY")
    assert of_file.measures == run.measures
    assert (of_file.weights.to_numpy() == run.weights.to_numpy()).all()


def test_the_program_of_the_command_line_has_the_same_numbers(real):
    study = ROOT / "studies/mtum-all-eleven.toml"
    found = wf.run(study, data=real)
    # As the book states it: docs/src/tutorial.md.
    assert found.status == "complete"
    assert found.manifest["decisions"] == 73
    assert found.measures["tracking_error"] == pytest.approx(0.0825, abs=0.02)


def test_frames_come_out_in_the_library_that_came_in(prices, run):
    polars = pytest.importorskip("polars")
    pyarrow = pytest.importorskip("pyarrow")
    own = polars.from_pandas(prices.reset_index())
    of_polars = wf.run(STUDY, own, benchmark="SPY")
    assert isinstance(of_polars.returns, polars.DataFrame)
    of_arrow = wf.run(STUDY, pyarrow.Table.from_pandas(prices.reset_index()), benchmark="SPY")
    assert isinstance(of_arrow.weights, pyarrow.Table)
    of_dict = wf.run(
        STUDY, {"date": prices.index.to_numpy(), **{n: prices[n].to_numpy() for n in prices}}, benchmark="SPY"
    )
    assert isinstance(of_dict.returns, dict)
    for other in (of_polars, of_arrow, of_dict):
        assert other.measures == run.measures
    assert type(run.returns).__module__.startswith("pandas")
    assert str(run.returns.index.dtype).startswith("datetime64")


def test_returns_compound_to_the_measure(run):
    grown = (1 + run.returns["portfolio"]).prod()
    assert grown - 1 == pytest.approx(run.measures["cumulative_return"], rel=1e-12)
    assert np.allclose(run.weights.sum(axis=1), 1, atol=1e-9)


def test_studies_from_toml_dict_and_objects_are_the_same():
    nested = {
        "name": "study",
        "market": {"assets": ["*"], "benchmark": "SPY"},
        "walk_forward": {"every": "month"},
        "allocate": {
            "objective": {"kind": "tracking_error", "window": 252},
            "bounds": {"min": 0.0, "max": 1.0},
        },
    }
    flat = wf.Study({"objective": wf.TrackingError(window=252), "every": "month", "benchmark": "SPY"})
    assert wf.Study(nested) == flat
    assert wf.Study(flat.to_toml()) == flat
    assert wf.Study(flat.to_dict()) == flat
    assert flat.with_({"allocate.bounds.max": 0.5}) != flat


@pytest.mark.parametrize("path", sorted((ROOT / "studies").glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_study_round_trips(path):
    study = wf.Study(path)
    assert wf.Study(study.settings).hash == study.hash
    assert study.to_toml() == path.read_text()


def test_a_run_is_pickled_whole(run):
    again = pickle.loads(pickle.dumps(run))
    assert again.measures == run.measures
    assert again.returns.equals(run.returns)
    assert again.manifest == run.manifest
    assert again.study == run.study
    assert pickle.loads(pickle.dumps(run.study)) == run.study
    assert pickle.loads(pickle.dumps(run.measures)) == run.measures


def test_a_run_is_verified_and_audited(run):
    found = run.verify()
    assert found
    assert found.confirmed == found.decisions == run.manifest["decisions"]
    audit = run.audit()
    assert audit
    assert audit.leak is None


def test_reports_and_notebooks(run, tmp_path):
    page = run.report(tmp_path / "r.html").read_text()
    assert page.startswith("<!doctype html>")
    assert (tmp_path / "r.html").stat().st_size > 50_000
    assert run.report(tmp_path / "r.md").read_text().startswith("#")
    assert run.report(tmp_path / "r.xlsx").read_bytes()[:2] == b"PK"
    with pytest.raises(wf.RunError, match=r"\.html, \.md or \.xlsx"):
        run.report(tmp_path / "r.pdf")
    html = run._repr_html_()
    assert "Tracking error" in html
    assert "<script" not in html
    assert "http" not in html


def test_a_run_into_a_folder_is_read_verified_and_not_overwritten(prices, tmp_path, run):
    out = tmp_path / "run"
    made = wf.run(STUDY, prices, benchmark="SPY", out=out)
    assert (out / "report.html").exists()
    assert wf.read(out).measures == made.measures == run.measures
    with pytest.raises(wf.RunError):
        wf.run(STUDY, prices, benchmark="SPY", out=out)
    wf.run(STUDY, prices, benchmark="SPY", out=out, replace=True, report=False)
    assert not (out / "report.html").exists()


def test_a_grid(prices):
    study = {**STUDY, "grid": {"allocate.objective.window": [126, 252]}}
    grid = wf.run(study, prices, benchmark="SPY")
    assert isinstance(grid, wf.Grid)
    assert len(grid) == 2
    assert grid.keys == ["allocate.objective.window"]
    cell = grid.study.cell(2)
    assert cell.settings["allocate"]["objective"]["window"] == 252
    assert pickle.loads(pickle.dumps(grid)).cells.equals(grid.cells)


def test_a_conflict_inside_a_run_is_data(prices):
    with pytest.raises(wf.Infeasible) as caught:
        wf.run({**STUDY, "volatility_cap": 0.01}, prices, benchmark="SPY")
    error = caught.value
    assert error.date
    assert any("volatility" in words for words in error.conflict.constraints)
    change = next(each for each in error.conflict.relaxations if "volatility" in each.constraint)
    assert change.max > 0.01
    assert pickle.loads(pickle.dumps(error)).conflict == error.conflict


def test_progress_is_reported(prices):
    seen = []
    wf.run(STUDY, prices, benchmark="SPY", progress=lambda done, every: seen.append((done, every)))
    assert all(0 <= done <= every for done, every in seen)


def fresh(code):
    """What a new interpreter prints."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_the_import_is_quick():
    code = "import sys, time; t = time.process_time(); import walkfolio; t = time.process_time() - t; "
    seconds, numpy = zip(*(fresh(code + "print(t, 'numpy' in sys.modules)").split() for _ in range(3)), strict=True)
    # Seconds of the processor: 1 ms; numpy alone takes longer than the 50 ms that are promised.
    assert min(map(float, seconds)) < 0.05
    assert set(numpy) == {"False"}


def test_numpy_is_all_that_is_needed():
    code = "import sys, walkfolio; [getattr(walkfolio, name) for name in walkfolio.__all__]; print(*sys.modules)"
    others = {"pandas", "polars", "pyarrow", "sklearn", "scipy", "matplotlib", "ray", "distributed", "tqdm"}
    assert not others & set(fresh(code).split())


def test_names_are_found_when_they_are_asked_for():
    assert {"run", "Study", "Infeasible", "TrackingError", "optimize"} <= set(wf.__all__) <= set(dir(wf))
    assert not hasattr(wf, "no_such_name")
    assert not hasattr(wf, "_no_such_name")
    # A module of the package never hides the function of its name.
    code = "import walkfolio as wf, walkfolio._run, walkfolio._sweep; print(callable(wf.run), callable(wf.sweep))"
    assert fresh(code).split() == ["True", "True"]


def test_wrong_studies_say_all_that_is_wrong():
    with pytest.raises(wf.StudyError) as caught:
        wf.Study({"objective": {"kind": "minimum_varianc"}, "every": "moon", "bounds": (0, 1), "colour": 1})
    paths = [fault.path for fault in caught.value.faults]
    assert "colour" in paths
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.faults == caught.value.faults
    with pytest.raises(wf.StudyError, match="check the path"):
        wf.Study("no-such-file.toml")


def test_the_schema_is_that_of_the_engine():
    assert "allocate" in wf.schema()["properties"]
    assert json.dumps(wf.schema())
