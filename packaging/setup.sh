#!/usr/bin/env bash
# Makes what mangapaint needs: the system libraries, and a virtual environment with its packages.
#
#   packaging/setup.sh run     what the program needs
#   packaging/setup.sh test    that, and what its checks need
#
# run.sh and test.sh source this file and call set_up. Everything is said on stderr. Doing it again is quick: what is
# there is left alone. $MANGAPAINT_VENV names another place for the virtual environment than .venv in the project.
# Where packages come from is pip's own configuration (pip.conf, PIP_*) and nothing here.
set -euo pipefail

PROJECT=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
VENV=${MANGAPAINT_VENV:-$PROJECT/.venv}
case $VENV in /*) ;; *) VENV=$PWD/$VENV ;; esac
LIBRARIES=$PROJECT/resources/system/debian.txt
STAMP=$VENV/mangapaint-setup
PYTHON=

say() { printf 'mangapaint: %s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

has_display() { [ "$(uname -s)" != Linux ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; }

# Python 3.11 or newer, and able to import the modules named after it.
is_good() {
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11) or not all(map(__import__, sys.argv[1:])))' "${@:2}" \
    >/dev/null 2>&1
}

# Sets PYTHON: the virtual environment's own, or where it is missing or broken the first on the path that is new enough.
find_python() {
  local name
  # One without pip is one whose making was interrupted.
  if is_good "$VENV/bin/python" pip; then
    PYTHON=$VENV/bin/python
    return
  fi
  for name in python3.13 python3.12 python3.11 python3; do
    if is_good "$name"; then
      PYTHON=$name
      return
    fi
  done
  die "Python 3.11 or newer was not found; on Debian and Ubuntu: sudo apt-get install -y python3 python3-venv" \
    "(where python3 is older: python3.11 python3.11-venv)"
}

# Installs Debian packages if that works without asking for a password; quiet unless it fails.
apt_install() {
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120) output
  command -v apt-get >/dev/null || return 1
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || return 1
    apt=(sudo -n "${apt[@]}")
  fi
  say "installing with apt: $*"
  # An update that fails (some unrelated source, no network) may still leave lists that are good enough.
  "${apt[@]}" update >/dev/null 2>&1 || true
  if ! output=$("${apt[@]}" install -y --no-install-recommends "$@" </dev/null 2>&1); then
    printf '%s\n' "$output" >&2
    return 1
  fi
}

# Prints "package use" for each library of the table that the loader does not find, and for the module that makes
# virtual environments, which Debian packs apart from Python.
missing_packages() {
  "$PYTHON" - "$LIBRARIES" <<'PYTHON'
import ctypes
import importlib.util
import sys

with open(sys.argv[1], encoding="utf-8") as table:
    rows = [line.split() for line in table if line.strip() and not line.startswith("#")]
for file, package, use, *_ in rows:
    try:
        ctypes.CDLL(file)
    except OSError:
        print(package, use)
inside_one = sys.prefix != sys.base_prefix
if not inside_one and not importlib.util.find_spec("ensurepip"):
    print("python{}.{}-venv venv".format(*sys.version_info))
PYTHON
}

# Of the lines of missing_packages, those nothing can be done without here, for MODE "run" or "test".
needed_now() {
  local unneeded='x11'
  if [ "$1" = run ] && ! has_display; then
    unneeded='x11|any' # the command line wants no libraries
  elif [ "$1" = run ] && [ -z "${WAYLAND_DISPLAY:-}" ]; then
    unneeded='none'
  fi
  printf '%s\n' "$2" | grep -vE " ($unneeded)\$" || true
}

names_of() { printf '%s\n' "$1" | cut -d ' ' -f 1 | sort -u | paste -s -d ' ' -; }

ensure_system() {
  local missing line
  [ "$(uname -s)" = Linux ] || return 0
  missing=$(missing_packages)
  [ -n "$missing" ] || return 0
  # shellcheck disable=SC2046 # one word a package
  if apt_install $(names_of "$missing"); then
    missing=$(missing_packages)
    [ -n "$missing" ] || return 0
  fi
  line="sudo apt-get install -y $(names_of "$missing")"
  if [ -n "$(needed_now "$1" "$missing")" ]; then
    die "packages of the system are missing; run this, then start again: $line"
  fi
  say "the window may want packages of the system that are missing: $line"
}

ensure_venv() {
  [ "$PYTHON" != "$VENV/bin/python" ] || return 0
  # Making it empties the folder, so it must be one of its kind, or empty.
  if [ ! -f "$VENV/pyvenv.cfg" ] && [ -n "$(ls -A -- "$VENV" 2>/dev/null)" ]; then
    die "$VENV is there but is no virtual environment; remove it, or name another place in MANGAPAINT_VENV"
  fi
  say "making the virtual environment $VENV"
  "$PYTHON" -m venv --clear -- "$VENV" >&2
}

# What the installed packages depend on: the project's table of them, and where it stands (it is installed in place).
fingerprint() {
  "$VENV/bin/python" - "$PROJECT" <<'PYTHON'
import hashlib
import pathlib
import sys

project = pathlib.Path(sys.argv[1])
print(hashlib.sha256((project / "pyproject.toml").read_bytes() + bytes(project)).hexdigest())
PYTHON
}

# The stamp is removed first and written last, so that an interrupted run is done again.
ensure_packages() {
  local mode=$1 wanted stamped='' what=. quiet=(--quiet)
  wanted=$(fingerprint)
  [ ! -f "$STAMP" ] || stamped=$(cat -- "$STAMP")
  case $stamped in "$wanted $mode" | "$wanted test") return ;; esac
  rm -f -- "$STAMP"
  [ "$mode" = run ] || what='.[dev]'
  [ ! -t 2 ] || quiet=()
  say "installing packages into $VENV (the first time this takes minutes, and on Linux some GB for torch)"
  # shellcheck disable=SC2015 # the message is for a failure of either
  (cd -- "$PROJECT" && "$VENV/bin/python" -m pip install ${quiet[@]+"${quiet[@]}"} --editable "$what") >&2 ||
    die "pip could not install the packages; its message stands above"
  printf '%s %s\n' "$wanted" "$mode" >"$STAMP.new"
  mv -- "$STAMP.new" "$STAMP"
  [ "$(uname -s)" != Linux ] ||
    say "optional: should Japanese names show as boxes, run: sudo apt-get install -y fonts-noto-cjk"
}

# set_up run|test: afterwards $VENV/bin/python runs the program, or its checks, too.
set_up() {
  case ${1:-} in run | test) ;; *) die "usage: setup.sh run|test" ;; esac
  find_python
  ensure_system "$1"
  ensure_venv
  ensure_packages "$1"
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  set_up "${1:-run}"
fi
