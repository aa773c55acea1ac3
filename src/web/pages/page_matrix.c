/* SPDX-License-Identifier: EUPL-1.2 */
/* The action matrix: line x goal x reach. */
#include "action/matrix.h"
#include "web/pages/pages.h"

#define HEAT_STEPS 4

static const char *const MATRIX_FORMATS[] = {"csv", "json", NULL};

/* What stands above a column. */
static void dress_column(Request *req, Val *column) {
  Arena *arena = req_arena(req);
  const ViewLang *lang = req_lang(req);
  Str kind = val_text(column, "kind"), label = val_text(column, "label");
  Val *args = val_map(arena);
  val_set_str(arena, args, "region", val_text(column, "region_label"));
  if (str_eq(kind, S("province"))) label = view_fill(arena, view_tr(lang, "%{region}, hele provincie"), args);
  else if (str_eq(kind, S("local"))) label = view_fill(arena, view_tr(lang, "%{region}, lokaal"), args);
  else if (str_eq(kind, S("other"))) label = view_tr(lang, "Ander gebied");
  else if (str_eq(kind, S("none"))) label = view_tr(lang, "Bereik niet vastgelegd");
  val_set_str(arena, column, "heading", label);
  val_set_bool(arena, column, "dutch", str_eq(kind, S("landsdeel")));
}

/* One of four tints by the share of the largest cell. */
static void heat(Arena *arena, Val *cell, int64_t most) {
  int64_t actions = val_number(cell, "actions");
  int64_t step = most > 0 ? 1 + (actions * HEAT_STEPS - 1) / most : 1;
  if (cell) val_set_int(arena, cell, "heat", step < 1 ? 1 : step > HEAT_STEPS ? HEAT_STEPS : step);
}

static void heat_row(Arena *arena, Val *row, int64_t most) {
  Val *cells = val_child(row, "cells");
  for (size_t i = 0; i < val_count(cells); i++) heat(arena, val_item(cells, i), most);
  heat(arena, val_child(row, "total"), most);
  heat(arena, val_child(row, "figures"), most);
}

static int64_t largest(const Val *lines) {
  int64_t most = 0;
  for (size_t l = 0; l < val_count(lines); l++) {
    const Val *rows = val_child(val_item(lines, l), "rows");
    for (size_t r = 0; r < val_count(rows); r++) {
      const Val *cells = val_child(val_item(rows, r), "cells");
      for (size_t c = 0; c < val_count(cells); c++)
        if (val_number(val_item(cells, c), "actions") > most) most = val_number(val_item(cells, c), "actions");
    }
  }
  return most;
}

/* Per column the sum over the goals: an action with two goals counts twice here. */
static void count_columns(Arena *arena, Val *line, size_t columns) {
  const Val *rows = val_child(line, "rows");
  Val *sums = val_set_list(arena, line, "counted_cells");
  for (size_t c = 0; c < columns; c++) {
    int64_t sum = 0;
    for (size_t r = 0; r < val_count(rows); r++) sum += val_number(val_item(val_child(val_item(rows, r), "cells"), c), "actions");
    Val *cell = val_push_map(arena, sums);
    val_set_int(arena, cell, "actions", sum);
  }
}

/* Leaves the goals of the line itself, and those of other lines that its actions serve. */
static void drop_strangers(Arena *arena, Val *line) {
  const Val *rows = val_child(line, "rows");
  Val *kept = val_list(arena);
  for (size_t r = 0; r < val_count(rows); r++) {
    Val *row = val_item(rows, r);
    if (val_flag(row, "own") || val_number(val_child(row, "total"), "actions") > 0) val_push(arena, kept, row);
  }
  val_set(arena, line, "rows", kept);
}

static void dress_line(Arena *arena, Val *line, size_t columns, int64_t most) {
  drop_strangers(arena, line);
  Val *rows = val_child(line, "rows");
  val_set_bool(arena, line, "none", str_eq(val_text(line, "code"), S("none")));
  for (size_t r = 0; r < val_count(rows); r++) {
    Val *row = val_item(rows, r), *subgoals = val_child(row, "subgoals");
    val_set_bool(arena, row, "none", str_eq(val_text(row, "goal"), S("none")));
    heat_row(arena, row, most);
    for (size_t s = 0; s < val_count(subgoals); s++) {
      Val *sub = val_item(subgoals, s);
      val_set_bool(arena, sub, "direct", str_ends(val_text(sub, "goal"), S("-direct")));
      heat_row(arena, sub, most);
    }
  }
  heat_row(arena, line, most);
  count_columns(arena, line, columns);
}

/* The white spots under their province. */
static void group_spots(Arena *arena, Val *root, const Val *spots) {
  Val *white = val_set_list(arena, root, "white");
  for (size_t i = 0; i < val_count(spots); i++) {
    Val *spot = val_item(spots, i), *group = NULL;
    for (size_t g = 0; g < val_count(white); g++)
      if (str_eq(val_text(val_item(white, g), "code"), val_text(spot, "region"))) group = val_item(white, g);
    if (!group) {
      group = val_push_map(arena, white);
      val_set_str(arena, group, "code", val_text(spot, "region"));
      val_set_str(arena, group, "label", val_text(spot, "region_label"));
      val_set_list(arena, group, "goals");
    }
    val_push(arena, val_child(group, "goals"), spot);
  }
}

static void add_years(Arena *arena, Val *root, const Val *matrix) {
  Val *years = val_set_list(arena, root, "years");
  const Val *from = val_child(matrix, "years");
  for (size_t i = 0; i < val_count(from); i++) {
    Val *item = val_push_map(arena, years);
    val_set_int(arena, item, "year", val_number(val_item(from, i), "year"));
    val_set_bool(arena, item, "selected", val_flag(val_item(from, i), "current"));
  }
}

Err page_matrix(Request *req, Response *res) {
  Val *root, *matrix;
  Arena *arena = req_arena(req);
  MatrixOptions options = {.year = (int)req_int(req, "year"), .subgoals = req_int(req, "subgoals") == 1, .municipalities = true};
  TRY(page_begin(req, "matrix", true, &root));
  TRY(action_matrix(req_index(req), options, arena, &matrix, req_info(req)));
  page_hrefs(req, matrix, "/acties");
  Val *columns = val_child(matrix, "columns"), *lines = val_child(matrix, "lines"), *total = val_child(matrix, "total");
  int64_t most = largest(lines);
  for (size_t i = 0; i < val_count(columns); i++) dress_column(req, val_item(columns, i));
  for (size_t i = 0; i < val_count(lines); i++) dress_line(arena, val_item(lines, i), val_count(columns), most);
  if (total) heat_row(arena, total, most);
  group_spots(arena, root, val_child(matrix, "white_spots"));
  add_years(arena, root, matrix);
  val_set(arena, root, "matrix", matrix);
  val_set_int(arena, root, "width", (int64_t)val_count(columns) + 2);
  val_set_bool(arena, root, "subgoals", options.subgoals);
  page_downloads(req, root, "downloads", "/matrix", MATRIX_FORMATS);
  page_crumb(req, root, NULL, view_tr(req_lang(req), "Matrix"));
  return res_page(req, res, "matrix.html", root);
}

/* The same figures to take away. */
static Err matrix_value(Request *req, Val **matrix) {
  MatrixOptions options = {.year = (int)req_int(req, "year"), .subgoals = req_int(req, "subgoals") == 1};
  return action_matrix(req_index(req), options, req_arena(req), matrix, req_info(req));
}

Err file_matrix_csv(Request *req, Response *res) {
  Val *matrix;
  Buf *body;
  TRY(matrix_value(req, &matrix));
  TRY(res_body(res, "text/csv; charset=utf-8", S("matrix.csv"), &body));
  return matrix_write_csv(matrix, body);
}

Err file_matrix_json(Request *req, Response *res) {
  Val *matrix;
  Buf *body;
  TRY(matrix_value(req, &matrix));
  TRY(res_body(res, "application/json", S("matrix.json"), &body));
  return matrix_write_json(matrix, body);
}
