/* SPDX-License-Identifier: EUPL-1.2 */
/* Addresses for machines that watch over the server, and the embedded assets. */
#include <stdio.h>
#include <string.h>

#include "base/embed.h"
#include "base/version.h"
#include "web/server.h"

#define SECURITY_DAYS 180  /* RFC 9116 recommends less than a year */

Err ops_health(Request *req, Response *res);
Err ops_ready(Request *req, Response *res);
Err ops_metrics(Request *req, Response *res);
Err ops_robots(Request *req, Response *res);
Err ops_security(Request *req, Response *res);
Err asset_file(Request *req, Response *res);

Err ops_health(Request *req, Response *res) {
  Buf *out;
  (void)req;
  TRY(res_body(res, "text/plain; charset=utf-8", STR_NONE, &out));
  buf_cstr(out, "ok\n");
  return ERR_OK;
}

Err ops_ready(Request *req, Response *res) {
  WebServer *server = req->server;
  uint64_t epoch;
  bool failed;
  if (atomic_load(&server->draining)) return err_set(&req->info, ERR_BUSY, "the server is stopping");
  TRY(data_epoch(server, &epoch, &req->info));
  ActionIndex *index = data_index(server, &failed);
  if (!index) return err_set(&req->info, ERR_BUSY, failed ? "the action index cannot be built" : "the action index is being built");
  action_index_release(index);
  Buf *out;
  TRY(res_body(res, "text/plain; charset=utf-8", STR_NONE, &out));
  buf_cstr(out, "ready\n");
  return ERR_OK;
}

static void index_figures(WebServer *server, Buf *out) {
  bool failed;
  ActionIndex *index = data_index(server, &failed);
  metrics_figure(out, "pactwijzer_action_index_ready", "gauge", "1 when the action index is there.", index ? 1 : 0);
  if (!index) return;
  metrics_figure(out, "pactwijzer_action_index_actions", "gauge", "Actions in the index.", (double)action_index_count(index));
  metrics_figure(out, "pactwijzer_action_index_bytes", "gauge", "Memory of the index.", (double)action_index_bytes(index));
  pthread_mutex_lock(&server->data_lock);
  double built = (double)server->index_built_ms / 1000;
  pthread_mutex_unlock(&server->data_lock);
  metrics_figure(out, "pactwijzer_action_index_build_seconds", "gauge", "Time the last build took.", built);
  action_index_release(index);
}

static void chart_figures(WebServer *server, Buf *out) {
  ChartRenderFigures figures = chart_render_figures(server->charts);
  metrics_figure(out, "pactwijzer_charts_drawn_total", "counter", "Charts drawn or turned into PNG.", (double)figures.drawn);
  metrics_figure(out, "pactwijzer_charts_kept_hits_total", "counter", "Charts answered from those kept.", (double)figures.kept_hits);
  metrics_figure(out, "pactwijzer_charts_failures_total", "counter", "Charts that could not be drawn.", (double)figures.failures);
  metrics_figure(out, "pactwijzer_charts_kept_bytes", "gauge", "Bytes of the charts kept.", (double)figures.kept_bytes);
  metrics_figure(out, "pactwijzer_chart_processes", "gauge", "Processes that draw charts.", (double)figures.processes);
  metrics_figure(out, "pactwijzer_chart_processes_started_total", "counter", "Such processes started.",
                 (double)figures.processes_started);
}

Err ops_metrics(Request *req, Response *res) {
  WebServer *server = req->server;
  CacheFigures cache = answer_cache_figures(server->cache);
  Buf *out;
  TRY(res_body(res, "text/plain; version=0.0.4; charset=utf-8", STR_NONE, &out));
  buf_printf(out, "# HELP pactwijzer_build_info The running program.\n# TYPE pactwijzer_build_info gauge\n"
                  "pactwijzer_build_info{version=\"%s\"} 1\n", PACTWIJZER_VERSION);
  metrics_write(server->metrics, out);
  metrics_figure(out, "pactwijzer_http_connections", "gauge", "Open connections.", (double)conns_count(server->conns));
  metrics_figure(out, "pactwijzer_http_connections_cut_total", "counter", "Connections cut because a stage passed its deadline.",
                 (double)conns_cut_count(server->conns));
  metrics_figure(out, "pactwijzer_http_requests_in_flight", "gauge", "Requests begun and not ended.",
                 (double)atomic_load(&server->in_flight));
  metrics_figure(out, "pactwijzer_cache_hits_total", "counter", "Answers taken from the page cache.", (double)cache.hits);
  metrics_figure(out, "pactwijzer_cache_misses_total", "counter", "Answers made anew.", (double)cache.misses);
  metrics_figure(out, "pactwijzer_cache_entries", "gauge", "Answers in the page cache.", (double)cache.entries);
  metrics_figure(out, "pactwijzer_cache_bytes", "gauge", "Bytes in the page cache.", (double)cache.bytes);
  index_figures(server, out);
  chart_figures(server, out);
  metrics_figure(out, "process_resident_memory_bytes", "gauge", "Resident memory.", (double)metrics_resident_bytes());
  return ERR_OK;
}

Err ops_robots(Request *req, Response *res) {
  EmbeddedFile file;
  if (!embed_find(S("assets/robots.txt"), &file)) return err_set(&req->info, ERR_NOT_FOUND, "there is no such file");
  return res_static(res, "text/plain; charset=utf-8", file.bytes, str_from(file.tag));
}

/* The date of expiry moves with the day: as long as the server runs, somebody keeps the address it was given. */
Err ops_security(Request *req, Response *res) {
  const char *contact = req->server->config.security_contact;
  char expires[DAY_TEXT];
  Buf *out;
  if (!contact) return err_set(&req->info, ERR_NOT_FOUND, "this server was given no address for reports of weaknesses");
  TRY(res_body(res, "text/plain; charset=utf-8", STR_NONE, &out));
  day_format_iso(req->today + SECURITY_DAYS, expires);
  buf_printf(out, "Contact: %s\nExpires: %sT00:00:00Z\nPreferred-Languages: nl, en, de\n", contact, expires);
  return ERR_OK;
}

/* Types of the files we have; one we do not know is not sent as something a browser would run. */
static const char *type_of(Str path) {
  static const struct { const char *end, *type; } types[] = {
    {".css", "text/css; charset=utf-8"}, {".svg", "image/svg+xml"}, {".png", "image/png"}, {".ico", "image/x-icon"},
    {".woff2", "font/woff2"}, {".js", "text/javascript; charset=utf-8"}, {".json", "application/json"},
    {".txt", "text/plain; charset=utf-8"}, {".webmanifest", "application/manifest+json"}, {".jpg", "image/jpeg"}};
  for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
    if (str_ends(path, str_from(types[i].end))) return types[i].type;
  return "application/octet-stream";
}

/* "HASH/site.css" may be kept for ever: the hash is over all assets, so that addresses relative to a style sheet carry it
 * too. Without (or with an older) hash the file is sent all the same, to be asked for again each time. */
Err asset_file(Request *req, Response *res) {
  char hash[17];
  Str path = req_str(req, "path"), rest = path, first;
  EmbeddedFile file;
  assets_hash(hash);
  bool cut = str_cut(&rest, '/', &first) && rest.ptr && first.len == 16 && strspn(first.ptr, "0123456789abcdef") >= 16;
  Str name = arena_printf(req->arena, "assets/" STR_FMT, STR_ARG(cut ? rest : path));
  if (!name.ptr) return ERR_MEMORY;
  if (!embed_find(name, &file)) return err_set(&req->info, ERR_NOT_FOUND, "there is no such file");
  res->immutable = cut && str_eq(first, str_from(hash));
  return res_static(res, type_of(name), file.bytes, str_from(file.tag));
}
