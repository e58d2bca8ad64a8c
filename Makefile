# The build cache stands outside the clone, so that a second run is quick.
export CARGO_TARGET_DIR ?= $(HOME)/.cache/walkfolio/target

# The same random programs every time; set another number to try others.
export PROPTEST_RNG_SEED ?= 1

.PHONY: build test check bench

build: ## the program, in $(CARGO_TARGET_DIR)/release/walkfolio
	cargo build --release

test: ## every test, on real data where it is found (WALKFOLIO_DATA, default ../shared/data)
	cargo test --release --workspace

check: ## what must hold before a commit: format, lints, documentation
	cargo fmt --all --check
	cargo clippy --release --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --release --workspace --no-deps

bench: ## the timings in the README, as a table
	cargo bench --workspace --bench backtests --bench kernel --bench windows --bench ratio --bench subset -- --noplot 2>/dev/null | .ci/bench-table
