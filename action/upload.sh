#!/usr/bin/env bash
# Hands the SARIF file to code scanning through GitHub's own API.
set -euo pipefail

die() {
  printf '::error::%s\n' "$1"
  exit 2
}

command -v gh > /dev/null || die "sarif-upload needs the GitHub command line, gh"
body="${RUNNER_TEMP:?}/launchgate/upload.json"
# The API takes the file compressed and in base64; its names need no escaping in JSON.
printf '{"commit_sha":"%s","ref":"%s","tool_name":"launchgate","sarif":"%s"}' \
  "${GITHUB_SHA:?}" "${GITHUB_REF:?}" "$(gzip -c "${SARIF:?}" | base64 | tr -d '\r\n')" > "$body"
gh api --silent --method POST "repos/${GITHUB_REPOSITORY:?}/code-scanning/sarifs" --input "$body" \
  || die "code scanning did not take the findings; the job needs the permission security-events: write"
