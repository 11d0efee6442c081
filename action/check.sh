#!/usr/bin/env bash
# One run of the gate: annotations into the log, the job summary, SARIF, the JSON report, the outputs.
# The exit code is kept for the last step, so that what was found is uploaded first.
set -euo pipefail

out="${RUNNER_TEMP:?}/launchgate"
mkdir -p "$out"

say() {
  printf '%s=%s\n' "$1" "$2" >> "$GITHUB_OUTPUT"
}

# A run that did not happen is no pass: the last step sees a code of 2 until there is a better one.
die() {
  printf '::error::%s\n' "$1"
  say result error
  say code 2
  exit 0
}

arguments=()
[ -z "${INPUT_CONFIG:-}" ] || arguments+=("--config=$INPUT_CONFIG")
[ -z "${INPUT_STAGE:-}" ] || arguments+=("--stage=$INPUT_STAGE")
[ -z "${INPUT_FAIL_ON:-}" ] || arguments+=("--fail-on=$INPUT_FAIL_ON")

if [ -n "${REVIEWS:-}" ]; then
  [ -n "${HEAD:-}" ] || die "the event payload names no head that reviews could be of"
  arguments+=("--github-reviews=$REVIEWS" "--head=$HEAD")
fi

paths=()
while IFS= read -r path; do
  [ -z "$path" ] || paths+=("$path")
done <<< "${INPUT_PATHS:-}"

case "${INPUT_CHANGED_ONLY:-true}" in
  true | false) ;;
  *) die "changed-only is true or false" ;;
esac

case "${INPUT_NEW_ONLY:-false}" in
  true | false) ;;
  *) die "new-only is true or false" ;;
esac

case "${GITHUB_EVENT_NAME:-}" in
  pull_request | pull_request_target | pull_request_review)
    if [ "${INPUT_NEW_ONLY:-false}" = true ]; then
      [ -n "${BASE:-}" ] || die "the event payload names no base to compare with; set new-only to false"
      arguments+=("--since=$BASE")
    elif [ "${#paths[@]}" -eq 0 ] && [ "${INPUT_CHANGED_ONLY:-true}" = true ]; then
      [ -n "${BASE:-}" ] || die "the event payload names no base to compare with; give paths, or set changed-only to false"
      arguments+=("--changed-since=$BASE")
    fi
    ;;
esac

code=0
"${LAUNCHGATE:?}" check \
  --output github \
  --output "markdown=$out/summary.md" \
  --output "sarif=$out/launchgate.sarif" \
  --output "json=$out/report.json" \
  "${arguments[@]}" -- "${paths[@]}" || code=$?

[ -f "$out/report.json" ] || die "launchgate wrote no report"
cat "$out/summary.md" >> "${GITHUB_STEP_SUMMARY:?}"
say report "$out/report.json"
# A run without a verdict has no findings to speak of; code scanning would take that for all of them mended.
case "$code" in
  0 | 1) say sarif "$out/launchgate.sarif" ;;
esac
say comment "$out/summary.md"
all="$(grep -c '^      "fingerprint": ' "$out/report.json" || true)"
before="$(sed -n 's/^    "existing": \([0-9][0-9]*\),$/\1/p' "$out/report.json")"
say findings "$((all - ${before:-0}))"
case "$code" in
  0) say result pass ;;
  1) say result fail ;;
  3) say result nothing-checked ;;
  *) say result error ;;
esac
say code "$code"
