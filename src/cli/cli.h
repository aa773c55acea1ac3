/* SPDX-License-Identifier: EUPL-1.2 */
/* The command line: every command is a row of commands.def, this is what runs them. A handler reads what its rows
 * declare, opens the database through cli_store, writes its result to ctx->out and returns an Err. */
#ifndef PW_CLI_CLI_H
#define PW_CLI_CLI_H

#include <stdio.h>

#include "base/arena.h"
#include "base/day.h"
#include "base/val.h"
#include "store/store.h"

typedef enum CliType {
  CLI_FLAG,      /* an option without a value */
  CLI_TEXT,
  CLI_FILE,      /* text; the shell completes file names */
  CLI_DIR,       /* text; the shell completes directories */
  CLI_INT,
  CLI_NUMBER,    /* a decimal number */
  CLI_DATE,      /* yyyy-mm-dd */
  CLI_CHOICE,    /* one of the words in the row's value */
  CLI_REPEAT = 32  /* added to a type: may be given several times */
} CliType;

typedef enum CliCount { CLI_OPTIONAL, CLI_ONE, CLI_MANY } CliCount;

typedef struct CliContext CliContext;
typedef Err (*CliHandler)(CliContext *ctx);

typedef enum CliRowKind { CLI_ROW_COMMAND, CLI_ROW_ARGUMENT, CLI_ROW_OPTION } CliRowKind;

/* A row of commands.def. */
typedef struct CliRow {
  CliRowKind kind;
  int type;              /* CliType, perhaps with CLI_REPEAT; arguments and options */
  CliCount count;        /* arguments */
  const char *name;
  const char *value;     /* options: what stands behind the name, NULL for a flag */
  const char *standard;  /* options: the value when absent, NULL for none */
  const char *summary;   /* commands: half a sentence; others: the explanation */
  const char *help;      /* commands: paragraphs */
  CliHandler handler;    /* commands */
} CliRow;

extern const CliRow CLI_ROWS[];
extern const size_t CLI_ROWS_COUNT;

/* One option or argument as it was given. */
typedef struct CliGiven {
  const CliRow *row;
  Str text;
  int64_t integer;  /* CLI_INT, and CLI_DATE as Day */
  double number;    /* CLI_NUMBER, CLI_INT */
} CliGiven;

struct CliContext {
  const CliRow *command;
  CliGiven *given;       /* in the order of the command line */
  size_t given_count;
  Arena *arena;          /* lives as long as the command */
  ErrInfo *info;         /* particulars of a failure */
  FILE *out;             /* standard output */
  FILE *err;             /* standard error */
  const char *db;        /* the database's url */
  bool color;            /* out is a terminal that wants colour */
  bool tty;              /* out is a terminal */
  bool err_tty;          /* err is a terminal: progress may be shown */
  int width;             /* columns of the terminal; 0 when out is none */
  Store *store;          /* opened by cli_store */
  bool progress;         /* a progress line stands on the terminal */
};

/* Runs the command in argv; returns the process's exit code (0, or that of the error, see base/errors.def). */
int cli_main(int argc, char **argv);

/* What was given for a declared option, or its standard value: a text (ptr NULL when there is neither), a number, a
 * day (DAY_NONE), whether it was given. Asking for an undeclared name is our mistake (assert). */
Str cli_text(const CliContext *ctx, const char *option);
int64_t cli_int(const CliContext *ctx, const char *option);     /* 0 when neither */
double cli_number(const CliContext *ctx, const char *option);   /* 0 when neither */
Day cli_day(const CliContext *ctx, const char *option);
bool cli_flag(const CliContext *ctx, const char *option);       /* true when the option was given, of any type */
/* The n-th value (from 0) given for a CLI_REPEAT option or a CLI_MANY argument; ptr NULL past the last. */
Str cli_nth(const CliContext *ctx, const char *name, size_t n);
/* The value given for an argument; ptr NULL when it is optional and absent. As a NUL-terminated path: cli_path. */
Str cli_argument(const CliContext *ctx, const char *name);
const char *cli_path(const CliContext *ctx, const char *name);  /* option or argument; NULL when absent */

/* The database of --db, opened once per command and closed by the frame. A missing one says how to make it. */
Err cli_store(CliContext *ctx, StoreMode mode, Store **store) MUST_CHECK;

/* Progress of long work, on a terminal only: "label 1,234 of 10,000". Call cli_progress_end before other output. */
void cli_progress(CliContext *ctx, const char *label, int64_t done, int64_t total);
void cli_progress_end(CliContext *ctx);

typedef enum CliStyle { CLI_PLAIN, CLI_BOLD, CLI_DIM, CLI_RED, CLI_GREEN, CLI_YELLOW } CliStyle;
/* The escape sequence that begins a style (CLI_PLAIN: ends all), "" when there is no colour. */
const char *cli_style(const CliContext *ctx, CliStyle style);

#endif
