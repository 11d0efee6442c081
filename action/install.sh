#!/usr/bin/env bash
# Puts a launchgate binary in place and says where: a release whose checksum is given, else one that is
# built from this checkout.
set -euo pipefail

die() {
  printf '::error::%s\n' "$1"
  exit 2
}

found() {
  printf 'launchgate=%s\n' "$1" >> "$GITHUB_OUTPUT"
}

work="${RUNNER_TEMP:?}/launchgate"
mkdir -p "$work"

if [ -z "${INPUT_VERSION:-}" ]; then
  [ -z "${INPUT_SHA256:-}" ] || die "sha256 is given without the version that it belongs to"
  command -v cargo > /dev/null || die "there is no cargo to build launchgate with; give version and sha256 instead"
  cargo build --release --locked --manifest-path "$GITHUB_ACTION_PATH/Cargo.toml" --target-dir "$work/target"
  found "$work/target/release/launchgate"
  exit 0
fi

[[ "$INPUT_VERSION" =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] || die "version is no version such as 0.1.0"
[[ "${INPUT_SHA256:-}" =~ ^[0-9a-f]{64}$ ]] || die "a release is only taken with its sha256, 64 digits in lower case"

case "${RUNNER_OS:?}-${RUNNER_ARCH:?}" in
  Linux-X64) target=x86_64-unknown-linux-musl ;;
  Linux-ARM64) target=aarch64-unknown-linux-musl ;;
  macOS-X64) target=x86_64-apple-darwin ;;
  macOS-ARM64) target=aarch64-apple-darwin ;;
  Windows-X64) target=x86_64-pc-windows-msvc ;;
  Windows-ARM64) target=aarch64-pc-windows-msvc ;;
  *) die "there is no release for $RUNNER_OS on $RUNNER_ARCH" ;;
esac

archive="launchgate-$INPUT_VERSION-$target.tar.gz"
url="${GITHUB_SERVER_URL:?}/${ACTION_REPOSITORY:?}/releases/download/v$INPUT_VERSION/$archive"
curl --fail --silent --show-error --location --retry 3 --proto '=https' \
  --header "Authorization: Bearer ${INPUT_TOKEN:-}" --output "$work/$archive" -- "$url" \
  || die "the release $INPUT_VERSION cannot be downloaded"

if command -v sha256sum > /dev/null; then
  sum="$(sha256sum "$work/$archive")"
else
  sum="$(shasum -a 256 "$work/$archive")"
fi
[ "${sum%% *}" = "$INPUT_SHA256" ] || die "the archive $archive is not the one that sha256 names: it has ${sum%% *}"

tar -xzf "$work/$archive" -C "$work"
binary="$work/launchgate-$INPUT_VERSION-$target/launchgate"
[ "$RUNNER_OS" != Windows ] || binary="$binary.exe"
[ -f "$binary" ] || die "the archive $archive holds no launchgate"
found "$binary"
