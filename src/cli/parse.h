/* SPDX-License-Identifier: EUPL-1.2 */
/* Reading argv by the table of commands. */
#ifndef PW_CLI_PARSE_H
#define PW_CLI_PARSE_H

#include "cli/cli.h"

/* Finds the command in argv and checks everything given against its rows: fills command, given and given_count of
 * `ctx` (which has an arena and an info). Without any argument the command is `help`. ERR_USAGE names what was found,
 * what was expected and the nearest word that would do. */
Err cli_parse(CliContext *ctx, int argc, char **argv) MUST_CHECK;

/* Rows that belong to a command: the iteration starts with *at = NULL and ends with NULL. Options for every command
 * (the rows before the first command) are not among them; those are the rows of command NULL. */
const CliRow *cli_row_next(const CliRow *command, const CliRow *at);
/* The command of that full name ("import actions"), NULL when there is none. */
const CliRow *cli_command_find(Str name);
/* The kind of value without CLI_REPEAT. */
CliType cli_type(const CliRow *row);

#endif
