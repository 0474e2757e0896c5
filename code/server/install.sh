#!/bin/sh
# Installs what the shop needs to run. Start it with: sh start.sh
set -e
cd "$(dirname "$0")/../.."
exec script/bootstrap
