/* SPDX-License-Identifier: EUPL-1.2 */
/* The matrix as a table for a terminal, as CSV and as JSON. */
#include "action/matrix.h"

#include <stdio.h>

#include "base/csv.h"
#include "base/text.h"

static const Val *item(const Val *list, size_t i) { return list->as.list.items[i]; }
static size_t size_of(const Val *list) { return list->kind == VAL_LIST ? list->as.list.count : 0; }
static Str text_of(const Val *map, const char *key) {
  const Val *value = val_get(map, str_from(key));
  return value->kind == VAL_STR ? value->as.text : S("");
}
static int64_t int_of(const Val *map, const char *key) {
  const Val *value = val_get(map, str_from(key));
  return value->kind == VAL_INT ? value->as.integer : 0;
}

/* ---- Terminal ---- */

enum { LABEL_WIDTH = 34, COLUMN_WIDTH = 10 };

/* The text cut to `width` columns, padded left or right. */
static void put_cell(Buf *out, Str text, size_t width, bool right) {
  size_t len = text_length(text);
  for (size_t i = len; right && i < width; i++) buf_char(out, ' ');
  size_t at = 0, written = 0;
  while (at < text.len && written < width) {
    size_t next = at + 1;
    while (next < text.len && ((unsigned char)text.ptr[next] & 0xC0) == 0x80) next++;
    buf_put(out, text.ptr + at, next - at);
    at = next;
    written++;
  }
  for (size_t i = len; !right && i < width; i++) buf_char(out, ' ');
}

static void put_number(Buf *out, int64_t number, bool blank_zero) {
  char digits[24];
  int len = snprintf(digits, sizeof digits, "%lld", (long long)number);
  Str text = number == 0 && blank_zero ? S("-") : (Str){digits, (size_t)len};
  put_cell(out, text, COLUMN_WIDTH, true);
}

/* Headings stand on two lines: "Lokaal in" above "Groningen". */
static void put_headings(Buf *out, const Val *columns) {
  for (int line = 0; line < 2; line++) {
    put_cell(out, S(""), LABEL_WIDTH, false);
    for (size_t i = 0; i < size_of(columns); i++) {
      Str label = text_of(item(columns, i), "label"), region = text_of(item(columns, i), "region_label");
      bool local = str_eq(text_of(item(columns, i), "kind"), S("local"));
      size_t cut = str_find_char(label, '-') != STR_NPOS && !local ? str_find_char(label, '-') + 1 : str_find_char(label, ' ');
      Str upper = local ? S("Lokaal") : cut == STR_NPOS ? S("") : str_slice(label, 0, cut);
      Str lower = local ? region : cut == STR_NPOS ? label : str_trim(str_slice(label, cut, label.len));
      put_cell(out, S(" "), 1, false);
      put_cell(out, line ? lower : upper, COLUMN_WIDTH - 1, true);
    }
    put_cell(out, line ? S("acties") : S("Unieke"), COLUMN_WIDTH, true);
    buf_char(out, '\n');
  }
}

static void put_row(Buf *out, Str label, const Val *cells, int64_t total) {
  put_cell(out, label, LABEL_WIDTH, false);
  for (size_t i = 0; i < size_of(cells); i++) put_number(out, int_of(item(cells, i), "actions"), true);
  put_number(out, total, false);
  buf_char(out, '\n');
}

static void put_goal(Buf *out, const Val *row, int depth) {
  Buf label;
  buf_init(&label, 0);
  Str code = text_of(row, "goal");
  if (str_eq(code, S("none"))) buf_cstr(&label, "  geen doel ingevuld");
  else buf_printf(&label, "%*s" STR_FMT " " STR_FMT, depth * 2, "", STR_ARG(code), STR_ARG(text_of(row, "label")));
  put_row(out, buf_view(&label), val_get(row, S("cells")), int_of(val_get(row, S("total")), "actions"));
  buf_clear(&label);
  const Val *subgoals = val_get(row, S("subgoals"));
  for (size_t i = 0; i < size_of(subgoals); i++) put_goal(out, item(subgoals, i), depth + 1);
}

static void put_line(Buf *out, const Val *line) {
  Str label = str_eq(text_of(line, "code"), S("none")) ? S("Zonder actielijn") : text_of(line, "label");
  buf_char(out, '\n');
  buf_str(out, label);
  buf_char(out, '\n');
  const Val *rows = val_get(line, S("rows"));
  for (size_t i = 0; i < size_of(rows); i++) {
    const Val *row = item(rows, i);
    bool own = val_truth(val_get(row, S("own")));
    if (own || int_of(val_get(row, S("total")), "actions")) put_goal(out, row, 1);
  }
  put_row(out, S("  unieke acties"), val_get(line, S("cells")), int_of(line, "unique"));
  put_cell(out, S("  geteld per doel"), LABEL_WIDTH, false);
  buf_printf(out, "%*lld\n", (int)(COLUMN_WIDTH * (size_of(val_get(line, S("cells"))) + 1)), (long long)int_of(line, "counted"));
}

static void put_published(Buf *out, const Val *total) {
  if (total->kind != VAL_MAP) return;
  buf_cstr(out, "  ");
  put_cell(out, text_of(total, "label"), LABEL_WIDTH - 2, false);
  put_number(out, int_of(total, "published"), false);
  put_number(out, int_of(total, "registered"), false);
  put_number(out, int_of(total, "difference"), false);
  buf_char(out, '\n');
}

static void put_provinces(Buf *out, const Val *provinces) {
  buf_cstr(out, "\nPer provincie                     Provinciaal    Lokaal  Uniek samen\n");
  for (size_t i = 0; i < size_of(provinces); i++) {
    const Val *province = item(provinces, i);
    buf_cstr(out, "  ");
    put_cell(out, text_of(province, "label"), LABEL_WIDTH - 2, false);
    buf_printf(out, "%11lld%10lld%13lld\n", (long long)int_of(province, "province"), (long long)int_of(province, "local"),
               (long long)int_of(province, "unique"));
  }
}

Err matrix_write_text(const Val *matrix, Buf *out) {
  const Val *lines = val_get(matrix, S("lines")), *total = val_get(matrix, S("total"));
  const Val *published = val_get(matrix, S("published")), *spots = val_get(matrix, S("white_spots"));
  buf_printf(out, "Actiematrix: actielijn x doel x bereik, gemeenten van %lld\n", (long long)int_of(matrix, "year"));
  buf_cstr(out, "Een actie telt in elke cel waarin zij thuishoort; unieke acties tellen haar een keer.\n\n");
  put_headings(out, val_get(matrix, S("columns")));
  for (size_t i = 0; i < size_of(lines); i++) put_line(out, item(lines, i));
  buf_char(out, '\n');
  put_row(out, S("Totaal unieke acties"), val_get(total, S("cells")), int_of(total, "unique"));
  put_cell(out, S("Totaal geteld per doel"), LABEL_WIDTH, false);
  buf_printf(out, "%*lld\n", (int)(COLUMN_WIDTH * (size_of(val_get(total, S("cells"))) + 1)), (long long)int_of(total, "counted"));
  put_provinces(out, val_get(total, S("provinces")));
  if (size_of(published)) buf_cstr(out, "\nGepubliceerd in het pact          Gepubliceerd  Hier   Verschil\n");
  for (size_t i = 0; i < size_of(published); i++) put_published(out, item(published, i));
  put_published(out, val_get(matrix, S("published_total")));
  if (size_of(spots)) buf_cstr(out, "\nWitte vlekken: doel en provincie zonder eigen actie (acties voor heel het Noorden)\n");
  for (size_t i = 0; i < size_of(spots); i++)
    buf_printf(out, "  " STR_FMT " in " STR_FMT " (%lld)\n", STR_ARG(text_of(item(spots, i), "goal")),
               STR_ARG(text_of(item(spots, i), "region_label")), (long long)int_of(item(spots, i), "north"));
  return buf_err(out);
}

/* ---- CSV ---- */

typedef struct Record { Str line, line_label, goal, goal_label, reach, reach_label; } Record;

static void put_record(Buf *out, Record r, const Val *figures) {
  static const char *const keys[] = {"actions", "participants", "participants_known", "cost_cents", "cost_known"};
  Str cells[11] = {r.line, r.line_label, r.goal, r.goal_label, r.reach, r.reach_label};
  char numbers[5][24];
  for (int i = 0; i < 5; i++) {
    int len = snprintf(numbers[i], sizeof numbers[i], "%lld", (long long)int_of(figures, keys[i]));
    cells[6 + i] = (Str){numbers[i], (size_t)len};
  }
  csv_write_record(out, cells, 11, ',', "\r\n");
}

static void put_cells(Buf *out, Record r, const Val *cells, const Val *columns) {
  for (size_t i = 0; i < size_of(cells) && i < size_of(columns); i++) {
    const Val *column = item(columns, i), *cell = item(cells, i), *places = val_get(column, S("municipalities"));
    r.reach = text_of(column, "key");
    r.reach_label = text_of(column, "label");
    put_record(out, r, cell);
    const Val *local = val_get(cell, S("municipalities"));
    for (size_t m = 0; m < size_of(local) && m < size_of(places); m++) {
      r.reach = text_of(item(places, m), "code");
      r.reach_label = text_of(item(places, m), "label");
      put_record(out, r, item(local, m));
    }
  }
}

static void put_goal_records(Buf *out, Record r, const Val *row, const Val *columns) {
  r.goal = text_of(row, "goal");
  r.goal_label = text_of(row, "label");
  put_cells(out, r, val_get(row, S("cells")), columns);
  r.reach = S("");
  r.reach_label = S("alle bereik, unieke acties");
  put_record(out, r, val_get(row, S("total")));
  const Val *subgoals = val_get(row, S("subgoals"));
  for (size_t i = 0; i < size_of(subgoals); i++) put_goal_records(out, r, item(subgoals, i), columns);
}

static void put_line_records(Buf *out, const Val *line, Str code, Str label, const Val *columns) {
  const Val *rows = val_get(line, S("rows"));
  Record r = {.line = code, .line_label = label};
  for (size_t i = 0; i < size_of(rows); i++) put_goal_records(out, r, item(rows, i), columns);
  r.goal = S("");
  r.goal_label = S("alle doelen, unieke acties");
  put_cells(out, r, val_get(line, S("cells")), columns);
  r.reach = S("");
  r.reach_label = S("alle bereik, unieke acties");
  put_record(out, r, val_get(line, S("figures")));
}

Err matrix_write_csv(const Val *matrix, Buf *out) {
  const Val *lines = val_get(matrix, S("lines")), *columns = val_get(matrix, S("columns"));
  buf_cstr(out, "line,line_label,goal,goal_label,reach,reach_label,actions,participants,participants_known,cost_cents,"
                "cost_known\r\n");
  for (size_t i = 0; i < size_of(lines); i++)
    put_line_records(out, item(lines, i), text_of(item(lines, i), "code"), text_of(item(lines, i), "label"), columns);
  put_line_records(out, val_get(matrix, S("total")), S(""), S("alle actielijnen, unieke acties"), columns);
  return buf_err(out);
}

Err matrix_write_json(const Val *matrix, Buf *out) {
  JsonWriter writer;
  jw_init(&writer, out, 2);
  val_json(&writer, matrix);
  buf_char(out, '\n');
  return buf_err(out);
}
