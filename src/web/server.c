/* SPDX-License-Identifier: EUPL-1.2 */
/* The wire: libmicrohttpd's callbacks, one Exchange per request, the pool of workers. */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "web/exchange.h"

/* --- workers --- */

/* There are as many workers as threads, and a thread has one request in hand: one is always free. */
static Worker *worker_take(WebServer *server) {
  pthread_mutex_lock(&server->pool_lock);
  while (!server->idle) pthread_cond_wait(&server->pool_wake, &server->pool_lock);
  Worker *worker = server->idle;
  server->idle = worker->next;
  pthread_mutex_unlock(&server->pool_lock);
  return worker;
}

static void worker_give(WebServer *server, Worker *worker) {
  pthread_mutex_lock(&server->pool_lock);
  worker->next = server->idle;
  server->idle = worker;
  pthread_cond_signal(&server->pool_wake);
  pthread_mutex_unlock(&server->pool_lock);
}

/* --- connections --- */

static Conn *conn_of(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info ? info->socket_context : NULL;
}

void server_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                       enum MHD_ConnectionNotificationCode code) {
  WebServer *server = context;
  if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
    conns_remove(server->conns, *socket_context);
    *socket_context = NULL;
    return;
  }
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  Conn *conn = info ? conns_add(server->conns, info->connect_fd) : NULL;
  conn_stage(conn, true, server->config.limits.header_ms);
  *socket_context = conn;
}

/* --- one request --- */

void *server_target(void *context, const char *uri, struct MHD_Connection *connection) {
  WebServer *server = context;
  size_t len = strlen(uri);
  bool too_long = len > server->config.limits.target_bytes;
  Exchange *exchange = mem_alloc0(1, sizeof *exchange + (too_long ? 0 : len) + 1);
  if (!exchange) return NULL;
  exchange->begin_micros = clock_micros();
  exchange->conn = conn_of(connection);
  exchange->too_long = too_long;
  if (!too_long) memcpy(exchange->target, uri, len);
  buf_init(&exchange->body, server->config.limits.body_bytes);
  atomic_fetch_add(&server->in_flight, 1);
  if (exchange->conn) atomic_store(&exchange->conn->idle, false);  /* its deadline for the headers goes on */
  return exchange;
}

static Str header(struct MHD_Connection *connection, const char *name) {
  return str_from(MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name));
}

static bool from_this_machine(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  if (!info || !info->client_addr) return false;
  if (info->client_addr->sa_family == AF_INET) {
    struct sockaddr_in in;
    memcpy(&in, info->client_addr, sizeof in);
    return (ntohl(in.sin_addr.s_addr) >> 24) == 127;
  }
  struct sockaddr_in6 in6;
  memcpy(&in6, info->client_addr, sizeof in6);
  return info->client_addr->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr);
}

static Input input_of(WebServer *server, struct MHD_Connection *connection, Exchange *exchange, const char *method) {
  Input input = {0};
  Str target = str_from(exchange->target), path;
  exchange->head = strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
  input.options = strcmp(method, MHD_HTTP_METHOD_OPTIONS) == 0;
  bool post = strcmp(method, MHD_HTTP_METHOD_POST) == 0;
  input.method = post ? METHOD_POST : METHOD_GET;
  input.unknown_method = !exchange->head && !input.options && !post && strcmp(method, MHD_HTTP_METHOD_GET) != 0;
  input.long_target = exchange->too_long;
  if (str_cut(&target, '?', &path)) input.path = path;
  input.query = target;
  input.body = buf_view(&exchange->body);
  input.cut_body = exchange->body_over;
  input.accept_encoding = header(connection, MHD_HTTP_HEADER_ACCEPT_ENCODING);
  input.if_none_match = header(connection, MHD_HTTP_HEADER_IF_NONE_MATCH);
  input.origin = header(connection, "Origin");
  input.fetch_site = header(connection, "Sec-Fetch-Site");
  input.host = header(connection, MHD_HTTP_HEADER_HOST);
  bool forwarded = header(connection, "Forwarded").ptr || header(connection, "X-Forwarded-For").ptr || header(connection, "X-Real-IP").ptr;
  input.operator = !forwarded && from_this_machine(connection);
  input.secure = server->config.trusted_proxy && str_eq(header(connection, "X-Forwarded-Proto"), S("https"));
  return input;
}

static enum MHD_Result send_answer(WebServer *server, struct MHD_Connection *connection, Exchange *exchange, Answer *answer) {
  if (!answer) return MHD_NO;  /* out of memory: all that is left is to close the connection */
  const WebLimits *limits = &server->config.limits;
  exchange->status = answer->status;
  exchange->bytes = exchange->head ? 0 : answer->bytes;
  conn_stage(exchange->conn, false, limits->send_ms + (int64_t)answer->bytes / limits->send_bytes_per_ms);
  enum MHD_Result queued = MHD_queue_response(connection, (unsigned)answer->status, answer->mhd);
  answer_release(answer);
  return queued;
}

static enum MHD_Result answer_now(WebServer *server, struct MHD_Connection *connection, Exchange *exchange, const Input *input) {
  conn_stage(exchange->conn, false, 0);
  Worker *worker = worker_take(server);
  Answer *answer = handle(server, worker, input, &exchange->route);
  worker_give(server, worker);
  return send_answer(server, connection, exchange, answer);
}

/* Puts the request aside until the index is there; false when it need not wait. */
static bool wait_for_index(WebServer *server, struct MHD_Connection *connection, Exchange *exchange, const Input *input) {
  const Route *route = exchange->waited || input->long_target ? NULL : handle_route(server, input);
  bool waits = false;
  if (!route || route->needs != NEEDS_INDEX) return false;
  pthread_mutex_lock(&server->data_lock);
  if (!server->index && !server->index_failed && !server->stopping) {
    waits = exchange->waited = true;
    exchange->connection = connection;
    exchange->next_waiting = server->waiting;
    server->waiting = exchange;
    conn_stage(exchange->conn, false, 0);
    MHD_suspend_connection(connection);
  }
  pthread_mutex_unlock(&server->data_lock);
  return waits;
}

/* What goes on is told apart from what comes in by `waited`: it does not wait a second time. */
void server_resume_waiting(WebServer *server) {
  while (server->waiting) {
    Exchange *exchange = server->waiting;
    server->waiting = exchange->next_waiting;
    MHD_resume_connection(exchange->connection);
  }
}

/* The headers are in. A body that will not be taken is refused before it is read. */
static bool refuse_early(WebServer *server, struct MHD_Connection *connection, Exchange *exchange, Input *input) {
  Str length = header(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
  bool chunked = header(connection, MHD_HTTP_HEADER_TRANSFER_ENCODING).ptr != NULL;
  int64_t announced = 0;
  if (!chunked && (!length.ptr || (str_to_int(length, &announced) && announced == 0))) return false;
  const Route *route = input->long_target ? NULL : handle_route(server, input);
  bool takes_body = route && route->method == METHOD_POST;
  if (takes_body && !(announced < 0 || (uint64_t)announced > server->config.limits.body_bytes)) return false;
  if (route) input->cut_body = exchange->body_over = true;
  return true;
}

/* A part of the body. libmicrohttpd can answer only when all of it is read, so what is too much is counted but not kept,
 * and from twice the limit on the connection is closed. */
static enum MHD_Result take_body(WebServer *server, Exchange *exchange, const char *bytes, size_t *size) {
  exchange->body_seen += *size;
  if (exchange->body_seen <= server->config.limits.body_bytes) buf_put(&exchange->body, bytes, *size);
  else exchange->body_over = true;
  *size = 0;
  bool flood = exchange->body_seen > 2 * server->config.limits.body_bytes + 65536;
  return flood || buf_err(&exchange->body) == ERR_MEMORY ? MHD_NO : MHD_YES;
}

enum MHD_Result server_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                               const char *version, const char *upload_data, size_t *upload_size, void **request_context) {
  WebServer *server = context;
  Exchange *exchange = *request_context;
  (void)url;
  (void)version;
  if (!exchange) return MHD_NO;
  if (*upload_size) return take_body(server, exchange, upload_data, upload_size);
  Input input = input_of(server, connection, exchange, method);
  if (!exchange->headers_in) {
    exchange->headers_in = true;
    if (refuse_early(server, connection, exchange, &input)) return answer_now(server, connection, exchange, &input);
    conn_stage(exchange->conn, false, server->config.limits.body_ms);
    return MHD_YES;
  }
  if (wait_for_index(server, connection, exchange, &input)) return MHD_YES;
  return answer_now(server, connection, exchange, &input);
}

static void log_request(const WebServer *server, const Exchange *exchange, int64_t micros) {
  WebLog level = server->config.log;
  if (level == WEB_LOG_OFF || (level == WEB_LOG_ERRORS && exchange->status && exchange->status < 500)) return;
  /* the pattern and not the address: an address may hold what somebody searched for */
  log_line(LOG_INFO, "%s %s %d %.1f ms %zu B", exchange->head ? "HEAD" : exchange->route && exchange->route->method == METHOD_POST ? "POST" : "GET",
           exchange->route ? exchange->route->pattern : "-", exchange->status, (double)micros / 1000, exchange->bytes);
}

void server_completed(void *context, struct MHD_Connection *connection, void **request_context,
                      enum MHD_RequestTerminationCode code) {
  WebServer *server = context;
  Exchange *exchange = *request_context;
  (void)connection;
  if (!exchange) return;
  if (code != MHD_REQUEST_TERMINATED_COMPLETED_OK) exchange->status = 0;
  int64_t micros = clock_micros() - exchange->begin_micros;
  metrics_request(server->metrics, exchange->route, exchange->status, micros, exchange->bytes);
  log_request(server, exchange, micros);
  conn_stage(exchange->conn, true, server->config.limits.header_ms);
  buf_clear(&exchange->body);
  mem_free(exchange);
  *request_context = NULL;
  atomic_fetch_sub(&server->in_flight, 1);
}
