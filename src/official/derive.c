/* SPDX-License-Identifier: EUPL-1.2 */
#include "official/derive.h"

#include <stdio.h>
#include <string.h>

#include "base/map.h"
#include "base/text.h"
#include "official/dataset.h"

enum { FIELD_MEASURE = 100, FIELD_SEX, FIELD_GRADE, FIELD_PERIOD_KIND, ALTERNATIVES = 64, AREAS = 4, KEY_BYTES = 4096 };

typedef struct Condition {
  int field;                 /* of the dataset, or FIELD_... */
  Str alternatives[ALTERNATIVES];  /* folded */
  size_t count;
  DerivePart part;
  const struct Folded *last; /* the text seen last, with what came of it: the facts of one row come one after another */
  bool last_held;
  size_t last_at;            /* the alternative it was */
  bool met[ALTERNATIVES];    /* by a fact that counts for the part */
  struct Condition *next;
} Condition;

typedef struct Folded { Str text, folded; } Folded;

typedef struct Indicator {
  Str code;
  Condition *conditions;
  bool has[DERIVE_PARTS];
  char reference_day[6];     /* "01-01": a year's number was counted on that day; "" for the year as a whole */
  struct Indicator *next;
} Indicator;

struct Derive {
  Arena *arena;
  const Dataset *dataset;
  int areas[AREAS];          /* fields; the first that is not empty is the area */
  size_t area_count;
  Indicator *first, *last;
  Map by_key;                /* "indicator\x1farea\x1fperiod" -> result index */
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
    return err_set(info, ERR_INPUT, "%s has no field '" STR_FMT "'", dataset_code(d->dataset), STR_ARG(field));
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
  i->has[part] = true;
  return ERR_OK;
}

Err derive_check(const Derive *d, ErrInfo *info) {
  for (const Indicator *i = d->first; i; i = i->next)
    if (!i->has[DERIVE_NUMERATOR])
      return err_set(info, ERR_INPUT, "indicator " STR_FMT " has no rule for its numerator", STR_ARG(i->code));
  return ERR_OK;
}

static const char *field_name(const Derive *d, int field) {
  size_t count;
  const DatasetField *fields = dataset_fields(d->dataset, &count);
  if (field >= 0 && (size_t)field < count) return fields[field].name;
  return field == FIELD_MEASURE ? "measure" : field == FIELD_SEX ? "sex" : field == FIELD_GRADE ? "grade" : "period_kind";
}

Err derive_check_met(const Derive *d, ErrInfo *info) {
  for (const Indicator *i = d->first; i; i = i->next)
    for (const Condition *c = i->conditions; c; c = c->next)
      for (size_t a = 0; a < c->count; a++)
        if (!c->met[a])
          return err_set(info, ERR_INPUT, "indicator " STR_FMT ": nothing with %s '" STR_FMT "' counts %s the line; its figures would lack that part. "
                         "Give all files of the table, or correct the derivation", STR_ARG(i->code), field_name(d, c->field),
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

/* The text of a fact that a condition is about. */
static Str text_of(const Condition *c, const OfficialFact *fact) {
  static const char digits[] = "0123456789";
  OfficialPeriodKind kind;
  Day last;
  switch (c->field) {
  case FIELD_MEASURE: return fact->measure;
  case FIELD_SEX: return fact->sex;
  case FIELD_GRADE: return (Str){digits + fact->grade, 1};
  case FIELD_PERIOD_KIND: return official_period(fact->period, &kind, &last) ? str_from(official_period_kind_name(kind)) : S("");
  default: return fact->fields[c->field];
  }
}

static Err holds(Derive *d, Condition *c, const OfficialFact *fact, bool *yes) {
  Str text = text_of(c, fact);
  if (!c->last || !str_eq(c->last->text, text)) {
    TRY(folded_get(d, text, &c->last));
    c->last_held = false;
    for (size_t i = 0; i < c->count && !c->last_held; i++) c->last_held = glob(c->alternatives[c->last_at = i], c->last->folded);
  }
  *yes = c->last_held;
  return ERR_OK;
}

static Err part_holds(Derive *d, const Indicator *i, DerivePart part, const OfficialFact *fact, bool *yes) {
  *yes = i->has[part];
  for (Condition *c = i->conditions; c && *yes; c = c->next)
    if (c->part == part) TRY(holds(d, c, fact, yes));
  for (Condition *c = i->conditions; c && *yes; c = c->next)
    if (c->part == part) c->met[c->last_at] = true;
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

static Err result_get(Derive *d, const Indicator *i, const OfficialFact *fact, DeriveResult **out) {
  size_t field = 0;
  while (field + 1 < d->area_count && fact->fields[d->areas[field]].len == 0) field++;
  char day[DAY_TEXT + 8];
  Str area = fact->fields[d->areas[field]], period = period_of(i, fact, day);
  Buf text;
  buf_init(&text, KEY_BYTES);
  buf_printf(&text, STR_FMT "\x1f%zu\x1f" STR_FMT "\x1f" STR_FMT, STR_ARG(i->code), field, STR_ARG(area), STR_ARG(period));
  if (buf_err(&text)) {
    Err err = buf_err(&text);
    buf_clear(&text);
    return err;
  }
  size_t at;
  if (map_get_index(&d->by_key, buf_view(&text), &at)) {
    buf_clear(&text);
    *out = &d->results[at];
    return ERR_OK;
  }
  Str kept = arena_str(d->arena, buf_view(&text));
  buf_clear(&text);
  if (d->count == d->cap) {
    size_t cap = d->cap ? d->cap * 2 : 64;
    DeriveResult *more = arena_grow(d->arena, d->results, d->count * sizeof *more, cap * sizeof *more);
    if (!more) return ERR_MEMORY;
    d->results = more;
    d->cap = cap;
  }
  DeriveResult *r = &d->results[d->count];
  *r = (DeriveResult){.indicator = i->code, .area = arena_str(d->arena, area), .period = arena_str(d->arena, period), .area_field = field};
  if (!kept.ptr || !r->area.ptr || !r->period.ptr) return ERR_MEMORY;
  TRY(map_set_index(&d->by_key, kept, d->count));
  d->count++;
  *out = r;
  return ERR_OK;
}

static void add_number(Bounded *sum, const OfficialFact *fact) {
  sum->low += fact->low;
  sum->middle += 0.5 * (fact->low + fact->high);
  sum->high += fact->high;
}

Err derive_take(void *context, const OfficialFact *fact) {
  Derive *d = context;
  for (const Indicator *i = d->first; i; i = i->next) {
    bool above, below;
    TRY(part_holds(d, i, DERIVE_NUMERATOR, fact, &above));
    TRY(part_holds(d, i, DERIVE_DENOMINATOR, fact, &below));
    if (!above && !below) continue;
    DeriveResult *r = NULL;
    TRY(result_get(d, i, fact, &r));
    if (above) add_number(&r->sums.numerator, fact);
    if (below) add_number(&r->sums.denominator, fact);
    if (below && !above) add_number(&r->sums.rest, fact);
    r->sums.cells++;
    r->sums.suppressed += fact->state == COUNT_SUPPRESSED;
    r->sums.missing += fact->state == COUNT_EMPTY;
    r->sums.provisional += fact->provisional;
  }
  return ERR_OK;
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

bool derive_share(const DeriveSums *s, Bounded *share) {
  if (!(s->denominator.middle > 0)) return false;
  *share = (Bounded){.middle = s->numerator.middle / s->denominator.middle,
                     .low = s->numerator.low / (s->numerator.low + s->rest.high),
                     .high = s->numerator.high / (s->numerator.high + s->rest.low)};
  if (!(s->numerator.low + s->rest.high > 0)) share->low = 0;
  return true;
}

size_t derive_count(const Derive *d) { return d->count; }
const DeriveResult *derive_at(const Derive *d, size_t index) { return &d->results[index]; }
