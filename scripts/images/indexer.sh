#!/bin/busybox sh
# A small indexer: takes texts from the queue Redis, counts their words into the cache Redis, and shows the
# result on a status page. A text stays in queue:working until it is counted, so that a crash loses none.
#   indexer run            the worker and its status page (port 8080)
#   indexer add TEXT...    queues a text
#   indexer top [N]        the N words seen most often
#   indexer health         exit code 0 when both Redises answer and the worker moves
set -u
PATH=/usr/local/bin:/usr/bin:/bin
# One busybox with everything in it, whatever the image's own shell has.
bb() { busybox "$@"; }
QUEUE_URL=${QUEUE_URL:-redis://redis-queue:6379/0}
CACHE_URL=${CACHE_URL:-redis://redis-cache:6379/0}
STATE=${INDEXER_STATE:-/tmp/indexer}

# redis-cli exits with 0 when the server answers with an error: -e makes that an exit code.
queue() { redis-cli -e -u "$QUEUE_URL" "$@"; }
cache() { redis-cli -e -u "$CACHE_URL" "$@"; }
words() { bb tr -cs '[:alnum:]' '\n' | bb tr '[:upper:]' '[:lower:]' | bb grep -v '^$' | bb sort | bb uniq -c; }

count() {
  printf '%s\n' "$1" | words | while read -r times word; do
    cache ZINCRBY index:words "$times" "$word" > /dev/null || exit 1
  done && cache INCR index:texts > /dev/null
}

top() { cache ZREVRANGE index:words 0 "$((${1:-10} - 1))" WITHSCORES | bb paste -d' ' - - ; }

page() {
  {
    printf '{"queued":%s,"texts":%s,"words":%s}\n' "$(queue LLEN queue:texts)" \
      "$(cache GET index:texts | bb sed 's/^$/0/')" "$(cache ZCARD index:words)"
  } > "$STATE/status.new" && bb mv "$STATE/status.new" "$STATE/www/index.html"
}

work() {
  # What a worker before us had taken and not counted is done first.
  while [ -n "$(queue RPOPLPUSH queue:working queue:texts)" ]; do :; done
  while :; do
    text=$(queue BRPOPLPUSH queue:texts queue:working 1) || { echo "the queue does not answer: $text"; bb sleep 1; continue; }
    if [ -n "$text" ]; then
      until count "$text"; do echo "the cache does not answer"; bb sleep 1; done
      queue LREM queue:working 1 "$text" > /dev/null
      echo "indexed: $text"
    fi
    page && bb touch "$STATE/alive"
  done
}

case "${1:-run}" in
  run)
    bb mkdir -p "$STATE/www"
    echo "indexer: queue $QUEUE_URL, cache $CACHE_URL"
    bb httpd -f -p 8080 -h "$STATE/www" &
    # The shell is PID 1: without a handler it would ignore the stop signal for the whole grace.
    trap 'kill $(jobs -p) 2> /dev/null; exit 0' TERM INT
    work &
    wait
    ;;
  add) shift; queue LPUSH queue:texts "$*" > /dev/null && echo "queued: $*" ;;
  top) top "${2:-10}" ;;
  health)
    queue PING > /dev/null || { echo "the queue does not answer"; exit 1; }
    cache PING > /dev/null || { echo "the cache does not answer"; exit 1; }
    [ -n "$(bb find "$STATE/alive" -mmin -1 2> /dev/null)" ] || { echo "the worker does not move"; exit 1; }
    echo ok
    ;;
  *) exec "$@" ;;
esac
