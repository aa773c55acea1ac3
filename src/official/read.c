/* SPDX-License-Identifier: EUPL-1.2 */
/* Reading an official file: headings once, then row by row. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/text.h"
#include "official/dataset.h"

enum { COLUMNS_MAX = 512, HEADINGS_SHOWN = 12, COUNT_TEXT = 40 };

/* No count of these files is larger: ten times the people of the country, rounded up. */
static const double COUNT_MAX = 1e9;

/* One column of numbers of the file. */
typedef struct NumberColumn {
  size_t column;       /* in the file */
  SeriesMatch match;
  Str measure, period, sex;
  size_t male, female; /* for a total: where in `numbers` the same measure, period and grade stand; SIZE_MAX when not both there */
} NumberColumn;

typedef struct Count {
  CountState state;
  double low, high;
} Count;

typedef struct Reader {
  const Dataset *dataset;
  const DatasetField *fields;
  const DatasetSeries *series;
  const DatasetSuppressed *suppressed;
  size_t field_count, series_count, suppressed_count;
  size_t field_column[OFFICIAL_FIELDS];  /* SIZE_MAX: not in the file */
  int period_field, school_year, school_grade;  /* fields that give a row its period and grade; -1: not in the file */
  NumberColumn numbers[COLUMNS_MAX];
  Count counts[COLUMNS_MAX];             /* of the row being read */
  size_t number_count;
  Str headings[COLUMNS_MAX];             /* as the file writes them, for messages */
  size_t heading_count;
  Str period;                            /* of the options */
  Str noted;                             /* period noted last */
  Str row_period;                        /* of the row being read, where it gives one; else ptr NULL */
  char row_text[16];                     /* its text when it was written differently */
  Arena arena;
  size_t key_fields[OFFICIAL_FIELDS];    /* that no two rows have alike */
  size_t key_count;                      /* 0: that is not known of this file */
  Map keys;                              /* key of a row, or without one all its cells -> its number */
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

/* Nearly all cells: one to nine digits. */
static bool plain_count(Str text, double *value) {
  long n = 0;
  if (text.len == 0 || text.len > 9) return false;
  for (size_t i = 0; i < text.len; i++) {
    if (text.ptr[i] < '0' || text.ptr[i] > '9') return false;
    n = n * 10 + (text.ptr[i] - '0');
  }
  *value = (double)n;
  return true;
}

/* "10,0" and "10.00" without the decimals, which say nothing: programs that know no whole numbers with gaps write them. */
static Str without_decimals(Str text) {
  size_t zeros = 0;
  while (zeros < 3 && zeros < text.len && text.ptr[text.len - 1 - zeros] == '0') zeros++;
  if (zeros < 1 || zeros > 2 || text.len < zeros + 2) return text;
  char mark = text.ptr[text.len - 1 - zeros];
  Str whole = str_slice(text, 0, text.len - 1 - zeros);
  return (mark == ',' || mark == '.') && str_find_char(whole, mark) == STR_NPOS ? whole : text;
}

bool official_count(Str text, CountState *state, double *low, double *high) {
  char spaced[COUNT_TEXT];
  *state = COUNT_VALUE;
  if (plain_count(text, low)) {
    *high = *low;
    return true;
  }
  text = text_plain_spaces(str_trim(text), spaced, sizeof spaced);
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
  text = without_decimals(text);
  if (str_to_int(text, &n) && n >= 0 && text.ptr[0] != '+') value = (double)n;
  else if (!grouped(text, '.', &value) && !grouped(text, ' ', &value)) return false;
  if (value > COUNT_MAX) return false;
  *state = COUNT_VALUE;
  *low = *high = value;
  return true;
}

/* A text of the file for a message: at most 60 bytes, not in the middle of a character. */
static Str shortened(Str text) {
  size_t end = text.len < 60 ? text.len : 60;
  while (end > 0 && end < text.len && ((unsigned char)text.ptr[end] & 0xC0) == 0x80) end--;
  return str_slice(text, 0, end);
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
  r->numbers[r->number_count++] = (NumberColumn){.column = column, .match = match, .male = SIZE_MAX, .female = SIZE_MAX};
  return ERR_OK;
}

static bool same_series(const SeriesMatch *a, const SeriesMatch *b) {
  return a->series == b->series && a->grade == b->grade && strcmp(a->period, b->period) == 0;
}

/* Men without women or the other way around, and no total: a column is lacking, or its heading is not what it was. */
static Err check_alone(Reader *r, const NumberColumn *n) {
  if (n->match.sex[0] == '\0' || strcmp(n->match.sex, "total") == 0) return ERR_OK;
  for (size_t i = 0; i < r->number_count; i++)
    if (&r->numbers[i] != n && same_series(&r->numbers[i].match, &n->match)) return ERR_OK;
  at_column(r, 1, n->column);
  return err_set(r->info, ERR_INPUT, "no column beside '" STR_FMT "' for the same numbers of the other sex, or for the total", STR_ARG(r->headings[n->column]));
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
      if (strcmp(b->match.sex, "male") == 0) a->male = j;
      if (strcmp(b->match.sex, "female") == 0) a->female = j;
    }
  for (size_t i = 0; i < r->number_count; i++) TRY(check_alone(r, &r->numbers[i]));
  return ERR_OK;
}

/* Whether each number will have a school year: from its heading, from a column, or told. */
static bool has_periods(const Reader *r) {
  if (r->period.len || r->school_year >= 0 || r->period_field >= 0) return true;
  for (size_t i = 0; i < r->number_count; i++)
    if (r->numbers[i].match.period[0] == '\0') return false;
  return true;
}

static void list_missing(const Reader *r, Buf *missing) {
  for (size_t f = 0; f < r->field_count; f++)
    if (r->fields[f].required && r->field_column[f] == SIZE_MAX)
      buf_printf(missing, "%s'%s'", missing->len ? ", " : "", r->fields[f].headings);
  if (r->number_count == 0)
    for (size_t s = 0; s < r->series_count; s++) buf_printf(missing, "%s'%s'", missing->len ? ", " : "", r->series[s].headings);
}

static void list_found(const Reader *r, Buf *found) {
  size_t shown = r->heading_count < HEADINGS_SHOWN ? r->heading_count : HEADINGS_SHOWN;
  for (size_t i = 0; i < shown; i++) buf_printf(found, "%s'" STR_FMT "'", i ? ", " : "", STR_ARG(shortened(r->headings[i])));
  if (shown < r->heading_count) buf_printf(found, " and %zu more", r->heading_count - shown);
}

static Err check_headings(Reader *r) {
  Buf missing, found;
  buf_init(&missing, 600);
  buf_init(&found, 600);
  list_missing(r, &missing);
  Err err = buf_err(&missing) == ERR_MEMORY ? err_set(r->info, ERR_MEMORY, "out of memory") : ERR_OK;
  if (err == ERR_OK && missing.len) {
    list_found(r, &found);
    err = err_set(r->info, ERR_INPUT, "no column " STR_FMT "; found " STR_FMT "; is this a file of '%s'?", STR_ARG(buf_view(&missing)),
                  STR_ARG(buf_view(&found)), r->dataset->title);
  } else if (err == ERR_OK && !has_periods(r)) {
    err = err_set(r->info, ERR_INPUT, "the headings name no school year; tell which one the file is of, as 2023/24");
  }
  buf_clear(&missing);
  buf_clear(&found);
  return err;
}

static int field_there(const Reader *r, Str name) {
  int field = dataset_field(r->dataset, name);
  return field >= 0 && r->field_column[field] != SIZE_MAX ? field : -1;
}

/* Which fields make up the key of a row: none where the dataset has no key, or the file lacks one of them. */
static void find_key(Reader *r) {
  Str rest = dataset_key(r->dataset), name;
  size_t count = 0;
  while (rest.ptr && str_cut(&rest, '|', &name)) {
    int field = field_there(r, name);
    if (field < 0 || count == OFFICIAL_FIELDS) return;
    r->key_fields[count++] = (size_t)field;
  }
  r->key_count = count;
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
  for (size_t i = 0; i < r->number_count; i++) {
    NumberColumn *n = &r->numbers[i];
    n->measure = str_from(r->series[n->match.series].measure);
    n->period = n->match.period[0] ? str_from(n->match.period) : r->period;
    n->sex = str_from(n->match.sex);
  }
  r->period_field = field_there(r, S("period"));
  r->school_year = field_there(r, S("school_year"));
  r->school_grade = field_there(r, S("school_grade"));
  find_key(r);
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
static Str keep_period(OfficialReport *report, Str period) {
  size_t i = 0, most = sizeof report->period_text / sizeof *report->period_text;
  while (i + 1 < most && report->period_text[i][0] && !str_eq(str_from(report->period_text[i]), period)) i++;
  snprintf(report->period_text[i], sizeof report->period_text[i], STR_FMT, STR_ARG(period));
  return str_from(report->period_text[i]);
}

static bool read_count(const Reader *r, Str text, Count *count) {
  if (r->suppressed_count && text.len) {
    Str trimmed = str_trim(text);
    for (size_t i = 0; i < r->suppressed_count; i++) {
      if (!str_eq(trimmed, str_from(r->suppressed[i].text))) continue;
      *count = (Count){COUNT_SUPPRESSED, r->suppressed[i].low, r->suppressed[i].high};
      return true;
    }
  }
  return official_count(text, &count->state, &count->low, &count->high);
}

static void check_total(Reader *r, const NumberColumn *n, const Count *total, long row) {
  const Count *male = &r->counts[n->male], *female = &r->counts[n->female];
  if (male->state != COUNT_VALUE || female->state != COUNT_VALUE || total->state != COUNT_VALUE) return;
  OfficialReport *report = r->report;
  size_t at = measure_totals(report, n->measure.ptr);
  report->totals[at].checked++;
  if (fabs(male->low + female->low - total->low) < 0.5) return;
  report->totals[at].wrong++;
  if (report->mismatch_count == OFFICIAL_MISMATCHES) return;
  report->mismatches[report->mismatch_count++] =
      (OfficialMismatch){row, n->measure, keep_period(report, n->period), male->low, female->low, total->low};
}

static void note_period(Reader *r, Str period) {
  if (period.ptr == r->noted.ptr && !r->row_period.ptr) return;
  r->noted = period;
  official_note_period(r->report, period);
}

static Err read_counts(Reader *r, const SheetCell *cells, size_t count, long row) {
  for (size_t i = 0; i < r->number_count; i++) {
    size_t column = r->numbers[i].column;
    Str text = column < count ? cells[column].text : S("");
    if (read_count(r, text, &r->counts[i])) continue;
    at_column(r, row, column);
    return err_set(r->info, ERR_INPUT, "'" STR_FMT "' is no count; expected a whole number, '<5' or nothing", STR_ARG(shortened(text)));
  }
  return ERR_OK;
}

static Err no_period(Reader *r, int field, Str text, long row, const char *expected) {
  at_column(r, row, r->field_column[field]);
  return err_set(r->info, ERR_INPUT, "'" STR_FMT "' is no %s", STR_ARG(shortened(text)), expected);
}

/* The period and grade that the row itself gives; they hold for the columns whose heading gives none. */
static Err read_own(Reader *r, const Str *fields, long row, int *grade) {
  OfficialPeriodKind kind;
  Day last;
  *grade = 0;
  if (r->school_grade >= 0) {
    Str text = fields[r->school_grade];
    if (text.len == 1 && text.ptr[0] >= '1' && text.ptr[0] <= '9') *grade = text.ptr[0] - '0';
  }
  if (r->school_year >= 0) {
    if (!official_school_year(fields[r->school_year], r->row_text))
      return no_period(r, r->school_year, fields[r->school_year], row, "school year; expected 2014, 2014-2015 or 2014/15");
    r->row_period = str_from(r->row_text);
  }
  if (r->period_field < 0) return ERR_OK;
  r->row_period = fields[r->period_field];
  if (official_period(r->row_period, &kind, &last)) return ERR_OK;
  return no_period(r, r->period_field, r->row_period, row,
                   "period; expected a year as 2020, a school year as 2019/20, a quarter as 2016Q4 or a day as 2020-01-01");
}

/* No two rows may have the same key: their numbers would count twice. A file that lacks a field of the key cannot tell. */
static Err check_key(Reader *r, const Str *fields, long row) {
  if (!r->key_count) return ERR_OK;
  Buf key;
  buf_init(&key, 4096);
  for (size_t i = 0; i < r->key_count; i++) {
    if (i) buf_str(&key, S(", "));
    buf_str(&key, fields[r->key_fields[i]]);
  }
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

/* Without a key: a row that is the same in every cell as an earlier one is told, and counts. Text of its own may be lacking in what
 * the publisher gave, so that it need not be a mistake. */
static Err note_same(Reader *r, const SheetCell *cells, size_t count, long row) {
  if (r->key_count || !r->series_count) return ERR_OK;
  Buf key;
  size_t first;
  buf_init(&key, 0);
  for (size_t c = 0; c < count; c++) {
    buf_str(&key, str_trim(cells[c].text));
    buf_char(&key, '\x1f');
  }
  Err err = buf_err(&key);
  if (err == ERR_OK && map_get_index(&r->keys, buf_view(&key), &first)) {
    if (r->report->same_rows++ == 0) r->report->same_row = row, r->report->same_as = (long)first;
  } else if (err == ERR_OK) {
    Str kept = arena_str(&r->arena, buf_view(&key));
    err = kept.ptr ? map_set_index(&r->keys, kept, (size_t)row) : ERR_MEMORY;
  }
  buf_clear(&key);
  return err == ERR_OK ? ERR_OK : err_set(r->info, ERR_MEMORY, "out of memory");
}

static Err hand_out(Reader *r, const Str *fields, int grade, long row) {
  bool same_row = false;
  for (size_t i = 0; i < r->number_count; i++) {
    const NumberColumn *n = &r->numbers[i];
    const Count *count = &r->counts[i];
    if (count->state == COUNT_EMPTY) continue;
    if (n->male != SIZE_MAX && n->female != SIZE_MAX) check_total(r, n, count, row);
    OfficialFact fact = {.fields = fields, .measure = n->measure, .sex = n->sex, .column = i, .row = row, .same_row = same_row, .state = count->state,
                         .low = count->low, .high = count->high, .grade = n->match.grade ? n->match.grade : grade,
                         .period = n->match.period[0] || !r->row_period.ptr ? n->period : r->row_period};
    r->report->facts++;
    r->report->suppressed += fact.state == COUNT_SUPPRESSED;
    note_period(r, fact.period);
    TRY(r->sink(r->context, &fact));
    same_row = true;
  }
  return ERR_OK;
}

/* Of a file without numbers each row is one. */
static Err hand_row(Reader *r, const Str *fields, long row) {
  r->report->facts++;
  return r->sink(r->context, &(OfficialFact){.fields = fields, .measure = S("rows"), .period = S(""), .sex = S(""), .row = row,
                                             .state = COUNT_VALUE, .low = 1, .high = 1});
}

static Err read_row(Reader *r, const SheetCell *cells, size_t count, long row) {
  Str fields[OFFICIAL_FIELDS] = {0};
  int grade;
  if (count > r->heading_count) {
    at_column(r, row, r->heading_count);
    return err_set(r->info, ERR_INPUT, "a cell beyond the last heading; expected at most %zu cells in a row", r->heading_count);
  }
  for (size_t f = 0; f < r->field_count; f++) {
    size_t c = r->field_column[f];
    if (c != SIZE_MAX) fields[f] = c < count ? str_trim(cells[c].text) : S("");
  }
  r->report->rows++;
  TRY(read_own(r, fields, row, &grade));
  TRY(check_key(r, fields, row));
  TRY(note_same(r, cells, count, row));
  TRY(read_counts(r, cells, count, row));
  return r->series_count ? hand_out(r, fields, grade, row) : hand_row(r, fields, row);
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
    if (count == 0) break;
    TRY(read_row(r, cells, count, row));
  }
  return r->report->rows ? ERR_OK : err_set(r->info, ERR_INPUT, "the file has headings and no rows; is it whole?");
}

Err official_read_sheet(const Dataset *dataset, Sheet *sheet, const OfficialOptions *options, OfficialSink sink, void *context,
                        OfficialReport *report, ErrInfo *info) {
  *report = (OfficialReport){0};
  Reader *r = mem_alloc0(1, sizeof *r);
  if (!r) return err_set(info, ERR_MEMORY, "out of memory");
  r->dataset = dataset;
  r->fields = dataset_fields(dataset, &r->field_count);
  r->series = dataset_series(dataset, &r->series_count);
  r->suppressed = dataset_suppressed(dataset, &r->suppressed_count);
  r->period_field = r->school_year = r->school_grade = -1;
  r->sink = sink;
  r->context = context;
  r->report = report;
  r->info = info;
  r->period = options ? options->period : STR_NONE;
  for (size_t f = 0; f < OFFICIAL_FIELDS; f++) r->field_column[f] = SIZE_MAX;
  arena_init(&r->arena, 0);
  map_init(&r->keys, &r->arena);
  Err err = read_sheet(r, sheet);
  arena_clear(&r->arena);
  mem_free(r);
  return err;
}

Err official_read(const Dataset *dataset, const char *path, const OfficialOptions *options, OfficialSink sink, void *context,
                  OfficialReport *report, ErrInfo *info) {
  Sheet *sheet;
  *report = (OfficialReport){0};
  TRY(sheet_open(&sheet, path, options ? options->limits : NULL, info));
  Err err = official_read_sheet(dataset, sheet, options, sink, context, report, info);
  sheet_close(sheet);
  if (err != ERR_OK) err_at(info, file_name(path), NULL, 0, NULL);
  return err;
}
