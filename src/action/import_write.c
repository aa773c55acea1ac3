/* SPDX-License-Identifier: EUPL-1.2 */
/* The difference between a row and what is stored, told and written. */
#include "action/import_internal.h"

#include <string.h>

/* The columns of import_action, in its order. */
static const Field scalars[] = {
    FIELD_TITLE, FIELD_DESCRIPTION, FIELD_LINE, FIELD_KIND, FIELD_FORM, FIELD_LEVEL, FIELD_PERIOD_START, FIELD_PERIOD_END,
    FIELD_RECURRENCE, FIELD_OWNER, FIELD_STATUS, FIELD_COST, FIELD_PARTICIPANTS, FIELD_QUALITY, FIELD_YIELD, FIELD_EVIDENCE,
    FIELD_CONFIRMED, FIELD_SOURCE, FIELD_SECTION};
enum { SCALARS = sizeof scalars / sizeof *scalars, TITLE_AT = 0, DESCRIPTION_AT = 1, LINE_AT = 2, SOURCE_AT = 17, SECTION_AT = 18 };

/* Tables, in the order of import_last_places. */
enum { SEQ_ACTION, SEQ_GOAL, SEQ_REGION, SEQ_EDUCATION, SEQ_TECHNICAL, SEQ_AUDIENCE, SEQ_PARTNER, SEQ_ASSUMPTION, SEQ_ORGANISATION,
       SEQ_SOURCE, SEQ_COUNT };

static const struct { Field field; int seq; const char *read, *put, *drop; } links[] = {
    {FIELD_GOALS, SEQ_GOAL, "import_goals", "import_goal_put", "import_goal_drop"},
    {FIELD_REGIONS, SEQ_REGION, "import_regions", "import_region_put", "import_region_drop"},
    {FIELD_EDUCATION, SEQ_EDUCATION, "import_educations", "import_education_put", "import_education_drop"},
    {FIELD_TECHNICAL, SEQ_TECHNICAL, "import_technicals", "import_technical_put", "import_technical_drop"},
    {FIELD_AUDIENCE, SEQ_AUDIENCE, "import_audiences", "import_audience_put", "import_audience_drop"},
    {FIELD_PARTNERS, SEQ_PARTNER, "import_partners", "import_partner_put", "import_partner_drop"}};
enum { EDUCATION_LINK = 2 };

Err import_begin_writing(Import *import) {
  Rows *rows = NULL;
  TRY(store_query(import->store, "import_last_places", NO_ARGS, &rows, import->info));
  bool more;
  Err err = rows_next(rows, &more, import->info);
  for (int i = 0; err == ERR_OK && more && i < SEQ_COUNT; i++) import->next_seq[i] = rows_int(rows, i) + 1;
  rows_close(rows);
  return err;
}

static Err exists(Import *import, const char *query, Str code, bool *found) {
  Rows *rows = NULL;
  TRY(store_query(import->store, query, ARGS(ARG_STR(code)), &rows, import->info));
  Err err = rows_next(rows, found, import->info);
  rows_close(rows);
  return err;
}

static Err put_source(Import *import, Str code, Str title) {
  char today[DAY_TEXT];
  day_format_iso(import->options->today, today);
  return store_exec(import->store, "import_source_put",
                    ARGS(ARG_STR(code), ARG_STR(title), ARG_STR(str_from(today)), ARG_INT(import->next_seq[SEQ_SOURCE]++)),
                    NULL, import->info);
}

/* The file as a source, made when the first thing is added that cites it. */
static Err need_source(Import *import) {
  if (import->source.ptr) return ERR_OK;
  char today[DAY_TEXT];
  day_format_iso(import->options->today, today);
  bool taken = true;
  for (int n = 1; taken; n++) {
    import->source = n == 1 ? arena_printf(&import->names, "import-%s", today) : arena_printf(&import->names, "import-%s-%d", today, n);
    if (!import->source.ptr) return IMPORT_MEMORY(import);
    TRY(exists(import, "import_source_taken", import->source, &taken));
  }
  Str title = arena_printf(&import->names, "Actielijst " STR_FMT, STR_ARG(import->file_name));
  return title.ptr ? put_source(import, import->source, title) : IMPORT_MEMORY(import);
}

/* "Girls' day!" -> "girls-day", made unique. */
static Err make_code(Import *import, const char *taken_query, Str name, Str *code) {
  enum { SLUG_MAX = 48 };
  Str words = cell_name(&import->row, name);
  char slug[SLUG_MAX + 1];
  size_t n = 0;
  if (!words.ptr) return IMPORT_MEMORY(import);
  for (size_t i = 0; i < words.len && n < SLUG_MAX; i++) {
    if ((unsigned char)words.ptr[i] >= 0x80) continue;
    if (words.ptr[i] != ' ') slug[n++] = words.ptr[i];
    else if (n && slug[n - 1] != '-') slug[n++] = '-';
  }
  while (n && slug[n - 1] == '-') n--;
  if (n == 0) memcpy(slug, "actie", n = 5);
  bool taken = true;
  for (int i = 1; taken; i++) {
    *code = i == 1 ? arena_str(&import->row, (Str){slug, n}) : arena_printf(&import->row, "%.*s-%d", (int)n, slug, i);
    if (!code->ptr) return IMPORT_MEMORY(import);
    TRY(exists(import, taken_query, *code, &taken));
  }
  return ERR_OK;
}

Err import_add_organisation(Import *import, Str name, Str *code) {
  TRY(need_source(import));
  TRY(make_code(import, "import_organisation_taken", name, code));
  TRY(store_exec(import->store, "import_unknown_type", ARGS(ARG_STR(import->source)), NULL, import->info));
  TRY(store_exec(import->store, "import_organisation_put",
                 ARGS(ARG_STR(*code), ARG_STR(name), ARG_STR(import->source), ARG_INT(import->next_seq[SEQ_ORGANISATION]++)), NULL,
                 import->info));
  if (import_add_name(import, FIELD_OWNER, name, *code) || import_add_name(import, FIELD_PARTNERS, name, *code) ||
      import_add_name(import, FIELD_OWNER, *code, *code) || import_add_name(import, FIELD_PARTNERS, *code, *code))
    return IMPORT_MEMORY(import);
  Val *list = (Val *)(uintptr_t)val_get(import->report, S("organisations_added"));
  Val *added = val_push_map(import->arena, list);
  val_set_str(import->arena, added, "code", arena_str(import->arena, *code));
  val_set_str(import->arena, added, "label", arena_str(import->arena, name));
  return ERR_OK;
}

/* ---- Telling ---- */

static void tell_field(Import *import, Val *fields, Field field, Str old, Str now) {
  Arena *arena = &import->row;
  Val *map = val_push_map(arena, fields);
  val_set_str(arena, map, "field", str_from(FIELDS[field].key));
  val_set_str(arena, map, "label", str_from(FIELDS[field].heading ? FIELDS[field].heading : "Contactpersoon"));
  val_set_str(arena, map, "old", old);
  val_set_str(arena, map, "new", now);
}

static void tell(Import *import, Str code, Str title, bool added, const Val *fields) {
  if (!import->options->changed) return;
  ImportChange change = {code, title, import->row_number, added, fields};
  import->options->changed(import->options->context, &change);
}

static Str joined(Arena *arena, const CellList *list) {
  Str text = STR_NONE;
  for (size_t i = 0; list && i < list->count; i++)
    text = i == 0 ? list->items[i] : arena_printf(arena, STR_FMT ", " STR_FMT, STR_ARG(text), STR_ARG(list->items[i]));
  return text;
}

/* ---- The row itself ---- */

static bool same(Str a, Str b) { return a.ptr ? b.ptr && str_eq(a, b) : !b.ptr; }

static bool has_item(const CellList *list, Str item) {
  for (size_t i = 0; list && i < list->count; i++)
    if (str_eq(list->items[i], item)) return true;
  return false;
}

/* Section I of the pact: an action aimed at primary education is assumed to be of the line "kiezen". */
static bool assume_line(Import *import, const Str line, Str *assumed) {
  bool ambiguous;
  if (line.ptr || import->facts[FIELD_LINE].given) return false;
  if (!import->facts[FIELD_EDUCATION].given || !has_item(import->facts[FIELD_EDUCATION].list, S("PO"))) return false;
  return import_lookup(import, FIELD_LINE, S("kiezen"), assumed, &ambiguous);
}

static Str assumption_code(Import *import, Str action) {
  if (action.len <= 58) return arena_printf(&import->row, "line-" STR_FMT, STR_ARG(action));
  return arena_printf(&import->row, "line-%016llx", (unsigned long long)str_hash(action));
}

static Err put_assumption(Import *import, Str action) {
  TRY(need_source(import));
  Str code = assumption_code(import, action);
  if (!code.ptr) return IMPORT_MEMORY(import);
  import->assumed++;
  return store_exec(import->store, "import_assumption_put",
                    ARGS(ARG_STR(code), ARG_STR(action), ARG_STR(S("line")),
                         ARG_STR(S("De lijst noemt geen actielijn; de actie richt zich op het primair onderwijs en telt daarom "
                                   "onder kiezen, zoals de toelichting bij de actiematrix aanneemt.")),
                         ARG_STR(import->source), ARG_INT(import->next_seq[SEQ_ASSUMPTION]++)),
                    NULL, import->info);
}

static Err put_stems(Import *import, Str code, Str title, Str description) {
  Buf stems;
  buf_init(&stems, 0);
  Err err = stem_action(import->stemmer, &stems, title, description) ? IMPORT_MEMORY(import) : ERR_OK;
  if (err == ERR_OK) err = store_exec(import->store, "action_search_drop", ARGS(ARG_STR(code)), NULL, import->info);
  if (err == ERR_OK)
    err = store_exec(import->store, "action_search_put", ARGS(ARG_STR(code), ARG_STR(buf_view(&stems))), NULL, import->info);
  buf_clear(&stems);
  return err;
}

static bool is_number(Field field) { return field == FIELD_COST || field == FIELD_PARTICIPANTS; }

static Arg scalar_arg(Field field, Str text) {
  int64_t number;
  if (text.ptr && is_number(field) && str_to_int(text, &number)) return ARG_INT(number);
  return ARG_STR(text);
}

/* A source named by the file: one of the pact, or one of another registry that exported this list. */
static Err need_named_source(Import *import, Str source) {
  Str code;
  bool ambiguous;
  if (import_lookup(import, FIELD_SOURCE, source, &code, &ambiguous)) return ERR_OK;
  TRY(put_source(import, source, source));
  return import_add_name(import, FIELD_SOURCE, source, source) ? IMPORT_MEMORY(import) : ERR_OK;
}

/* ---- Links ---- */

static Err put_link(Import *import, size_t kind, Str action, Str item, const Str *row) {
  return store_exec(import->store, links[kind].put,
                    ARGS(ARG_STR(action), ARG_STR(item), ARG_STR(row[SOURCE_AT]), ARG_STR(row[SECTION_AT]),
                         ARG_INT(import->next_seq[links[kind].seq]++)), NULL, import->info);
}

static Err read_links(Import *import, size_t kind, Str action, CellList *out) {
  Rows *rows = NULL;
  out->count = 0;
  TRY(store_query(import->store, links[kind].read, ARGS(ARG_STR(action)), &rows, import->info));
  Err err;
  bool more;
  while ((err = rows_next(rows, &more, import->info)) == ERR_OK && more && out->count < CELL_ITEMS) {
    Str item = arena_str(&import->row, rows_str(rows, 0));
    if (!item.ptr) err = IMPORT_MEMORY(import);
    else out->items[out->count++] = item;
    if (err) break;
  }
  rows_close(rows);
  return err;
}

/* Makes the links of one kind what the row says. What stays keeps all that is known of it. */
static Err update_links(Import *import, size_t kind, Str action, const Str *row, Val *fields) {
  const Fact *fact = &import->facts[links[kind].field];
  if (!fact->present || (!fact->given && !import->options->clear_empty)) return ERR_OK;
  CellList *old = ARENA_NEW(&import->row, CellList), empty = {.count = 0};
  const CellList *now = fact->given ? fact->list : &empty;
  if (!old) return IMPORT_MEMORY(import);
  TRY(read_links(import, kind, action, old));
  bool changed = false;
  for (size_t i = 0; i < old->count; i++)
    if (!has_item(now, old->items[i])) {
      changed = true;
      TRY(store_exec(import->store, links[kind].drop, ARGS(ARG_STR(action), ARG_STR(old->items[i])), NULL, import->info));
    }
  for (size_t i = 0; i < now->count; i++)
    if (!has_item(old, now->items[i])) {
      changed = true;
      TRY(put_link(import, kind, action, now->items[i], row));
    }
  if (changed) tell_field(import, fields, links[kind].field, joined(&import->row, old), joined(&import->row, now));
  return ERR_OK;
}

/* ---- Contact: stored apart, told of only that it changed ---- */

static Err update_contact(Import *import, Str action, Val *fields) {
  const Fact *name = &import->facts[FIELD_CONTACT], *at = &import->facts[FIELD_CONTACT_AT];
  if (!name->given && !at->given) return ERR_OK;
  Rows *rows = NULL;
  Str old_name = STR_NONE, old_at = STR_NONE;
  bool more;
  TRY(store_query(import->store, "import_contacts", ARGS(ARG_STR(action)), &rows, import->info));
  Err err = rows_next(rows, &more, import->info);
  if (err == ERR_OK && more) {
    old_name = arena_str(&import->row, rows_str(rows, 0));
    if (!rows_null(rows, 1)) old_at = arena_str(&import->row, rows_str(rows, 1));
  }
  rows_close(rows);
  if (err) return err;
  Str new_name = name->given ? name->text : old_name.ptr ? old_name : S("Contact"), new_at = at->given ? at->text : old_at;
  if (same(old_name, new_name) && same(old_at, new_at)) return ERR_OK;
  TRY(store_exec(import->store, "import_contacts_drop", ARGS(ARG_STR(action)), NULL, import->info));
  tell_field(import, fields, FIELD_CONTACT, STR_NONE, STR_NONE);
  return store_exec(import->store, "import_contact_put", ARGS(ARG_STR(action), ARG_STR(new_name), ARG_STR(new_at)), NULL, import->info);
}

/* ---- New ---- */

static Err fill_new(Import *import, Str *row, bool *assumed) {
  for (int i = 0; i < SCALARS; i++) row[i] = import->facts[scalars[i]].given ? import->facts[scalars[i]].text : STR_NONE;
  *assumed = import->line_assumed || assume_line(import, row[LINE_AT], &row[LINE_AT]);
  if (row[SOURCE_AT].ptr) return need_named_source(import, row[SOURCE_AT]);
  TRY(need_source(import));
  row[SOURCE_AT] = import->source;
  if (row[SECTION_AT].ptr) return ERR_OK;
  row[SECTION_AT] = import->sheet_name.len
                        ? arena_printf(&import->row, "blad " STR_FMT ", rij %ld", STR_ARG(import->sheet_name), import->row_number)
                        : arena_printf(&import->row, "rij %ld", import->row_number);
  return ERR_OK;
}

Err import_write_new(Import *import) {
  Str row[SCALARS], code = import->facts[FIELD_CODE].text;
  bool assumed;
  Arg args[SCALARS + 2];
  Val *fields = val_list(&import->row);
  TRY(fill_new(import, row, &assumed));
  if (!import->facts[FIELD_CODE].given) TRY(make_code(import, "import_code_taken", row[TITLE_AT], &code));
  for (int i = 0; i < SCALARS; i++) {
    args[i] = scalar_arg(scalars[i], row[i]);
    if (row[i].ptr && i != SOURCE_AT && i != SECTION_AT) tell_field(import, fields, scalars[i], STR_NONE, row[i]);
  }
  args[SCALARS] = ARG_STR(code);
  args[SCALARS + 1] = ARG_INT(import->next_seq[SEQ_ACTION]++);
  TRY(store_exec(import->store, "import_insert_action", args, SCALARS + 2, NULL, import->info));
  for (size_t kind = 0; kind < sizeof links / sizeof *links; kind++) {
    const Fact *fact = &import->facts[links[kind].field];
    for (size_t i = 0; fact->given && i < fact->list->count; i++) TRY(put_link(import, kind, code, fact->list->items[i], row));
    if (fact->given) tell_field(import, fields, links[kind].field, STR_NONE, joined(&import->row, fact->list));
  }
  TRY(put_stems(import, code, row[TITLE_AT], row[DESCRIPTION_AT]));
  if (assumed) TRY(put_assumption(import, code));
  TRY(update_contact(import, code, fields));
  import->added++;
  tell(import, code, row[TITLE_AT], true, fields);
  return ERR_OK;
}

/* ---- Existing ---- */

static Err read_stored(Import *import, Str code, Str *row) {
  Rows *rows = NULL;
  TRY(store_query(import->store, "import_action", ARGS(ARG_STR(code)), &rows, import->info));
  bool more;
  Err err = rows_next(rows, &more, import->info);
  if (err == ERR_OK && !more) err = err_set(import->info, ERR_CONFLICT, "action \"" STR_FMT "\" was removed meanwhile", STR_ARG(code));
  for (int i = 0; err == ERR_OK && i < SCALARS; i++) {
    row[i] = STR_NONE;
    if (rows_null(rows, i)) continue;
    row[i] = is_number(scalars[i]) ? arena_printf(&import->row, "%lld", (long long)rows_int(rows, i))
                                   : arena_str(&import->row, rows_str(rows, i));
    if (!row[i].ptr) err = IMPORT_MEMORY(import);
  }
  rows_close(rows);
  return err;
}

static Str wanted_scalar(const Import *import, int i, Str old) {
  const Fact *fact = &import->facts[scalars[i]];
  if (i == LINE_AT && import->line_assumed && old.ptr) return old;  /* an assumption replaces nothing */
  if (fact->given) return fact->text;
  bool erase = fact->present && import->options->clear_empty && i != TITLE_AT && i != SOURCE_AT;
  return erase ? STR_NONE : old;
}

static Err update_line_assumption(Import *import, Str code, bool assumed) {
  Str name = assumption_code(import, code);
  if (!name.ptr) return IMPORT_MEMORY(import);
  TRY(store_exec(import->store, "import_assumption_drop", ARGS(ARG_STR(name), ARG_STR(code)), NULL, import->info));
  return assumed ? put_assumption(import, code) : ERR_OK;
}

/* For an action that is there already the line is assumed only when the row is what makes it one for primary education:
 * an office that left the line open did so knowing the sectors. */
static Err assume_existing(Import *import, Str code, Str *line, bool *assumed) {
  Str kiezen = STR_NONE;
  *assumed = import->line_assumed && import->facts[FIELD_LINE].given;
  if (*assumed || !assume_line(import, *line, &kiezen)) return ERR_OK;
  CellList *old = ARENA_NEW(&import->row, CellList);
  if (!old) return IMPORT_MEMORY(import);
  TRY(read_links(import, EDUCATION_LINK, code, old));
  *assumed = !has_item(old, S("PO"));
  if (*assumed) *line = kiezen;
  return ERR_OK;
}

Err import_write_existing(Import *import, Str code) {
  Str old[SCALARS], now[SCALARS];
  Arg args[SCALARS + 1];
  bool changed = false;
  Val *fields = val_list(&import->row);
  TRY(read_stored(import, code, old));
  for (int i = 0; i < SCALARS; i++) now[i] = wanted_scalar(import, i, old[i]);
  bool assumed;
  TRY(assume_existing(import, code, &now[LINE_AT], &assumed));
  if (!same(old[SOURCE_AT], now[SOURCE_AT])) TRY(need_named_source(import, now[SOURCE_AT]));
  for (int i = 0; i < SCALARS; i++) {
    args[i] = scalar_arg(scalars[i], now[i]);
    if (same(old[i], now[i])) continue;
    changed = true;
    tell_field(import, fields, scalars[i], old[i], now[i]);
  }
  args[SCALARS] = ARG_STR(code);
  if (changed) TRY(store_exec(import->store, "import_update_action", args, SCALARS + 1, NULL, import->info));
  if (!same(old[LINE_AT], now[LINE_AT])) TRY(update_line_assumption(import, code, assumed));
  if (!same(old[TITLE_AT], now[TITLE_AT]) || !same(old[DESCRIPTION_AT], now[DESCRIPTION_AT]))
    TRY(put_stems(import, code, now[TITLE_AT], now[DESCRIPTION_AT]));
  for (size_t kind = 0; kind < sizeof links / sizeof *links; kind++) TRY(update_links(import, kind, code, now, fields));
  TRY(update_contact(import, code, fields));
  if (fields->as.list.count == 0) {
    import->unchanged++;
    return ERR_OK;
  }
  import->changed++;
  tell(import, code, now[TITLE_AT], false, fields);
  return ERR_OK;
}
