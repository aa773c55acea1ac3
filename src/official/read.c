/* SPDX-License-Identifier: EUPL-1.2 */
/* Reading an official file: headings once, then row by row. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/text.h"
#include "official/dataset.h"

enum { COLUMNS_MAX = 512 };

/* One column of numbers of the file. */
typedef struct NumberColumn {
  size_t column;       /* in the file */
  SeriesMatch match;
  size_t male, female; /* for a total: the columns of the same measure, period and grade; SIZE_MAX when not both there */
} NumberColumn;

typedef struct Reader {
  const Dataset *dataset;
  const DatasetField *fields;
  const DatasetSeries *series;
  size_t field_count, series_count;
  size_t field_column[OFFICIAL_FIELDS];  /* SIZE_MAX: not in the file */
  NumberColumn numbers[COLUMNS_MAX];
  size_t number_count;
  Str headings[COLUMNS_MAX];             /* as the file writes them, for messages */
  size_t heading_count;
  Str period;                            /* of the options */
  int period_field;                      /* the field that holds the row's period; -1 when there is none */
  Arena arena;
  Map keys;                              /* key of a row -> its number, where the dataset has one */
  OfficialSink sink;
  void *context;
  OfficialReport *report;
  ErrInfo *info;
} Reader;

/* Groups of three digits after a separator: "1.234", "12 345". */
static bool grouped(Str text, char separator, double *value) {
  Str rest = text, part;
  double sum = 0;
  for (size_t i = 0; str_cut(&rest, separator, &part); i++) {
    int64_t n;
    if (!str_to_int(part, &n) || n < 0 || part.ptr[0] == '+' || (i ? part.len != 3 : part.len > 3)) return false;
    sum = sum * 1000 + (double)n;
  }
  *value = sum;
  return true;
}

bool official_count(Str text, CountState *state, double *low, double *high) {
  text = str_trim(text);
  *low = *high = 0;
  *state = COUNT_EMPTY;
  if (text.len == 0 || str_eq(text, S("-"))) return true;
  if (str_eq(text, S("<5")) || str_eq(text, S("< 5"))) {
    *state = COUNT_SUPPRESSED;
    *low = 1;
    *high = 4;
    return true;
  }
  int64_t n;
  double value;
  if (str_to_int(text, &n) && n >= 0 && text.ptr[0] != '+') value = (double)n;
  else if (!grouped(text, '.', &value) && !grouped(text, ' ', &value)) return false;
  *state = COUNT_VALUE;
  *low = *high = value;
  return true;
}

static Err at_column(Reader *r, long row, size_t column) {
  char ref[SHEET_REF];
  sheet_ref(ref, row, column);
  char place[128];
  Str heading = column < r->heading_count ? r->headings[column] : S("");
  snprintf(place, sizeof place, "%s (%.90s)", ref, heading.ptr ? heading.ptr : "");
  err_at(r->info, NULL, NULL, row, place);
  return ERR_INPUT;
}

static Err take_heading(Reader *r, size_t column, Str folded) {
  for (size_t f = 0; f < r->field_count; f++) {
    if (!dataset_names_field(&r->fields[f], folded)) continue;
    if (r->field_column[f] != SIZE_MAX) {
      at_column(r, 1, column);
      return err_set(r->info, ERR_INPUT, "a second column for %s; the first is '" STR_FMT "'", r->fields[f].name,
                     STR_ARG(r->headings[r->field_column[f]]));
    }
    r->field_column[f] = column;
    return ERR_OK;
  }
  SeriesMatch match;
  if (!dataset_names_series(r->dataset, folded, &match)) return ERR_OK;  /* columns we do not use are left alone */
  if (r->number_count == COLUMNS_MAX) return err_set(r->info, ERR_LIMIT, "more than %d columns of numbers", COLUMNS_MAX);
  r->numbers[r->number_count++] = (NumberColumn){column, match, SIZE_MAX, SIZE_MAX};
  return ERR_OK;
}

static bool same_series(const SeriesMatch *a, const SeriesMatch *b) {
  return a->series == b->series && a->grade == b->grade && strcmp(a->period, b->period) == 0;
}

/* For each total, where its men and women stand; and no two columns may claim to be the same. */
static Err pair_columns(Reader *r) {
  for (size_t i = 0; i < r->number_count; i++)
    for (size_t j = 0; j < r->number_count; j++) {
      NumberColumn *a = &r->numbers[i];
      const NumberColumn *b = &r->numbers[j];
      if (i == j || !same_series(&a->match, &b->match)) continue;
      if (strcmp(a->match.sex, b->match.sex) == 0) {
        at_column(r, 1, i > j ? a->column : b->column);
        return err_set(r->info, ERR_INPUT, "this column and '" STR_FMT "' claim to be the same numbers",
                       STR_ARG(r->headings[i > j ? b->column : a->column]));
      }
      if (strcmp(a->match.sex, "total") != 0) continue;
      if (strcmp(b->match.sex, "male") == 0) a->male = b->column;
      if (strcmp(b->match.sex, "female") == 0) a->female = b->column;
    }
  return ERR_OK;
}

static Err check_headings(Reader *r) {
  Buf missing;
  buf_init(&missing, 900);
  for (size_t f = 0; f < r->field_count; f++)
    if (r->fields[f].required && r->field_column[f] == SIZE_MAX)
      buf_printf(&missing, "%s'%s'", missing.len ? ", " : "", r->fields[f].headings);
  if (r->number_count == 0)
    for (size_t s = 0; s < r->series_count; s++) buf_printf(&missing, "%s'%s'", missing.len ? ", " : "", r->series[s].headings);
  Err err = ERR_OK;
  if (missing.len) {
    const char *text = buf_zstr(&missing);
    err = err_set(r->info, ERR_INPUT, "no column %s; is this a file of '%s'?", text ? text : "", r->dataset->title);
  } else if (r->numbers[0].match.period[0] == '\0' && r->period.len == 0 && r->period_field < 0) {
    err = err_set(r->info, ERR_INPUT, "the headings name no school year; tell which one the file is of, as 2023/24");
  }
  buf_clear(&missing);
  return err;
}

static Err read_headings(Reader *r, const SheetCell *cells, size_t count) {
  if (count > COLUMNS_MAX) return err_set(r->info, ERR_LIMIT, "%zu columns; expected at most %d", count, COLUMNS_MAX);
  r->heading_count = count;
  for (size_t c = 0; c < count; c++) {
    r->headings[c] = arena_str(&r->arena, str_trim(cells[c].text));
    Str folded = text_folded(&r->arena, cells[c].text);
    if (!r->headings[c].ptr || !folded.ptr) return err_set(r->info, ERR_MEMORY, "out of memory");
    TRY(take_heading(r, c, folded));
  }
  TRY(pair_columns(r));
  return check_headings(r);
}

static size_t measure_totals(OfficialReport *report, const char *measure) {
  for (size_t i = 0; i < report->measures; i++)
    if (strcmp(report->totals[i].measure, measure) == 0) return i;
  size_t at = report->measures < 4 ? report->measures++ : 3;
  snprintf(report->totals[at].measure, sizeof report->totals[at].measure, "%s", measure);
  return at;
}

/* The period's text in the report, so that mismatches can outlive the file. */
static Str keep_period(OfficialReport *report, const char *period) {
  size_t i = 0, most = sizeof report->period_text / sizeof *report->period_text;
  while (i + 1 < most && report->period_text[i][0] && strcmp(report->period_text[i], period) != 0) i++;
  snprintf(report->period_text[i], sizeof report->period_text[i], "%s", period);
  return str_from(report->period_text[i]);
}

static bool visible(const SheetCell *cells, size_t count, size_t column, double *value) {
  CountState state;
  double high;
  return column < count && official_count(cells[column].text, &state, value, &high) && state == COUNT_VALUE;
}

static void check_total(Reader *r, const NumberColumn *n, const SheetCell *cells, size_t count, long row) {
  double male, female, total;
  if (n->male == SIZE_MAX || n->female == SIZE_MAX) return;
  if (!visible(cells, count, n->male, &male) || !visible(cells, count, n->female, &female) || !visible(cells, count, n->column, &total)) return;
  OfficialReport *report = r->report;
  const char *measure = r->series[n->match.series].measure;
  size_t at = measure_totals(report, measure);
  report->totals[at].checked++;
  if (fabs(male + female - total) < 0.5) return;
  report->totals[at].wrong++;
  if (report->mismatch_count == OFFICIAL_MISMATCHES) return;
  report->mismatches[report->mismatch_count++] =
      (OfficialMismatch){row, str_from(measure), keep_period(report, n->match.period), male, female, total};
}

/* The period of a row that holds its own. */
static Err row_period(Reader *r, const Str *fields, long row, Str *period) {
  OfficialPeriodKind kind;
  Day last;
  *period = r->period;
  if (r->period_field < 0) return ERR_OK;
  *period = fields[r->period_field];
  if (official_period(*period, &kind, &last)) return ERR_OK;
  at_column(r, row, r->field_column[r->period_field]);
  return err_set(r->info, ERR_INPUT, "'" STR_FMT "' is no period; expected a year as 2020, a school year as 2019/20, a quarter as 2016Q4 or a day as 2020-01-01", STR_ARG(*period));
}

/* No two rows may have the same key: their numbers would count twice. */
static Err check_key(Reader *r, const Str *fields, long row) {
  Str rest = dataset_key(r->dataset), name;
  if (!rest.ptr) return ERR_OK;
  Buf key;
  buf_init(&key, 4096);
  while (str_cut(&rest, '|', &name)) buf_printf(&key, "%s" STR_FMT, key.len ? ", " : "", STR_ARG(fields[dataset_field(r->dataset, name)]));
  size_t first;
  Err err = buf_err(&key);
  if (err == ERR_OK && map_get_index(&r->keys, buf_view(&key), &first)) {
    err_at(r->info, NULL, NULL, row, NULL);
    err = err_set(r->info, ERR_INPUT, "a second row for " STR_FMT "; the first is row %zu", STR_ARG(buf_view(&key)), first);
  } else if (err == ERR_OK) {
    Str kept = arena_str(&r->arena, buf_view(&key));
    err = kept.ptr ? map_set_index(&r->keys, kept, (size_t)row) : ERR_MEMORY;
  }
  buf_clear(&key);
  return err;
}

static Err read_row(Reader *r, const SheetCell *cells, size_t count, long row) {
  Str fields[OFFICIAL_FIELDS] = {0}, period;
  for (size_t f = 0; f < r->field_count; f++) {
    size_t c = r->field_column[f];
    if (c != SIZE_MAX) fields[f] = c < count ? str_trim(cells[c].text) : S("");
  }
  r->report->rows++;
  TRY(row_period(r, fields, row, &period));
  TRY(check_key(r, fields, row));
  for (size_t i = 0; i < r->number_count; i++) {
    const NumberColumn *n = &r->numbers[i];
    OfficialFact fact = {.fields = fields, .measure = str_from(r->series[n->match.series].measure),
                         .period = n->match.period[0] ? str_from(n->match.period) : period, .sex = str_from(n->match.sex),
                         .grade = n->match.grade, .row = row};
    Str text = n->column < count ? cells[n->column].text : S("");
    if (!official_count(text, &fact.state, &fact.low, &fact.high)) {
      at_column(r, row, n->column);
      return err_set(r->info, ERR_INPUT, "'" STR_FMT "' is no count; expected a whole number, '<5' or nothing", STR_ARG(text));
    }
    check_total(r, n, cells, count, row);
    if (fact.state == COUNT_EMPTY) continue;
    r->report->facts++;
    r->report->suppressed += fact.state == COUNT_SUPPRESSED;
    official_note_period(r->report, fact.period);
    TRY(r->sink(r->context, &fact));
  }
  return ERR_OK;
}

static Err read_sheet(Reader *r, Sheet *sheet) {
  const SheetCell *cells;
  size_t count;
  long row;
  TRY(sheet_next(sheet, &cells, &count, &row, r->info));
  if (count == 0) return err_set(r->info, ERR_INPUT, "the file is empty; expected a line of headings");
  TRY(read_headings(r, cells, count));
  for (;;) {
    TRY(sheet_next(sheet, &cells, &count, &row, r->info));
    if (count == 0) return ERR_OK;
    TRY(read_row(r, cells, count, row));
  }
}

Err official_read(const Dataset *dataset, const char *path, const OfficialOptions *options, OfficialSink sink, void *context,
                  OfficialReport *report, ErrInfo *info) {
  *report = (OfficialReport){0};
  Reader *r = mem_alloc0(1, sizeof *r);
  if (!r) return err_set(info, ERR_MEMORY, "out of memory");
  r->dataset = dataset;
  r->fields = dataset_fields(dataset, &r->field_count);
  r->series = dataset_series(dataset, &r->series_count);
  r->sink = sink;
  r->context = context;
  r->report = report;
  r->info = info;
  r->period = options ? options->period : STR_NONE;
  r->period_field = dataset_field(dataset, S("period"));
  for (size_t f = 0; f < OFFICIAL_FIELDS; f++) r->field_column[f] = SIZE_MAX;
  arena_init(&r->arena, 0);
  map_init(&r->keys, &r->arena);
  Sheet *sheet;
  Err err = sheet_open(&sheet, path, options ? options->limits : NULL, info);
  if (err == ERR_OK) err = read_sheet(r, sheet);
  sheet_close(sheet);
  arena_clear(&r->arena);
  mem_free(r);
  return err;
}
