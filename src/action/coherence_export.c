/* SPDX-License-Identifier: EUPL-1.2 */
/* Pairs of actions as a sheet to take to a meeting. */
#include "action/coherence_val.h"
#include "store/vals.h"

enum { COLUMNS = 15, ALL = 1 << 20 };

static const char *const HEADINGS[COLUMNS] = {
    "Punten", "Soort", "Code A", "Actie A", "Trekker A", "Code B", "Actie B", "Trekker B", "Wat overeenkomt", "Wat verschilt",
    "Besluit", "Besloten door", "Besloten op", "Waarom", "Gewijzigd na het besluit"};

/* "Titel 85% (techniek, kring); Doelen 100% (1c)": the facts that both tell and that are alike, or (not `alike`) are not at all. */
static Str reasons_text(Arena *arena, const Val *pair, bool alike) {
  const Val *reasons = val_get(pair, S("reasons"));
  Str text = S("");
  for (size_t r = 0; r < reasons->as.list.count; r++) {
    const Val *reason = reasons->as.list.items[r], *value = val_get(reason, S("alike")), *shared = val_get(reason, S("shared"));
    Str label = vals_text(reason, "label");
    if (value->kind != VAL_INT || (value->as.integer > 0) != alike) continue;
    text = arena_printf(arena, STR_FMT "%s" STR_FMT, STR_ARG(text), text.len ? "; " : "", STR_ARG(label));
    if (alike) text = arena_printf(arena, STR_FMT " %lld%%", STR_ARG(text), (long long)value->as.integer);
    for (size_t s = 0; s < shared->as.list.count; s++)
      text = arena_printf(arena, STR_FMT "%s" STR_FMT, STR_ARG(text), s ? ", " : " (", STR_ARG(shared->as.list.items[s]->as.text));
    if (shared->as.list.count) text = arena_printf(arena, STR_FMT ")", STR_ARG(text));
  }
  return text;
}

static SheetCell day_cell(Str text) {
  Day day;
  return day_parse_iso(text, &day) ? sheet_cell_date(day) : sheet_cell_empty();
}

static Err write_pair(SheetWriter *writer, Arena *arena, const Val *pair, ErrInfo *info) {
  const Val *sides[2] = {val_get(pair, S("action")), val_get(pair, S("other"))}, *decision = val_get(pair, S("decision"));
  const Val *changed = val_get(decision, S("changed"));
  SheetCell cells[COLUMNS];
  size_t n = 0;
  cells[n++] = sheet_cell_number((double)vals_number(pair, "points"));
  cells[n++] = sheet_cell_text(vals_text(pair, "kind_label"));
  for (int s = 0; s < 2; s++) {
    cells[n++] = sheet_cell_text(vals_text(sides[s], "code"));
    cells[n++] = sheet_cell_text(vals_text(sides[s], "title"));
    cells[n++] = sheet_cell_text(vals_text(val_get(sides[s], S("owner")), "label"));
  }
  cells[n++] = sheet_cell_text(reasons_text(arena, pair, true));
  cells[n++] = sheet_cell_text(reasons_text(arena, pair, false));
  cells[n++] = sheet_cell_text(vals_text(decision, "decision_label"));
  cells[n++] = sheet_cell_text(vals_text(decision, "decided_by"));
  cells[n++] = day_cell(vals_text(decision, "decided_on"));
  cells[n++] = sheet_cell_text(vals_text(decision, "reason"));
  cells[n++] = sheet_cell_text(changed->kind != VAL_BOOL ? S("") : val_truth(changed) ? S("ja") : S("nee"));
  return sheet_write_row(writer, cells, n, info);
}

static Err write_all(SheetWriter *writer, Arena *arena, const Val *pairs, ErrInfo *info) {
  Str headings[COLUMNS];
  for (size_t i = 0; i < COLUMNS; i++) headings[i] = str_from(HEADINGS[i]);
  TRY(sheet_writer_sheet(writer, S("Samenhang"), info));
  TRY(sheet_write_heading(writer, headings, COLUMNS, info));
  for (size_t i = 0; i < pairs->as.list.count; i++) TRY(write_pair(writer, arena, pairs->as.list.items[i], info));
  if (arena->failed) return err_set(info, ERR_MEMORY, "out of memory while exporting");
  return sheet_writer_finish(writer, info);
}

Err coherence_export(Store *store, const ActionIndex *index, const CoherenceQuery *query, SheetFormat format, const char *path,
                     Arena *arena, ErrInfo *info) {
  static const SheetWriteOptions options = {.title = "Samenhang tussen acties"};
  CoherenceQuery all = *query;
  SheetWriter *writer = NULL;
  Val *found;
  all.page = 1;
  all.size = ALL;
  TRY(coherence_list_val(store, index, &all, arena, &found, info));
  TRY(sheet_writer_new(&writer, format, path, &options, info));
  Err err = write_all(writer, arena, val_get(found, S("pairs")), info);
  sheet_writer_free(writer);
  return err;
}
