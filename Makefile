# The build cache stands outside the clone, so that a second run is quick.
export CARGO_TARGET_DIR ?= $(HOME)/.cache/walkfolio/target

# The same random programs every time; set another number to try others.
export PROPTEST_RNG_SEED ?= 1

.PHONY: build dist fuzz test browser-test check reference bench bench-peers bench-memory bench-replica objectives xgboost audit-python tearsheet-peers wheel python-test cluster-test

build: ## the program, in $(CARGO_TARGET_DIR)/release/walkfolio
	cargo build --release --locked

test: ## every test, on real data where it is found (WALKFOLIO_DATA, default ../shared/data)
	cargo test --release --workspace

browser-test: ## the reports in headless Chromium, installed with apt-get where it is absent
	@.ci/chromium
	cargo test --release --workspace --test browser -- --ignored

check: ## what must hold before a commit: format, lints, documentation, dependencies where cargo-deny is installed
	cargo fmt --all --check
	cargo clippy --release --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --release --workspace --no-deps
	@if command -v cargo-deny > /dev/null; then cargo deny check bans licenses sources; \
	else echo "cargo-deny is not installed: dependencies are not checked"; fi

reference: ## the schema and the reference pages of the book, from the code
	cargo build --release
	$(CARGO_TARGET_DIR)/release/walkfolio schema > studies/study.schema.json
	$(CARGO_TARGET_DIR)/release/walkfolio explain --markdown > docs/src/reference/study.md
	WALKFOLIO_UPDATE_BOOK=1 cargo test --release -p walkfolio-cli --test book

bench: ## the timings in docs/src/speed.md, as a table
	cargo bench --workspace --bench backtests --bench kernel --bench windows --bench ratio --bench subset --bench trees -- --noplot 2>/dev/null | .ci/bench-table

bench-peers: ## the same problems solved by Walkfolio and by other solvers and libraries of PyPI, as a table; needs Python 3.11
	@.ci/bench-peers "$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/walkfolio"
	@.ci/bench-tails "$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/walkfolio"

bench-memory: ## the memory that 5,000 assets x 10,000 days take while they are loaded and checked; writes 474 MB to the temporary folder
	cargo run --release -p walkfolio-data --example panel_memory -- "$${TMPDIR:-/tmp}/walkfolio-panel.parquet"
	rm -f "$${TMPDIR:-/tmp}/walkfolio-panel.parquet"

objectives: ## the tables of the page that compares all objectives, on real data
	cargo run --release -p walkfolio --example objectives

bench-replica: ## the figures and timings of the MTUM replica in the book, on real data
	cargo run --release -p walkfolio --example replica

# The pinned wheel of the real library, of which the classifier `xgboost` and its tests make use.
XGBOOST_WHEEL = xgboost_cpu-3.2.0-py3-none-manylinux_2_28_x86_64.whl
XGBOOST_SHA256 = 9c10b1653e1a689bf4094a328144cf3633c9be0e5217a76fbdc2fde6abcb2950
XGBOOST_CACHE = $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/walkfolio/xgboost-3.2.0

xgboost: ## the XGBoost library in the cache folder, fetched once from PyPI with its hash; needs pip
	@XGBOOST_WHEEL="$(XGBOOST_WHEEL)" XGBOOST_SHA256="$(XGBOOST_SHA256)" .ci/fetch-xgboost "$(XGBOOST_CACHE)"

audit-python: ## eight runs on real data, their tables recomputed by an independent Python program; needs Python 3.11 (WALKFOLIO: a program that is built already)
	$(if $(WALKFOLIO),,cargo build --release --locked)
	@.ci/audit-python "$(or $(WALKFOLIO),$(CARGO_TARGET_DIR)/release/walkfolio)" "$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/walkfolio"

tearsheet-peers: ## the measures of twenty tear sheets compared with quantstats and empyrical to 1e-12, on real data; needs Python 3.11 (WALKFOLIO: a program that is built already)
	$(if $(WALKFOLIO),,cargo build --release --locked)
	@.ci/tearsheet-peers "$(or $(WALKFOLIO),$(CARGO_TARGET_DIR)/release/walkfolio)" "$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/walkfolio"

dist: ## the archive of a release and its SHA-256, in $(CARGO_TARGET_DIR)/dist (WALKFOLIO: a program that is built already)
	$(if $(WALKFOLIO),,cargo build --release --locked)
	@.ci/dist "$(or $(WALKFOLIO),$(CARGO_TARGET_DIR)/release/walkfolio)" "$(CARGO_TARGET_DIR)/dist"

fuzz: ## TARGET (csv, dialect, kernel ..) fuzzed for SECONDS; what it finds is kept in $(CARGO_TARGET_DIR)/fuzz
	@.ci/fuzz "$(TARGET)" "$(or $(SECONDS),600)"

# Where wheels are built, and the environment that builds and tests them.
WHEELS = $(CARGO_TARGET_DIR)/wheels
PYTHON_CACHE = $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/walkfolio

wheel: ## the wheel of the Python package, in $(CARGO_TARGET_DIR)/wheels; needs Python 3.11 with pip, or uv
	@.ci/wheel "$(WHEELS)" "$(PYTHON_CACHE)"

python-test: wheel ## the Python package: its tests, types, style and examples, and its pages next to those of the program where that is built
	@WALKFOLIO="$(or $(WALKFOLIO),$(wildcard $(CARGO_TARGET_DIR)/release/walkfolio))" .ci/python-test "$(WHEELS)" "$(PYTHON_CACHE)"

cluster-test: wheel ## sweeps on Dask, Ray and S3 on this machine: lost workers, killed drivers, full disks (WALKFOLIO: a program that is built already)
	$(if $(WALKFOLIO),,cargo build --release --locked)
	@.ci/cluster-test "$(or $(WALKFOLIO),$(CARGO_TARGET_DIR)/release/walkfolio)" "$(WHEELS)" "$(PYTHON_CACHE)"
