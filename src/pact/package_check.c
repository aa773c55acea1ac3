/* SPDX-License-Identifier: EUPL-1.2 */
/* Every rule of the schema against every cell; whatever is wrong is added to the report and reading goes on. */
#include <string.h>

#include "base/csv.h"
#include "base/day.h"
#include "base/text.h"
#include "pact/package_internal.h"

Err package_problem(PackageReport *report, Arena *arena, PackageProblem problem) {
  report->total++;
  if (report->count >= PACKAGE_PROBLEMS_MAX) return ERR_OK;
  if (!report->problems) report->problems = ARENA_ARRAY(arena, PackageProblem, PACKAGE_PROBLEMS_MAX);
  if (!report->problems) return ERR_MEMORY;
  if (problem.value.len > PACKAGE_VALUE_SHOWN) {
    /* cut between characters */
    size_t len = PACKAGE_VALUE_SHOWN;
    while (len > 0 && ((unsigned char)problem.value.ptr[len] & 0xc0) == 0x80) len--;
    problem.value = arena_printf(arena, "%.*s...", (int)len, problem.value.ptr);
  } else if (problem.value.ptr) {
    problem.value = arena_str(arena, problem.value);
  }
  problem.expected = arena_str(arena, problem.expected);
  if (!problem.expected.ptr) return ERR_MEMORY;
  report->problems[report->count++] = problem;
  return ERR_OK;
}

Str package_problem_text(const PackageProblem *p, Arena *arena) {
  Buf out;
  buf_init(&out, 0);
  buf_str(&out, p->file);
  if (p->row > 0) buf_printf(&out, ": row %ld", p->row);
  if (p->column.ptr) buf_printf(&out, ": column " STR_FMT, STR_ARG(p->column));
  buf_cstr(&out, ": ");
  if (p->value.ptr) buf_printf(&out, p->value.len > 0 ? "'" STR_FMT "' found, " : "nothing found, ", STR_ARG(p->value));
  buf_printf(&out, "expected " STR_FMT, STR_ARG(p->expected));
  Str text = buf_err(&out) == ERR_OK ? arena_str(arena, buf_view(&out)) : STR_NONE;
  buf_clear(&out);
  return text;
}

bool package_word_in(const Words *words, Str word) {
  for (size_t i = 0; i < words->count; i++)
    if (str_eq(words->items[i], word)) return true;
  return false;
}

Arg package_value(const Field *field, Str cell) {
  int64_t integer = 0;
  double number = 0;
  if (!cell.ptr) return ARG_NULL;
  switch (field->type) {
    case FIELD_INTEGER: return str_to_int(cell, &integer) ? ARG_INT(integer) : ARG_NULL;
    case FIELD_NUMBER: return str_to_double(cell, &number) ? ARG_DOUBLE(number) : ARG_NULL;
    case FIELD_BOOLEAN: return ARG_INT(package_word_in(&field->true_values, cell) ? 1 : 0);
    default: return ARG_STR(cell);
  }
}

/* One row while it is checked. */
typedef struct RowCheck {
  Package *package;
  Resource *resource;
  PackageReport *report;
  long line;
} RowCheck;

static Err problem(const RowCheck *row, const Field *field, Str value, Str expected) {
  PackageProblem p = {.file = row->resource->path, .row = row->line, .column = field ? field->name : STR_NONE, .value = value,
                      .expected = expected};
  if (!expected.ptr) return ERR_MEMORY;
  return package_problem(row->report, row->package->arena, p);
}

static Err choices_problem(const RowCheck *row, const Field *field, Str cell) {
  Buf text;
  buf_init(&text, 0);
  buf_cstr(&text, "one of ");
  for (size_t i = 0; i < field->choices.count; i++) buf_printf(&text, "%s" STR_FMT, i > 0 ? ", " : "", STR_ARG(field->choices.items[i]));
  Err err = buf_err(&text);
  if (err == ERR_OK) err = problem(row, field, cell, buf_view(&text));
  buf_clear(&text);
  return err;
}

/* The cell as a number (a date as its day); false with *expected set when it is not of the field's type. */
static bool cell_number(const Field *field, Str cell, double *number, Str *expected) {
  int64_t integer;
  Day day;
  switch (field->type) {
    case FIELD_INTEGER:
      *expected = S("a whole number such as 1200");
      if (!str_to_int(cell, &integer)) return false;
      *number = (double)integer;
      return true;
    case FIELD_NUMBER:
      *expected = S("a number with a decimal point, such as 0.25");
      return str_to_double(cell, number);
    case FIELD_DATE:
      *expected = S("a date such as 2013-11-15");
      if (!day_parse_iso(cell, &day)) return false;
      *number = day;
      return true;
    case FIELD_BOOLEAN:
      *expected = S("true or false");
      *number = 0;
      return package_word_in(&field->true_values, cell) || package_word_in(&field->false_values, cell);
    default:
      *number = 0;
      return true;
  }
}

static Err check_cell(const RowCheck *row, const Field *field, Str cell) {
  Arena *arena = row->package->arena;
  double number = 0;
  Str expected = STR_NONE;
  if (!cell.ptr) return field->required ? problem(row, field, S(""), S("a value: the field is required")) : ERR_OK;
  if (!cell_number(field, cell, &number, &expected)) return problem(row, field, cell, expected);
  if (field->has_minimum && number < field->minimum)
    TRY(problem(row, field, cell, arena_printf(arena, "at least " STR_FMT, STR_ARG(field->minimum_text))));
  if (field->has_maximum && number > field->maximum)
    TRY(problem(row, field, cell, arena_printf(arena, "at most " STR_FMT, STR_ARG(field->maximum_text))));
  if (field->choices.count > 0 && !package_word_in(&field->choices, cell)) TRY(choices_problem(row, field, cell));
  if (field->min_length >= 0 && (int64_t)text_length(cell) < field->min_length)
    TRY(problem(row, field, cell, arena_printf(arena, "at least %lld characters", (long long)field->min_length)));
  if (field->max_length >= 0 && (int64_t)text_length(cell) > field->max_length)
    TRY(problem(row, field, cell, arena_printf(arena, "at most %lld characters", (long long)field->max_length)));
  if (field->has_pattern && regexec(&field->pattern, cell.ptr, 0, NULL, 0) != 0)
    TRY(problem(row, field, cell, arena_printf(arena, "a text of the form " STR_FMT, STR_ARG(field->pattern_text))));
  return ERR_OK;
}

static Err check_heading(const RowCheck *row, const Str *cells, size_t count) {
  Arena *arena = row->package->arena;
  const Resource *r = row->resource;
  for (size_t i = 0; i < r->fields_count || i < count; i++) {
    if (i >= count) TRY(problem(row, &r->fields[i], STR_NONE, S("this column in the heading")));
    else if (i >= r->fields_count) TRY(problem(row, NULL, cells[i], S("no further column: the descriptor names no such field")));
    else if (!str_eq(cells[i], r->fields[i].name))
      TRY(problem(row, NULL, cells[i], arena_printf(arena, "the heading " STR_FMT " in place %zu", STR_ARG(r->fields[i].name), i + 1)));
  }
  return ERR_OK;
}

static Err take_row(RowCheck *row, const Str *cells, size_t count, size_t *cap) {
  Resource *r = row->resource;
  Arena *arena = row->package->arena;
  if (count != r->fields_count)
    return problem(row, NULL, STR_NONE, arena_printf(arena, "%zu cells, as in the heading, and not %zu", r->fields_count, count));
  if (r->rows_count == *cap) {
    size_t wide = *cap ? *cap * 2 : 64, width = r->fields_count * sizeof(Str);
    Str *grown = arena_grow(arena, r->cells, *cap * width, wide * width);
    long *lines = arena_grow(arena, r->lines, *cap * sizeof(long), wide * sizeof(long));
    if (!grown || !lines) return ERR_MEMORY;
    r->cells = grown;
    r->lines = lines;
    *cap = wide;
  }
  Str *own = r->cells + r->rows_count * r->fields_count;
  for (size_t i = 0; i < count; i++) {
    own[i] = package_word_in(&r->missing, cells[i]) ? STR_NONE : arena_str(arena, cells[i]);
    if (!own[i].ptr && !package_word_in(&r->missing, cells[i])) return ERR_MEMORY;
    TRY(check_cell(row, &r->fields[i], own[i]));
  }
  r->lines[r->rows_count++] = row->line;
  return ERR_OK;
}

static Err read_rows(RowCheck *row, CsvReader *csv, ErrInfo *info) {
  const Str *cells;
  size_t count, cap = 0, before = row->report->total;
  TRY(csv_next(csv, &cells, &count, info));
  row->line = 1;
  TRY(check_heading(row, cells, count));
  if (row->report->total > before) return ERR_OK;  /* every row would be wrong for the same reason */
  for (;;) {
    TRY(csv_next(csv, &cells, &count, info));
    if (count == 0) return ERR_OK;
    row->line = csv_line(csv);
    TRY(take_row(row, cells, count, &cap));
  }
}

Err package_read_resource(Package *package, Resource *resource, Str bytes, PackageReport *report, ErrInfo *info) {
  RowCheck row = {package, resource, report, 0};
  CsvReader *csv = NULL;
  ErrInfo why = ERRINFO_INIT;
  if (str_starts(bytes, S("\xef\xbb\xbf"))) bytes = str_slice(bytes, 3, bytes.len);
  size_t bad = text_utf8_bad(bytes);
  if (bad != STR_NPOS) {
    row.line = 1;
    for (size_t i = 0; i < bad; i++) row.line += bytes.ptr[i] == '\n';
    return problem(&row, NULL, STR_NONE, S("text in UTF-8; this line holds bytes that are not"));
  }
  Err err = csv_new_text(&csv, bytes, (CsvOptions){.delimiter = ','}, &why);
  if (err == ERR_OK) err = read_rows(&row, csv, &why);
  csv_free(csv);
  if (err == ERR_INPUT || err == ERR_LIMIT) {
    /* the file itself is broken from here on: one problem among the others */
    row.line = why.row;
    Str text = arena_printf(package->arena, "a file of comma separated values: %s", why.message);
    return problem(&row, NULL, STR_NONE, text);
  }
  if (err != ERR_OK) return err_set(info, err, "out of memory while reading '" STR_FMT "'", STR_ARG(resource->path));
  report->rows += resource->rows_count;
  return ERR_OK;
}

/* --- keys --- */

/* The values of some fields of a row as one text; ptr NULL when one of them is missing (*missing says so) or on lack of
 * memory. The separator cannot be typed and keeps "a|b","c" apart from "a","b|c". */
static Str key_text(Arena *arena, const Str *cells, const size_t *fields, size_t count, bool *missing) {
  *missing = false;
  for (size_t i = 0; i < count; i++) *missing |= !cells[fields[i]].ptr;
  if (*missing) return STR_NONE;
  if (count == 1) return cells[fields[0]];
  Buf text;
  buf_init(&text, 0);
  for (size_t i = 0; i < count; i++) {
    if (i > 0) buf_char(&text, '\x1f');
    buf_str(&text, cells[fields[i]]);
  }
  Str key = buf_err(&text) == ERR_OK ? arena_str(arena, buf_view(&text)) : STR_NONE;
  buf_clear(&text);
  return key;
}

static Str shown_key(Arena *arena, Str key) {
  char *text = arena_zstr(arena, key);
  for (char *c = text; c && *c; c++)
    if (*c == '\x1f') *c = '|';
  return str_from(text);
}

/* Puts the keys of all rows in a map; doubles and missing parts are problems when `own` says the key is to be unique. */
static Err index_rows(const RowCheck *at, const Resource *r, const size_t *fields, size_t count, Map *map, bool own, bool required) {
  Arena *arena = at->package->arena;
  map_init(map, arena);
  for (size_t i = 0; i < r->rows_count; i++) {
    bool missing;
    size_t first;
    RowCheck row = *at;
    row.line = r->lines[i];
    Str key = key_text(arena, r->cells + i * r->fields_count, fields, count, &missing);
    if (missing) {
      if (own && required && !r->fields[fields[0]].required) TRY(problem(&row, &r->fields[fields[0]], S(""), S("a value: it is part of the primary key")));
      continue;
    }
    if (!key.ptr) return ERR_MEMORY;
    if (own && map_get_index(map, key, &first)) {
      Str expected = arena_printf(arena, "a value that no other row has; row %ld has it too", r->lines[first]);
      TRY(problem(&row, &r->fields[fields[0]], shown_key(arena, key), expected));
      continue;
    }
    if (map_set_index(map, key, i) != ERR_OK) return ERR_MEMORY;
  }
  return ERR_OK;
}

static Err check_unique(RowCheck *at) {
  Resource *r = at->resource;
  Map map;
  if (r->key_count > 0) TRY(index_rows(at, r, r->key, r->key_count, &r->by_key, true, true));
  for (size_t f = 0; f < r->fields_count; f++) {
    if (!r->fields[f].unique || (r->key_count == 1 && r->key[0] == f)) continue;
    TRY(index_rows(at, r, &f, 1, &map, true, false));
  }
  return ERR_OK;
}

static Err check_foreign(RowCheck *at, const ForeignKey *key) {
  Arena *arena = at->package->arena;
  Resource *r = at->resource, *target = &at->package->resources[key->target];
  RowCheck there = *at;
  Map other, *map = &target->by_key;
  there.resource = target;
  if (key->count != target->key_count || memcmp(key->target_fields, target->key, key->count * sizeof *target->key) != 0) {
    map = &other;
    TRY(index_rows(&there, target, key->target_fields, key->count, map, false, false));
  }
  for (size_t i = 0; i < r->rows_count; i++) {
    bool missing;
    Str value = key_text(arena, r->cells + i * r->fields_count, key->fields, key->count, &missing);
    if (missing) continue;
    if (!value.ptr) return ERR_MEMORY;
    if (map_get(map, value, NULL)) continue;
    at->line = r->lines[i];
    Str expected = arena_printf(arena, "a value that stands in " STR_FMT ", column " STR_FMT, STR_ARG(target->path),
                                STR_ARG(target->fields[key->target_fields[0]].name));
    TRY(problem(at, &r->fields[key->fields[0]], shown_key(arena, value), expected));
  }
  return ERR_OK;
}

Err package_check_keys(Package *package, PackageReport *report, ErrInfo *info) {
  Err err = ERR_OK;
  for (size_t i = 0; err == ERR_OK && i < package->count; i++)
    err = check_unique(&(RowCheck){package, &package->resources[i], report, 0});
  for (size_t i = 0; err == ERR_OK && i < package->count; i++) {
    RowCheck at = {package, &package->resources[i], report, 0};
    for (size_t k = 0; err == ERR_OK && k < at.resource->foreign_count; k++) err = check_foreign(&at, &at.resource->foreign[k]);
  }
  return err == ERR_OK ? ERR_OK : err_set(info, err, "out of memory while checking the keys");
}
