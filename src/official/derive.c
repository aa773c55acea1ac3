/* SPDX-License-Identifier: EUPL-1.2 */
#include "official/derive.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/map.h"
#include "base/text.h"

enum { FIELD_MEASURE = 100, FIELD_SEX, FIELD_GRADE, FIELD_PERIOD_KIND, ALTERNATIVES = 64, AREAS = 4, KEY_BYTES = 4096 };

typedef struct Folded { Str text, folded; } Folded;

typedef struct Condition {
  int field;                 /* of the dataset, or FIELD_... */
  Str alternatives[ALTERNATIVES];  /* folded */
  size_t count;
  DerivePart part;
  const Folded *last;        /* the text seen last, with what came of it: many rows have the same text one after another */
  bool last_held;
  size_t last_at;            /* the alternative it was */
  bool met[ALTERNATIVES];    /* by a fact that counts for the part */
  struct Condition *next;
} Condition;

typedef struct Indicator {
  Str code;
  Condition *conditions;
  bool has[DERIVE_PARTS];
  unsigned row_parts;        /* bit per part: its conditions on the fields hold in this row */
  unsigned row_met;          /* bit per part: what of them held is noted in `met` */
  bool by_kind;              /* a condition asks for the kind of period */
  bool counted[DERIVE_PARTS];   /* a number did */
  int missing;               /* a field asked for that the file has no column for; -1 */
  char reference_day[6];     /* "01-01": a year's number was counted on that day; "" for the year as a whole */
  struct Indicator *next;
} Indicator;

/* What one indicator knows of one column of numbers: in nearly all rows these are the same. */
typedef struct Slot {
  Str measure, sex;          /* what `parts` holds for; measure.ptr NULL: nothing yet */
  int grade;
  OfficialPeriodKind kind;
  unsigned parts;            /* bit per part: its conditions on measure, sex, grade and kind of period hold */
  unsigned met;              /* bit per part: what of them held is noted in `met` */
  size_t result;             /* where the last number went; SIZE_MAX: nowhere yet */
} Slot;

struct Derive {
  Arena *arena;
  const Dataset *dataset;
  int areas[AREAS];          /* fields; the first that is not empty is the area */
  size_t area_count;
  Indicator *first, *last;
  size_t indicators;
  Slot *slots;               /* slots[column * indicators + indicator] */
  size_t slot_columns;
  Str area;                  /* of the row whose facts come in */
  size_t area_field;         /* among `areas` */
  Map by_key;                /* "indicator\x1ffield\x1farea\x1fperiod" -> result index */
  Map folded;                /* text of a field -> Folded: the same few texts come thousands of times */
  DeriveResult *results;
  size_t count, cap;
};

Err derive_new(Derive **out, Arena *arena, const Dataset *dataset, Str area_field, ErrInfo *info) {
  Derive *d = ARENA_NEW(arena, Derive);
  *out = d;
  if (!d) return err_set(info, ERR_MEMORY, "out of memory");
  d->arena = arena;
  d->dataset = dataset;
  map_init(&d->by_key, arena);
  map_init(&d->folded, arena);
  return derive_area_else(d, area_field, info);
}

Err derive_area_else(Derive *d, Str area_field, ErrInfo *info) {
  int field = dataset_field(d->dataset, area_field);
  if (field < 0)
    return err_set(info, ERR_NOT_FOUND, "%s has no field '" STR_FMT "'", dataset_code(d->dataset), STR_ARG(area_field));
  if (d->area_count == AREAS) return err_set(info, ERR_LIMIT, "more than %d fields of areas", AREAS);
  d->areas[d->area_count++] = field;
  return ERR_OK;
}

static Indicator *indicator_get(Derive *d, Str code) {
  for (Indicator *i = d->first; i; i = i->next)
    if (str_eq(i->code, code)) return i;
  Indicator *made = ARENA_NEW(d->arena, Indicator);
  if (!made) return NULL;
  made->code = code;
  made->missing = -1;
  d->indicators++;
  if (d->last) d->last->next = made;
  else d->first = made;
  d->last = made;
  return made;
}

static int field_of(const Derive *d, Str field) {
  if (str_eq(field, S("measure"))) return FIELD_MEASURE;
  if (str_eq(field, S("sex"))) return FIELD_SEX;
  if (str_eq(field, S("grade"))) return FIELD_GRADE;
  if (str_eq(field, S("period_kind"))) return FIELD_PERIOD_KIND;
  return dataset_field(d->dataset, field);
}

/* The day of the year at which a year's number was counted. A leap year tells of any such day whether it exists. */
static Err set_reference_day(Indicator *i, Str match, ErrInfo *info) {
  char text[DAY_TEXT];
  Day day;
  snprintf(text, sizeof text, "2020-" STR_FMT, STR_ARG(match));
  if (match.len != 5 || !day_parse_iso(str_from(text), &day) || str_eq(match, S("02-29")))
    return err_set(info, ERR_INPUT, "indicator " STR_FMT ": reference_day is '" STR_FMT "'; expected a month and a day that every year has, as 01-01",
                   STR_ARG(i->code), STR_ARG(match));
  memcpy(i->reference_day, match.ptr, match.len);
  return ERR_OK;
}

Err derive_rule(Derive *d, Str indicator, DerivePart part, Str field, Str match, ErrInfo *info) {
  Condition *c = ARENA_NEW(d->arena, Condition);
  Indicator *i = indicator_get(d, indicator);
  if (!c || !i) return err_set(info, ERR_MEMORY, "out of memory");
  if (str_eq(field, S("reference_day"))) return set_reference_day(i, match, info);
  c->field = field_of(d, field);
  c->part = part;
  if (c->field < 0)
    return err_set(info, ERR_INPUT, "%s has no field '" STR_FMT "'%s", dataset_code(d->dataset), STR_ARG(field),
                   str_ends(field, S(".title")) ? "; the list of codes that tells the titles is not among the files" : "");
  Str one;
  while (str_cut(&match, '|', &one)) {
    if (c->count == ALTERNATIVES) return err_set(info, ERR_LIMIT, "more than %d alternatives", ALTERNATIVES);
    Str folded = text_folded(d->arena, one);
    if (!folded.ptr) return err_set(info, ERR_MEMORY, "out of memory");
    if (folded.len == 0) return err_set(info, ERR_INPUT, STR_FMT ": an empty alternative for " STR_FMT, STR_ARG(indicator), STR_ARG(field));
    c->alternatives[c->count++] = folded;
  }
  c->next = i->conditions;
  i->conditions = c;
  i->by_kind |= c->field == FIELD_PERIOD_KIND;
  i->has[part] = true;
  return ERR_OK;
}

Err derive_check(const Derive *d, ErrInfo *info) {
  for (const Indicator *i = d->first; i; i = i->next)
    if (!i->has[DERIVE_NUMERATOR])
      return err_set(info, ERR_INPUT, "indicator " STR_FMT " has no rule for its numerator", STR_ARG(i->code));
  return ERR_OK;
}

static Str field_name(const Derive *d, int field) {
  if (field < FIELD_MEASURE) return dataset_field_name(d->dataset, field);
  return field == FIELD_MEASURE ? S("measure") : field == FIELD_SEX ? S("sex") : field == FIELD_GRADE ? S("grade") : S("period_kind");
}

Err derive_check_met(const Derive *d, ErrInfo *info) {
  for (const Indicator *i = d->first; i; i = i->next)
    for (const Condition *c = i->conditions; c; c = c->next)
      for (size_t a = 0; a < c->count; a++)
        if (!c->met[a])
          return err_set(info, ERR_INPUT, "indicator " STR_FMT ": nothing with " STR_FMT " '" STR_FMT "' counts %s the line; its figures would lack that part. "
                         "Give all files of the table, or correct the derivation", STR_ARG(i->code), STR_ARG(field_name(d, c->field)),
                         STR_ARG(c->alternatives[a]), c->part == DERIVE_NUMERATOR ? "above" : "below");
  return ERR_OK;
}

/* `*` is anything, also nothing. */
static bool glob(Str pattern, Str text) {
  size_t p = 0, t = 0, star = STR_NPOS, mark = 0;
  while (t < text.len) {
    if (p < pattern.len && pattern.ptr[p] == '*') {
      star = p++;
      mark = t;
    } else if (p < pattern.len && pattern.ptr[p] == text.ptr[t]) {
      p++;
      t++;
    } else if (star != STR_NPOS) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.len && pattern.ptr[p] == '*') p++;
  return p == pattern.len;
}

static Err folded_get(Derive *d, Str text, const Folded **out) {
  void *known;
  if (!map_get(&d->folded, text, &known)) {
    Folded *value = ARENA_NEW(d->arena, Folded);
    if (!value) return ERR_MEMORY;
    *value = (Folded){arena_str(d->arena, text), text_folded(d->arena, text)};
    if (!value->text.ptr || !value->folded.ptr) return ERR_MEMORY;
    TRY(map_set(&d->folded, value->text, value));
    known = value;
  }
  *out = known;
  return ERR_OK;
}

static Err holds(Derive *d, Condition *c, Str text, bool *yes) {
  if (!c->last || !str_eq(c->last->text, text)) {
    TRY(folded_get(d, text, &c->last));
    c->last_held = false;
    for (size_t i = 0; i < c->count && !c->last_held; i++) c->last_held = glob(c->alternatives[c->last_at = i], c->last->folded);
  }
  *yes = c->last_held;
  return ERR_OK;
}

static unsigned all_parts(const Indicator *i) {
  unsigned parts = 0;
  for (unsigned part = 0; part < DERIVE_PARTS; part++) parts |= i->has[part] ? 1u << part : 0;
  return parts;
}

/* The parts of an indicator whose conditions on the row hold: none when the file lacks a column that one asks for. */
static Err take_row(Derive *d, Indicator *i, const OfficialFact *fact) {
  i->row_parts = all_parts(i);
  i->row_met = 0;
  for (Condition *c = i->conditions; c; c = c->next) {
    if (c->field >= FIELD_MEASURE) continue;
    bool yes = false;
    if (!fact->fields[c->field].ptr) {
      i->missing = c->field;
      i->row_parts = 0;
      return ERR_OK;
    }
    if (i->row_parts & 1u << c->part) TRY(holds(d, c, fact->fields[c->field], &yes));
    if (!yes) i->row_parts &= ~(1u << c->part);
  }
  return ERR_OK;
}

static Err take_rows(Derive *d, const OfficialFact *fact) {
  d->area_field = 0;
  while (d->area_field + 1 < d->area_count && fact->fields[d->areas[d->area_field]].len == 0) d->area_field++;
  d->area = fact->fields[d->areas[d->area_field]];
  for (Indicator *i = d->first; i; i = i->next) TRY(take_row(d, i, fact));
  return ERR_OK;
}

static Err add_slots(Derive *d, size_t columns) {
  size_t old = d->slot_columns * d->indicators, all = columns * d->indicators;
  Slot *more = arena_grow(d->arena, d->slots, old * sizeof *more, all * sizeof *more);
  if (!more) return ERR_MEMORY;
  for (size_t s = old; s < all; s++) more[s] = (Slot){.measure = STR_NONE, .result = SIZE_MAX};
  d->slots = more;
  d->slot_columns = columns;
  return ERR_OK;
}

/* The kind of a fact's period; school years are by far the most, and only who asks for a kind needs to know. */
static OfficialPeriodKind kind_of(const Indicator *i, const OfficialFact *fact) {
  OfficialPeriodKind kind = OFFICIAL_SCHOOL_YEAR;
  Day last;
  return i->by_kind && official_period(fact->period, &kind, &last) ? kind : OFFICIAL_SCHOOL_YEAR;
}

static bool known_column(const Slot *slot, const OfficialFact *fact, OfficialPeriodKind kind) {
  return slot->measure.ptr && slot->grade == fact->grade && slot->kind == kind && str_eq(slot->measure, fact->measure) && str_eq(slot->sex, fact->sex);
}

/* The text of a fact that a condition on its column is about. */
static Str column_text(const Condition *c, const OfficialFact *fact, OfficialPeriodKind kind) {
  static const char digits[] = "0123456789";
  switch (c->field) {
  case FIELD_MEASURE: return fact->measure;
  case FIELD_SEX: return fact->sex.len ? fact->sex : S("none");
  case FIELD_GRADE: return (Str){digits + fact->grade, 1};
  default: return str_from(official_period_kind_name(kind));
  }
}

/* The parts of an indicator whose conditions on measure, sex, grade and kind of period hold for the fact's column. */
static Err take_column(Derive *d, const Indicator *i, Slot *slot, const OfficialFact *fact) {
  OfficialPeriodKind kind = kind_of(i, fact);
  if (known_column(slot, fact, kind)) return ERR_OK;
  *slot = (Slot){.measure = arena_str(d->arena, fact->measure), .sex = arena_str(d->arena, fact->sex), .grade = fact->grade,
                 .kind = kind, .parts = all_parts(i), .result = slot->result};
  if (!slot->measure.ptr || !slot->sex.ptr) return ERR_MEMORY;
  for (Condition *c = i->conditions; c; c = c->next) {
    bool yes;
    if (c->field < FIELD_MEASURE) continue;
    TRY(holds(d, c, column_text(c, fact, kind), &yes));
    if (!yes) slot->parts &= ~(1u << c->part);
  }
  return ERR_OK;
}

/* The period of the result: the fact's own, or the day in that year at which was counted. */
static Str period_of(const Indicator *i, const OfficialFact *fact, char text[DAY_TEXT + 8]) {
  OfficialPeriodKind kind;
  Day last;
  if (!i->reference_day[0] || !official_period(fact->period, &kind, &last) || kind != OFFICIAL_CALENDAR_YEAR) return fact->period;
  snprintf(text, DAY_TEXT + 8, STR_FMT "-%s", STR_ARG(fact->period), i->reference_day);
  return str_from(text);
}

static Err result_new(Derive *d, const Indicator *i, Str period, Str key) {
  if (d->count == d->cap) {
    size_t cap = d->cap ? d->cap * 2 : 64;
    DeriveResult *more = arena_grow(d->arena, d->results, d->count * sizeof *more, cap * sizeof *more);
    if (!more) return ERR_MEMORY;
    d->results = more;
    d->cap = cap;
  }
  DeriveResult *r = &d->results[d->count];
  Str kept = arena_str(d->arena, key);
  *r = (DeriveResult){.indicator = i->code, .area_field = d->area_field, .area = arena_str(d->arena, d->area),
                      .period = arena_str(d->arena, period)};
  if (!kept.ptr || !r->area.ptr || !r->period.ptr) return ERR_MEMORY;
  TRY(map_set_index(&d->by_key, kept, d->count));
  d->count++;
  return ERR_OK;
}

/* Where the numbers of an indicator, this row's area and the fact's period are added up. */
static Err result_get(Derive *d, const Indicator *i, Str period, size_t *at) {
  Buf text;
  buf_init(&text, KEY_BYTES);
  buf_str(&text, i->code);
  buf_char(&text, '\x1f');
  buf_int(&text, (int64_t)d->area_field);
  buf_char(&text, '\x1f');
  buf_str(&text, d->area);
  buf_char(&text, '\x1f');
  buf_str(&text, period);
  Err err = buf_err(&text);
  if (err == ERR_OK && !map_get_index(&d->by_key, buf_view(&text), at)) {
    *at = d->count;
    err = result_new(d, i, period, buf_view(&text));
  }
  buf_clear(&text);
  return err;
}

static bool goes_there(const Derive *d, size_t at, Str period) {
  if (at == SIZE_MAX) return false;
  const DeriveResult *r = &d->results[at];
  return r->area_field == d->area_field && str_eq(r->area, d->area) && str_eq(r->period, period);
}

static void add_number(Bounded *sum, const OfficialFact *fact) {
  sum->low += fact->low;
  sum->middle += 0.5 * (fact->low + fact->high);
  sum->high += fact->high;
}

/* Notes which alternatives a fact met that counts for these parts: once per row and once per column. */
static Err note_met(Derive *d, Indicator *i, Slot *slot, const OfficialFact *fact, unsigned parts) {
  unsigned row = parts & ~i->row_met, column = parts & ~slot->met;
  for (Condition *c = row | column ? i->conditions : NULL; c; c = c->next) {
    bool yes = true, of_row = c->field < FIELD_MEASURE;
    if (!((of_row ? row : column) & 1u << c->part)) continue;
    if (!of_row) TRY(holds(d, c, column_text(c, fact, slot->kind), &yes));
    if (yes) c->met[c->last_at] = true;
  }
  i->row_met |= parts;
  slot->met |= parts;
  return ERR_OK;
}

static Err count_in(Derive *d, Indicator *i, Slot *slot, const OfficialFact *fact, unsigned parts) {
  TRY(note_met(d, i, slot, fact, parts));
  char day[DAY_TEXT + 8];
  Str period = period_of(i, fact, day);
  if (!goes_there(d, slot->result, period)) TRY(result_get(d, i, period, &slot->result));
  DeriveSums *sums = &d->results[slot->result].sums;
  bool above = parts & 1u << DERIVE_NUMERATOR, below = parts & 1u << DERIVE_DENOMINATOR;
  i->counted[DERIVE_NUMERATOR] |= above;
  i->counted[DERIVE_DENOMINATOR] |= below;
  if (above) add_number(&sums->numerator, fact);
  if (below) add_number(&sums->denominator, fact);
  if (below && !above) add_number(&sums->rest, fact);
  sums->cells++;
  sums->suppressed += fact->state == COUNT_SUPPRESSED;
  sums->missing += fact->state == COUNT_EMPTY;
  sums->provisional += fact->provisional;
  return ERR_OK;
}

Err derive_take(void *context, const OfficialFact *fact) {
  Derive *d = context;
  if (!fact->same_row) TRY(take_rows(d, fact));
  if (fact->column >= d->slot_columns) TRY(add_slots(d, fact->column + 1));
  Slot *slot = d->slots + fact->column * d->indicators;
  for (Indicator *i = d->first; i; i = i->next, slot++) {
    if (!i->row_parts) continue;
    TRY(take_column(d, i, slot, fact));
    unsigned parts = i->row_parts & slot->parts;
    if (parts) TRY(count_in(d, i, slot, fact, parts));
  }
  return ERR_OK;
}

static bool nothing_above(const Indicator *i) {
  return !i->counted[DERIVE_NUMERATOR] && (i->counted[DERIVE_DENOMINATOR] || !i->has[DERIVE_DENOMINATOR]);
}

bool derive_missing(const Derive *d, size_t index, Str *indicator, Str *field) {
  for (const Indicator *i = d->first; i; i = i->next) {
    if ((i->missing < 0 && !nothing_above(i)) || index-- > 0) continue;
    *indicator = i->code;
    *field = i->missing < 0 ? STR_NONE : dataset_field_name(d->dataset, i->missing);
    return true;
  }
  return false;
}

bool derive_made(const Derive *d, Str indicator) {
  for (const Indicator *i = d->first; i; i = i->next)
    if (str_eq(i->code, indicator)) return !nothing_above(i);
  return false;
}

static void add_bounded(Bounded *sum, const Bounded *more) {
  sum->low += more->low;
  sum->middle += more->middle;
  sum->high += more->high;
}

void derive_add(DeriveSums *sum, const DeriveSums *more) {
  add_bounded(&sum->numerator, &more->numerator);
  add_bounded(&sum->rest, &more->rest);
  add_bounded(&sum->denominator, &more->denominator);
  sum->cells += more->cells;
  sum->suppressed += more->suppressed;
  sum->missing += more->missing;
  sum->provisional += more->provisional;
}

static Bounded scaled(const Bounded *b, double weight) { return (Bounded){b->low * weight, b->middle * weight, b->high * weight}; }

DeriveSums derive_scaled(const DeriveSums *s, double weight) {
  DeriveSums part = *s;
  part.numerator = scaled(&s->numerator, weight);
  part.rest = scaled(&s->rest, weight);
  part.denominator = scaled(&s->denominator, weight);
  return part;
}

/* (both + above) / (both + below); 0 when nothing is below. */
static double share_of(double both, double above, double below) { return both + below > 0 ? (both + above) / (both + below) : 0; }

/* Numbers above and below the line are in it twice, as one and the same number. What is above alone pulls the share up, what is
 * below alone pulls it down, and what is both pulls it towards 1: its least is at one of its ends, and so is its most. */
bool derive_share(const DeriveSums *s, Bounded *share) {
  if (!(s->denominator.middle > 0)) return false;
  double least = s->denominator.low - s->rest.low, most = s->denominator.high - s->rest.high;
  double above_least = s->numerator.low - least, above_most = s->numerator.high - most;
  *share = (Bounded){.middle = s->numerator.middle / s->denominator.middle,
                     .low = fmin(share_of(least, above_least, s->rest.high), share_of(most, above_least, s->rest.high)),
                     .high = fmax(share_of(least, above_most, s->rest.low), share_of(most, above_most, s->rest.low))};
  return true;
}

size_t derive_count(const Derive *d) { return d->count; }
const DeriveResult *derive_at(const Derive *d, size_t index) { return &d->results[index]; }
