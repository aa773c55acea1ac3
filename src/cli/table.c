/* SPDX-License-Identifier: EUPL-1.2 */
/* Rows of values as an aligned table, as CSV or as JSON. */
#include "cli/table.h"

#include <string.h>
#include <utf8proc.h>

#include "base/csv.h"

enum { GAP = 2, CUT_MIN = 8, CUT_LEAST = 3 };

size_t cli_display_width(Str text) {
  size_t width = 0;
  for (size_t at = 0; at < text.len;) {
    utf8proc_int32_t c;
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)text.ptr + at, (utf8proc_ssize_t)(text.len - at), &c);
    if (n <= 0) { at++; width++; continue; }
    int w = utf8proc_charwidth(c);
    width += w > 0 ? (size_t)w : 0;
    at += (size_t)n;
  }
  return width;
}

/* The longest part of the text that takes at most `width` columns. */
static Str part_of_width(Str text, size_t width) {
  size_t used = 0, at = 0;
  while (at < text.len) {
    utf8proc_int32_t c;
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)text.ptr + at, (utf8proc_ssize_t)(text.len - at), &c);
    size_t w = n > 0 && utf8proc_charwidth(c) >= 0 ? (size_t)utf8proc_charwidth(c) : 1;
    if (used + w > width) break;
    used += w;
    at += n > 0 ? (size_t)n : 1;
  }
  return str_slice(text, 0, at);
}

static void cell_text(Buf *out, const Val *v) {
  switch (v->kind) {
    case VAL_BOOL: buf_cstr(out, v->as.boolean ? "yes" : "no"); break;
    case VAL_INT: buf_int(out, v->as.integer); break;
    case VAL_DOUBLE: buf_double(out, v->as.number); break;
    case VAL_STR: buf_str(out, v->as.text); break;
    case VAL_LIST:
      for (size_t i = 0; i < v->as.list.count; i++) {
        if (i > 0) buf_cstr(out, ", ");
        cell_text(out, v->as.list.items[i]);
      }
      break;
    case VAL_MAP: {  /* a coded value shows its code */
      const Val *code = val_get(v, S("code"));
      if (code->kind != VAL_NULL) cell_text(out, code);
      break;
    }
    default: break;
  }
}

/* A cell as one line of text: line ends and control characters, which could steer a terminal, become spaces. */
static Str cell(Arena *arena, const Val *v, Buf *scratch) {
  buf_reset(scratch);
  cell_text(scratch, v);
  Str text = arena_str(arena, buf_view(scratch));
  char *bytes = (char *)(uintptr_t)text.ptr;  /* our own copy */
  for (size_t i = 0; text.ptr && i < text.len; i++)
    if ((unsigned char)bytes[i] < 0x20 || bytes[i] == 0x7f) bytes[i] = ' ';
  return text;
}

typedef struct Grid {
  const CliColumn *columns;
  size_t columns_count;
  size_t rows_count;
  Str *cells;     /* row by row */
  size_t *width;  /* of each column */
} Grid;

static Err grid_fill(CliContext *ctx, Grid *grid, const Val *rows) {
  Buf scratch;
  buf_init(&scratch, 0);
  grid->rows_count = rows->as.list.count;
  grid->cells = ARENA_ARRAY(ctx->arena, Str, grid->rows_count * grid->columns_count + 1);
  grid->width = ARENA_ARRAY(ctx->arena, size_t, grid->columns_count);
  bool full = grid->cells && grid->width;
  for (size_t c = 0; full && c < grid->columns_count; c++) grid->width[c] = cli_display_width(str_from(grid->columns[c].title));
  for (size_t r = 0; full && r < grid->rows_count; r++)
    for (size_t c = 0; full && c < grid->columns_count; c++) {
      Str text = cell(ctx->arena, val_get(rows->as.list.items[r], str_from(grid->columns[c].key)), &scratch);
      size_t width = cli_display_width(text);
      full = text.ptr != NULL;
      if (width > grid->width[c]) grid->width[c] = width;
      grid->cells[r * grid->columns_count + c] = text;
    }
  Err err = buf_err(&scratch);
  buf_clear(&scratch);
  return full && err == ERR_OK ? ERR_OK : err_set(ctx->info, ERR_MEMORY, "out of memory while laying out %zu rows", grid->rows_count);
}

/* Narrows the widest column that may be cut and is wider than `least`, until a line fits; false when none is left. */
static bool grid_narrow(Grid *grid, size_t terminal, bool any, size_t least) {
  for (;;) {
    size_t total = (grid->columns_count - 1) * GAP, widest = grid->columns_count;
    for (size_t c = 0; c < grid->columns_count; c++) {
      total += grid->width[c];
      if ((any || grid->columns[c].cut) && grid->width[c] > least && (widest == grid->columns_count || grid->width[c] > grid->width[widest]))
        widest = c;
    }
    if (total <= terminal) return true;
    if (widest == grid->columns_count) return false;
    grid->width[widest]--;
  }
}

/* First the columns that may be cut, then all of them; on a terminal too narrow even for that, lines wrap. */
static void grid_fit(Grid *grid, size_t terminal) {
  if (!grid_narrow(grid, terminal, false, CUT_MIN)) (void)grid_narrow(grid, terminal, true, CUT_LEAST);
}

static void pad(FILE *out, size_t count) {
  fprintf(out, "%*s", (int)count, "");
}

static void line(CliContext *ctx, const Grid *grid, const Str *cells) {
  for (size_t c = 0; c < grid->columns_count; c++) {
    Str text = cells[c];
    size_t width = cli_display_width(text), space = grid->width[c];
    bool cut = width > space, last = c + 1 == grid->columns_count;
    if (cut) {
      text = part_of_width(text, space - 1);
      width = cli_display_width(text) + 1;
    }
    if (c > 0) pad(ctx->out, GAP);
    if (grid->columns[c].right) pad(ctx->out, space - width);
    fprintf(ctx->out, STR_FMT "%s", STR_ARG(text), cut ? "…" : "");
    if (!grid->columns[c].right && !last) pad(ctx->out, space - width);
  }
  fputc('\n', ctx->out);
}

static Err print_table(CliContext *ctx, Grid *grid, const Val *rows) {
  TRY(grid_fill(ctx, grid, rows));
  if (ctx->width > 0) grid_fit(grid, (size_t)ctx->width);
  Str *titles = ARENA_ARRAY(ctx->arena, Str, grid->columns_count);
  if (!titles) return err_set(ctx->info, ERR_MEMORY, "out of memory");
  for (size_t c = 0; c < grid->columns_count; c++) titles[c] = str_from(grid->columns[c].title);
  fputs(cli_style(ctx, CLI_BOLD), ctx->out);
  line(ctx, grid, titles);
  fputs(cli_style(ctx, CLI_PLAIN), ctx->out);
  for (size_t r = 0; r < grid->rows_count; r++) line(ctx, grid, grid->cells + r * grid->columns_count);
  return ERR_OK;
}

static void csv_cell(Buf *out, const Val *v, Buf *scratch) {
  buf_reset(scratch);
  Str text;
  if (v->kind == VAL_STR || v->kind == VAL_LIST || v->kind == VAL_MAP) {
    cell_text(scratch, v);
    text = buf_view(scratch);
    if (text.len > 0 && strchr("=+-@\t\r", text.ptr[0])) {
      Buf led;
      buf_init(&led, 0);
      buf_char(&led, '\'');
      buf_str(&led, text);
      csv_write_cell(out, buf_view(&led), ',');
      if (led.err != ERR_OK) out->err = led.err;
      buf_clear(&led);
      return;
    }
  } else {
    cell_text(scratch, v);
    text = buf_view(scratch);
  }
  csv_write_cell(out, text, ',');
}

static Err print_csv(CliContext *ctx, const Grid *grid, const Val *rows) {
  Buf out, scratch;
  buf_init(&out, 0);
  buf_init(&scratch, 0);
  Err err = ERR_OK;
  for (size_t c = 0; c < grid->columns_count; c++) buf_printf(&out, "%s%s", c > 0 ? "," : "", grid->columns[c].key);
  buf_cstr(&out, "\r\n");
  for (size_t r = 0; err == ERR_OK && r < rows->as.list.count; r++) {
    for (size_t c = 0; c < grid->columns_count; c++) {
      if (c > 0) buf_char(&out, ',');
      csv_cell(&out, val_get(rows->as.list.items[r], str_from(grid->columns[c].key)), &scratch);
    }
    buf_cstr(&out, "\r\n");
    err = buf_err(&out);
    if (err == ERR_OK) err = buf_err(&scratch);
    fwrite(out.ptr, 1, out.len, ctx->out);
    buf_reset(&out);
  }
  if (err == ERR_OK && out.len > 0) fwrite(out.ptr, 1, out.len, ctx->out);
  buf_clear(&out);
  buf_clear(&scratch);
  return err == ERR_OK ? ERR_OK : err_set(ctx->info, err, "out of memory while writing CSV");
}

Err cli_print_json(CliContext *ctx, const Val *value) {
  Buf out;
  JsonWriter w;
  buf_init(&out, 0);
  jw_init(&w, &out, 2);
  val_json(&w, value);
  buf_char(&out, '\n');
  Err err = buf_err(&out);
  if (err == ERR_OK) fwrite(out.ptr, 1, out.len, ctx->out);
  buf_clear(&out);
  return err == ERR_OK ? ERR_OK : err_set(ctx->info, err, "out of memory while writing JSON");
}

Err cli_print_rows(CliContext *ctx, Str format, const CliColumn *columns, size_t count, const Val *rows) {
  Grid grid = {.columns = columns, .columns_count = count};
  if (str_eq(format, S("json"))) return cli_print_json(ctx, rows);
  if (str_eq(format, S("csv"))) return print_csv(ctx, &grid, rows);
  return print_table(ctx, &grid, rows);
}
