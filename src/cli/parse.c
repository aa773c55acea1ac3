/* SPDX-License-Identifier: EUPL-1.2 */
/* Reading argv by the table of commands: one loop for all of them, so that every command answers wrong input alike. */
#include "cli/parse.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/day.h"

enum { SUGGEST_MAX = 64 };  /* longest word for which a near one is looked up */

#define COMMAND(name_, handler_, summary_, help_) Err handler_(CliContext *ctx);
#define ARGUMENT(...)
#define OPTION(...)
#include "cli/commands.def"
#undef COMMAND
#undef ARGUMENT
#undef OPTION

const CliRow CLI_ROWS[] = {
#define COMMAND(name_, handler_, summary_, help_) \
  {.kind = CLI_ROW_COMMAND, .name = name_, .summary = summary_, .help = help_, .handler = handler_},
#define ARGUMENT(name_, type_, count_, summary_) \
  {.kind = CLI_ROW_ARGUMENT, .name = name_, .type = type_, .count = count_, .summary = summary_},
#define OPTION(name_, type_, value_, standard_, summary_) \
  {.kind = CLI_ROW_OPTION, .name = name_, .type = type_, .value = value_, .standard = standard_, .summary = summary_},
#include "cli/commands.def"
#undef COMMAND
#undef ARGUMENT
#undef OPTION
};
const size_t CLI_ROWS_COUNT = sizeof CLI_ROWS / sizeof *CLI_ROWS;

CliType cli_type(const CliRow *row) {
  return (CliType)(row->type & ~CLI_REPEAT);
}

const CliRow *cli_row_next(const CliRow *command, const CliRow *at) {
  const CliRow *next = at ? at + 1 : command ? command + 1 : CLI_ROWS;
  return next < CLI_ROWS + CLI_ROWS_COUNT && next->kind != CLI_ROW_COMMAND ? next : NULL;
}

const CliRow *cli_command_find(Str name) {
  for (size_t i = 0; i < CLI_ROWS_COUNT; i++)
    if (CLI_ROWS[i].kind == CLI_ROW_COMMAND && str_eq(str_from(CLI_ROWS[i].name), name)) return &CLI_ROWS[i];
  return NULL;
}

/* Optimal string alignment distance; a swapped pair counts once. Words longer than SUGGEST_MAX are far from anything. */
static size_t distance(Str a, Str b) {
  size_t rows[3][SUGGEST_MAX + 1];
  if (a.len > SUGGEST_MAX || b.len > SUGGEST_MAX) return SUGGEST_MAX;
  for (size_t j = 0; j <= b.len; j++) rows[0][j] = j;
  for (size_t i = 1; i <= a.len; i++) {
    size_t *before = rows[(i + 1) % 3], *last = rows[(i + 2) % 3], *row = rows[i % 3];
    row[0] = i;
    for (size_t j = 1; j <= b.len; j++) {
      size_t best = last[j - 1] + (a.ptr[i - 1] != b.ptr[j - 1]);
      if (last[j] + 1 < best) best = last[j] + 1;
      if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
      if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1] && before[j - 2] + 1 < best)
        best = before[j - 2] + 1;
      row[j] = best;
    }
  }
  return rows[a.len % 3][b.len];
}

typedef struct Nearest { Str word; size_t far; } Nearest;

static void nearest_try(Nearest *nearest, Str given, const char *candidate) {
  Str word = str_from(candidate);
  size_t far = given.len > 0 && str_starts(word, given) ? 1 : distance(given, word);
  if (far < nearest->far) *nearest = (Nearest){word, far};
}

static bool nearest_found(const Nearest *nearest, Str given) {
  return nearest->far <= 1 + given.len / 3;
}

static Err unknown_command(CliContext *ctx, Str given) {
  Nearest nearest = {STR_NONE, SUGGEST_MAX};
  for (size_t i = 0; i < CLI_ROWS_COUNT; i++)
    if (CLI_ROWS[i].kind == CLI_ROW_COMMAND) nearest_try(&nearest, given, CLI_ROWS[i].name);
  if (nearest_found(&nearest, given))
    return err_set(ctx->info, ERR_USAGE, "there is no command '" STR_FMT "'; did you mean '" STR_FMT "'?", STR_ARG(given),
                   STR_ARG(nearest.word));
  return err_set(ctx->info, ERR_USAGE, "there is no command '" STR_FMT "'; 'pactwijzer help' lists them", STR_ARG(given));
}

static Err unknown_option(CliContext *ctx, Str given) {
  Nearest nearest = {STR_NONE, SUGGEST_MAX};
  for (const CliRow *r = NULL; (r = cli_row_next(ctx->command, r)) != NULL;)
    if (r->kind == CLI_ROW_OPTION) nearest_try(&nearest, given, r->name);
  for (const CliRow *r = NULL; (r = cli_row_next(NULL, r)) != NULL;) nearest_try(&nearest, given, r->name);
  if (nearest_found(&nearest, given))
    return err_set(ctx->info, ERR_USAGE, "'%s' has no option '--" STR_FMT "'; did you mean '--" STR_FMT "'?",
                   ctx->command->name, STR_ARG(given), STR_ARG(nearest.word));
  return err_set(ctx->info, ERR_USAGE, "'%s' has no option '--" STR_FMT "'; 'pactwijzer help %s' lists them",
                 ctx->command->name, STR_ARG(given), ctx->command->name);
}

static Err parse_int(const CliRow *row, Str text, CliGiven *given, ErrInfo *info) {
  int64_t low = INT64_MIN, high = INT64_MAX;
  Str bounds = str_from(row->value);
  size_t dots = str_find(bounds, S(".."));
  if (dots != STR_NPOS) {
    bool fine = str_to_int(str_slice(bounds, 0, dots), &low) && str_to_int(str_slice(bounds, dots + 2, bounds.len), &high);
    assert(fine);
    (void)fine;
  }
  if (!str_to_int(text, &given->integer) || given->integer < low || given->integer > high)
    return err_set(info, ERR_USAGE, "'" STR_FMT "' is not a value for '--%s': a whole number%s%s is expected",
                   STR_ARG(text), row->name, dots == STR_NPOS ? "" : " in ", dots == STR_NPOS ? "" : row->value);
  given->number = (double)given->integer;
  return ERR_OK;
}

static Err parse_choice(const CliRow *row, Str text, ErrInfo *info) {
  Str rest = str_from(row->value), choice;
  while (str_cut(&rest, '|', &choice))
    if (str_eq(choice, text)) return ERR_OK;
  return err_set(info, ERR_USAGE, "'" STR_FMT "' is not a value for '--%s': one of %s is expected", STR_ARG(text), row->name,
                 row->value);
}

static Err parse_value(const CliRow *row, Str text, CliGiven *given, ErrInfo *info) {
  Day day = DAY_NONE;
  *given = (CliGiven){.row = row, .text = text};
  switch (cli_type(row)) {
    case CLI_INT: return parse_int(row, text, given, info);
    case CLI_CHOICE: return parse_choice(row, text, info);
    case CLI_NUMBER:
      if (str_to_double(text, &given->number)) return ERR_OK;
      return err_set(info, ERR_USAGE, "'" STR_FMT "' is not a value for '--%s': a number such as 0.5 is expected",
                     STR_ARG(text), row->name);
    case CLI_DATE:
      if (!day_parse_iso(text, &day))
        return err_set(info, ERR_USAGE, "'" STR_FMT "' is not a value for '--%s': a date such as 2013-11-15 is expected",
                       STR_ARG(text), row->name);
      given->integer = day;
      return ERR_OK;
    default:
      if (text.len == 0 && row->kind == CLI_ROW_OPTION && cli_type(row) != CLI_TEXT)
        return err_set(info, ERR_USAGE, "'--%s' needs a name behind it", row->name);
      return ERR_OK;
  }
}

static const CliRow *option_find(const CliContext *ctx, Str name) {
  for (int own = 0; own < 2; own++)
    for (const CliRow *r = NULL; (r = cli_row_next(own == 0 ? ctx->command : NULL, r)) != NULL;)
      if (r->kind == CLI_ROW_OPTION && str_eq(str_from(r->name), name)) return r;
  return NULL;
}

static bool is_given(const CliContext *ctx, const CliRow *row) {
  for (size_t i = 0; i < ctx->given_count; i++)
    if (ctx->given[i].row == row) return true;
  return false;
}

/* One option at argv[*at], perhaps with its value in the next place. */
static Err parse_option(CliContext *ctx, int argc, char **argv, int *at) {
  Str name = str_slice(str_from(argv[*at]), 2, STR_NPOS), value = STR_NONE;
  size_t equals = str_find_char(name, '=');
  if (equals != STR_NPOS) {
    value = str_slice(name, equals + 1, name.len);
    name = str_slice(name, 0, equals);
  }
  const CliRow *row = option_find(ctx, name);
  if (!row) return unknown_option(ctx, name);
  if (!(row->type & CLI_REPEAT) && is_given(ctx, row))
    return err_set(ctx->info, ERR_USAGE, "'--%s' is given twice", row->name);
  if (cli_type(row) == CLI_FLAG) {
    if (equals != STR_NPOS) return err_set(ctx->info, ERR_USAGE, "'--%s' takes no value", row->name);
    ctx->given[ctx->given_count++] = (CliGiven){.row = row};
    return ERR_OK;
  }
  if (equals == STR_NPOS) {
    if (*at + 1 >= argc) return err_set(ctx->info, ERR_USAGE, "'--%s' needs a value behind it (%s)", row->name, row->value);
    value = str_from(argv[++*at]);
  }
  TRY(parse_value(row, value, &ctx->given[ctx->given_count], ctx->info));
  ctx->given_count++;
  return ERR_OK;
}

/* The next argument row that a positional word fills, NULL when all are filled. */
static const CliRow *argument_next(const CliContext *ctx) {
  for (const CliRow *r = NULL; (r = cli_row_next(ctx->command, r)) != NULL;)
    if (r->kind == CLI_ROW_ARGUMENT && (r->count == CLI_MANY || !is_given(ctx, r))) return r;
  return NULL;
}

static Err parse_argument(CliContext *ctx, Str word) {
  const CliRow *row = argument_next(ctx);
  if (!row)
    return err_set(ctx->info, ERR_USAGE, "'" STR_FMT "' is one argument too many for '%s'", STR_ARG(word), ctx->command->name);
  ctx->given[ctx->given_count++] = (CliGiven){.row = row, .text = word};
  return ERR_OK;
}

static Err check_arguments(CliContext *ctx) {
  if (cli_flag(ctx, "help")) return ERR_OK;
  for (const CliRow *r = NULL; (r = cli_row_next(ctx->command, r)) != NULL;)
    if (r->kind == CLI_ROW_ARGUMENT && r->count == CLI_ONE && !is_given(ctx, r))
      return err_set(ctx->info, ERR_USAGE, "'%s' needs %s: %s", ctx->command->name, r->name, r->summary);
  return ERR_OK;
}

/* The command named by the first words; *used gets how many words its name takes. Options for every command may stand
 * before it, so the first word that is no option counts. */
static Err find_command(CliContext *ctx, int argc, char **argv, int at) {
  Str first = str_from(argv[at]);
  const char *then = at + 1 < argc ? argv[at + 1] : "";
  Str two = arena_printf(ctx->arena, "%s %s", argv[at], then);
  if (!two.ptr) return err_set(ctx->info, ERR_MEMORY, "out of memory");
  ctx->command = cli_command_find(two);
  if (!ctx->command) ctx->command = cli_command_find(first);
  return ctx->command ? ERR_OK : unknown_command(ctx, cli_command_find(two) ? two : first);
}

/* Finds where the command's name stands: the first word that is neither an option nor an option's value. */
static int command_place(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    if (argv[i][0] != '-' || !argv[i][1]) return i;
    if (strcmp(argv[i], "--db") == 0) i++;
  }
  return argc;
}

Err cli_parse(CliContext *ctx, int argc, char **argv) {
  int place = command_place(argc, argv), words = 0;
  bool only_arguments = false;
  ctx->given = ARENA_ARRAY(ctx->arena, CliGiven, (size_t)argc + 1);
  if (!ctx->given) return err_set(ctx->info, ERR_MEMORY, "out of memory");
  if (place < argc) {
    TRY(find_command(ctx, argc, argv, place));
    words = strchr(ctx->command->name, ' ') ? 2 : 1;
  } else {
    /* `pactwijzer --version` is what hands type that know other programs. */
    bool version = argc == 2 && strcmp(argv[1], "--version") == 0;
    ctx->command = cli_command_find(version ? S("version") : S("help"));
    if (version) return ERR_OK;
  }
  for (int i = 1; i < argc; i++) {
    if (i >= place && i < place + words) continue;
    if (!only_arguments && strcmp(argv[i], "--") == 0) { only_arguments = true; continue; }
    if (!only_arguments && strcmp(argv[i], "-h") == 0)
      ctx->given[ctx->given_count++] = (CliGiven){.row = option_find(ctx, S("help"))};
    else if (!only_arguments && argv[i][0] == '-' && argv[i][1] == '-') TRY(parse_option(ctx, argc, argv, &i));
    else if (!only_arguments && argv[i][0] == '-' && argv[i][1])
      return err_set(ctx->info, ERR_USAGE, "there is no option '%s'; options have long names, such as --db", argv[i]);
    else TRY(parse_argument(ctx, str_from(argv[i])));
  }
  return check_arguments(ctx);
}

/* --- reading what was given --- */

static const CliRow *declared(const CliContext *ctx, const char *name) {
  for (int own = 0; own < 2; own++)
    for (const CliRow *r = NULL; (r = cli_row_next(own == 0 ? ctx->command : NULL, r)) != NULL;)
      if (strcmp(r->name, name) == 0) return r;
  assert(false && "option or argument is not declared in commands.def");
  return NULL;
}

static bool value_of(const CliContext *ctx, const char *name, size_t nth, CliGiven *out) {
  const CliRow *row = declared(ctx, name);
  for (size_t i = 0; i < ctx->given_count; i++)
    if (ctx->given[i].row == row && nth-- == 0) { *out = ctx->given[i]; return true; }
  return false;
}

/* The given value, or the standard of the row read like a given one. */
static CliGiven value_or_standard(const CliContext *ctx, const char *name) {
  CliGiven given = {0};
  const CliRow *row = declared(ctx, name);
  if (value_of(ctx, name, 0, &given) || !row || !row->standard) return given;
  Err err = parse_value(row, str_from(row->standard), &given, NULL);
  assert(err == ERR_OK);
  (void)err;
  return given;
}

Str cli_text(const CliContext *ctx, const char *option) {
  return value_or_standard(ctx, option).text;
}

int64_t cli_int(const CliContext *ctx, const char *option) {
  return value_or_standard(ctx, option).integer;
}

double cli_number(const CliContext *ctx, const char *option) {
  return value_or_standard(ctx, option).number;
}

Day cli_day(const CliContext *ctx, const char *option) {
  CliGiven given = value_or_standard(ctx, option);
  return given.row ? (Day)given.integer : DAY_NONE;
}

bool cli_flag(const CliContext *ctx, const char *option) {
  CliGiven given;
  return value_of(ctx, option, 0, &given);
}

Str cli_nth(const CliContext *ctx, const char *name, size_t n) {
  CliGiven given;
  return value_of(ctx, name, n, &given) ? given.text : STR_NONE;
}

Str cli_argument(const CliContext *ctx, const char *name) {
  return cli_nth(ctx, name, 0);
}

const char *cli_path(const CliContext *ctx, const char *name) {
  /* argv's words and the table's standards are whole C strings, so the text is NUL-terminated where it is. */
  return value_or_standard(ctx, name).text.ptr;
}
