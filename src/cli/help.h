/* SPDX-License-Identifier: EUPL-1.2 */
/* Texts made from the table of commands: help, the manual page and shell completion. */
#ifndef PW_CLI_HELP_H
#define PW_CLI_HELP_H

#include "cli/cli.h"

/* Each writes to ctx->out. */
Err cli_help_all(CliContext *ctx) MUST_CHECK;
Err cli_help_command(CliContext *ctx, const CliRow *command) MUST_CHECK;
Err cli_manual(CliContext *ctx) MUST_CHECK;
/* ERR_UNSUPPORTED for a shell other than bash, zsh and fish. */
Err cli_completion(CliContext *ctx, Str shell) MUST_CHECK;

#endif
