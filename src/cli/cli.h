/* SPDX-License-Identifier: EUPL-1.2 */
/* The command line: every command is a row of commands.def, this is what runs them. */
#ifndef PW_CLI_CLI_H
#define PW_CLI_CLI_H

/* Runs the command in argv; returns the process's exit code (0, or that of the error, see base/errors.def). */
int cli_main(int argc, char **argv);

#endif
