#!/bin/sh
# Starts Redis as its official image does: options alone mean redis-server, and other containers may connect.
# Debian's build answers only to its own host unless protected mode is off; the network in front of a
# container is what protects it.
set -eu
case "${1:-}" in
  -* | *.conf) set -- redis-server "$@" ;;
esac
if [ "${1:-}" = redis-server ]; then
  exec "$@" --protected-mode no
fi
exec "$@"
