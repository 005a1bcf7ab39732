#!/usr/bin/env bash
# Sets mangapaint up with its development tools and runs all checks, stopping at the first that fails.
#
#   packaging/test.sh [ARGS...]    ARGS go to pytest, which comes last
set -euo pipefail
# shellcheck source=packaging/setup.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/setup.sh"

# check NAME COMMAND...: runs it and says how long it took.
check() {
  local name=$1 start=$SECONDS code=0
  shift
  printf -- '--- %s\n' "$name"
  "$@" || code=$?
  if [ "$code" -ne 0 ]; then
    printf -- '--- %s failed with exit code %s\n' "$name" "$code" >&2
    exit "$code"
  fi
  printf -- '--- %s: %s s\n\n' "$name" "$((SECONDS - start))"
}

# Not a check: there "||" would keep set -e from stopping it.
printf -- '--- set-up\n'
set_up test
printf -- '--- set-up: %s s\n\n' "$SECONDS"

cd -- "$PROJECT"
python=$VENV/bin/python
export QT_QPA_PLATFORM=${QT_QPA_PLATFORM:-offscreen}

check 'ruff check' "$python" -m ruff check .
check 'ruff format' "$python" -m ruff format --check .
check 'mypy' "$python" -m mypy
check 'import-linter' "$python" "$VENV/bin/lint-imports" --no-logo

# Last, so that the run ends with pytest's own count and time. One process a core, each with one thread of its own:
# threads beside each other's processes only wait.
printf -- '--- pytest\n'
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
exec "$python" -m pytest -n logical "$@"
