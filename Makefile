# What a keeper and a developer need; every command is described in README.md.

PYTHON ?= python3
PORT ?= 8000
BIND ?= 127.0.0.1:$(PORT)
# What links and mails call the blog.
export SITE_URL ?= http://127.0.0.1:$(PORT)
VENV := .venv
BIN := $(VENV)/bin

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test test-fast check bench bench-all screenshots messages format lock clean

run: $(VENV)/runtime
	@exec $(BIN)/python manage.py serve --setup $(if $(EMPTY),--empty) --bind $(BIND)

test: $(VENV)/development
	$(BIN)/python -m tests.run

# On SQLite and without a browser: for while you write.
test-fast: $(VENV)/development
	$(BIN)/pytest -q -n auto --dist loadfile -m "not browser"

check: $(VENV)/development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --target-version 5.2 --check $$(git ls-files 'templates/*.html')
	$(BIN)/mypy manage.py config blog comments
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check --deploy --fail-level WARNING

# BENCH=--large for 100,000 posts, BENCH=--record to put the figures into the documents.
bench: $(VENV)/development
	$(BIN)/python -m benchmarks.speed $(BENCH)

# Everything else that is measured, too, and on PostgreSQL as well.
bench-all: $(VENV)/development
	$(BIN)/python -m benchmarks

# Needs a Chromium.
screenshots: $(VENV)/development
	$(BIN)/python -m docs.screenshots

# After sentences changed: brings locale/ to what the source says, and says what lacks.
messages: $(VENV)/development
	$(BIN)/python docs/messages.py
	$(BIN)/python docs/messages.py missing

format: $(VENV)/development
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djade --target-version 5.2 $$(git ls-files 'templates/*.html') || true

# Needs uv on the path. No registry's address gets into the files.
lock:
	uv pip compile -q --python-version 3.11 --generate-hashes --no-annotate \
		--no-header --all-extras pyproject.toml -o requirements.lock
	uv pip compile -q --python-version 3.11 --generate-hashes --no-annotate \
		--no-header --all-extras --group dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Quillback needs Python 3.11 or newer; PYTHON=… names one."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/runtime: requirements.lock | $(VENV)/bin/python
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	@touch $@

$(VENV)/development: requirements-dev.lock | $(VENV)/bin/python
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@
