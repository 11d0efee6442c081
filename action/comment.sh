#!/usr/bin/env bash
# Keeps one comment on the pull request: the one that bears our mark is written anew.
set -euo pipefail

die() {
  printf '::error::%s\n' "$1"
  exit 2
}

mark='<!-- launchgate -->'
# GitHub takes comments of up to 65,536 characters.
limit=60000

command -v gh > /dev/null || die "comment needs the GitHub command line, gh"
[ -n "${PULL_REQUEST:-}" ] || die "comment is for pull requests, and the event payload names none"

body="${RUNNER_TEMP:?}/launchgate/comment.md"
{
  printf '%s\n' "$mark"
  if [ "$(wc -c < "${COMMENT:?}")" -le "$limit" ]; then
    cat "$COMMENT"
  else
    # Whole lines, so that no table row and no character is cut in two.
    head -c "$limit" "$COMMENT" | sed '$d'
    printf '\nThe rest is in the summary of the job.\n'
  fi
} > "$body"

comments="repos/${GITHUB_REPOSITORY:?}/issues/$PULL_REQUEST/comments"
own="$(gh api --paginate "$comments" \
  --jq ".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$mark\"))) | .id" | head -n 1)" \
  || die "the comments of the pull request cannot be read"
if [ -n "$own" ]; then
  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$own" --field "body=@$body" \
    || die "the comment cannot be written; the job needs the permission pull-requests: write"
else
  gh api --silent --method POST "$comments" --field "body=@$body" \
    || die "the comment cannot be written; the job needs the permission pull-requests: write"
fi
