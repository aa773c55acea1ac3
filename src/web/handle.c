/* SPDX-License-Identifier: EUPL-1.2 */
/* From a request to its answer, without the wire: find the row, check, look in the cache, call the handler, finish. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "web/server.h"
#include "web/url.h"

typedef struct Job {
  WebServer *server;
  Worker *worker;
  const Input *input;
  Request req;
  Response res;
  RouteMatch match;
  RouteKind kind;      /* of the route, or what fits an address without one */
  uint64_t epoch;
  bool cacheable;
  bool no_data;        /* the failure is that the database cannot be reached */
} Job;

static Day today(void) {
  time_t now = time(NULL);
  struct tm local;
  localtime_r(&now, &local);
  return day_from_civil(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday);
}

/* --- finding the row --- */

static bool with_languages(const Route *route) { return route->kind == KIND_PAGE || route->kind == KIND_FILE; }

/* Matches the path, without its language prefix for pages only: "/en/api/v1" does not exist. */
static void match(const WebServer *server, WebMethod method, Str path, Request *req, RouteMatch *out) {
  url_language(path, &req->lang, &req->prefix, &req->path);
  route_match(&server->config.table, method, req->path, out);
  if (req->prefix.len && out->route && !with_languages(out->route)) memset(out, 0, sizeof *out);
  req->route = out->route;
}

const Route *handle_route(const WebServer *server, const Input *input) {
  Request req = {0};
  RouteMatch found;
  if (input->options || input->unknown_method || !url_path_sane(input->path)) return NULL;
  match(server, input->method, input->path, &req, &found);
  return found.route;
}

static Err allow_header(Job *job) {
  bool get = job->match.allowed & (1u << METHOD_GET), post = job->match.allowed & (1u << METHOD_POST);
  Str allowed = get && post ? S("GET, HEAD, POST, OPTIONS") : get ? S("GET, HEAD, OPTIONS") : S("POST, OPTIONS");
  if (job->input->options && is_api_path(job->req.path)) {
    TRY(res_header(&job->req, &job->res, "Access-Control-Allow-Methods", allowed));
    TRY(res_header(&job->req, &job->res, "Access-Control-Allow-Headers", S("Accept, If-None-Match")));
    TRY(res_header(&job->req, &job->res, "Access-Control-Max-Age", S("86400")));
  }
  return res_header(&job->req, &job->res, "Allow", allowed);
}

/* A page address with a slash too many is sent to the one without; the API has exactly one address for everything. */
static Err trailing_slash(Job *job, bool *redirected) {
  Str path = job->input->path;
  *redirected = false;
  if (path.len < 2 || path.ptr[path.len - 1] != '/' || is_api_path(job->req.path)) return ERR_OK;
  RouteMatch other;
  Request req = {0};
  match(job->server, METHOD_GET, str_slice(path, 0, path.len - 1), &req, &other);
  if (!other.route) return ERR_OK;
  *redirected = true;
  Str query = job->input->query;
  Str to = arena_printf(job->req.arena, STR_FMT "%s" STR_FMT, STR_ARG(str_slice(path, 0, path.len - 1)), query.len ? "?" : "",
                        STR_ARG(query));
  return res_redirect(&job->req, &job->res, 308, to);
}

/* --- checks before the handler --- */

/* A request that changes something must come from our own pages. Browsers say where it comes from; what says nothing is
 * not a browser and carries no one's cookies. */
static bool cross_site(const Input *input) {
  if (input->fetch_site.len) return !str_eq(input->fetch_site, S("same-origin")) && !str_eq(input->fetch_site, S("none"));
  if (!input->origin.len) return false;
  size_t at = str_find(input->origin, S("://"));
  return at == STR_NPOS || !str_eq_nocase(str_slice(input->origin, at + 3, input->origin.len), input->host);
}

static Err check(Job *job, bool *done) {
  const Input *input = job->input;
  Request *req = &job->req;
  *done = false;
  if (input->long_target) return ERR_USAGE;
  if (!url_path_sane(input->path))
    return err_set(&req->info, ERR_USAGE, "the address holds a segment or escape that cannot occur here");
  match(job->server, input->method, input->path, req, &job->match);
  if (job->match.route) job->kind = job->match.route->kind;
  if (input->options || input->unknown_method || job->match.other_method) {
    if (!job->match.allowed) return ERR_NOT_FOUND;
    TRY(allow_header(job));
    *done = input->options;
    job->res.status = input->options ? 204 : 405;
    return input->options ? ERR_OK : ERR_UNSUPPORTED;
  }
  if (!req->route) {
    TRY(trailing_slash(job, done));
    return *done ? ERR_OK : ERR_NOT_FOUND;
  }
  if (input->cut_body) return ERR_LIMIT;
  if (req->route->permission == PERM_OPERATOR && !input->operator)
    return err_set(&req->info, ERR_PERMISSION, "only for a client on this machine that does not come through a proxy");
  if (req->route->csrf == CSRF_CHECK && cross_site(input))
    return err_set(&req->info, ERR_PERMISSION, "the request comes from another site");
  return request_params(req, &job->match, input->query);
}

/* --- the cache --- */

static bool is_cacheable(const Job *job) {
  const Route *route = job->req.route;
  return route->method == METHOD_GET && route->permission == PERM_PUBLIC && route->needs != NEEDS_NOTHING;
}

static Str cache_key(Job *job, bool gzip) {
  Buf *key = &job->worker->key;
  buf_reset(key);
  buf_char(key, gzip ? 'z' : '-');
  buf_char(key, job->input->secure ? 's' : '-');
  buf_int(key, job->req.today);
  buf_str(key, job->req.lang);
  buf_str(key, job->req.path);
  buf_char(key, '?');
  buf_str(key, job->req.query);
  return buf_err(key) == ERR_OK ? buf_view(key) : STR_NONE;
}

/* --- the handler --- */

/* The status of an error as the answer to a request: what a domain function calls malformed input or over a limit is
 * here a request that asks something impossible; a missing database is our trouble, not an address that does not exist. */
static int status_of(const Job *job, Err err) {
  if (job->req.misuse) return 500;
  if (job->input->long_target) return 414;
  if (job->res.status == 405) return 405;
  if (job->no_data || err == ERR_CANCELLED || err == ERR_MEMORY) return 503;
  if (err == ERR_USAGE || err == ERR_INPUT) return 400;
  if (err == ERR_LIMIT) return job->input->cut_body ? 413 : job->req.info.message[0] ? 400 : 500;
  if (err == ERR_UNSUPPORTED) return job->input->body.len ? 415 : 500;
  return err_http_status(err);
}

static void log_failure(Job *job, Err err) {
  char text[1600];
  err_format(&job->req.info, text, sizeof text);
  log_line(LOG_ERROR, "%s: %s: %s", job->req.route ? job->req.route->pattern : "no route", err_name(err), text);
}

static Err prepare(Job *job) {
  Worker *worker = job->worker;
  Request *req = &job->req;
  bool failed;
  if (req->route->needs == NEEDS_NOTHING) return ERR_OK;
  if (!worker->store) TRY(data_open(job->server, &worker->store, &req->info));
  req->store = worker->store;
  if (req->route->needs == NEEDS_STORE) return ERR_OK;
  req->index = data_index(job->server, &failed);
  if (req->index) return ERR_OK;
  if (req->route->needs == NEEDS_INDEX_IF_BUILT) {
    res_no_cache(&job->res);  /* the same address says more as soon as the index is there */
    return ERR_OK;
  }
  return err_set(&req->info, ERR_BUSY, failed ? "the list of actions cannot be read now" : "the list of actions is still being read");
}

static Err call(Job *job) {
  Request *req = &job->req;
  job->no_data = true;
  TRY(prepare(job));
  if (req->store) TRY(store_begin(req->store, &req->info));
  job->no_data = false;
  Err err = req->route->handler(req, &job->res);
  if (req->store) store_rollback(req->store);
  if (err == ERR_OK && job->res.body_kind == BODY_BUFFER) err = buf_err(job->res.body);
  if (req->misuse) return err_set(&req->info, ERR_UNSUPPORTED, "handler asks for undeclared parameter \"%s\"", req->misuse);
  return err;
}

static Answer *finish(Job *job, bool gzip) {
  Answer *answer;
  AnswerForm form = {job->kind, gzip, job->input->secure, job->req.lang};
  return answer_new(&answer, &job->res, &form) == ERR_OK ? answer : NULL;
}

static Answer *not_modified(Job *job, Answer *answer) {
  AnswerForm form = {job->kind, false, job->input->secure, job->req.lang};
  if (!answer || !answer->etag[0] || !job->input->if_none_match.len || job->input->method != METHOD_GET) return answer;
  if (!http_etag_matches(job->input->if_none_match, str_from(answer->etag))) return answer;
  Answer *same = answer_not_modified(answer, &form);
  answer_release(answer);
  return same;
}

static void fail(Job *job, Err err) {
  int status = status_of(job, err);
  if (status >= 500) log_failure(job, err);
  if (err == ERR_DATABASE || err == ERR_IO || err == ERR_VERSION) {
    /* whatever is wrong with this connection, the next request gets a new one */
    store_close(job->worker->store);
    job->worker->store = NULL;
  }
  error_response(&job->req, &job->res, job->kind, status);
}

/* The answer without looking at conditions of the request. */
static Answer *make(Job *job, bool gzip) {
  bool done = false;
  Err err = check(job, &done);
  if (err == ERR_OK && !done && job->req.route->needs != NEEDS_NOTHING) {
    err = data_epoch(job->server, &job->epoch, &job->req.info);
    job->no_data = err != ERR_OK;
  }
  if (err == ERR_OK && !done) {
    job->cacheable = is_cacheable(job);
    Str key = job->cacheable ? cache_key(job, gzip) : STR_NONE;
    Answer *kept = key.ptr ? answer_cache_get(job->server->cache, key, job->epoch) : NULL;
    if (kept) return kept;
    err = call(job);
  }
  if (err != ERR_OK) fail(job, err);
  Answer *answer = finish(job, gzip);
  if (answer && job->cacheable && err == ERR_OK && job->res.status == 200 && !job->res.no_cache) {
    Str key = cache_key(job, gzip);
    if (key.ptr) answer_cache_put(job->server->cache, key, job->epoch, answer);
  }
  return answer;
}

Answer *handle(WebServer *server, Worker *worker, const Input *input, const Route **route) {
  Job job = {.server = server, .worker = worker, .input = input};
  bool gzip = http_accepts_gzip(input->accept_encoding);
  response_init(&job.res, worker);
  job.req.arena = &worker->arena;
  job.req.server = server;
  job.req.today = today();
  job.req.query = S("");
  job.req.body = input->body;
  url_language(input->path, &job.req.lang, &job.req.prefix, &job.req.path);
  job.kind = is_api_path(job.req.path) ? KIND_API : KIND_PAGE;
  Answer *answer = not_modified(&job, make(&job, gzip));
  *route = job.req.route;
  action_index_release((ActionIndex *)(uintptr_t)job.req.index);
  if (worker->arena.used > (1u << 20)) arena_clear(&worker->arena); else arena_reset(&worker->arena);
  if (worker->body.cap > (1u << 20)) buf_clear(&worker->body);
  return answer;
}
