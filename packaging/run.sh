#!/usr/bin/env bash
# Sets mangapaint up and starts it.
#
#   packaging/run.sh            the window, on the sample page; without a display the sample is coloured into a PNG
#   packaging/run.sh ARGS...    mangapaint ARGS, for instance a page, or: colorize PAGE -o OUT.png
set -euo pipefail
# shellcheck source=packaging/setup.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/setup.sh"

set_up run
# -P: what lies in the folder one happens to stand in must not be imported.
mangapaint=("$VENV/bin/python" -P -m mangapaint)

if [ $# -gt 0 ]; then
  exec "${mangapaint[@]}" "$@"
elif has_display; then
  exec "${mangapaint[@]}" --sample
fi

samples=$PROJECT/resources/samples
out=$PROJECT/out/sample-color.png
mkdir -p -- "$PROJECT/out"
"${mangapaint[@]}" colorize "$samples/page.png" --hints "$samples/hints.png" --reference "$samples/reference.png" -o "$out"
say "there is no display for the window, so the sample page was coloured here: $out"
