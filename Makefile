# Everything that builds, tests and packages Outlet Hub. `make help` lists it.
#
# Each target first installs what it lacks (packaging/tools/install.sh): that asks for root or sudo only where something is
# missing, and does nothing the second time.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Cargo's own tools, and the system's, whoever calls.
export PATH := $(or $(CARGO_HOME),$(HOME)/.cargo)/bin:$(PATH):/usr/local/sbin:/usr/sbin:/sbin
# One place for everything that is built, which the tests and the packager know too.
export CARGO_TARGET_DIR := $(CURDIR)/target
# No colours and progress bars in what is not a terminal; npm looks nothing up that the lock file does not name.
export npm_config_audit := false
export npm_config_fund := false
export npm_config_update_notifier := false

INSTALL := packaging/tools/install.sh
NPM_CI := packaging/tools/npm-ci.sh
VENV := packaging/tools/venv.sh
OPENAPI_VENV := target/venv/openapi
RELEASE := target/release/outlet-hub
WEB := web-ui/build/index.html
# What the pages are made of.
WEB_SOURCES = $(shell find web-ui/src web-ui/static -type f) $(filter-out %.md,$(wildcard web-ui/*.json web-ui/*.js web-ui/*.ts web-ui/.npmrc))

# Where `make demo` answers, and where it keeps its restaurant.
DEMO_HTTP ?= 0.0.0.0:8080
DEMO_HTTPS ?= 0.0.0.0:8443
DEMO_SOCKETIO ?= 0.0.0.0:3002
DEMO_DIR ?= .demo
# What `make bench` is asked for: `--quick`, `--beside node`, `--beside django`.
BENCH ?=

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##### Build and run

.PHONY: demo
demo: build-hub ## run a demo restaurant on this machine, and print each page's address
	$(RELEASE) --config config/hub.toml --data-dir "$(abspath $(DEMO_DIR))" serve --demo --http $(DEMO_HTTP) --https $(DEMO_HTTPS) --socketio $(DEMO_SOCKETIO)

.PHONY: build
build: build-hub build-relay ## build the release hub with its pages, and the relay: target/release/outlet-hub, target/release/cloud-relay

.PHONY: build-hub
build-hub: web
	@$(INSTALL) build
	SOURCE_DATE_EPOCH=$$(packaging/tools/source-date.sh) cargo build --release --locked -p outlet-hub --bin outlet-hub

.PHONY: build-relay
build-relay:
	@$(INSTALL) build
	cargo build --release --locked -p cloud-relay --bin cloud-relay

.PHONY: web
web: ## build the pages: web-ui/build
	@$(INSTALL) web
	@$(NPM_CI) web-ui
	@$(MAKE) --no-print-directory $(WEB)

# A recipe of its own, so that the pages are built only when what they are made of has changed.
$(WEB): $(WEB_SOURCES)
	cd web-ui && npm run build
	@touch $@

.PHONY: deb
deb: build-hub ## make the Debian package: target/debian/outlet-hub_*.deb
	@$(INSTALL) deb
	packaging/deb/build.sh

##### Test

# What `make test` does, in this order: a name, then a command. It stops at the first that fails.
define TEST_STEPS
install     $(INSTALL) build web lint test browser openapi deb
lint        $(MAKE) --no-print-directory lint
scripts     packaging/tests/run.sh
web-unit    cd web-ui && npm run test
web-build   $(MAKE) --no-print-directory web
rust        $(MAKE) --no-print-directory test-rust
socketio    $(MAKE) --no-print-directory test-socketio
browser     $(MAKE) --no-print-directory test-browser
openapi     $(MAKE) --no-print-directory test-openapi
systemd     systemd/check.sh
deb         $(MAKE) --no-print-directory deb
deb-check   packaging/deb/check.sh
endef
export TEST_STEPS

.PHONY: test
test: ## run every test; ends with "N passed, N failed"
	@packaging/tools/run-steps.sh target/test-logs <<<"$$TEST_STEPS"

.PHONY: test-rust
test-rust: export OUTLET_HUB_BIN := $(CURDIR)/target/debug/outlet-hub
test-rust: ## run the Rust tests against the debug hub
	@$(INSTALL) build test
	cargo build --workspace --all-targets --locked
	if cargo nextest --version >/dev/null 2>&1; then cargo nextest run --workspace --locked --no-fail-fast; \
	else cargo test --workspace --locked --no-fail-fast --lib --bins --tests; fi
	cargo test --workspace --locked --doc

.PHONY: test-socketio
test-socketio: export OUTLET_HUB_BIN := $(CURDIR)/target/debug/outlet-hub
test-socketio: ## run the Socket.IO contract with the real clients
	@$(NPM_CI) tests/socketio
	cd tests/socketio && npm test

.PHONY: test-browser
test-browser: export OUTLET_HUB_BIN := $(CURDIR)/target/debug/outlet-hub
test-browser: ## run the pages in a real browser
	@$(INSTALL) browser
	@$(NPM_CI) tests/browser
	cd tests/browser && npm test

.PHONY: test-openapi
test-openapi: openapi-tools ## try the debug hub by its own OpenAPI document
	$(OPENAPI_VENV)/bin/python tests/openapi/run.py short

.PHONY: openapi-tools
openapi-tools:
	@$(INSTALL) build openapi
	@$(VENV) tests/openapi $(OPENAPI_VENV)
	cargo build --workspace --all-targets --locked

.PHONY: proof
proof: proof-install proof-long proof-openapi ## prove at length what "make test" proves in short, and the package under a real systemd

.PHONY: proof-install
proof-install: deb ## install, kill, upgrade and purge the package under a real systemd
	@$(INSTALL) proof
	packaging/deb/prove-install.sh

# The same tests, with more cases than anyone waits for at each change.
.PHONY: proof-long
proof-long: export OUTLET_HUB_BIN := $(CURDIR)/target/debug/outlet-hub
proof-long: export LEDGER_CASES ?= 2000
proof-long: export OUTLET_HUB_KILLS ?= 120
proof-long:
	@$(INSTALL) build test
	cargo build --workspace --all-targets --locked
	cargo test --workspace --locked --test ledger --test kill

# The generator with more patience: tens of thousands of requests.
.PHONY: proof-openapi
proof-openapi: openapi-tools
	$(OPENAPI_VENV)/bin/python tests/openapi/run.py long

.PHONY: bench
bench: build-hub ## measure the release hub beside the servers that it replaces
	@$(INSTALL) bench
	tests/bench/run.sh $(BENCH)
	cargo bench --locked -p outlet-hub --bench '*'

##### Check

.PHONY: lint
lint: lint-rust lint-web lint-scripts ## check formatting, lints, types, licences and scripts

.PHONY: lint-rust
lint-rust:
	@$(INSTALL) build lint
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo deny --locked check bans licenses sources

.PHONY: lint-web
lint-web:
	@$(INSTALL) web
	@$(NPM_CI) web-ui
	cd web-ui && npm run lint && npm run check
	for folder in tests/socketio tests/browser; do \
	  (cd "$$folder" && PATH="$(CURDIR)/web-ui/node_modules/.bin:$$PATH" npm run --if-present lint); \
	done

.PHONY: lint-scripts
lint-scripts:
	@$(INSTALL) lint
	packaging/tools/lint-scripts.sh

.PHONY: advisories
advisories: ## look the dependencies up in the advisory database (needs a network)
	@$(INSTALL) build lint
	cargo deny --locked check advisories

.PHONY: clean
clean: ## delete what was built, and the demo's restaurant
	rm -rf target web-ui/build web-ui/.svelte-kit "$(DEMO_DIR)"
