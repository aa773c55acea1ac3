/* SPDX-License-Identifier: EUPL-1.2 */
/* The cells of a row as facts, and what is wrong with them. */
#include "action/import_internal.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { TITLE_MAX = 500, CODE_MAX = 64, VALUE_SHOWN = 80 };

/* A cut that does not halve a character. */
static Str cut_value(Str text) {
  if (text.len <= VALUE_SHOWN) return text;
  size_t n = VALUE_SHOWN;
  while (n > 0 && ((unsigned char)text.ptr[n] & 0xC0) == 0x80) n--;
  return str_slice(text, 0, n);
}

void import_refuse(Import *import, size_t column, const char *expected, ...) {
  import->error_count++;
  if (import->error_count > IMPORT_ERRORS_SHOWN) return;
  char text[700], ref[SHEET_REF] = "";
  va_list args;
  va_start(args, expected);
  int len = vsnprintf(text, sizeof text, expected, args);
  va_end(args);
  if (len < 0) len = 0;
  if ((size_t)len >= sizeof text) len = sizeof text - 1;
  bool cell = column < import->column_count;
  bool private_cell = cell && import->columns[column].field < FIELD_COUNT && FIELDS[import->columns[column].field].kind == FIELD_KIND_PRIVATE;
  Arena *arena = import->arena;
  Val *error = val_push_map(arena, import->errors);
  if (cell) sheet_ref(ref, import->row_number, column);
  val_set_str(arena, error, "sheet", import->sheet_name);
  val_set_int(arena, error, "row", import->row_number);
  val_set_str(arena, error, "column", cell ? import->columns[column].heading : S(""));
  val_set_str(arena, error, "cell", arena_cstr(arena, ref));
  val_set_str(arena, error, "value", cell && !private_cell && column < import->cell_count
                                         ? arena_str(arena, cut_value(str_trim(import->cells[column].text))) : S(""));
  val_set_str(arena, error, "expected", arena_str(arena, (Str){text, (size_t)len}));
}

static bool is_code(Str text) {
  if (text.len == 0 || text.len > CODE_MAX) return false;
  for (size_t i = 0; i < text.len; i++) {
    char c = text.ptr[i];
    bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!alnum && (i == 0 || !strchr("._-", c))) return false;
  }
  return true;
}

typedef struct Reading {
  Import *import;
  size_t column;
  Field field;
  const SheetCell *cell;
  Str text;      /* trimmed */
  Fact *fact;
} Reading;

static void set_text(Reading *r, Str text) {
  r->fact->text = text;
  r->fact->given = true;
}

static void set_day(Reading *r, Fact *fact, Day day) {
  char iso[DAY_TEXT];
  day_format_iso(day, iso);
  fact->text = arena_cstr(&r->import->row, iso);
  fact->given = fact->text.ptr != NULL;
}

/* Line breaks in a title come from wrapped cells. */
static Str one_line(Arena *arena, Str text) {
  Str copy = arena_str(arena, text);
  char *p = (char *)(uintptr_t)copy.ptr;
  size_t n = 0;
  for (size_t i = 0; p && i < copy.len; i++) {
    bool blank = p[i] == '\n' || p[i] == '\r' || p[i] == '\t' || p[i] == ' ';
    if (blank && n && p[n - 1] == ' ') continue;
    p[n++] = blank ? ' ' : p[i];
  }
  return (Str){p, n};
}

static void read_text(Reading *r) {
  if (r->field == FIELD_CODE && !is_code(r->text)) {
    import_refuse(r->import, r->column, "a code of letters, digits, \".\", \"_\" and \"-\", at most %d, beginning with a letter or "
                  "digit, was expected", CODE_MAX);
    return;
  }
  if (r->field == FIELD_TITLE && r->text.len > TITLE_MAX) {
    import_refuse(r->import, r->column, "a title of at most %d bytes was expected; the rest belongs in a description", TITLE_MAX);
    return;
  }
  set_text(r, r->field == FIELD_TITLE ? one_line(&r->import->row, r->text) : arena_str(&r->import->row, r->text));
}

static void expected_of(Field field, Str name, bool ambiguous, char *out, size_t size) {
  const char *what =
      field == FIELD_LINE ? "an action line of the pact (kiezen, leren, werken)"
      : field == FIELD_LEVEL ? "\"landelijk\" or \"regionaal\""
      : field == FIELD_KIND ? "\"activiteit\" or \"structuurversterking\""
      : field == FIELD_FORM ? "eenmalig, structureel, project, platform, aanpak, onderwijsconcept or samenwerking"
      : field == FIELD_STATUS ? "gepland, in uitvoering, stilgelegd, afgerond or gestopt"
      : field == FIELD_RECURRENCE ? "jaarlijks, twee keer per jaar, per kwartaal, maandelijks, wekelijks or onregelmatig"
      : field == FIELD_OWNER || field == FIELD_PARTNERS ? "an organisation of the pact (--add-organisations adds unknown ones)"
      : field == FIELD_PROVINCES ? "a province of the pact"
      : field == FIELD_MUNICIPALITIES ? "a municipality of the pact's regions, of any year"
      : field == FIELD_REGIONS ? "Noord-Nederland, a province or a municipality of the pact's regions, of any year"
      : field == FIELD_EDUCATION ? "an education sector (PO, VO, VMBO, HAVO-VWO, MBO, HBO, WO, arbeidsmarkt)"
      : field == FIELD_SOURCE ? "the code of a source of the pact"
                              : "a value of the pact's list";
  bool region = field == FIELD_REGIONS || field == FIELD_PROVINCES || field == FIELD_MUNICIPALITIES;
  if (ambiguous && region)
    snprintf(out, size, "\"" STR_FMT "\" is both a province and a municipality: write \"provincie " STR_FMT "\" or \"gemeente " STR_FMT "\"",
             STR_ARG(name), STR_ARG(name), STR_ARG(name));
  else if (ambiguous) snprintf(out, size, "\"" STR_FMT "\" is the name of more than one: use its code", STR_ARG(name));
  else snprintf(out, size, "\"" STR_FMT "\" is not known; %s was expected", STR_ARG(name), what);
}

static void refuse_name(Reading *r, Str name, bool ambiguous) {
  char expected[600];
  expected_of(r->field, cut_value(name), ambiguous, expected, sizeof expected);
  import_refuse(r->import, r->column, "%s", expected);
}

/* Our export marks a line that was assumed, so that it comes back as an assumption. */
static void take_mark(Reading *r) {
  static const char *const marks[] = {"(aanname)", "(assumption)"};
  for (size_t i = 0; i < 2; i++)
    if (str_ends(r->text, str_from(marks[i]))) {
      r->text = str_trim(str_slice(r->text, 0, r->text.len - strlen(marks[i])));
      r->import->line_assumed = true;
    }
}

static Err read_one(Reading *r) {
  Str code;
  bool ambiguous;
  if (r->field == FIELD_LINE) take_mark(r);
  if (import_lookup(r->import, r->field, r->text, &code, &ambiguous)) set_text(r, code);
  else if (r->field == FIELD_OWNER && !ambiguous && r->import->options->add_organisations) {
    TRY(import_add_organisation(r->import, r->text, &code));
    set_text(r, code);
  } else if (r->field == FIELD_SOURCE && str_starts(r->text, S("import-")) && is_code(r->text)) {
    set_text(r, arena_str(&r->import->row, r->text));  /* from an export of a registry that imported it: made when it is needed */
  } else refuse_name(r, r->text, ambiguous);
  return ERR_OK;
}

typedef struct Lookup { Import *import; Field field; } Lookup;

static bool look_up(void *context, Str part, Str *code) {
  Lookup *lookup = context;
  return import_lookup(lookup->import, lookup->field, part, code, NULL);
}

static CellList *list_of(Reading *r) {
  if (!r->fact->list) r->fact->list = ARENA_NEW(&r->import->row, CellList);
  return r->fact->list;
}

static void add_item(CellList *list, Str item) {
  for (size_t i = 0; i < list->count; i++)
    if (str_eq(list->items[i], item)) return;
  if (list->count < CELL_ITEMS) list->items[list->count++] = item;
}

static Err read_many(Reading *r) {
  CellList *found = ARENA_NEW(&r->import->row, CellList), *unknown = ARENA_NEW(&r->import->row, CellList), *list = list_of(r);
  if (!found || !unknown || !list) return IMPORT_MEMORY(r->import);
  cell_values(r->text, look_up, &(Lookup){r->import, r->field}, found, unknown);
  for (size_t i = 0; i < unknown->count; i++) {
    Str code;
    bool ambiguous = false;
    import_lookup(r->import, r->field, unknown->items[i], &code, &ambiguous);
    if (r->field == FIELD_PARTNERS && !ambiguous && r->import->options->add_organisations) {
      TRY(import_add_organisation(r->import, unknown->items[i], &code));
      add_item(found, code);
    } else refuse_name(r, unknown->items[i], ambiguous);
  }
  for (size_t i = 0; i < found->count; i++) add_item(list, found->items[i]);
  r->fact->given = r->fact->given || found->count > 0;
  return ERR_OK;
}

static Err read_goals(Reading *r) {
  Import *import = r->import;
  CellList *codes = ARENA_NEW(&import->row, CellList), *list = list_of(r);
  Str bad, code;
  if (!codes || !list) return IMPORT_MEMORY(import);
  bool fraction = r->cell->kind == SHEET_NUMBER && str_find_char(r->cell->text, '.') != STR_NPOS;
  if (r->cell->kind == SHEET_DATE || fraction) {
    import_refuse(import, r->column, "the spreadsheet made a %s of what was typed; make the cell text and write goals as \"1.C\" or "
                  "\"1; 2\"", fraction ? "number" : "date");
    return ERR_OK;
  }
  if (!cell_goals(&import->row, r->text, codes, &bad)) {
    import_refuse(import, r->column, "\"" STR_FMT "\" is not a goal; goals are written as \"1.C\" or \"1.A, 2 en 6.B\"", STR_ARG(cut_value(bad)));
    return ERR_OK;
  }
  for (size_t i = 0; i < codes->count; i++)
    if (import_lookup(import, FIELD_GOALS, codes->items[i], &code, NULL)) add_item(list, code);
    else import_refuse(import, r->column, "the pact has no goal \"" STR_FMT "\"", STR_ARG(codes->items[i]));
  r->fact->given = r->fact->given || list->count > 0;
  return ERR_OK;
}

static void read_day(Reading *r) {
  Day first = r->cell->day, last = r->cell->day;
  bool known = r->cell->kind == SHEET_DATE || cell_moment(r->text, &first, &last);
  if (!known || (r->field == FIELD_CONFIRMED && first != last)) {
    import_refuse(r->import, r->column, "a date such as 15-11-2013 or 15 november 2013 was expected%s",
                  r->field == FIELD_CONFIRMED ? "" : "; a month or a year will do");
    return;
  }
  set_day(r, r->fact, r->field == FIELD_PERIOD_END ? last : first);
}

static void read_period(Reading *r) {
  Day start = r->cell->day, end = r->cell->day;
  if (r->cell->kind != SHEET_DATE && !cell_period(r->text, &start, &end)) {
    import_refuse(r->import, r->column, "a period such as 2013-2015, \"sept 2013 t/m juni 2014\" or \"schooljaar 2013/2014\" was expected");
    return;
  }
  if (start != DAY_NONE) set_day(r, &r->import->facts[FIELD_PERIOD_START], start);
  if (end != DAY_NONE) set_day(r, &r->import->facts[FIELD_PERIOD_END], end);
}

static void read_number(Reading *r) {
  int64_t number = 0;
  bool money = r->field == FIELD_COST, known;
  if (r->cell->kind == SHEET_NUMBER) {
    double value = money ? r->cell->number * 100 : r->cell->number;
    known = value >= 0 && value < 9e15 && fabs(value - nearbyint(value)) < 1e-6 * (money ? 1 : 0) + (money ? 1e-4 : 1e-9);
    if (known) number = llround(value);
  } else known = money ? cell_money(r->text, &number) : cell_count(r->text, &number);
  if (!known) {
    import_refuse(r->import, r->column, money ? "an amount in euros such as 12.500 or \xe2\x82\xac 1.250,50 was expected"
                                              : "a whole number was expected");
    return;
  }
  set_text(r, arena_printf(&r->import->row, "%lld", (long long)number));
}

static void read_private(Reading *r) {
  Str before = r->fact->text;
  set_text(r, before.len ? arena_printf(&r->import->row, STR_FMT "; " STR_FMT, STR_ARG(before), STR_ARG(r->text))
                         : arena_str(&r->import->row, r->text));
}

static Err read_cell(Reading *r) {
  FieldKind kind = FIELDS[r->field].kind;
  if (r->cell->kind == SHEET_ERROR) {
    import_refuse(r->import, r->column, "a value was expected, not the error of a formula");
    return ERR_OK;
  }
  Str name = cell_name(&r->import->row, r->text);
  if (!name.ptr) return IMPORT_MEMORY(r->import);
  if (kind != FIELD_KIND_TEXT && kind != FIELD_KIND_PRIVATE && cell_is_blank(name)) return ERR_OK;
  switch (kind) {
    case FIELD_KIND_TEXT: read_text(r); break;
    case FIELD_KIND_CHOICE:
    case FIELD_KIND_ONE: return read_one(r);
    case FIELD_KIND_MANY: return read_many(r);
    case FIELD_KIND_GOALS: return read_goals(r);
    case FIELD_KIND_DAY: read_day(r); break;
    case FIELD_KIND_PERIOD: read_period(r); break;
    case FIELD_KIND_MONEY:
    case FIELD_KIND_NUMBER: read_number(r); break;
    case FIELD_KIND_PRIVATE: read_private(r); break;
  }
  return ERR_OK;
}

/* Three columns say where: together they are the reach. */
static void join_regions(Import *import) {
  Fact *all = &import->facts[FIELD_REGIONS];
  static const Field parts[] = {FIELD_PROVINCES, FIELD_MUNICIPALITIES};
  for (size_t p = 0; p < 2; p++) {
    const Fact *part = &import->facts[parts[p]];
    all->present = all->present || part->present;
    if (!part->given) continue;
    if (!all->list) all->list = part->list;
    else
      for (size_t i = 0; i < part->list->count; i++) add_item(all->list, part->list->items[i]);
    all->given = true;
  }
}

static size_t column_of(const Import *import, Field field) {
  for (size_t i = 0; i < import->column_count; i++)
    if (import->columns[i].field == field) return i;
  return COLUMNS_MAX;
}

static void check_row(Import *import) {
  const Fact *start = &import->facts[FIELD_PERIOD_START], *end = &import->facts[FIELD_PERIOD_END];
  if (start->given && end->given && str_cmp(start->text, end->text) > 0)
    import_refuse(import, column_of(import, import->has[FIELD_PERIOD_END] ? FIELD_PERIOD_END : FIELD_PERIOD),
                  "the end lies before the begin (" STR_FMT ")", STR_ARG(start->text));
}

Err import_read_row(Import *import) {
  memset(import->facts, 0, sizeof import->facts);
  import->line_assumed = false;
  for (int field = 0; field < FIELD_COUNT; field++) import->facts[field].present = import->has[field];
  if (import->has[FIELD_PERIOD]) import->facts[FIELD_PERIOD_START].present = import->facts[FIELD_PERIOD_END].present = true;
  for (size_t i = 0; i < import->column_count && i < import->cell_count; i++) {
    Field field = import->columns[i].field;
    if (field == FIELD_NONE || import->cells[i].kind == SHEET_EMPTY) continue;
    Reading r = {import, i, field, &import->cells[i], str_trim(import->cells[i].text), &import->facts[field]};
    if (r.text.len) TRY(read_cell(&r));
  }
  join_regions(import);
  check_row(import);
  return ERR_OK;
}
