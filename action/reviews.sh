#!/usr/bin/env bash
# Gets the reviews of the pull request, page by page, for the gate to count approvals.
set -euo pipefail

die() {
  printf '::error::%s\n' "$1"
  exit 2
}

[ "${INPUT_GITHUB_REVIEWS:?}" = true ] || die "github-reviews is true or false"
case "${GITHUB_EVENT_NAME:-}" in
  pull_request | pull_request_target | pull_request_review) ;;
  # Elsewhere there is nothing to review.
  *) exit 0 ;;
esac
command -v gh > /dev/null || die "github-reviews needs the GitHub command line, gh"
[ -n "${PULL_REQUEST:-}" ] || die "the event payload names no pull request"

mkdir -p "${RUNNER_TEMP:?}/launchgate"
reviews="$RUNNER_TEMP/launchgate/reviews.json"
gh api --paginate --slurp "repos/${GITHUB_REPOSITORY:?}/pulls/$PULL_REQUEST/reviews" > "$reviews" \
  || die "the reviews cannot be read; the job needs the permission pull-requests: read"
printf 'reviews=%s\n' "$reviews" >> "$GITHUB_OUTPUT"
