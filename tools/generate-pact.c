/* SPDX-License-Identifier: EUPL-1.2 */
/* Writes a made-up pact as a data package, to see how the program behaves with many actions:
 *   generate-pact DIR ACTIONS [ORGANISATIONS [SEED [INDICATORS]]]
 * Goals, regions and code lists are those of the shipped pact; organisations and actions are generated, and every title
 * says so. With INDICATORS so many indicators take the place of the shipped ones, each with figures of twelve years for the
 * North and its provinces. The same numbers give the same bytes. Load it with `pactwijzer init --pact DIR`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/csv.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/mem.h"

enum { ACTIONS_MAX = 1000000, ORGANISATIONS_MAX = 5000, INDICATORS_MAX = 1000, CODES_MAX = 128, TARGETS_MAX = 64 };
enum { YEAR_FIRST = 2013, YEARS = 12, YEAR_BROKEN = 2018, BROKEN = 5 };  /* every fifth indicator changes its definition */

/* A target of the shipped pact, as it stands in goal_target.csv. */
typedef struct Target { Str goal, edition, number, kind; } Target;

typedef struct Codes { Str items[CODES_MAX]; size_t count; } Codes;

typedef struct Pact {
  const char *dir;
  long actions, organisations, indicators;
  Target targets[TARGETS_MAX];
  size_t target_count;
  uint64_t state;
  Arena arena;
  Codes lines, goals, municipalities, provinces, education, technical, audiences;
  ErrInfo info;
} Pact;

/* splitmix64: short, and the same on every machine. */
static uint64_t next(Pact *p) {
  uint64_t z = (p->state += UINT64_C(0x9E3779B97F4A7C15));
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}
static size_t below(Pact *p, size_t n) { return (size_t)(next(p) >> 33) % n; }
static bool chance(Pact *p, size_t percent) { return below(p, 100) < percent; }

#define ANY(p, array) (array)[below((p), sizeof(array) / sizeof *(array))]
static const char *const subjects[] = {
    "Techniekdag", "Open dag", "Bedrijfsbezoek", "Gastles", "Lasproject", "Robotwedstrijd", "Techniektoernooi", "Stagemarkt",
    "Leerwerkplaats", "Bijscholing", "Omscholing", "Meesterproef", "Techniekklas", "Zomerschool", "Loopbaangesprek", "Werkbezoek",
    "Ontwerpwedstrijd", "Docentenstage", "Speurtocht", "Bètalab", "Kenniskring", "Vakwedstrijd", "Praktijkroute", "Doorlopende leerlijn",
    "Banenmarkt", "Begeleiding", "Proeflessen", "Ouderavond", "Energieproject", "Chemielessen"};
static const char *const audiences[] = {
    "voor meisjes", "voor groep 7 en 8", "voor leerlingen van het vmbo", "voor studenten", "voor docenten", "voor ouders",
    "voor werkzoekenden", "voor zij-instromers", "met bedrijven", "in de bouw", "in de metaal", "in de installatietechniek",
    "rond duurzame energie", "rond sensortechnologie", "voor het mkb", "voor leermeesters", "voor jongeren", "in de zorg"};
static const char *const words[] = {
    "leerlingen", "maken", "kennis", "met", "techniek", "door", "samen", "werken", "een", "opdracht", "bedrijf", "school", "regio",
    "begeleiding", "van", "vakmensen", "praktijk", "onderwijs", "machines", "ontwerpen", "bouwen", "meten", "programmeren", "lassen",
    "verspanen", "elektrotechniek", "duurzaamheid", "water", "energie", "chemie", "stage", "diploma", "keuze", "profiel", "docenten",
    "ouders", "bijeenkomst", "jaarlijks", "project", "samenwerking", "instroom", "uitval", "vacatures", "scholing", "certificaat",
    "netwerk", "ondernemers", "innovatie", "laboratorium", "werkplaats", "excursie", "wedstrijd", "presentatie", "evaluatie",
    "doorstroom", "arbeidsmarkt", "vakmanschap", "talent", "kansen", "ervaring", "toekomst", "installaties", "robots", "sensoren"};
static const char *const kinds[2][5] = {{"once", "structural", "once", "structural", "once"},
                                        {"project", "platform", "approach", "education_concept", "collaboration"}};

static Err read_codes(Pact *p, const char *file, Codes *out, const char *column, const char *value) {
  EmbeddedFile embedded;
  Str path = arena_printf(&p->arena, "pacts/noord/%s.csv", file);
  if (!embed_find(path, &embedded)) return err_set(&p->info, ERR_NOT_FOUND, "%s is not in the program", path.ptr);
  CsvReader *reader = NULL;
  const Str *cells;
  size_t count, at = 0;
  TRY(csv_new_text(&reader, embedded.bytes, (CsvOptions){.delimiter = ','}, &p->info));
  Err err = csv_next(reader, &cells, &count, &p->info);
  for (size_t i = 0; column && err == ERR_OK && i < count; i++)
    if (str_eq(cells[i], str_from(column))) at = i;
  while (err == ERR_OK && (err = csv_next(reader, &cells, &count, &p->info)) == ERR_OK && count) {
    if (column && !str_eq(cells[at], str_from(value))) continue;
    if (out->count < CODES_MAX) out->items[out->count++] = arena_str(&p->arena, cells[0]);
  }
  csv_free(reader);
  return err;
}

static Err write_file(Pact *p, const char *name, Buf *content) {
  Str path = arena_printf(&p->arena, "%s/%s", p->dir, name);
  TRY(buf_err(content));
  return file_write(path.ptr, buf_view(content), &p->info);
}

/* A file of the shipped pact; `heading_only` for what speaks of its own organisations and actions. */
static Err copy_file(Pact *p, const EmbeddedFile *file, bool heading_only) {
  Str bytes = file->bytes;
  if (heading_only) bytes = str_slice(bytes, 0, str_find_char(bytes, '\n') + 1);
  Str name = str_slice(file->path, sizeof "pacts/noord/" - 1, file->path.len);
  Str path = arena_printf(&p->arena, "%s/" STR_FMT, p->dir, STR_ARG(name));
  return file_write(path.ptr, bytes, &p->info);
}

static void replace_once(Buf *out, Str text, const char *old, const char *now) {
  size_t at = str_find(text, str_from(old));
  if (at == STR_NPOS) {
    buf_str(out, text);
    return;
  }
  buf_str(out, str_slice(text, 0, at));
  buf_cstr(out, now);
  buf_str(out, str_slice(text, at + strlen(old), text.len));
}

static Err copy_titled(Pact *p, const char *name, const char *old, const char *now) {
  EmbeddedFile file;
  Buf out;
  buf_init(&out, 0);
  if (!embed_find(arena_printf(&p->arena, "pacts/noord/%s", name), &file)) return ERR_NOT_FOUND;
  replace_once(&out, file.bytes, old, now);
  Err err = write_file(p, name, &out);
  buf_clear(&out);
  return err;
}

static bool of_figures(Str path) {
  return str_starts(path, S("pacts/noord/indicator")) || str_starts(path, S("pacts/noord/measurement")) ||
         str_starts(path, S("pacts/noord/derivation"));
}

static bool emptied(Str path) {
  static const char *const names[] = {"organisation_name", "organisation_successor", "organisation_role", "action_framework",
                                      "assumption", "published_total", "measurement"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char file[64];
    snprintf(file, sizeof file, "pacts/noord/%s.csv", names[i]);
    if (str_eq(path, str_from(file))) return true;
  }
  return false;
}

static Err copy_files(Pact *p) {
  size_t first, count = embed_prefix(S("pacts/noord/"), &first);
  for (size_t i = 0; i < count; i++) {
    const EmbeddedFile *file = embed_at(first + i);
    bool generated = str_starts(file->path, S("pacts/noord/action")) && !str_ends(file->path, S("action_line.csv")) &&
                     !str_ends(file->path, S("action_framework.csv"));
    if (generated || str_ends(file->path, S("noord/organisation.csv"))) continue;
    TRY(copy_file(p, file, emptied(file->path) || (p->indicators && of_figures(file->path))));
  }
  TRY(copy_titled(p, "pact.csv", "Techniekpact Noord-Nederland", "Synthetisch pact (gegenereerd)"));
  return copy_titled(p, "datapackage.json", "\"Techniekpact Noord-Nederland 2013-2020\"", "\"Synthetisch pact (gegenereerd)\"");
}

static Err write_organisations(Pact *p) {
  static const char *const types[] = {"company", "education_mbo", "education_vo", "government_municipality", "network", "training_fund"};
  static const char *const names[] = {"Bedrijf", "College", "School", "Gemeente", "Netwerk", "Fonds"};
  Buf out;
  buf_init(&out, 0);
  buf_cstr(&out, "code,name,short_name,organisation_type,education_sector,region,valid_from,valid_to,note,source,source_section\n");
  for (long i = 1; i <= p->organisations; i++) {
    size_t type = below(p, 6);
    buf_printf(&out, "gen-org-%04ld,%s %04ld (gegenereerd),,%s,,,,,,redactie,\n", i, names[type], i, types[type]);
  }
  Err err = write_file(p, "organisation.csv", &out);
  buf_clear(&out);
  return err;
}

typedef enum Link { LINK_GOAL, LINK_REGION, LINK_EDUCATION, LINK_TECHNICAL, LINK_AUDIENCE, LINK_PARTNER, LINK_COUNT } Link;
static const struct { const char *file, *heading, *behind; } link_files[LINK_COUNT] = {
    {"action_goal.csv", "action,goal,direction,strength,reasoning,evidence,confidence,source,source_section\n", ",,,,,,redactie,\n"},
    {"action_region.csv", "action,region,source,source_section\n", ",redactie,\n"},
    {"action_education_sector.csv", "action,education_sector,source,source_section\n", ",redactie,\n"},
    {"action_technical_sector.csv", "action,technical_sector,source,source_section\n", ",redactie,\n"},
    {"action_audience.csv", "action,audience,source,source_section\n", ",redactie,\n"},
    {"action_partner.csv", "action,organisation,role,source,source_section\n", ",,redactie,\n"}};

/* Up to `most` different codes, often one, sometimes none. */
static void put_links(Pact *p, Buf *out, Link link, long action, const Codes *codes, size_t most) {
  size_t count = chance(p, 8) ? 0 : chance(p, 65) ? 1 : 1 + below(p, most), start = below(p, codes->count);
  for (size_t i = 0; i < count && i < codes->count; i++)
    buf_printf(out, "GEN-%06ld," STR_FMT "%s", action, STR_ARG(codes->items[(start + i * 3) % codes->count]), link_files[link].behind);
}

static void put_reach(Pact *p, Buf *out, long action) {
  size_t where = below(p, 100);
  if (where < 6) return;
  if (where < 20) buf_printf(out, "GEN-%06ld,LD01,redactie,\n", action);
  else if (where < 45) {
    Str province = p->provinces.items[below(p, p->provinces.count)];
    buf_printf(out, "GEN-%06ld," STR_FMT ",redactie,\n", action, STR_ARG(province));
  }
  else put_links(p, out, LINK_REGION, action, &p->municipalities, 3);
}

static void put_partners(Pact *p, Buf *out, long action) {
  size_t count = below(p, 4), start = below(p, (size_t)p->organisations);
  for (size_t i = 0; i < count; i++)
    buf_printf(out, "GEN-%06ld,gen-org-%04zu,,redactie,\n", action, (start + i * 7) % (size_t)p->organisations + 1);
}

static void put_action(Pact *p, Buf *out, long action) {
  bool structure = chance(p, 35);
  buf_printf(out, "GEN-%06ld,%s %s %ld (gegenereerd),", action, ANY(p, subjects), ANY(p, audiences), action);
  for (size_t i = 0, n = chance(p, 80) ? 10 + below(p, 25) : 0; i < n; i++) buf_printf(out, "%s%s", i ? " " : "", ANY(p, words));
  Str line = chance(p, 92) ? p->lines.items[below(p, p->lines.count)] : S("");
  buf_printf(out, "," STR_FMT ",", STR_ARG(line));
  buf_printf(out, "%s,%s,", structure ? "structure" : "activity", chance(p, 80) ? kinds[structure][below(p, 5)] : "");
  buf_printf(out, "%s,", chance(p, 85) ? (chance(p, 20) ? "national" : "regional") : "");
  int year = 2012 + (int)below(p, 8);
  if (chance(p, 70)) buf_printf(out, "%d-%02zu-01,%d-12-31,", year, 1 + below(p, 12), year + (int)below(p, 4));
  else buf_cstr(out, ",,");
  static const char *const recurrences[] = {"yearly", "twice_a_year", "quarterly", "monthly", "weekly", "irregular"};
  static const char *const statuses[] = {"planned", "running", "paused", "completed", "stopped"};
  buf_printf(out, "%s,", chance(p, 40) ? ANY(p, recurrences) : "");
  if (chance(p, 85)) buf_printf(out, "gen-org-%04zu", below(p, (size_t)p->organisations) + 1);
  buf_printf(out, ",%s,", chance(p, 75) ? ANY(p, statuses) : "");
  if (chance(p, 40)) buf_printf(out, "%zu", (1 + below(p, 5000)) * 10000);
  buf_char(out, ',');
  if (chance(p, 50)) buf_printf(out, "%zu", 5 + below(p, 600));
  buf_printf(out, ",,,,%s,,redactie,\n", chance(p, 30) ? "2014-06-01" : "");
}

static void generate_actions(Pact *p, Buf *actions, Buf links[LINK_COUNT]) {
  buf_cstr(actions, "code,title,description,line,kind,form,level,period_start,period_end,recurrence,owner,status,cost_cents,"
                    "participants,quality,yield,evidence,confirmed_on,focal_action,source,source_section\n");
  for (long i = 1; i <= p->actions; i++) {
    put_action(p, actions, i);
    put_links(p, &links[LINK_GOAL], LINK_GOAL, i, &p->goals, 3);
    put_reach(p, &links[LINK_REGION], i);
    put_links(p, &links[LINK_EDUCATION], LINK_EDUCATION, i, &p->education, 3);
    put_links(p, &links[LINK_TECHNICAL], LINK_TECHNICAL, i, &p->technical, 2);
    put_links(p, &links[LINK_AUDIENCE], LINK_AUDIENCE, i, &p->audiences, 2);
    put_partners(p, &links[LINK_PARTNER], i);
  }
}

static Err write_actions(Pact *p) {
  Buf actions, links[LINK_COUNT];
  buf_init(&actions, 0);
  for (int i = 0; i < LINK_COUNT; i++) {
    buf_init(&links[i], 0);
    buf_cstr(&links[i], link_files[i].heading);
  }
  generate_actions(p, &actions, links);
  Err err = write_file(p, "action.csv", &actions);
  for (int i = 0; i < LINK_COUNT; i++) {
    if (err == ERR_OK) err = write_file(p, link_files[i].file, &links[i]);
    buf_clear(&links[i]);
  }
  buf_clear(&actions);
  return err;
}

/* --- indicators with figures --- */

typedef struct Cell { const char *column; Str text; } Cell;
typedef struct Sheet { const char *name; Buf out; Codes columns; } Sheet;

static Err sheet_begin(Pact *p, Sheet *sheet, const char *name) {
  EmbeddedFile file;
  *sheet = (Sheet){.name = name};
  buf_init(&sheet->out, 0);
  if (!embed_find(arena_printf(&p->arena, "pacts/noord/%s", name), &file)) return ERR_NOT_FOUND;
  Str heading = str_slice(file.bytes, 0, str_find_char(file.bytes, '\n')), column;
  buf_str(&sheet->out, heading);
  buf_char(&sheet->out, '\n');
  while (str_cut(&heading, ',', &column)) sheet->columns.items[sheet->columns.count++] = column;
  return ERR_OK;
}

/* A row by the names of its columns; what is not named is empty, source is ours. */
static void sheet_row(Sheet *sheet, const Cell *cells, size_t count) {
  for (size_t c = 0; c < sheet->columns.count; c++) {
    if (c) buf_char(&sheet->out, ',');
    if (str_eq(sheet->columns.items[c], S("source"))) buf_cstr(&sheet->out, "redactie");
    for (size_t i = 0; i < count; i++)
      if (str_eq(sheet->columns.items[c], str_from(cells[i].column))) buf_str(&sheet->out, cells[i].text);
  }
  buf_char(&sheet->out, '\n');
}

#define ROW(sheet, ...) sheet_row((sheet), (const Cell[]){__VA_ARGS__}, sizeof((const Cell[]){__VA_ARGS__}) / sizeof(Cell))
#define TEXT(p, ...) arena_printf(&(p)->arena, __VA_ARGS__)

static Err read_targets(Pact *p) {
  EmbeddedFile embedded;
  CsvReader *reader = NULL;
  const Str *cells;
  size_t count;
  if (!embed_find(S("pacts/noord/goal_target.csv"), &embedded)) return ERR_NOT_FOUND;
  TRY(csv_new_text(&reader, embedded.bytes, (CsvOptions){.delimiter = ','}, &p->info));
  Err err = csv_next(reader, &cells, &count, &p->info);
  while (err == ERR_OK && (err = csv_next(reader, &cells, &count, &p->info)) == ERR_OK && count)
    if (p->target_count < TARGETS_MAX)
      p->targets[p->target_count++] = (Target){arena_str(&p->arena, cells[0]), arena_str(&p->arena, cells[1]),
                                               arena_str(&p->arena, cells[2]), arena_str(&p->arena, cells[4])};
  csv_free(reader);
  return err;
}

static bool in_percent(const Target *t) {
  return str_eq(t->kind, S("share")) || str_eq(t->kind, S("ceiling")) || str_eq(t->kind, S("relative"));
}

static Str kind_of(const Target *t) {
  return str_eq(t->kind, S("multiple")) || str_eq(t->kind, S("minimum_hours")) ? S("count") : t->kind;
}

/* One figure in forty is missing, one is suppressed. */
static void put_figure(Pact *p, Sheet *sheet, Str code, Str region, int year, Str definition, double value) {
  size_t fate = below(p, 40);
  Str period = TEXT(p, "%d", year), day = TEXT(p, "%d-12-31", year), known = TEXT(p, "%d-03-01", year + 1);
  Str low = fate == 2 || fate > 30 ? TEXT(p, "%.1f", value * 0.97) : S(""), high = low.len ? TEXT(p, "%.1f", value * 1.03) : S("");
  Str state = fate == 1 ? S("missing") : fate == 2 ? S("suppressed") : S("value");
  ROW(sheet, {"indicator", code}, {"region", region}, {"definition", definition}, {"period_kind", S("calendar_year")}, {"period", period},
      {"day", day}, {"state", state}, {"value", fate == 1 || fate == 2 ? S("") : TEXT(p, "%.1f", value)}, {"low", fate == 1 ? S("") : low},
      {"high", fate == 1 ? S("") : high}, {"complete", S("true")}, {"quality", S("estimate")}, {"leading", S("true")},
      {"method", S("gegenereerd")}, {"reason", fate == 1 ? S("gegenereerd als ontbrekend") : S("")}, {"known_from", known},
      {"entered_by", S("redactie")}, {"revision", S("1")});
}

static void put_indicator(Pact *p, Sheet sheets[5], long n) {
  const Target *t = &p->targets[(size_t)n % p->target_count];
  Str code = TEXT(p, "gen-%03ld", n + 1);
  bool percent = in_percent(t);
  ROW(&sheets[0], {"code", code}, {"goal", t->goal}, {"title", TEXT(p, "Indicator %ld (gegenereerd)", n + 1)},
      {"definition", S("Gegenereerde reeks om het programma te meten; geen echt cijfer.")}, {"kind", kind_of(t)},
      {"unit", percent ? S("percent") : S("persons")}, {"better", S("higher")}, {"aggregation", S("not_additive")});
  ROW(&sheets[1], {"indicator", code}, {"version", S("1")}, {"body", S("Gegenereerd.")});
  if (n % BROKEN == 0)
    ROW(&sheets[1], {"indicator", code}, {"version", S("2")}, {"body", S("Gegenereerd en anders afgebakend.")},
        {"valid_from", TEXT(p, "%d-01-01", YEAR_BROKEN)});
  for (size_t i = 0; i < p->target_count; i++)
    if (str_eq(p->targets[i].goal, t->goal) && str_eq(p->targets[i].number, t->number))
      ROW(&sheets[2], {"indicator", code}, {"edition", p->targets[i].edition}, {"goal", t->goal}, {"number", t->number});
  for (size_t r = 0; r <= p->provinces.count; r++) {
    Str region = r ? p->provinces.items[r - 1] : S("LD01");
    double value = percent ? 15 + (double)below(p, 200) / 10 : 200 + (double)below(p, 200), drift = ((double)below(p, 100) - 35) / 50;
    ROW(&sheets[3], {"indicator", code}, {"region", region});
    for (int y = 0; y < YEARS; y++) {
      put_figure(p, &sheets[4], code, region, YEAR_FIRST + y, n % BROKEN == 0 && YEAR_FIRST + y >= YEAR_BROKEN ? S("2") : S("1"), value);
      value += (percent ? 1 : 10) * (drift + ((double)below(p, 100) - 50) / 100);
    }
  }
}

static Err write_indicators(Pact *p) {
  static const char *const names[5] = {"indicator.csv", "indicator_definition.csv", "indicator_target.csv", "indicator_region.csv", "measurement.csv"};
  Sheet sheets[5];
  if (!p->indicators) return ERR_OK;
  TRY(read_targets(p));
  Err err = ERR_OK;
  for (int i = 0; i < 5; i++) {
    Err one = sheet_begin(p, &sheets[i], names[i]);
    if (err == ERR_OK) err = one;
  }
  for (long n = 0; err == ERR_OK && n < p->indicators; n++) put_indicator(p, sheets, n);
  for (int i = 0; i < 5; i++) {
    if (err == ERR_OK) err = write_file(p, names[i], &sheets[i].out);
    buf_clear(&sheets[i].out);
  }
  return err;
}

static Err generate(Pact *p) {
  TRY(read_codes(p, "action_line", &p->lines, NULL, NULL));
  TRY(read_codes(p, "goal", &p->goals, NULL, NULL));
  TRY(read_codes(p, "region", &p->municipalities, "kind", "municipality"));
  TRY(read_codes(p, "region", &p->provinces, "kind", "province"));
  TRY(read_codes(p, "education_sector", &p->education, NULL, NULL));
  TRY(read_codes(p, "technical_sector", &p->technical, NULL, NULL));
  TRY(read_codes(p, "audience", &p->audiences, NULL, NULL));
  TRY(file_make_dirs(p->dir, &p->info));
  TRY(copy_files(p));
  TRY(write_organisations(p));
  TRY(write_indicators(p));
  return write_actions(p);
}

static bool number(const char *text, long low, long high, long *out) {
  int64_t value;
  if (!str_to_int(str_from(text), &value) || value < low || value > high) return false;
  *out = (long)value;
  return true;
}

int main(int argc, char **argv) {
  Pact pact = {.organisations = 50, .state = 1};
  long seed = 1;
  bool usage = argc < 3 || argc > 6 || !number(argv[2], 1, ACTIONS_MAX, &pact.actions) ||
               (argc > 3 && !number(argv[3], 50, ORGANISATIONS_MAX, &pact.organisations)) ||
               (argc > 4 && !number(argv[4], 0, INT32_MAX, &seed)) ||
               (argc > 5 && !number(argv[5], 0, INDICATORS_MAX, &pact.indicators));
  if (usage) {
    fprintf(stderr, "usage: generate-pact DIR ACTIONS [ORGANISATIONS (50 to %d) [SEED [INDICATORS (to %d)]]]\n", ORGANISATIONS_MAX, INDICATORS_MAX);
    return err_exit_code(ERR_USAGE);
  }
  pact.dir = argv[1];
  pact.state = (uint64_t)seed;
  arena_init(&pact.arena, 0);
  Err err = generate(&pact);
  if (err) fprintf(stderr, "generate-pact: %s: %s\n", err_name(err), pact.info.message);
  else printf("%s: %ld generated actions of %ld organisations\n", pact.dir, pact.actions, pact.organisations);
  arena_clear(&pact.arena);
  return err_exit_code(err);
}
