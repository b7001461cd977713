#!/bin/sh
# Configuration through standard input: a password on a command line is for everyone to read.
set -eu
{
  echo "bind * -::*"
  echo "dir /data"
  echo "appendonly yes"
  echo "maxmemory-policy noeviction"
  echo "requirepass $(cat /run/secrets/valkey_password)"
} | exec valkey-server -
