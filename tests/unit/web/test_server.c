/* SPDX-License-Identifier: EUPL-1.2 */
/* The real server on real sockets, with a table of its own and deadlines short enough for a test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "store/store.h"
#include "web/conns.h"
#include "web/serve.h"

/* --- handlers --- */

static Err text(Request *req, Response *res) {
  Buf *out;
  TRY(res_body(res, "text/plain; charset=utf-8", STR_NONE, &out));
  buf_printf(out, STR_FMT " " STR_FMT " " STR_FMT "\n", STR_ARG(req_path(req)), STR_ARG(req_query(req)), STR_ARG(req_lang_code(req)));
  return ERR_OK;
}

static Err echo(Request *req, Response *res) {
  Buf *out;
  TRY(res_body(res, "text/plain; charset=utf-8", STR_NONE, &out));
  buf_printf(out, "%zu bytes\n", req_body(req).len);
  return ERR_OK;
}

static Err slow(Request *req, Response *res) {
  struct timespec pause = {0, (long)req_int(req, "ms") * 1000000};
  nanosleep(&pause, NULL);
  return text(req, res);
}

static Err large(Request *req, Response *res) {
  Buf *out;
  TRY(res_body(res, "application/octet-stream", STR_NONE, &out));
  for (int64_t i = 0; i < req_int(req, "kb"); i++)
    for (int j = 0; j < 64; j++) buf_cstr(out, "0123456789abcde\n");
  return buf_err(out);
}

static Err fails(Request *req, Response *res) {
  static const Err kinds[] = {ERR_USAGE, ERR_INPUT, ERR_NOT_FOUND, ERR_CONFLICT, ERR_LIMIT, ERR_IO, ERR_DATABASE, ERR_BUSY, ERR_MEMORY, ERR_PERMISSION};
  (void)res;
  return err_set(req_info(req), kinds[req_int(req, "kind")], "secret particulars");
}

static Err undeclared(Request *req, Response *res) {
  TRY(text(req, res));
  return req_has(req, "other") ? ERR_OK : ERR_OK;
}

static Err large_header(Request *req, Response *res) {
  TRY(text(req, res));
  return res_header(req, res, "X-Bad", S("a\r\nSet-Cookie: b"));
}

static Err away(Request *req, Response *res) { return res_redirect(req, res, 302, req_str(req, "to")); }

#define ROW(method, pattern, perm, csrf, needs, kind, params, handler) \
  {METHOD_##method, pattern, PERM_##perm, CSRF_##csrf, NEEDS_##needs, KIND_##kind, params, handler, #handler, NULL, "test"}

static const Route rows[] = {
  ROW(GET, "/", PUBLIC, NONE, STORE, PAGE, NO_PARAMS, text),
  ROW(GET, "/text", PUBLIC, NONE, STORE, PAGE, PARAMS(QUERY_TEXT("q", 50, "q"), QUERY_INT("page", 1, 9, "1", "p")), text),
  ROW(GET, "/api/text", PUBLIC, NONE, STORE, API, PARAMS(QUERY_INT("page", 1, 9, "1", "p")), text),
  ROW(GET, "/indexed", PUBLIC, NONE, INDEX, PAGE, NO_PARAMS, text),
  ROW(GET, "/op", OPERATOR, NONE, NOTHING, OPS, NO_PARAMS, text),
  ROW(POST, "/post", PUBLIC, CHECK, NOTHING, PAGE, NO_PARAMS, echo),
  ROW(GET, "/slow", PUBLIC, NONE, NOTHING, PAGE, PARAMS(QUERY_INT("ms", 0, 999, "0", "ms")), slow),
  ROW(GET, "/large", PUBLIC, NONE, NOTHING, FILE, PARAMS(QUERY_INT("kb", 0, 60000, "0", "kb")), large),
  ROW(GET, "/fail", PUBLIC, NONE, STORE, PAGE, PARAMS(QUERY_INT("kind", 0, 9, "0", "kind")), fails),
  ROW(GET, "/undeclared", PUBLIC, NONE, NOTHING, PAGE, NO_PARAMS, undeclared),
  ROW(GET, "/header", PUBLIC, NONE, NOTHING, PAGE, NO_PARAMS, large_header),
  ROW(GET, "/away", PUBLIC, NONE, NOTHING, PAGE, PARAMS(QUERY_TEXT("to", 99, "to")), away),
};

static char database[64];
static WebServer *server;

static WebServer *start(WebConfig config) {
  WebServer *made = NULL;
  ErrInfo info = ERRINFO_INIT;
  if (web_start(&made, &config, &info) != ERR_OK) print_error("%s\n", info.message);
  assert_non_null(made);
  return made;
}

static WebConfig config_of_test(void) {
  WebConfig config = web_config_standard();
  config.db_url = database;
  config.port = 0;
  config.log = WEB_LOG_OFF;
  config.table = (RouteTable){rows, sizeof rows / sizeof rows[0]};
  config.limits.header_ms = 900;
  config.limits.body_ms = 900;
  config.limits.send_ms = 900;
  config.limits.send_bytes_per_ms = 1 << 20;
  config.limits.body_bytes = 10000;
  config.limits.drain_ms = 2000;
  return config;
}

/* --- a client --- */

static int dial(const WebServer *to) {
  struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons((uint16_t)web_port(to)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_true(fd >= 0);
  if (connect(fd, (struct sockaddr *)&in, sizeof in) != 0) {
    close(fd);
    return -1;
  }
  return fd;
}

static bool send_text(int fd, const char *bytes) { return send(fd, bytes, strlen(bytes), MSG_NOSIGNAL) == (ssize_t)strlen(bytes); }

/* What comes until the connection is closed or nothing came for `ms`; true when it was closed. */
static bool read_all(int fd, char *out, size_t size, int ms) {
  size_t len = 0;
  for (;;) {
    struct pollfd wait = {fd, POLLIN, 0};
    out[len] = '\0';
    if (poll(&wait, 1, ms) == 0) return false;
    ssize_t got = recv(fd, out + len, size - 1 - len, 0);
    if (got <= 0) return true;
    len += (size_t)got;
    if (len == size - 1) len = 0;  /* a large body: only its size matters, and not here */
  }
}

static char answer[1 << 16];

/* One request on a connection of its own; the answer as text. */
static const char *ask(const char *request) {
  int fd = dial(server);
  assert_true(fd >= 0);
  send_text(fd, request);
  read_all(fd, answer, sizeof answer, 3000);
  close(fd);
  return answer;
}

static const char *get(const char *target, const char *headers) {
  char request[8192];
  snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n", target, headers);
  return ask(request);
}

static int status(const char *reply) {
  int number = 0;
  return sscanf(reply, "HTTP/1.1 %d", &number) == 1 ? number : 0;
}

static void status_is(const char *reply, int expected) {
  if (status(reply) != expected) print_error("expected %d: %.300s\n", expected, reply);
  assert_int_equal(status(reply), expected);
}

static void has(const char *reply, const char *part) {
  if (!strstr(reply, part)) print_error("no \"%s\" in: %.900s\n", part, reply);
  assert_non_null(strstr(reply, part));
}

/* --- tests --- */

static void test_answers(void **state) {
  (void)state;
  status_is(get("/text?page=2&q=a+b", ""), 200);
  has(answer, "/text q=a%20b&page=2 nl");
  has(answer, "Content-Security-Policy: default-src 'none'; style-src 'self'");
  has(answer, "X-Content-Type-Options: nosniff");
  has(answer, "Referrer-Policy: same-origin");
  has(answer, "Permissions-Policy: ");
  has(answer, "Cross-Origin-Opener-Policy: same-origin");
  has(answer, "Content-Language: nl");
  assert_null(strstr(answer, "Strict-Transport-Security"));
  status_is(get("/en/text", ""), 200);
  has(answer, "/text  en");
  has(answer, "Content-Language: en");
  status_is(get("/en/", ""), 200);
  status_is(get("/de", ""), 200);
  status_is(get("/fr/text", ""), 404);
  status_is(get("/en/api/text", ""), 404);
  status_is(get("/text/", ""), 308);
  has(answer, "Location: /text\r\n");
  status_is(get("/en/text/?q=x%20y", ""), 308);
  has(answer, "Location: /en/text?q=x%20y\r\n");
  status_is(get("/api/text/", ""), 404);
  status_is(get("/indexed", ""), 200);
}

static void test_head_and_methods(void **state) {
  (void)state;
  status_is(ask("HEAD /text HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), 200);
  has(answer, "Content-Length: ");
  has(answer, "ETag: ");
  assert_string_equal(strstr(answer, "\r\n\r\n") + 4, "");
  status_is(ask("OPTIONS /text HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), 204);
  has(answer, "Allow: GET, HEAD, OPTIONS\r\n");
  status_is(ask("OPTIONS /api/text HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), 204);
  has(answer, "Access-Control-Allow-Methods: GET, HEAD, OPTIONS\r\n");
  has(answer, "Access-Control-Allow-Origin: *\r\n");
  status_is(ask("OPTIONS /nope HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), 404);
  status_is(ask("DELETE /text HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), 405);
  has(answer, "Allow: GET, HEAD, OPTIONS\r\n");
  status_is(ask("POST /text HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc"), 405);
  status_is(ask("GET /post HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), 405);
  has(answer, "Allow: POST, OPTIONS\r\n");
  status_is(ask("BREW /text HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), 405);
  status_is(ask("DELETE /nope HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), 404);
}

static void test_conditional(void **state) {
  char tag[80], header[120];
  (void)state;
  status_is(get("/text", ""), 200);
  const char *at = strstr(answer, "ETag: ");
  assert_non_null(at);
  assert_int_equal(sscanf(at, "ETag: %70[^\r]", tag), 1);
  snprintf(header, sizeof header, "If-None-Match: %s\r\n", tag);
  status_is(get("/text", header), 304);
  has(answer, tag);
  assert_string_equal(strstr(answer, "\r\n\r\n") + 4, "");
  snprintf(header, sizeof header, "If-None-Match: \"x\", W/%s\r\n", tag);
  status_is(get("/text", header), 304);
  status_is(get("/text?q=other", header), 200);
  status_is(get("/text", "If-None-Match: \"other\"\r\n"), 200);
  /* an error has no tag to match */
  status_is(get("/nope", "If-None-Match: *\r\n"), 404);
}

static void test_errors(void **state) {
  static const int expected[] = {400, 400, 404, 409, 400, 500, 500, 503, 503, 403};
  char target[40];
  (void)state;
  for (int kind = 0; kind < 10; kind++) {
    snprintf(target, sizeof target, "/fail?kind=%d", kind);
    status_is(get(target, ""), expected[kind]);
    has(answer, "Cache-Control: no-store");
    if (expected[kind] == 500) assert_null(strstr(answer, "secret"));
    else if (expected[kind] == 400) has(answer, "secret");
    if (expected[kind] == 503) has(answer, "Retry-After: 5");
  }
  status_is(get("/text", ""), 200);
  status_is(get("/undeclared", ""), 500);
  status_is(get("/header", ""), 500);
  assert_null(strstr(answer, "Set-Cookie"));
  status_is(get("/away?to=/text", ""), 302);
  status_is(get("/away?to=https://evil.example/", ""), 500);
  status_is(get("/away?to=//evil.example/", ""), 500);
  status_is(get("/away?to=/%5cevil.example/", ""), 500);
  assert_null(strstr(answer, "Location"));
  status_is(get("/api/text?x=1", ""), 400);
  has(answer, "Content-Type: application/problem+json");
  has(answer, "\"errors\":[{\"in\":\"query\",\"location\":{\"name\":\"x\"}");
  has(answer, "API-Version: ");
  status_is(get("/text?x=1", ""), 200);
}

static void test_bad_paths(void **state) {
  static const char *const targets[] = {"/../etc/passwd", "/a/../text", "/%2e%2e/etc/passwd", "/..%2fetc", "/text%00", "//text", "/text%0d%0aX:y",
                                        "/%", "/text\\..\\x", "*", "text"};
  (void)state;
  for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) status_is(get(targets[i], ""), 400);
}

static void test_operator(void **state) {
  (void)state;
  status_is(get("/op", ""), 200);
  status_is(get("/op", "X-Forwarded-For: 10.0.0.1\r\n"), 403);
  status_is(get("/op", "Forwarded: for=10.0.0.1\r\n"), 403);
  status_is(get("/op", "X-Real-IP: 10.0.0.1\r\n"), 403);
}

static void test_sizes(void **state) {
  char *request = malloc(200000);
  (void)state;
  assert_non_null(request);
  size_t at = (size_t)sprintf(request, "GET /text?q=");
  memset(request + at, 'a', 5000);
  strcpy(request + at + 5000, " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  status_is(ask(request), 414);
  at = (size_t)sprintf(request, "GET /");
  memset(request + at, 'a', 100000);
  strcpy(request + at + 100000, " HTTP/1.1\r\nHost: x\r\n\r\n");
  assert_true(status(ask(request)) == 414 || status(answer) == 431);
  at = (size_t)sprintf(request, "GET /text HTTP/1.1\r\nHost: x\r\nX-Large: ");
  memset(request + at, 'a', 100000);
  strcpy(request + at + 100000, "\r\n\r\n");
  status_is(ask(request), 431);
  free(request);
  status_is(get("/text", ""), 200);
}

#define POST(headers, body) "POST /post HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" headers "\r\n" body

static void test_bodies(void **state) {
  (void)state;
  status_is(ask(POST("Content-Length: 5\r\n", "hallo")), 200);
  has(answer, "5 bytes");
  status_is(ask(POST("Transfer-Encoding: chunked\r\n", "5\r\nhallo\r\n3\r\nabc\r\n0\r\n\r\n")), 200);
  has(answer, "8 bytes");
  status_is(ask(POST("Content-Length: 10001\r\n", "")), 413);
  status_is(ask(POST("Content-Length: 99999999999999\r\n", "")), 413);
  assert_true(status(ask(POST("Content-Length: -1\r\n", ""))) >= 400 || status(answer) == 0);
  assert_true(status(ask(POST("Content-Length: abc\r\n", ""))) >= 400 || status(answer) == 0);
  assert_true(status(ask(POST("Transfer-Encoding: chunked\r\n", "zz\r\n"))) >= 400 || status(answer) == 0);
  status_is(ask("GET /text HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc"), 413);
  status_is(get("/text", ""), 200);
}

/* Chunks without end: counted, answered with 413 when they stop, cut when they do not. */
static void test_chunked_flood(void **state) {
  char chunk[1100];
  (void)state;
  int length = sprintf(chunk, "400\r\n");
  memset(chunk + length, 'x', 1024);
  strcpy(chunk + length + 1024, "\r\n");
  int fd = dial(server);
  assert_true(send_text(fd, "POST /post HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"));
  for (int i = 0; i < 20; i++) assert_true(send_text(fd, chunk));
  send_text(fd, "0\r\n\r\n");
  read_all(fd, answer, sizeof answer, 500);
  status_is(answer, 413);
  close(fd);
  fd = dial(server);
  send_text(fd, "POST /post HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  size_t sent = 0;
  while (sent < (64u << 20) && send_text(fd, chunk)) sent += 1024;
  assert_true(sent < (64u << 20));
  close(fd);
  status_is(get("/text", ""), 200);
}

static void test_csrf(void **state) {
  (void)state;
  status_is(ask(POST("Content-Length: 1\r\nOrigin: http://localhost\r\n", "x")), 200);
  status_is(ask(POST("Content-Length: 1\r\nOrigin: http://evil.example\r\n", "x")), 403);
  status_is(ask(POST("Content-Length: 1\r\nOrigin: null\r\n", "x")), 403);
  status_is(ask(POST("Content-Length: 1\r\nSec-Fetch-Site: same-origin\r\n", "x")), 200);
  status_is(ask(POST("Content-Length: 1\r\nSec-Fetch-Site: cross-site\r\n", "x")), 403);
  status_is(ask(POST("Content-Length: 1\r\nSec-Fetch-Site: same-site\r\n", "x")), 403);
}

static void test_malformed(void **state) {
  static const char *const requests[] = {"\r\n\r\n\r\n", "GET\r\n\r\n", "GET /\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
                                         "GET / HTTP/9.9\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", " / HTTP/1.1\r\nHost: x\r\n\r\n",
                                         "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"};
  (void)state;
  for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
    int fd = dial(server);
    send_text(fd, requests[i]);
    shutdown(fd, SHUT_WR);
    read_all(fd, answer, sizeof answer, 3000);
    close(fd);
    if (status(answer) == 200) print_error("answered: %s\n", requests[i]);
    assert_int_not_equal(status(answer), 200);
  }
  status_is(get("/text", ""), 200);
}

static void test_pipelining(void **state) {
  char request[4096] = "";
  (void)state;
  for (int i = 1; i <= 9; i++) {
    char one[80];
    snprintf(one, sizeof one, "GET /text?page=%d HTTP/1.1\r\nHost: x\r\n%s\r\n", i, i == 9 ? "Connection: close\r\n" : "");
    strcat(request, one);
  }
  ask(request);
  const char *at = answer;
  has(at, "/text  nl");
  for (int i = 2; i <= 9; i++) {
    char expected[32];
    snprintf(expected, sizeof expected, "page=%d nl", i);
    at = strstr(at, expected);
    assert_non_null(at);
  }
}

static long elapsed_until_cut(int fd, const char *part, int pause_ms) {
  int64_t begin = clock_ms();
  while (clock_ms() - begin < 8000) {
    struct pollfd wait = {fd, POLLIN, 0};
    if (!send_text(fd, part)) break;
    if (poll(&wait, 1, pause_ms) > 0 && recv(fd, answer, sizeof answer, 0) <= 0) break;
  }
  return (long)(clock_ms() - begin);
}

static void test_slow_clients(void **state) {
  (void)state;
  /* one byte of a header every 100 ms: never idle, still cut */
  int fd = dial(server);
  send_text(fd, "GET /text HTTP/1.1\r\nHost: x\r\nX-Slow: ");
  long took = elapsed_until_cut(fd, "a", 100);
  assert_in_range(took, 500, 3000);
  close(fd);
  /* the same with a body */
  fd = dial(server);
  send_text(fd, "POST /post HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n");
  took = elapsed_until_cut(fd, "a", 100);
  assert_in_range(took, 500, 3000);
  close(fd);
  /* nothing at all */
  fd = dial(server);
  int64_t begin = clock_ms();
  assert_true(read_all(fd, answer, sizeof answer, 5000));
  assert_in_range(clock_ms() - begin, 500, 3000);
  close(fd);
}

/* A client that asks for much and then does not take it. */
static void test_slow_reader(void **state) {
  struct timespec pause = {2, 0};
  int fd = dial(server);
  (void)state;
  send_text(fd, "GET /large?kb=30000 HTTP/1.1\r\nHost: x\r\n\r\n");
  nanosleep(&pause, NULL);
  /* what the system had queued still comes after the cut; the rest of the 30 MB never does */
  size_t got = 0;
  ssize_t n = 1;
  while (n > 0) {
    n = recv(fd, answer, sizeof answer, 0);
    if (n > 0) got += (size_t)n;
  }
  assert_in_range(got, 1, 20000 * 1024);
  close(fd);
  status_is(get("/text", ""), 200);
}

static void test_many_connections(void **state) {
  enum { COUNT = 300 };
  static int fds[COUNT];
  (void)state;
  for (int i = 0; i < COUNT; i++) fds[i] = dial(server);
  for (int i = 0; i < COUNT; i++)
    if (fds[i] >= 0) close(fds[i]);
  /* beyond 128 from one address the rest is refused; the server goes on */
  struct timespec pause = {0, 300000000};
  nanosleep(&pause, NULL);
  status_is(get("/text", ""), 200);
}

static void test_port_in_use(void **state) {
  WebConfig config = config_of_test();
  WebServer *second = NULL;
  ErrInfo info = ERRINFO_INIT;
  (void)state;
  config.port = web_port(server);
  assert_int_equal(web_start(&second, &config, &info), ERR_BUSY);
  assert_null(second);
  has(info.message, "in use");
  config.port = 0;
  config.address = "not-an-address";
  err_reset(&info);
  assert_int_equal(web_start(&second, &config, &info), ERR_USAGE);
  config.address = "203.0.113.9";
  err_reset(&info);
  assert_int_equal(web_start(&second, &config, &info), ERR_USAGE);
  config = config_of_test();
  config.db_url = "/nonexistent/pact.db";
  err_reset(&info);
  assert_int_not_equal(web_start(&second, &config, &info), ERR_OK);
}

static void test_trusted_proxy(void **state) {
  WebServer *before = server;
  WebConfig config = config_of_test();
  (void)state;
  status_is(get("/text", "X-Forwarded-Proto: https\r\n"), 200);
  assert_null(strstr(answer, "Strict-Transport-Security"));
  config.trusted_proxy = true;
  server = start(config);
  status_is(get("/text", "X-Forwarded-Proto: https\r\n"), 200);
  has(answer, "Strict-Transport-Security: max-age=");
  status_is(get("/text", ""), 200);
  assert_null(strstr(answer, "Strict-Transport-Security"));
  assert_true(web_stop(server));
  server = before;
}

static void *stop(void *context) {
  return (void *)(intptr_t)web_stop(context);
}

/* Stopping lets a slow handler finish, and refuses who comes after. */
static void test_stop_drains(void **state) {
  WebConfig config = config_of_test();
  WebServer *other = start(config);
  pthread_t thread;
  void *clean;
  struct timespec pause = {0, 150000000};
  (void)state;
  int fd = dial(other), idle = dial(other);
  send_text(fd, "GET /slow?ms=700 HTTP/1.1\r\nHost: x\r\n\r\n");
  nanosleep(&pause, NULL);
  int64_t begin = clock_ms();
  struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons((uint16_t)web_port(other)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  assert_int_equal(pthread_create(&thread, NULL, stop, other), 0);
  nanosleep(&pause, NULL);
  int late = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_int_not_equal(connect(late, (struct sockaddr *)&in, sizeof in), 0);
  close(late);
  assert_true(read_all(fd, answer, sizeof answer, 3000));
  status_is(answer, 200);
  assert_int_equal(pthread_join(thread, &clean), 0);
  assert_int_equal((intptr_t)clean, 1);
  assert_in_range(clock_ms() - begin, 300, 2000);
  close(fd);
  close(idle);
}

/* A request that does not end in time is cut, and the stop says so. */
static void test_stop_cuts(void **state) {
  WebConfig config = config_of_test();
  config.limits.drain_ms = 300;
  config.limits.body_ms = 60000;
  WebServer *other = start(config);
  (void)state;
  int fd = dial(other);
  send_text(fd, "POST /post HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab");
  struct timespec pause = {0, 200000000};
  nanosleep(&pause, NULL);
  int64_t begin = clock_ms();
  assert_false(web_stop(other));
  assert_in_range(clock_ms() - begin, 200, 3000);
  close(fd);
}

static int set_up(void **state) {
  Store *store;
  ErrInfo info = ERRINFO_INIT;
  (void)state;
  log_level_set(LOG_ERROR + 1);
  snprintf(database, sizeof database, "/tmp/pactwijzer-test-%d.db", (int)getpid());
  if (store_open(&store, database, STORE_CREATE, &info) != ERR_OK) {
    print_error("%s\n", info.message);
    return -1;
  }
  store_close(store);
  server = start(config_of_test());
  return 0;
}

static int tear_down(void **state) {
  char name[80];
  (void)state;
  bool clean = web_stop(server);
  unlink(database);
  snprintf(name, sizeof name, "%s-wal", database);
  unlink(name);
  snprintf(name, sizeof name, "%s-shm", database);
  unlink(name);
  return clean ? 0 : -1;
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_answers), cmocka_unit_test(test_head_and_methods), cmocka_unit_test(test_conditional), cmocka_unit_test(test_errors),
    cmocka_unit_test(test_bad_paths), cmocka_unit_test(test_operator), cmocka_unit_test(test_sizes), cmocka_unit_test(test_bodies),
    cmocka_unit_test(test_chunked_flood), cmocka_unit_test(test_csrf), cmocka_unit_test(test_malformed), cmocka_unit_test(test_pipelining),
    cmocka_unit_test(test_slow_clients), cmocka_unit_test(test_slow_reader), cmocka_unit_test(test_many_connections),
    cmocka_unit_test(test_port_in_use), cmocka_unit_test(test_trusted_proxy), cmocka_unit_test(test_stop_drains), cmocka_unit_test(test_stop_cuts)};
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
