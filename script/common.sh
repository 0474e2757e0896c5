# How every command in this folder begins: strict mode, --help, the project's folder.
# Sourced, never run:  . "$(dirname "$0")/common.sh"
set -euo pipefail
trap 'exit 130' INT   # bash forgets a Ctrl-C when the command it was waiting for ends well

if [[ ${1:-} == -h || ${1:-} == --help ]]; then
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"   # the comment under the command's first line
  exit
fi

CDPATH='' cd -- "$(dirname "$0")/.."

die() {
  printf '%s\n' "$@" >&2
  exit 1
}
