/* SPDX-License-Identifier: EUPL-1.2 */
#include "action/decision.h"

#include <stdio.h>
#include <string.h>

#include "action/coherence_val.h"
#include "pact/package.h"
#include "store/vals.h"

const char DECISION_CHOICES[] = "merge|align|stop|keep";

enum { CHECKSUM = 16, CONTENT = 2 * CHECKSUM + 1 };
#define RESOURCE "coherence_decision.csv"

/* ---- What an action says ---- */

/* FNV-1a over all facts, each with its place: a change of any of them changes it. */
static Err checksum(Store *store, Str code, char out[CHECKSUM + 1], bool *found, ErrInfo *info) {
  Rows *rows = NULL;
  uint64_t hash = 14695981039346656037u;
  TRY(store_query(store, "coherence_action_content", ARGS(ARG_STR(code)), &rows, info));
  Err err;
  bool more;
  *found = false;
  while ((err = rows_next(rows, &more, info)) == ERR_OK && more) {
    Str fact = rows_str(rows, 1);
    *found = true;
    hash = (hash ^ (uint64_t)(unsigned char)rows_int(rows, 0)) * 1099511628211u;
    for (size_t i = 0; i < fact.len; i++) hash = (hash ^ (unsigned char)fact.ptr[i]) * 1099511628211u;
  }
  rows_close(rows);
  snprintf(out, CHECKSUM + 1, "%016llx", (unsigned long long)hash);
  return err;
}

/* Both checksums, of the code that comes first first. */
static Err content_of(Store *store, Str one, Str other, char out[CONTENT + 1], ErrInfo *info) {
  const Str codes[2] = {str_cmp(one, other) < 0 ? one : other, str_cmp(one, other) < 0 ? other : one};
  char part[2][CHECKSUM + 1];
  for (int i = 0; i < 2; i++) {
    bool found;
    TRY(checksum(store, codes[i], part[i], &found, info));
    if (!found) return err_set(info, ERR_NOT_FOUND, "there is no action '" STR_FMT "'", STR_ARG(str_slice(codes[i], 0, 80)));
  }
  snprintf(out, CONTENT + 1, "%s-%s", part[0], part[1]);
  return ERR_OK;
}

/* ---- Recording ---- */

static bool is_choice(Str decision) {
  Str rest = str_from(DECISION_CHOICES), choice;
  while (str_cut(&rest, '|', &choice))
    if (str_eq(choice, decision)) return true;
  return false;
}

/* An address or a telephone number: seven digits are more than a year or a number of a meeting has. */
static bool is_contact(Str text) {
  size_t digits = 0;
  for (size_t i = 0; i < text.len; i++) digits += text.ptr[i] >= '0' && text.ptr[i] <= '9';
  return str_find_char(text, '@') != STR_NPOS || digits >= 7;
}

static Err check(const DecisionNew *new, ErrInfo *info) {
  if (str_eq(new->action, new->other)) return err_set(info, ERR_INPUT, "two different actions were expected, not '" STR_FMT "' twice", STR_ARG(str_slice(new->action, 0, 80)));
  if (!is_choice(new->decision))
    return err_set(info, ERR_INPUT, "decision: '" STR_FMT "' found, one of %s expected", STR_ARG(str_slice(new->decision, 0, 80)), DECISION_CHOICES);
  if (!str_trim(new->by).len || new->by.len > DECISION_BY_MAX)
    return err_set(info, ERR_INPUT, "decided by: the function or organisation that decided was expected, at most %d bytes", DECISION_BY_MAX);
  if (is_contact(new->by))
    return err_set(info, ERR_INPUT, "decided by: '" STR_FMT "' looks like contact data; the name of a function or organisation was expected", STR_ARG(str_slice(new->by, 0, 80)));
  if (!str_trim(new->reason).len || new->reason.len > DECISION_REASON_MAX)
    return err_set(info, ERR_INPUT, "reason: why it was decided was expected, at most %d bytes", DECISION_REASON_MAX);
  if (new->on != DAY_NONE && new->on > new->today) return err_set(info, ERR_INPUT, "decided on: a day that is still to come was found, today or earlier expected");
  return ERR_OK;
}

/* A database whose package was made before there were decisions would lose them when it is exported. */
static Err has_place(Store *store, Arena *arena, ErrInfo *info) {
  Str *names;
  size_t count;
  TRY(package_files(store, arena, &names, &count, info));
  for (size_t i = 0; i < count; i++)
    if (str_eq(names[i], S(RESOURCE))) return ERR_OK;
  return err_set(info, ERR_UNSUPPORTED, "the data package of this pact has no " RESOURCE ", so a decision would be lost on export; add it to the "
                 "package (docs/data-package.md) and load that");
}

/* Not what is decided already, and not from before what holds: an old decision entered late would end a newer one. */
static Err later_than_now(Store *store, const DecisionNew *new, const char *on, Arena *arena, ErrInfo *info) {
  Val *now;
  TRY(decision_list(store, new->action, new->other, false, arena, &now, info));
  for (size_t i = 0; i < now->as.list.count; i++) {
    const Val *d = now->as.list.items[i];
    if (str_eq(vals_text(d, "decision"), new->decision) && str_eq(vals_text(d, "decided_by"), str_trim(new->by)) &&
        str_eq(vals_text(d, "decided_on"), str_from(on)) && str_eq(vals_text(d, "reason"), str_trim(new->reason)) &&
        !val_truth(val_get(d, S("changed"))))
      return err_set(info, ERR_CONFLICT, "this decision holds already, as " STR_FMT, STR_ARG(vals_text(d, "code")));
    if (str_cmp(str_from(on), vals_text(d, "decided_on")) < 0)
      return err_set(info, ERR_CONFLICT, "decided on: %s is before " STR_FMT ", the day of the decision that holds (" STR_FMT "); withdraw that one first",
                     on, STR_ARG(vals_text(d, "decided_on")), STR_ARG(vals_text(d, "code")));
  }
  return ERR_OK;
}

/* "CD001", or the next that is free. */
static Err new_code(const Vals *v, int64_t seq, Str *code) {
  int64_t taken = 1;
  for (int64_t n = seq; taken; n++) {
    *code = arena_printf(v->arena, "CD%03lld", (long long)n);
    if (!code->ptr) return vals_no_memory(v);
    TRY(vals_int(v, "coherence_decision_code", ARGS(ARG_STR(*code)), &taken));
  }
  return ERR_OK;
}

static Err source_of(const Vals *v, Str asked, Str *source) {
  Val *found;
  TRY(vals_one(v, "coherence_source", ARGS(ARG_STR(asked)), &found));
  if (found) *source = vals_text(found, "code");
  else if (asked.ptr) return err_set(v->info, ERR_NOT_FOUND, "there is no source '" STR_FMT "'", STR_ARG(str_slice(asked, 0, 80)));
  else return err_set(v->info, ERR_NOT_FOUND, "the pact has no source of kind editors; name the source of the decision");
  return ERR_OK;
}

Err decision_record(Store *store, const DecisionNew *new, Arena *arena, Str *code, ErrInfo *info) {
  const Vals v = {store, arena, info};
  char content[CONTENT + 1], on[DAY_TEXT], today[DAY_TEXT];
  int64_t seq;
  Str source;
  TRY(check(new, info));
  TRY(content_of(store, new->action, new->other, content, info));
  TRY(has_place(store, arena, info));
  day_format_iso(new->on == DAY_NONE ? new->today : new->on, on);
  day_format_iso(new->today, today);
  TRY(later_than_now(store, new, on, arena, info));
  TRY(source_of(&v, new->source, &source));
  TRY(vals_int(&v, "coherence_decision_next", NO_ARGS, &seq));
  TRY(new_code(&v, seq, code));
  TRY(store_exec(store, "coherence_decision_supersede", ARGS(ARG_STR(new->action), ARG_STR(new->other), ARG_STR(str_from(today))), NULL, info));
  bool first = str_cmp(new->action, new->other) < 0;
  return store_exec(store, "coherence_decision_add",
                    ARGS(ARG_STR(*code), ARG_STR(first ? new->action : new->other), ARG_STR(first ? new->other : new->action),
                         ARG_STR(new->decision), ARG_STR(str_trim(new->by)), ARG_STR(str_from(on)), ARG_STR(str_trim(new->reason)),
                         ARG_STR(str_from(content)), ARG_STR(str_from(today)), ARG_STR(source), ARG_STR(new->section), ARG_INT(seq)),
                    NULL, info);
}

Err decision_withdraw(Store *store, Str action, Str other, Day today, ErrInfo *info) {
  char day[DAY_TEXT], content[CONTENT + 1];
  int64_t changed = 0;
  TRY(content_of(store, action, other, content, info));
  day_format_iso(today, day);
  TRY(store_exec(store, "coherence_decision_supersede", ARGS(ARG_STR(action), ARG_STR(other), ARG_STR(str_from(day))), &changed, info));
  if (changed) return ERR_OK;
  return err_set(info, ERR_NOT_FOUND, "no decision holds about '" STR_FMT "' and '" STR_FMT "'", STR_ARG(str_slice(action, 0, 80)),
                 STR_ARG(str_slice(other, 0, 80)));
}

/* ---- Reading ---- */

static Err mark_changed(Store *store, Arena *arena, Val *decision, ErrInfo *info) {
  Str kept = vals_text(decision, "content");
  char now[CONTENT + 1];
  val_set_null(arena, decision, "changed");
  if (!kept.len || vals_text(decision, "superseded_on").len) return ERR_OK;
  TRY(content_of(store, vals_text(val_get(decision, S("action")), "code"), vals_text(val_get(decision, S("other")), "code"), now, info));
  val_set_bool(arena, decision, "changed", !str_eq(kept, str_from(now)));
  return ERR_OK;
}

Err decision_list(Store *store, Str action, Str other, bool all, Arena *arena, Val **out, ErrInfo *info) {
  const Vals v = {store, arena, info};
  TRY(vals_list(&v, "coherence_decisions", ARGS(ARG_STR(action), ARG_STR(other), ARG_INT(all)), out));
  for (size_t i = 0; i < (*out)->as.list.count; i++) {
    Val *decision = (*out)->as.list.items[i];
    val_set_str(arena, decision, "decision_label", coherence_term("decision", vals_text(decision, "decision")));
    TRY(mark_changed(store, arena, decision, info));
  }
  return vals_done(&v);
}
