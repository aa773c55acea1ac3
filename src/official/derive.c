/* SPDX-License-Identifier: EUPL-1.2 */
#include "official/derive.h"

#include <string.h>

#include "base/map.h"
#include "base/text.h"

enum { FIELD_MEASURE = 100, FIELD_SEX, FIELD_GRADE, ALTERNATIVES = 64, KEY_BYTES = 4096 };

typedef struct Condition {
  int field;                 /* of the dataset, or FIELD_... */
  Str alternatives[ALTERNATIVES];  /* folded */
  size_t count;
  DerivePart part;
  const struct Folded *last; /* the text seen last, with what came of it: the facts of one row come one after another */
  bool last_held;
  struct Condition *next;
} Condition;

typedef struct Folded { Str text, folded; } Folded;

typedef struct Indicator {
  Str code;
  Condition *conditions;
  bool has[DERIVE_PARTS];
  struct Indicator *next;
} Indicator;

struct Derive {
  Arena *arena;
  const Dataset *dataset;
  int area;
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
  d->area = dataset_field(dataset, area_field);
  map_init(&d->by_key, arena);
  map_init(&d->folded, arena);
  if (d->area < 0)
    return err_set(info, ERR_NOT_FOUND, "%s has no field '" STR_FMT "'", dataset_code(dataset), STR_ARG(area_field));
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
  return dataset_field(d->dataset, field);
}

Err derive_rule(Derive *d, Str indicator, DerivePart part, Str field, Str match, ErrInfo *info) {
  Condition *c = ARENA_NEW(d->arena, Condition);
  Indicator *i = indicator_get(d, indicator);
  if (!c || !i) return err_set(info, ERR_MEMORY, "out of memory");
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

static Err holds(Derive *d, Condition *c, const OfficialFact *fact, bool *yes) {
  char grade[2] = {(char)('0' + fact->grade), '\0'};
  Str text = c->field == FIELD_MEASURE ? fact->measure : c->field == FIELD_SEX ? fact->sex
             : c->field == FIELD_GRADE ? (Str){grade, 1} : fact->fields[c->field];
  if (!c->last || !str_eq(c->last->text, text)) {
    TRY(folded_get(d, text, &c->last));
    c->last_held = false;
    for (size_t i = 0; i < c->count && !c->last_held; i++) c->last_held = glob(c->alternatives[i], c->last->folded);
  }
  *yes = c->last_held;
  return ERR_OK;
}

static Err part_holds(Derive *d, const Indicator *i, DerivePart part, const OfficialFact *fact, bool *yes) {
  *yes = i->has[part];
  for (Condition *c = i->conditions; c && *yes; c = c->next)
    if (c->part == part) TRY(holds(d, c, fact, yes));
  return ERR_OK;
}

static Err result_get(Derive *d, const Indicator *i, const OfficialFact *fact, DeriveResult **out) {
  Str area = fact->fields[d->area];
  Buf text;
  buf_init(&text, KEY_BYTES);
  buf_printf(&text, STR_FMT "\x1f" STR_FMT "\x1f" STR_FMT, STR_ARG(i->code), STR_ARG(area), STR_ARG(fact->period));
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
  *r = (DeriveResult){.indicator = i->code, .area = arena_str(d->arena, area), .period = arena_str(d->arena, fact->period)};
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
