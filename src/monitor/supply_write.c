/* SPDX-License-Identifier: EUPL-1.2 */
/* Comparing a figure with what is there, and writing the difference. Nothing is overwritten: what no longer holds ends. */
#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "monitor/supply_internal.h"

enum { CURRENT_MAX = 32, SOURCE_CODE_MAX = 64 };

/* A figure that holds now for the same indicator, region and period. */
typedef struct Current {
  Str source, title, state, quality, reason, method, remark;
  bool leading;
  double value, low, high, numerator, denominator;
} Current;

typedef struct Present {
  Current items[CURRENT_MAX];
  size_t count;
} Present;

static double number_at(const Rows *rows, int column) { return rows_null(rows, column) ? NAN : rows_double(rows, column); }

static Str text_at(SupplyImport *import, const Rows *rows, int column) {
  return rows_null(rows, column) ? STR_NONE : arena_str(&import->row, rows_str(rows, column));
}

static Err read_present(SupplyImport *import, const SupplyFigure *f, Present *present) {
  Rows *rows;
  bool more = true;
  present->count = 0;
  TRY(store_query(import->store, "supply_current", ARGS(ARG_STR(f->indicator->code), ARG_STR(f->region), ARG_STR(f->period)), &rows, import->info));
  Err err;
  while ((err = rows_next(rows, &more, import->info)) == ERR_OK && more) {
    if (present->count == CURRENT_MAX) {
      err = err_set(import->info, ERR_LIMIT, "more than %d sources give the same figure", CURRENT_MAX);
      break;
    }
    present->items[present->count++] = (Current){
        .source = text_at(import, rows, 0), .title = text_at(import, rows, 1), .leading = rows_int(rows, 2) != 0,
        .state = text_at(import, rows, 3), .value = number_at(rows, 4), .low = number_at(rows, 5), .high = number_at(rows, 6),
        .numerator = number_at(rows, 7), .denominator = number_at(rows, 8), .quality = text_at(import, rows, 9),
        .reason = text_at(import, rows, 10), .method = text_at(import, rows, 11), .remark = text_at(import, rows, 12)};
  }
  rows_close(rows);
  return err;
}

static bool same_text(SupplyImport *import, Str a, Str b) {
  Str x = text_folded(&import->row, a), y = text_folded(&import->row, b);
  return x.ptr && y.ptr && str_eq(x, y);
}

static bool same_number(double a, double b) { return isnan(a) ? isnan(b) : fabs(a - b) <= 1e-9; }

static bool same_value(const SupplyFigure *f, const Current *c) {
  return str_eq(f->state, c->state) && same_number(f->value, c->value) && same_number(f->low, c->low) && same_number(f->high, c->high);
}

/* An empty cell says nothing: numerator, method and remark count when they are given. */
static bool same_figure(const SupplyFigure *f, const Current *c) {
  bool parts = isnan(f->numerator) || (same_number(f->numerator, c->numerator) && same_number(f->denominator, c->denominator));
  bool words = (!f->method.ptr || str_eq(f->method, c->method)) && (!f->remark.ptr || str_eq(f->remark, c->remark));
  bool reason = f->reason.ptr ? str_eq(f->reason, c->reason) : !c->reason.ptr;
  return same_value(f, c) && parts && words && reason && str_eq(f->quality, c->quality);
}

/* --- the source --- */

static Err find_source(SupplyImport *import, const SupplyFigure *f, Str *code) {
  Rows *rows;
  bool more = true;
  *code = STR_NONE;
  TRY(store_query(import->store, "supply_sources", NO_ARGS, &rows, import->info));
  Err err = ERR_OK;
  while (!code->ptr && (err = rows_next(rows, &more, import->info)) == ERR_OK && more) {
    bool edition = rows_null(rows, 2) ? !f->edition.ptr : f->edition.ptr && same_text(import, rows_str(rows, 2), f->edition);
    if (edition && same_text(import, rows_str(rows, 1), f->dataset)) *code = arena_str(&import->row, rows_str(rows, 0));
  }
  rows_close(rows);
  return code->ptr ? ERR_OK : err;
}

/* Appends the words of a text as codes are written ("-nieuwe-editie"), whole words up to `max` bytes in all. */
static size_t add_words(SupplyImport *import, char *code, size_t n, size_t max, Str text) {
  Str folded = text_folded(&import->row, text);
  size_t whole = n;
  bool dash = true;
  for (size_t i = 0; i < folded.len && n + 2 < max; i++) {
    char c = folded.ptr[i];
    bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!word) {
      if (!dash) whole = n;
      dash = true;
      continue;
    }
    if (dash) code[n++] = '-';
    code[n++] = c;
    dash = false;
    if (i + 1 == folded.len) whole = n;
  }
  return whole;
}

/* "levering", the words of the title, those of the edition. */
static Str source_code(SupplyImport *import, const SupplyFigure *f, int attempt) {
  char code[SOURCE_CODE_MAX + 1] = "levering";
  size_t n = add_words(import, code, sizeof "levering" - 1, 44, f->dataset);
  if (f->edition.ptr) n = add_words(import, code, n, SOURCE_CODE_MAX - 4, f->edition);
  code[n] = 0;
  return attempt > 1 ? arena_printf(import->arena, "%s-%d", code, attempt) : arena_cstr(import->arena, code);
}

static Err code_is_free(SupplyImport *import, Str code, bool *free) {
  Rows *rows;
  bool more = true;
  *free = true;
  TRY(store_query(import->store, "supply_sources", NO_ARGS, &rows, import->info));
  Err err;
  while ((err = rows_next(rows, &more, import->info)) == ERR_OK && more) *free &= !str_eq(rows_str(rows, 0), code);
  rows_close(rows);
  return err;
}

static Arg day_arg(SupplyImport *import, Day day) {
  char text[DAY_TEXT];
  if (day == DAY_NONE) return ARG_NULL;
  day_format_iso(day, text);
  return ARG_STR(arena_cstr(&import->row, text));
}

static Err add_source(SupplyImport *import, const SupplyFigure *f, Str *code) {
  bool free = false;
  for (int attempt = 1; !free && attempt < 100; attempt++) {
    *code = source_code(import, f, attempt);
    if (!code->ptr) return SUPPLY_MEMORY(import);
    TRY(code_is_free(import, *code, &free));
  }
  if (!free) return err_set(import->info, ERR_LIMIT, "no free code for source \"" STR_FMT "\"", STR_ARG(f->dataset));
  char today[DAY_TEXT];
  day_format_iso(import->options->today, today);
  Str note = arena_printf(&import->row, "Aangeleverd met %.*s, gelezen op %s.", (int)(import->file_name.len < 200 ? import->file_name.len : 200),
                          import->file_name.ptr, today);
  Val *added = val_push_map(import->arena, import->sources_added);
  val_set_str(import->arena, added, "code", *code);
  val_set_str(import->arena, added, "label", arena_str(import->arena, f->dataset));
  return store_exec(import->store, "supply_source_add",
                    ARGS(ARG_STR(*code), ARG_STR(f->dataset), ARG_STR(f->supplier), ARG_STR(f->edition), ARG_STR(f->address), ARG_STR(note),
                         day_arg(import, f->retrieved)), NULL, import->info);
}

/* --- telling and writing --- */

static Str figure_text(SupplyImport *import, Str state, double value, double low, double high) {
  Arena *a = import->arena;
  const char *word = supply_word(SUPPLY_LIST_STATE, state);
  if (!isnan(value) && isnan(low)) return arena_printf(a, "%.10g", value);
  if (!isnan(value)) return arena_printf(a, "%.10g (%.6g - %.6g)", value, low, high);
  if (!isnan(low)) return arena_printf(a, "%s (%.6g - %.6g)", word ? word : "", low, high);
  return word ? arena_cstr(a, word) : arena_str(a, state);
}

static void tell(SupplyImport *import, const SupplyFigure *f, const char *kind, const Current *old, Str source) {
  Arena *a = import->arena;
  Val *change = val_push_map(a, import->changes);
  val_set_int(a, change, "row", import->row_number);
  val_set_str(a, change, "kind", str_from(kind));
  val_set_str(a, change, "indicator", f->indicator->code);
  val_set_str(a, change, "region", f->region);
  val_set_str(a, change, "period", arena_str(a, f->period));
  val_set_str(a, change, "old", old ? figure_text(import, old->state, old->value, old->low, old->high) : STR_NONE);
  val_set_str(a, change, "new", figure_text(import, f->state, f->value, f->low, f->high));
  val_set_str(a, change, "source", arena_str(a, source));
}

static Arg number(double value) { return isnan(value) ? ARG_NULL : ARG_DOUBLE(value); }

static Err add(SupplyImport *import, const SupplyFigure *f, Str source, bool leading) {
  return store_exec(import->store, "supply_add",
                    ARGS(ARG_STR(f->indicator->code), ARG_STR(f->region), ARG_STR(f->period_kind), ARG_STR(f->period), day_arg(import, f->day),
                         ARG_STR(f->state), number(f->value), number(f->numerator), number(f->denominator), number(f->low), number(f->high),
                         ARG_STR(f->quality), ARG_INT(leading), ARG_STR(f->method), ARG_STR(f->remark), ARG_STR(f->reason),
                         day_arg(import, import->options->today), day_arg(import, f->retrieved), ARG_STR(source), ARG_STR(f->supplier),
                         ARG_STR(import->options->by)), NULL, import->info);
}

/* Ends what the new figure takes the place of. */
static Err supersede(SupplyImport *import, const SupplyFigure *f, const Current *old) {
  return store_exec(import->store, "supply_supersede",
                    ARGS(ARG_STR(f->indicator->code), ARG_STR(f->region), ARG_STR(f->period), ARG_STR(old->source),
                         day_arg(import, import->options->today)), NULL, import->info);
}

static const Current *of_dataset(SupplyImport *import, const Present *present, Str dataset) {
  for (size_t i = 0; i < present->count; i++)
    if (same_text(import, present->items[i].title, dataset)) return &present->items[i];
  return NULL;
}

static bool has_number(const Current *c) { return !isnan(c->value) || !isnan(c->low); }

/* What the figure takes the place of: its dataset's own, else a leading one that has no number; NULL: nothing. */
static const Current *replaced(SupplyImport *import, const Present *present, const SupplyFigure *f) {
  const Current *own = of_dataset(import, present, f->dataset);
  for (size_t i = 0; !own && i < present->count; i++)
    if (present->items[i].leading && !has_number(&present->items[i])) own = &present->items[i];
  return own;
}

static const Current *leading_of(const Present *present) {
  for (size_t i = 0; i < present->count; i++)
    if (present->items[i].leading) return &present->items[i];
  return NULL;
}

static Err seen_before(SupplyImport *import, const SupplyFigure *f, bool *again) {
  size_t row;
  Str dataset = text_folded(&import->row, f->dataset);
  Str key = arena_printf(import->arena, STR_FMT "|" STR_FMT "|" STR_FMT "|" STR_FMT, STR_ARG(f->indicator->code), STR_ARG(f->region), STR_ARG(f->period),
                         STR_ARG(dataset.ptr ? dataset : S("")));
  if (!key.ptr || !dataset.ptr) return SUPPLY_MEMORY(import);
  *again = map_get_index(&import->seen, key, &row);
  if (*again) supply_refuse(import, SUPPLY_PERIOD, "row %zu gives the same figure already; one of the two must go", row);
  return map_set_index(&import->seen, key, (size_t)import->row_number) == ERR_OK ? ERR_OK : SUPPLY_MEMORY(import);
}

static Err write_difference(SupplyImport *import, const SupplyFigure *f, const Current *old, const Current *leading) {
  Str source;
  TRY(find_source(import, f, &source));
  if (!source.ptr) TRY(add_source(import, f, &source));
  if (old) TRY(supersede(import, f, old));
  tell(import, f, old ? "corrected" : leading ? "beside" : "added", old ? old : leading, source);
  if (old) import->corrected++;
  else if (leading) import->beside++;
  else import->added++;
  return add(import, f, source, old ? old->leading : !leading);
}

Err supply_write(SupplyImport *import, const SupplyFigure *f) {
  bool again = false;
  TRY(seen_before(import, f, &again));
  Present *present = ARENA_NEW(&import->row, Present);
  if (!present) return SUPPLY_MEMORY(import);
  TRY(read_present(import, f, present));
  const Current *old = replaced(import, present, f), *leading = leading_of(present);
  if (again) return ERR_OK;
  if ((old && same_figure(f, old)) || (!old && leading && same_value(f, leading))) {
    import->unchanged++;
    return ERR_OK;
  }
  return write_difference(import, f, old, leading);
}
