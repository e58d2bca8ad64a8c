//! What `--help` says beyond the options: how the commands follow each other, examples, exit codes.

/// The first page: the commands in the order in which a study needs them. It fits 80 columns and 24
/// lines.
pub const TOP: &str = "\
Builds portfolios from past data only and walks them forward through history.

Usage: walkfolio COMMAND       walkfolio COMMAND --help has options and examples

A study
  init         write a commented study to start from   walkfolio init replica
  explain      explain a key, or find one by a word    walkfolio explain costs
Its data
  sample       write simulated prices as CSV           walkfolio sample DIR
  fetch        download prices and factors             walkfolio fetch s.toml ..
  check        check prices for errors                 walkfolio check s.toml
Its run
  run          tables and a report in a folder         walkfolio run s.toml
  audit        prove that no decision looks ahead      walkfolio audit s.toml
  verify       make a run again and compare its files  walkfolio verify RUN
  decide       what to trade next; see drift, daily    walkfolio decide s.toml
Results
  runs         list runs; see serve for a browser      walkfolio runs --sort te
  compare      compare runs                            walkfolio compare RUN RUN
  report       write the report again; see tearsheet  walkfolio report RUN
Your shell and editor: completions, man, schema     Options: -h, -V, --version

Exit codes: 0 success, 1 an error was found, 2 error in the study, data or
command line, 3 nothing to trade, 130 stopped by Ctrl-C. NO_COLOR=1: no colors.";

pub const INIT: &str = "\
The study runs as is: on the prices in --prices, whose assets, dates and gaps it
takes into account, or on the built-in sample market. Each key has a comment that
says what it does. The benchmark is a column of the price file, or a file of its
own. long-short has factors and a bounded beta where --factors names a file.

Examples:
  walkfolio init replica
  walkfolio init replica --prices prices.csv --benchmark MTUM
  walkfolio init long-short studies/mine.toml --prices data/etfs.csv
  walkfolio init index-tracking && walkfolio run index-tracking.toml

Exit codes: 0 success, 2 the file exists or cannot be written, or the prices
cannot be read.";

pub const SAMPLE: &str = "\
The files hold the market on which studies run without data. It is simulated: it
says nothing about any real fund. prices.csv has eleven sector funds,
benchmark.csv the momentum fund that they replicate, factors.csv three factors
and the risk-free rate in the layout of the Ken French library.

Examples:
  walkfolio sample sample
  walkfolio sample other --seed 7

Exit codes: 0 success, 2 a file exists or cannot be written.";

pub const EXPLAIN: &str = "\
The text is the same as in the JSON Schema and in the reference of the book.

Examples:
  walkfolio explain                                   every key
  walkfolio explain allocate                          the keys of a table
  walkfolio explain max_holdings                      a key by its last part
  walkfolio explain turnover                          keys that speak of a word
  walkfolio explain allocate.objective.robust_utility a kind of a table
  walkfolio explain costs --json | jq .[].keys

Exit codes: 0 success, 2 no key has the word.";

pub const SCHEMA: &str = "\
An editor that knows JSON Schema completes and checks a study whose first line
is `#:schema study.schema.json`.

Examples:
  walkfolio schema > study.schema.json
  walkfolio schema | jq .properties.costs

Exit code: 0.";

pub const RUN: &str = "\
The folder holds run.json, tables as Parquet, measures.json and the reports.
The run writes checkpoints: --resume continues an interrupted run, with results
identical to the bit. An existing run in --out is an error. With --replace, the
new run replaces it once the new run is complete.

Examples:
  walkfolio run studies/long-short.toml --data ../shared/data --out /tmp/ls
  walkfolio run studies/mtum-replica.toml --set costs.per_side_bps=10
  walkfolio run studies/mtum-replica.toml --set walk_forward.every=week
  walkfolio run studies/mtum-frontier.toml
  walkfolio run studies/mtum-frontier.toml --cell 4 --out /tmp/best-four
  walkfolio run studies/mtum-replica-tuned.toml --data ../shared/data --resume
  walkfolio run studies/mtum-replica.toml --json | tail -n 1 | jq .status

Exit codes: 0 success, 1 every backtest of a grid failed, 2 error in the study,
data or command line, 130 stopped by Ctrl-C.";

pub const AUDIT: &str = "\
Every decision is recomputed on markets with perturbed future data. It must be
identical to the bit. Of a grid, some cells are audited.

Examples:
  walkfolio audit studies/mtum-replica.toml
  walkfolio audit studies/long-short.toml --data ../shared/data
  walkfolio audit studies/long-short.toml --json | jq .leak
  walkfolio audit studies/mtum-frontier.toml --cells 11

Exit codes: 0 no look-ahead, 1 a decision looks ahead, 2 error in the study,
data or command line, 130 stopped by Ctrl-C.";

pub const CHECK: &str = "\
Findings are errors (no valid file has them), warnings (wrong more often than
not) and notes. The table [clean] of a study says how to handle them.

Examples:
  walkfolio check studies/long-short.toml --data ../shared/data
  walkfolio check --prices prices.csv
  walkfolio check --prices spy.us.txt --all --out /tmp/report
  walkfolio check --prices prices.parquet --json | jq .counts

Exit codes: 0 no findings, or notes only; 1 a warning or an error; 2 the data
cannot be read.";

pub const COMPARE: &str = "\
Without --regime, the classifiers of the runs and their common targets follow
the measures. A star marks the best value of a row, for measures where higher or
lower is better.

Runs with different prices, benchmarks or dates are an error without --force.

Examples:
  walkfolio run studies/mtum-replica.toml --out /tmp/replica
  walkfolio run studies/mtum-all-eleven.toml --out /tmp/all-eleven
  walkfolio compare /tmp/replica /tmp/all-eleven
  walkfolio compare /tmp/replica /tmp/all-eleven --regime covid
  walkfolio compare runs/mtum-* --all --sort tracking_error --json
  walkfolio compare /tmp/replica /tmp/all-eleven --out compare.html

Exit codes: 0 success, 2 a folder has no finished backtest, or the data of the
runs differ.";

pub const TEARSHEET: &str = "\
The page of a backtest for a series from elsewhere. Whether its numbers are
returns as fractions, returns in percent, prices or an equity curve is found out
by looking, and so are the periods of a year; both are printed. What stays open is
an error with both readings. The benchmark is compounded over the periods of the
series.

Examples:
  walkfolio tearsheet fund.csv --benchmark SPY.csv
  walkfolio tearsheet fund.xlsx --column nav --kind equity --out fund.html
  walkfolio tearsheet funds.parquet --column B --risk-free 0.03 --json

Exit codes: 0 success, 2 a file cannot be read or is open to two readings.";

pub const DECIDE: &str = "\
The target is made by the code of the backtest: --on a past date gives the bits of
the run, which --check proves for all of them. Without --on it is that for the next
session after the data. Stale data are an error, a session that the schedule does
not ask for is no decision without --force.

With --holdings the orders follow: whole shares, chosen by the study's own objective
and paid for by the cash, at the costs of the study. With --accounts it is done for
each of many accounts; the same command goes on where it was interrupted.

Examples:
  walkfolio decide studies/mtum-all-eleven.toml
  walkfolio decide mine.toml --holdings positions.csv --cash 12000 --out today
  walkfolio decide studies/mtum-all-eleven.toml --on 2025-06-02 --json
  walkfolio decide studies/mtum-all-eleven.toml --force --out today
  walkfolio decide mine.toml --check runs/mine-20261123T201500Z-1a2b3c4d
  walkfolio decide mine.toml --accounts a.csv --account-holdings p.csv --out now

Exit codes: 0 there is something to trade, 1 --check found a difference or an
account failed, 2 error in the study, data or command line, 3 nothing to trade
or to decide, 130 stopped by Ctrl-C.";

pub const DAILY: &str = "\
Fetches (with --from), checks and decides, and ends at the first of them that is not
right, with its exit code. The decision is made from a copy of the inputs: study,
data, holdings. Copy, decision and the SHA-256 of every file are kept in DAYS/DATE,
which `verify` makes again. The same day with the same inputs is not decided twice;
with other inputs it is an error unless --again.

Examples:
  walkfolio daily studies/mtum-all-eleven.toml --days days --on 2025-06-02
  walkfolio daily mine.toml --from yahoo --data data --days days
  walkfolio daily mine.toml --data data --days days --holdings positions.csv
  walkfolio verify days/2025-06-02

Exit codes: 0 there is something to trade, 1 the check of the data found
something, 2 error in the study, data or command line, 3 nothing to trade or to
decide, 130 stopped by Ctrl-C.";

pub const DRIFT: &str = "\
The distance is the tracking error of the account to the study's last target, as
it has drifted since, and to the target of now. A rebalance pays for itself if what
the objective gains until the next decision is more than its cost; an objective that
is not in units of return has the price of risk at which it does.

Examples:
  walkfolio drift mine.toml --holdings positions.csv
  walkfolio drift mine.toml --holdings positions.csv --cash 1200 --json

Exit codes: 0 success, 2 error in the study, data or command line, 130 stopped
by Ctrl-C.";

pub const RUNS: &str = "\
A run is added to the catalogue (runs/catalogue.db) when it ends; until then it
is listed below the others, with its progress. A run with --out is added if its
parent folder is called `runs` or has a catalogue. The catalogue is an index:
--rebuild reads it from the folders again.

A filter compares keys with values: < <= > >= = !=, joined by and, or, not and
parentheses. Keys are the measures of measures.json, the measures of a regime as
regime.key, and folder, study, status, kind, created, version, study_hash,
data_hash, vintage, synthetic, first, last, cells, decisions. Short names: te,
ir, sharpe, sortino, calmar, vol, return, alpha, drawdown, turnover, holdings.
A run without a measure does not match.

Examples:
  walkfolio runs
  walkfolio runs --where 'te < 0.08 and holdings_mean <= 6' --sort te
  walkfolio runs --where 'study = mine and created >= 2026-11-01' --limit 5
  walkfolio runs --where 'covid.te < 10%' --json | jq -r .runs[].folder
  walkfolio runs /archive/runs --rebuild

Exit codes: 0 success, 2 error in the filter, the folder or the catalogue.";

pub const SERVE: &str = "\
A table of the runs with the filter of `walkfolio runs`, each run's report, side by
side comparisons, the backtests of grids, and the progress of what is running. The
folder is only read; nothing is written to it, not even the catalogue. Pages are
made from the tables of a run: its report.html is never shown.

Only this machine can reach 127.0.0.1. From another one: ssh -L 8137:127.0.0.1:8137

Examples:
  walkfolio serve
  walkfolio serve /archive/runs --port 0 --open
  walkfolio serve --host 0.0.0.0

Exit codes: 0 ended by Ctrl-C, 2 error in the folder, the host or the port.";

pub const FETCH: &str = "\
Only missing sessions are requested. The overlap is compared. If a dividend, a
split or a revision has changed it, the whole history is fetched again and every
revised close is reported.

Examples:
  walkfolio fetch studies/long-short.toml --from yahoo --into data
  walkfolio fetch --tickers SPY,QQQ --from stooq --into data
  walkfolio fetch --from french --into data --json
  walkfolio run studies/long-short.toml --data data

Exit codes: 0 success, 2 a ticker could not be fetched (the others are saved),
130 stopped by Ctrl-C.";

pub const REPORT: &str = "\
The reports are written from the tables of the run. No decision is recomputed.

Examples:
  walkfolio report runs/mtum-replica-20261123T201500Z-1a2b3c4d

Exit codes: 0 success, 2 the folder has no finished backtest.";

pub const VERIFY: &str = "\
The run is made again from its study and its data, and every file of its folder
is compared: to the byte if this build made it. The optimization problem of each
decision is then bounded by another method. Of a grid, some cells are made
again; what is not a cell's is compared whole. run.json states the data folder.

Examples:
  walkfolio verify runs/mtum-replica-20261123T201500Z-1a2b3c4d
  walkfolio verify /tmp/long-short --data /new/place --json
  walkfolio verify /tmp/surface --cells 20

Exit codes: 0 every file is as made again, 1 one is not (file, row and column
are named), 2 the run is not complete, or it or its data cannot be read.";

pub const COMPLETIONS: &str = "\
Examples:
  walkfolio completions bash > ~/.bash_completion.d/walkfolio
  walkfolio completions zsh > ~/.zfunc/_walkfolio
  walkfolio completions fish > ~/.config/fish/completions/walkfolio.fish

Exit code: 0.";

pub const MAN: &str = "\
One page for the program and one for each command.

Examples:
  walkfolio man ~/.local/share/man/man1 && man walkfolio-run

Exit codes: 0 success, 2 a page cannot be written.";
