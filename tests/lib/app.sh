# SPDX-License-Identifier: EUPL-1.2
# For suites that need the running program or the tools of tests/node. To be sourced from a suite, in the top folder.

# Installs the npm packages of tests/node when they are absent or older than the lock file. Their install scripts are
# not run: nothing here needs them.
need_node_tools() {
  local stamp=tests/node/node_modules/.package-lock.json
  if [ ! -f "$stamp" ] || [ tests/node/package-lock.json -nt "$stamp" ]; then
    (cd tests/node && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) >&2 || return 1
    touch "$stamp"
  fi
}

# Builds the program, makes a database with the shipped pact in a folder of its own and serves it on a free port.
# With APP_PACT, a folder, it is that pact; with APP_PLACES, a number, it has as many made-up places. Sets APP_DIR, APP_URL and APP_PID; app_stop (also on exit) ends it and removes the folder.
app_start() {
  make --no-print-directory -s -j"$(nproc)" build >&2 || return 1
  APP_DIR=$(mktemp -d) && trap app_stop EXIT
  build/pactwijzer init --db "$APP_DIR/pact.db" ${APP_PACT:+--pact "$APP_PACT"} >&2 || return 1
  if [ -n "${APP_PLACES:-}" ]; then . tests/lib/places.sh && places_import "$APP_DIR/pact.db" "$APP_PLACES" || return 1; fi
  build/pactwijzer serve --port 0 --log errors --db "$APP_DIR/pact.db" "$@" > "$APP_DIR/out" 2> "$APP_DIR/err" &
  APP_PID=$!
  local try
  for try in $(seq 100); do
    APP_URL=$(grep -om1 'http://127[0-9.:]*' "$APP_DIR/out")
    [ -n "$APP_URL" ] && curl -sf "$APP_URL/readyz" > /dev/null && { export APP_URL; return 0; }
    kill -0 "$APP_PID" 2>/dev/null || break
    sleep 0.1
  done
  echo "the program does not serve:" >&2; cat "$APP_DIR/out" "$APP_DIR/err" >&2
  return 1
}

app_stop() {
  [ -n "${APP_PID:-}" ] && kill "$APP_PID" 2>/dev/null && wait "$APP_PID" 2>/dev/null
  [ -n "${APP_DIR:-}" ] && rm -rf "$APP_DIR"
  APP_PID='' APP_DIR=''
}
