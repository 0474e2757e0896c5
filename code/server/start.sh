#!/bin/sh
# Starts the whole shop and stays in the foreground; Ctrl-C or SIGTERM stops it.
set -e
cd "$(dirname "$0")/../.."
exec script/server
