/* SPDX-License-Identifier: EUPL-1.2 */
/* One pass over the rules of checks.def: every finding is counted, and listed up to the limit. */
#include "pact/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "store/vals.h"

typedef struct Rule {
  const char *code;
  const char *kind;
  const char *query;    /* NULL: a fact of actions */
  const char *text;
  const char *message;
} Rule;

static const Rule RULES[] = {
#define FACT(code_, text_, message_) {"action-" code_, "missing", NULL, text_, message_},
#define CHECK(code_, kind_, query_, text_, message_) {code_, kind_, query_, text_, message_},
#include "pact/checks.def"
#undef FACT
#undef CHECK
};
enum { RULES_COUNT = sizeof RULES / sizeof *RULES };

static const char *const FACTS[] = {
#define FACT(code_, text_, message_) code_,
#define CHECK(...)
#include "pact/checks.def"
#undef FACT
#undef CHECK
};
enum { FACTS_COUNT = sizeof FACTS / sizeof *FACTS };

/* Columns of every query of a rule. */
enum { RESOURCE, CODE, TITLE, FIELD, FOUND, OWNER, OWNER_NAME, STATEMENT };
/* Columns of check_action_facts before the facts. */
enum { ACTION_CODE, ACTION_TITLE, ACTION_OWNER, ACTION_OWNER_NAME, ACTION_FACTS };

static const char *const KINDS[] = {"missing", "inconsistent", "assumed"};
enum { KINDS_COUNT = 3 };

typedef struct OwnerCount {
  Str code, name;        /* ptr NULL: without owner */
  int64_t count[KINDS_COUNT];
} OwnerCount;

typedef struct Check {
  Vals v;
  const CheckFilter *filter;
  size_t limit;
  Val *findings;
  int64_t by_rule[RULES_COUNT];
  int64_t by_kind[KINDS_COUNT];
  Map owners;            /* code -> OwnerCount */
  OwnerCount **owner_list;
  size_t owner_count, owner_cap;
} Check;

/* A finding while its row is read; texts are borrowed from the row. */
typedef struct Finding {
  Str resource, code, title, field, found, owner, owner_name, statement;
} Finding;

static int kind_index(const char *kind) {
  for (int k = 0; k < KINDS_COUNT; k++)
    if (strcmp(KINDS[k], kind) == 0) return k;
  return 0;
}

static bool wanted(const Check *c, const Finding *f) {
  const CheckFilter *w = c->filter;
  if (w->owner.ptr && str_eq(w->owner, S("-"))) {
    if (f->owner.ptr || !str_starts(f->resource, S("action"))) return false;
  } else if (w->owner.ptr && !str_eq(w->owner, f->owner)) {
    return false;
  }
  if (!w->code.ptr) return true;
  return str_starts(f->code, w->code) && (f->code.len == w->code.len || f->code.ptr[w->code.len] == '|');
}

static Err owner_of(Check *c, const Finding *f, OwnerCount **out) {
  Arena *arena = c->v.arena;
  void *found = NULL;
  if (map_get(&c->owners, f->owner, &found)) {
    *out = found;
    return ERR_OK;
  }
  OwnerCount *owner = ARENA_NEW(arena, OwnerCount);
  if (!owner) return vals_no_memory(&c->v);
  if (f->owner.ptr) *owner = (OwnerCount){.code = arena_str(arena, f->owner), .name = arena_str(arena, f->owner_name)};
  if (c->owner_count == c->owner_cap) {
    size_t cap = c->owner_cap ? c->owner_cap * 2 : 32;
    OwnerCount **grown = arena_grow(arena, c->owner_list, c->owner_cap * sizeof *grown, cap * sizeof *grown);
    if (!grown) return vals_no_memory(&c->v);
    c->owner_list = grown;
    c->owner_cap = cap;
  }
  if (map_set(&c->owners, owner->code, owner) != ERR_OK) return vals_no_memory(&c->v);
  c->owner_list[c->owner_count++] = owner;
  *out = owner;
  return ERR_OK;
}

static void set_copy(const Check *c, Val *map, const char *key, Str text) {
  val_set_str(c->v.arena, map, key, text.ptr ? arena_str(c->v.arena, text) : STR_NONE);
}

static void set_owner(Arena *arena, Val *map, const OwnerCount *owner) {
  if (!owner->code.ptr) {
    val_set_null(arena, map, "owner");
    return;
  }
  Val *reference = val_set_map(arena, map, "owner");
  val_set_str(arena, reference, "code", owner->code);
  val_set_str(arena, reference, "label", owner->name);
}

static Err add(Check *c, size_t rule, const Finding *f) {
  OwnerCount *owner = NULL;
  Arena *arena = c->v.arena;
  int kind = kind_index(RULES[rule].kind);
  if (!wanted(c, f)) return ERR_OK;
  c->by_rule[rule]++;
  c->by_kind[kind]++;
  TRY(owner_of(c, f, &owner));
  owner->count[kind]++;
  if (c->findings->as.list.count >= c->limit) return ERR_OK;
  Val *one = val_push_map(arena, c->findings);
  if (!one) return vals_no_memory(&c->v);
  val_set_str(arena, one, "kind", str_from(RULES[rule].kind));
  val_set_str(arena, one, "check", str_from(RULES[rule].code));
  set_copy(c, one, "resource", f->resource);
  set_copy(c, one, "code", f->code);
  set_copy(c, one, "title", f->title);
  set_copy(c, one, "field", f->field);
  set_copy(c, one, "found", f->found);
  set_owner(arena, one, owner);
  val_set_str(arena, one, "text", str_from(RULES[rule].text));
  val_set_str(arena, one, "message", str_from(RULES[rule].message));
  set_copy(c, one, "statement", f->statement);
  return ERR_OK;
}

static Err take_facts(Check *c, const Rows *rows) {
  Finding f = {.resource = S("action"), .code = rows_str(rows, ACTION_CODE), .title = rows_str(rows, ACTION_TITLE),
               .owner = rows_str(rows, ACTION_OWNER), .owner_name = rows_str(rows, ACTION_OWNER_NAME)};
  /* facts are the first rules of the table */
  for (size_t i = 0; i < FACTS_COUNT; i++) {
    f.field = str_from(FACTS[i]);
    if (!rows_int(rows, ACTION_FACTS + (int)i)) TRY(add(c, i, &f));
  }
  return ERR_OK;
}

static Err take_finding(Check *c, const Rows *rows, size_t rule) {
  Finding f = {rows_str(rows, RESOURCE), rows_str(rows, CODE), rows_str(rows, TITLE), rows_str(rows, FIELD), rows_str(rows, FOUND),
               rows_str(rows, OWNER), rows_str(rows, OWNER_NAME), rows_str(rows, STATEMENT)};
  return add(c, rule, &f);
}

/* Runs one query; `rule` SIZE_MAX for the facts of actions. */
static Err run(Check *c, const char *query, size_t rule) {
  Rows *rows;
  bool more = true;
  Err err;
  TRY(store_query(c->v.store, query, NO_ARGS, &rows, c->v.info));
  while ((err = rows_next(rows, &more, c->v.info)) == ERR_OK && more) {
    err = rule == SIZE_MAX ? take_facts(c, rows) : take_finding(c, rows, rule);
    if (err != ERR_OK) break;
  }
  rows_close(rows);
  return err;
}

static bool kind_wanted(const Check *c, const char *kind) {
  return !c->filter->kind.ptr || str_eq(c->filter->kind, str_from(kind));
}

static int by_count(const void *a, const void *b) {
  const OwnerCount *x = *(OwnerCount *const *)a, *y = *(OwnerCount *const *)b;
  int64_t p = x->count[0] + x->count[1] + x->count[2], q = y->count[0] + y->count[1] + y->count[2];
  return p != q ? (p < q) - (p > q) : str_cmp(x->code, y->code);
}

static Err summarise(Check *c, Val *out) {
  Arena *arena = c->v.arena;
  int64_t total = 0;
  for (int k = 0; k < KINDS_COUNT; k++) total += c->by_kind[k];
  val_set_int(arena, out, "total", total);
  for (int k = 0; k < KINDS_COUNT; k++) val_set_int(arena, out, KINDS[k], c->by_kind[k]);
  val_set(arena, out, "findings", c->findings);
  val_set_bool(arena, out, "cut", (size_t)total > c->findings->as.list.count);
  if (c->owner_count > 1) qsort(c->owner_list, c->owner_count, sizeof *c->owner_list, by_count);
  Val *owners = val_set_list(arena, out, "by_owner"), *rules = val_set_list(arena, out, "by_check");
  for (size_t i = 0; owners && i < c->owner_count; i++) {
    Val *one = val_push_map(arena, owners);
    if (!one) return vals_no_memory(&c->v);
    set_owner(arena, one, c->owner_list[i]);
    for (int k = 0; k < KINDS_COUNT; k++) val_set_int(arena, one, KINDS[k], c->owner_list[i]->count[k]);
  }
  for (size_t r = 0; rules && r < RULES_COUNT; r++) {
    if (c->by_rule[r] == 0) continue;
    Val *one = val_push_map(arena, rules);
    if (!one) return vals_no_memory(&c->v);
    val_set_str(arena, one, "check", str_from(RULES[r].code));
    val_set_str(arena, one, "kind", str_from(RULES[r].kind));
    val_set_str(arena, one, "text", str_from(RULES[r].text));
    val_set_str(arena, one, "message", str_from(RULES[r].message));
    val_set_int(arena, one, "count", c->by_rule[r]);
  }
  return owners && rules ? ERR_OK : vals_no_memory(&c->v);
}

Err check_run(Store *store, const CheckFilter *filter, Arena *arena, Val **out, ErrInfo *info) {
  Check c = {.v = {store, arena, info}, .filter = filter, .limit = CHECK_FINDINGS_MAX, .findings = val_list(arena)};
  map_init(&c.owners, arena);
  *out = val_map(arena);
  if (!c.findings || !*out) return vals_no_memory(&c.v);
  if (kind_wanted(&c, "missing")) TRY(run(&c, "check_action_facts", SIZE_MAX));
  for (size_t r = 0; r < RULES_COUNT; r++)
    if (RULES[r].query && kind_wanted(&c, RULES[r].kind)) TRY(run(&c, RULES[r].query, r));
  TRY(summarise(&c, *out));
  return vals_done(&c.v);
}
