/* SPDX-License-Identifier: EUPL-1.2 */
/* Candidate doublings and neighbours on the command line. */
#include "action/coherence_val.h"
#include "cli/table.h"
#include "store/vals.h"

Err cmd_coherence(CliContext *ctx);

static Str owner_of(const Val *action) { return vals_text(val_get(action, S("owner")), "label"); }

/* What a table shows of a pair: the reasons that both tell, as "title 40". */
static Val *flat(CliContext *ctx, const Val *pairs) {
  Arena *arena = ctx->arena;
  Val *rows = val_list(arena);
  for (size_t i = 0; i < pairs->as.list.count; i++) {
    const Val *pair = pairs->as.list.items[i], *action = val_get(pair, S("action")), *other = val_get(pair, S("other"));
    const Val *reasons = val_get(pair, S("reasons"));
    Val *row = val_push_map(arena, rows);
    val_set_int(arena, row, "points", vals_number(pair, "points"));
    val_set_str(arena, row, "kind", vals_text(pair, "kind"));
    val_set_str(arena, row, "action", vals_text(action, "code"));
    val_set_str(arena, row, "action_title", vals_text(action, "title"));
    val_set_str(arena, row, "action_owner", owner_of(action));
    val_set_str(arena, row, "other", vals_text(other, "code"));
    val_set_str(arena, row, "other_title", vals_text(other, "title"));
    val_set_str(arena, row, "other_owner", owner_of(other));
    Val *texts = val_set_list(arena, row, "reasons");
    for (size_t r = 0; r < reasons->as.list.count; r++) {
      const Val *reason = reasons->as.list.items[r], *alike = val_get(reason, S("alike"));
      if (alike->kind == VAL_INT && alike->as.integer > 0)
        val_push_str(arena, texts, arena_printf(arena, STR_FMT " %lld%%", STR_ARG(vals_text(reason, "code")), (long long)alike->as.integer));
    }
    const Val *decision = val_get(pair, S("decision"));
    val_set_str(arena, row, "decision", vals_text(decision, "decision"));
    val_set_str(arena, row, "decided_by", vals_text(decision, "decided_by"));
    val_set_str(arena, row, "decided_on", vals_text(decision, "decided_on"));
  }
  return rows;
}

static Err print(CliContext *ctx, const Val *pairs) {
  static const CliColumn columns[] = {
      {"points", "Punten", true, false},        {"kind", "Soort", false, false},           {"action", "Actie", false, true},
      {"action_title", "Titel", false, true},   {"action_owner", "Trekker", false, true},  {"other", "Andere actie", false, true},
      {"other_title", "Titel", false, true},    {"other_owner", "Trekker", false, true},   {"reasons", "Redenen", false, true},
      {"decision", "Besluit", false, false},    {"decided_by", "Door", false, true},       {"decided_on", "Op", false, false}};
  Str format = cli_text(ctx, "format");
  if (str_eq(format, S("json"))) return cli_print_json(ctx, pairs);
  return cli_print_rows(ctx, format, columns, sizeof columns / sizeof *columns, flat(ctx, pairs));
}

static Err list(CliContext *ctx, Store *store, const ActionIndex *index) {
  CoherenceQuery query = {.line = cli_text(ctx, "line"), .region = cli_text(ctx, "region"), .goal = cli_text(ctx, "goal"),
                          .decision = cli_text(ctx, "decision"), .page = 1, .size = cli_int(ctx, "limit")};
  Val *found, *near;
  Str action = cli_text(ctx, "action");
  if (action.ptr) {
    TRY(coherence_near_val(store, index, action, (size_t)query.size, ctx->arena, &near, ctx->info));
    return print(ctx, near);
  }
  TRY(coherence_list_val(store, index, &query, ctx->arena, &found, ctx->info));
  TRY(print(ctx, val_get(found, S("pairs"))));
  if (str_eq(cli_text(ctx, "format"), S("table")))
    fprintf(ctx->out, "%lld paren; %lld open, %lld besloten%s\n", (long long)vals_number(found, "total"), (long long)vals_number(found, "open"),
            (long long)vals_number(found, "decided"), val_truth(val_get(found, S("complete"))) ? "" : "; er kunnen er meer zijn");
  return ERR_OK;
}

Err cmd_coherence(CliContext *ctx) {
  Store *store;
  ActionIndex *index = NULL;
  TRY(cli_store(ctx, STORE_READ, &store));
  TRY(action_index_new(&index, store, ctx->info));
  Err err = list(ctx, store, index);
  action_index_release(index);
  return err;
}
