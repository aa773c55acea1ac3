/* SPDX-License-Identifier: EUPL-1.2 */
/* Charts as pictures: what is drawn, what is refused, and that a drawing process can harm nothing but itself. This program
 * is also the drawing process: the real one, or (by the number it is called with) one that misbehaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "chart/draw.h"
#include "chart/process.h"
#include "chart/render.h"
#include "view/view.h"

enum { HANGS = 1, CRASHES, TALKS_NONSENSE, TELLS_FILES, DIES_IDLE, MODES };

/* --- the processes that misbehave --- */

static size_t open_files(void) {
  size_t count = 0;
  DIR *dir = opendir("/proc/self/fd");
  while (dir && readdir(dir)) count++;
  if (dir) closedir(dir);
  return count - 3;  /* ".", ".." and the directory itself */
}

static void reply(const char *text) {
  DrawReply head = {DRAW_MAGIC, DRAW_DONE, (uint32_t)strlen(text)};
  if (send(0, &head, sizeof head, 0) < 0 || send(0, text, strlen(text), 0) < 0) _exit(1);
}

static int misbehave(int mode) {
  char bytes[4096], text[200];
  sigset_t blocked;
  if (recv(0, bytes, sizeof bytes, 0) <= 0) return 1;
  if (mode == HANGS) for (;;) pause();
  if (mode == CRASHES) raise(SIGSEGV);
  if (mode == TALKS_NONSENSE) return send(0, "this is no reply", 16, 0) < 0;
  sigprocmask(SIG_SETMASK, NULL, &blocked);
  snprintf(text, sizeof text, "<svg files=\"%zu\" blocked=\"%d\" home=\"%d\"></svg>", open_files(), sigismember(&blocked, SIGTERM),
           getenv("HOME") != NULL);
  reply(text);
  if (mode == DIES_IDLE) return 0;
  for (;;) pause();
}

/* --- fixture --- */

static const char OPTION[] =
    "{\"pactwijzer\":{\"sample\":\"1.234,5\"},\"legend\":{},\"xAxis\":{\"type\":\"value\",\"min\":2012,\"max\":2021,"
    "\"axisLabel\":{\"formatter\":{\"$fn\":\"number\",\"grouping\":false}}},\"yAxis\":{\"type\":\"value\",\"axisLabel\":"
    "{\"formatter\":{\"$fn\":\"number\",\"suffix\":\" %%\"}}},\"series\":["
    "{\"type\":\"line\",\"name\":\"%s\",\"data\":[[2013,1000.5],[2014,21],[2020,40]]},"
    "{\"type\":\"custom\",\"name\":\"band\",\"renderItem\":{\"$fn\":\"band\"},\"itemStyle\":{\"opacity\":0.25},"
    "\"data\":[[2013,10,30],[2014,15,50]]},"
    "{\"type\":\"custom\",\"name\":\"whisker\",\"renderItem\":{\"$fn\":\"interval\"},\"data\":[[2016,100,900]]}]}";

static Str option_named(char *out, size_t size, const char *name) {
  snprintf(out, size, OPTION, name);
  return str_from(out);
}

static ChartRenderer *renderer_of(size_t memory_bytes, unsigned draw_ms) {
  ChartRenderConfig config = chart_render_standard();
  ChartRenderer *renderer;
  config.memory_bytes = memory_bytes;
  config.draw_ms = draw_ms;
  config.idle_ms = 200;
  config.retry_ms = 300;
  assert_int_equal(chart_renderer_new(&renderer, &config), ERR_OK);
  return renderer;
}

static ChartRenderer *real(void) { return renderer_of(96u << 20, 60000); }

static bool has(const Buf *svg, const char *text) { return str_find(buf_view(svg), str_from(text)) != STR_NPOS; }

static void draw(ChartRenderer *renderer, Str option, Buf *svg) {
  ErrInfo info = ERRINFO_INIT;
  buf_reset(svg);
  Err err = chart_render_svg(renderer, option, 720, 400, S("Title"), S("What it says."), svg, &info);
  if (err != ERR_OK) fail_msg("%s", info.message);
}

/* --- what is drawn --- */

static void test_document(void **state) {
  ChartRenderer *renderer = real();
  char text[4096];
  ErrInfo info = ERRINFO_INIT;
  Buf svg;
  (void)state;
  buf_init(&svg, 0);
  Err err = chart_render_svg(renderer, option_named(text, sizeof text, "a <b> & \\\"c\\\""), 720, 400, S("1 < 2 & \"x\" </title>"),
                             S("<script>alert(1)</script>"), &svg, &info);
  assert_int_equal(err, ERR_OK);
  assert_true(str_starts(buf_view(&svg), S("<svg role=\"img\" aria-labelledby=\"c-title c-desc\" width=\"720\" height=\"400\" ")));
  assert_true(has(&svg, "<title id=\"c-title\">1 &lt; 2 &amp; &quot;x&quot; &lt;/title&gt;</title>"));
  assert_true(has(&svg, "<desc id=\"c-desc\">&lt;script&gt;alert(1)&lt;/script&gt;</desc>"));
  assert_true(has(&svg, ">a &lt;b&gt; &amp; &quot;c&quot;<"));
  assert_true(has(&svg, ">1.000 %<"));
  assert_true(has(&svg, ">2014<"));
  assert_true(has(&svg, "viewBox=\"0 0 720 400\""));
  assert_true(has(&svg, "<polygon "));
  assert_true(has(&svg, "opacity=\"0.25\""));
  assert_false(has(&svg, "<script"));
  assert_false(has(&svg, "<style"));
  assert_false(has(&svg, "style="));
  assert_false(has(&svg, "class="));
  assert_false(has(&svg, "ecmeta"));
  assert_false(has(&svg, "animate"));
  /* without a description there is none to refer to */
  buf_reset(&svg);
  assert_int_equal(chart_render_svg(renderer, str_from(text), 720, 400, S("T"), STR_NONE, &svg, &info), ERR_OK);
  assert_true(has(&svg, "aria-labelledby=\"c-title\" "));
  assert_false(has(&svg, "<desc"));
  assert_int_equal(chart_render_figures(renderer).drawn, 1);
  buf_clear(&svg);
  chart_renderer_free(renderer);
}

static void test_same_bytes(void **state) {
  ChartRenderer *first = real(), *second = real();
  char a[4096], b[4096];
  Buf one, other;
  (void)state;
  buf_init(&one, 0);
  buf_init(&other, 0);
  option_named(a, sizeof a, "a");
  option_named(b, sizeof b, "b");
  draw(first, str_from(a), &one);
  draw(first, str_from(a), &other);
  assert_true(str_eq(buf_view(&one), buf_view(&other)));
  ChartRenderFigures figures = chart_render_figures(first);
  assert_int_equal(figures.drawn, 1);
  assert_int_equal(figures.kept_hits, 1);
  /* drawn by another process, after another chart */
  draw(second, str_from(b), &other);
  assert_false(str_eq(buf_view(&one), buf_view(&other)));
  draw(second, str_from(a), &other);
  assert_true(str_eq(buf_view(&one), buf_view(&other)));
  assert_int_equal(chart_render_figures(second).drawn, 2);
  assert_int_equal(chart_render_figures(second).processes_started, 1);
  buf_clear(&one);
  buf_clear(&other);
  chart_renderer_free(first);
  chart_renderer_free(second);
}

/* The numbers in a chart are written as those on the pages, exact halves included. */
static void test_numbers(void **state) {
  static const double values[] = {0, 1, -1, 0.5, 1.5, 2.5, -0.04, 0.125, 0.375, 12.345, 999.95, 1000, 1234567.125, -98765.4321, 0.045, 100};
  static const char *const codes[] = {"nl", "en", "de"};
  ChartRenderer *renderer = real();
  Buf option, svg, expected;
  (void)state;
  buf_init(&option, 0);
  buf_init(&svg, 0);
  buf_init(&expected, 0);
  for (size_t l = 0; l < 3; l++) {
    const ViewLang *lang = view_lang(str_from(codes[l]));
    buf_reset(&option);
    buf_cstr(&option, "{\"pactwijzer\":{\"sample\":\"");
    view_number(&option, lang, 1234.5, 1);
    buf_cstr(&option, "\"},\"xAxis\":{},\"yAxis\":{\"show\":false},\"series\":[");
    for (int d = 0; d <= 3; d++) {
      buf_printf(&option, "%s{\"type\":\"scatter\",\"label\":{\"show\":true,\"formatter\":{\"$fn\":\"number\",\"decimals\":%d,"
                          "\"prefix\":\"[\",\"suffix\":\"]\"}},\"data\":[", d ? "," : "", d);
      for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        buf_printf(&option, "%s[%zu,", i ? "," : "", i);
        buf_double(&option, values[i]);
        buf_char(&option, ']');
      }
      buf_cstr(&option, "]}");
    }
    buf_cstr(&option, "]}");
    draw(renderer, buf_view(&option), &svg);
    for (int d = 0; d <= 3; d++)
      for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        buf_reset(&expected);
        buf_cstr(&expected, ">[");
        view_number(&expected, lang, values[i], d);
        buf_cstr(&expected, "]<");
        if (!has(&svg, buf_zstr(&expected))) fail_msg("%s: %g with %d decimals is not %s", codes[l], values[i], d, buf_zstr(&expected));
      }
  }
  buf_clear(&option);
  buf_clear(&svg);
  buf_clear(&expected);
  chart_renderer_free(renderer);
}

/* --- what is refused --- */

static void refuse(ChartRenderer *renderer, const char *option, const char *reason) {
  ErrInfo info = ERRINFO_INIT;
  Buf svg;
  buf_init(&svg, 0);
  assert_int_equal(chart_render_svg(renderer, str_from(option), 720, 400, S("T"), S("D"), &svg, &info), ERR_INPUT);
  if (!strstr(info.message, reason)) fail_msg("\"%s\" does not say \"%s\"", info.message, reason);
  assert_int_equal(svg.len, 0);
  buf_clear(&svg);
}

static void test_bad_options(void **state) {
  ChartRenderer *renderer = real();
  char text[4096];
  Buf svg;
  (void)state;
  refuse(renderer, "{\"series\":", "SyntaxError");
  refuse(renderer, "[1,2]", "not an object");
  refuse(renderer, "null", "not an object");
  refuse(renderer, "{}", "no series");
  refuse(renderer, "{\"series\":[{\"type\":\"pie\"}]}", "\"pie\" cannot be drawn");
  refuse(renderer, "{\"series\":[{\"type\":\"line\",\"label\":{\"formatter\":{\"$fn\":\"eval\"}}}]}", "unknown function \"eval\"");
  refuse(renderer, "{\"series\":[{\"type\":\"line\",\"label\":{\"formatter\":{\"$fn\":\"constructor\"}}}]}", "unknown function");
  refuse(renderer, "{\"series\":[{\"type\":\"custom\",\"data\":[]}]}", "needs a renderItem");
  /* the process went on after each of them */
  assert_int_equal(chart_render_figures(renderer).processes_started, 1);
  buf_init(&svg, 0);
  draw(renderer, option_named(text, sizeof text, "good"), &svg);
  assert_int_equal(chart_render_figures(renderer).processes_started, 1);
  assert_int_equal(chart_render_figures(renderer).failures, 8);
  /* a failure is remembered, not tried again */
  refuse(renderer, "{}", "no series");
  assert_int_equal(chart_render_figures(renderer).failures, 8);
  buf_clear(&svg);
  chart_renderer_free(renderer);
}

static void test_limits(void **state) {
  ChartRenderer *renderer = real();
  ErrInfo info = ERRINFO_INIT;
  Buf svg, big;
  (void)state;
  buf_init(&svg, 0);
  buf_init(&big, 0);
  for (size_t i = 0; i <= CHART_OPTION_MAX; i++) buf_char(&big, ' ');
  assert_int_equal(chart_render_svg(renderer, buf_view(&big), 720, 400, S("T"), S("D"), &svg, &info), ERR_LIMIT);
  assert_non_null(strstr(info.message, "at most 524288"));
  assert_int_equal(chart_render_svg(renderer, S("{}"), 99, 400, S("T"), S("D"), &svg, &info), ERR_LIMIT);
  assert_int_equal(chart_render_svg(renderer, S("{}"), 720, CHART_SIDE_MAX + 1, S("T"), S("D"), &svg, &info), ERR_LIMIT);
  assert_int_equal(chart_render_png(renderer, S("<svg/>"), 401, &svg, &info), ERR_LIMIT);
  assert_int_equal(chart_render_figures(renderer).processes_started, 0);
  buf_clear(&svg);
  buf_clear(&big);
  chart_renderer_free(renderer);
}

/* The engine has its memory counted: enough for ECharts and a chart, not for forty thousand points. */
static void test_memory_limit(void **state) {
  ChartRenderer *renderer = renderer_of(24u << 20, 60000);
  char text[4096];
  ErrInfo info = ERRINFO_INIT;
  Buf svg, big;
  (void)state;
  buf_init(&svg, 0);
  buf_init(&big, 0);
  draw(renderer, option_named(text, sizeof text, "a"), &svg);
  buf_reset(&svg);
  buf_cstr(&big, "{\"xAxis\":{},\"yAxis\":{},\"series\":[{\"type\":\"scatter\",\"data\":[");
  for (int i = 0; i < 40000; i++) buf_printf(&big, "%s[%d,%d]", i ? "," : "", i, i % 7);
  buf_cstr(&big, "]}]}");
  assert_int_equal(chart_render_svg(renderer, buf_view(&big), 720, 400, S("T"), S("D"), &svg, &info), ERR_LIMIT);
  assert_non_null(strstr(info.message, "memory"));
  assert_int_equal(svg.len, 0);
  option_named(text, sizeof text, "b");
  draw(renderer, str_from(text), &svg);
  assert_int_equal(chart_render_figures(renderer).processes_started, 2);
  buf_clear(&svg);
  buf_clear(&big);
  chart_renderer_free(renderer);
}

/* --- processes --- */

static Err draw_with(int mode, unsigned draw_ms, ErrInfo *info, int64_t *took_ms) {
  ChartRenderer *renderer = renderer_of((size_t)mode, draw_ms);
  Buf svg;
  int64_t begin = chart_clock_ms();
  buf_init(&svg, 0);
  Err err = chart_render_svg(renderer, S("{}"), 720, 400, S("T"), S("D"), &svg, info);
  *took_ms = chart_clock_ms() - begin;
  assert_int_equal(svg.len, 0);
  buf_clear(&svg);
  chart_renderer_free(renderer);
  /* nothing is left: not running, not waiting to be waited for */
  assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
  assert_int_equal(errno, ECHILD);
  return err;
}

static void test_misbehaving(void **state) {
  ErrInfo info = ERRINFO_INIT;
  int64_t took_ms;
  (void)state;
  assert_int_equal(draw_with(HANGS, 300, &info, &took_ms), ERR_LIMIT);
  assert_non_null(strstr(info.message, "took too long"));
  assert_in_range(took_ms, 299, 5000);
  assert_int_equal(draw_with(CRASHES, 20000, &info, &took_ms), ERR_IO);
  assert_non_null(strstr(info.message, "ended before its time"));
  assert_in_range(took_ms, 0, 10000);
  assert_int_equal(draw_with(TALKS_NONSENSE, 20000, &info, &took_ms), ERR_IO);
}

static void test_no_program(void **state) {
  ChartRenderConfig config = chart_render_standard();
  ChartRenderer *renderer;
  ErrInfo info = ERRINFO_INIT;
  Buf svg;
  (void)state;
  config.program = "/nonexistent/program";
  buf_init(&svg, 0);
  assert_int_equal(chart_renderer_new(&renderer, &config), ERR_OK);
  assert_int_equal(chart_render_svg(renderer, S("{}"), 720, 400, S("T"), S("D"), &svg, &info), ERR_BUSY);
  assert_non_null(strstr(info.message, "cannot be started: No such file"));
  /* that may pass: it is tried again at once */
  assert_int_equal(chart_render_svg(renderer, S("{}"), 720, 400, S("T"), S("D"), &svg, &info), ERR_BUSY);
  assert_int_equal(chart_render_figures(renderer).failures, 2);
  chart_renderer_free(renderer);
  buf_clear(&svg);
}

/* A file that is not close-on-exec, a blocked signal and the environment stay with us. */
static void test_inherits_nothing(void **state) {
  ChartRenderer *renderer = renderer_of(TELLS_FILES, 20000);
  ErrInfo info = ERRINFO_INIT;
  sigset_t block, before;
  Buf svg;
  (void)state;
  int leak = open("/dev/null", O_RDONLY);
  sigemptyset(&block);
  sigaddset(&block, SIGTERM);
  sigprocmask(SIG_BLOCK, &block, &before);
  setenv("HOME", "/root", 1);
  buf_init(&svg, 0);
  assert_int_equal(chart_render_svg(renderer, S("{}"), 720, 400, S("T"), S("D"), &svg, &info), ERR_OK);
  assert_true(has(&svg, "files=\"3\" blocked=\"0\" home=\"0\""));
  sigprocmask(SIG_SETMASK, &before, NULL);
  close(leak);
  buf_clear(&svg);
  chart_renderer_free(renderer);
}

static void sleep_ms(long ms) {
  struct timespec pause_time = {ms / 1000, ms % 1000 * 1000000};
  nanosleep(&pause_time, NULL);
}

/* A process without work is ended and waited for; one that ended by itself too, and the chart after it gets a new one. */
static void test_idle(void **state) {
  ErrInfo info = ERRINFO_INIT;
  Buf svg;
  (void)state;
  buf_init(&svg, 0);
  for (int mode = TELLS_FILES; mode <= DIES_IDLE; mode++) {
    ChartRenderer *renderer = renderer_of((size_t)mode, 20000);
    assert_int_equal(chart_render_svg(renderer, S("{}"), 720, 400, S("T"), S("D"), &svg, &info), ERR_OK);
    assert_int_equal(chart_render_figures(renderer).processes, 1);
    for (int i = 0; i < 200 && chart_render_figures(renderer).processes; i++) sleep_ms(20);
    assert_int_equal(chart_render_figures(renderer).processes, 0);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
    assert_int_equal(chart_render_svg(renderer, S("[]"), 720, 400, S("T"), S("D"), &svg, &info), ERR_OK);
    assert_int_equal(chart_render_figures(renderer).processes_started, 2);
    chart_renderer_free(renderer);
  }
  buf_clear(&svg);
}

typedef struct Shared { ChartRenderer *renderer; Str option; size_t len; } Shared;

static void *draw_shared(void *context) {
  Shared *shared = context;
  ErrInfo info = ERRINFO_INIT;
  Buf svg;
  buf_init(&svg, 0);
  if (chart_render_svg(shared->renderer, shared->option, 720, 400, S("T"), S("D"), &svg, &info) == ERR_OK) shared->len = svg.len;
  buf_clear(&svg);
  return NULL;
}

static void test_together(void **state) {
  ChartRenderer *renderer = real();
  pthread_t threads[8];
  Shared shared[8];
  char same[4096], own[4][4096];
  (void)state;
  option_named(same, sizeof same, "same");
  for (int i = 0; i < 8; i++) {
    char name[2] = {(char)('a' + i % 4), '\0'};
    if (i < 4) option_named(own[i], sizeof own[i], name);
    shared[i] = (Shared){renderer, i < 4 ? str_from(own[i]) : str_from(same), 0};
  }
  for (int i = 0; i < 8; i++) assert_int_equal(pthread_create(&threads[i], NULL, draw_shared, &shared[i]), 0);
  for (int i = 0; i < 8; i++) pthread_join(threads[i], NULL);
  for (int i = 0; i < 8; i++) assert_true(shared[i].len > 2000);
  ChartRenderFigures figures = chart_render_figures(renderer);
  assert_int_equal(figures.drawn, 5);              /* the four, and one for all that wanted the same */
  assert_in_range(figures.processes_started, 1, 2);
  chart_renderer_free(renderer);
}

static void test_kept_bytes(void **state) {
  ChartRenderConfig config = chart_render_standard();
  ChartRenderer *renderer;
  char text[4096], name[24];
  Buf svg;
  (void)state;
  config.cache_bytes = 60000;
  config.charts_each = 3;
  config.draw_ms = 60000;
  buf_init(&svg, 0);
  assert_int_equal(chart_renderer_new(&renderer, &config), ERR_OK);
  for (int i = 0; i < 9; i++) {
    snprintf(name, sizeof name, "series %d", i);
    draw(renderer, option_named(text, sizeof text, name), &svg);
    assert_true(chart_render_figures(renderer).kept_bytes <= 60000);
  }
  ChartRenderFigures figures = chart_render_figures(renderer);
  assert_in_range(figures.kept, 2, 8);
  assert_int_equal(figures.drawn, 9);
  assert_int_equal(figures.processes_started, 3);  /* three charts each */
  draw(renderer, str_from(text), &svg);            /* the newest is there */
  assert_int_equal(chart_render_figures(renderer).drawn, 9);
  draw(renderer, option_named(text, sizeof text, "series 0"), &svg);
  assert_int_equal(chart_render_figures(renderer).drawn, 10);
  buf_clear(&svg);
  chart_renderer_free(renderer);
}

/* Every allocation on the server's side fails once: an error or a picture, nothing lost, nothing left waiting. */
static void test_no_memory(void **state) {
  ChartRenderer *renderer = real();
  char text[4096];
  Err err = ERR_MEMORY;
  (void)state;
  option_named(text, sizeof text, "a");
  for (size_t n = 1; err != ERR_OK && n < 60; n++) {
    ErrInfo info = ERRINFO_INIT;
    Buf svg;
    buf_init(&svg, 0);
    mem_fail_at(n, 0);
    err = chart_render_svg(renderer, str_from(text), 720, 400, S("T"), S("D"), &svg, &info);
    mem_fail_at(0, 0);
    if (err != ERR_OK) assert_int_equal(err, ERR_MEMORY);
    buf_clear(&svg);
  }
  assert_int_equal(err, ERR_OK);
  chart_renderer_free(renderer);
}

static bool rasteriser(void) { return access("/usr/bin/rsvg-convert", X_OK) == 0; }

static unsigned big_endian(const char *bytes) {
  const unsigned char *b = (const unsigned char *)bytes;
  return (unsigned)b[0] << 24 | (unsigned)b[1] << 16 | (unsigned)b[2] << 8 | b[3];
}

static void test_png(void **state) {
  ChartRenderer *renderer = real();
  char text[4096];
  ErrInfo info = ERRINFO_INIT;
  Buf svg, png;
  (void)state;
  buf_init(&svg, 0);
  buf_init(&png, 0);
  draw(renderer, option_named(text, sizeof text, "a"), &svg);
  Err err = chart_render_png(renderer, buf_view(&svg), 200, &png, &info);
  if (rasteriser()) {
    assert_int_equal(err, ERR_OK);
    assert_memory_equal(png.ptr, "\x89PNG\r\n\x1a\n", 8);
    assert_int_equal(big_endian(png.ptr + 16), 1440);
    assert_int_equal(big_endian(png.ptr + 20), 800);
    assert_int_equal(chart_render_png(renderer, S("<svg"), 200, &png, &info), ERR_IO);
  } else {
    assert_int_equal(err, ERR_UNSUPPORTED);
    assert_non_null(strstr(info.message, "librsvg2-bin"));
  }
  buf_clear(&svg);
  buf_clear(&png);
  chart_renderer_free(renderer);
  assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

int main(int argc, char **argv) {
  if (argc == 4 && strcmp(argv[1], CHART_DRAW_COMMAND) == 0) {
    int mode = atoi(argv[3]);
    return mode > 0 && mode < MODES ? misbehave(mode) : chart_draw_main(argc, argv);
  }
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_document), cmocka_unit_test(test_same_bytes), cmocka_unit_test(test_numbers),
    cmocka_unit_test(test_bad_options), cmocka_unit_test(test_limits), cmocka_unit_test(test_memory_limit),
    cmocka_unit_test(test_misbehaving), cmocka_unit_test(test_no_program), cmocka_unit_test(test_inherits_nothing),
    cmocka_unit_test(test_idle), cmocka_unit_test(test_together), cmocka_unit_test(test_kept_bytes),
    cmocka_unit_test(test_no_memory), cmocka_unit_test(test_png)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
