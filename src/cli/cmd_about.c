/* SPDX-License-Identifier: EUPL-1.2 */
/* The commands about the program itself: help, version, completion. */
#include "base/version.h"
#include "cli/help.h"
#include "cli/parse.h"

Err cmd_help(CliContext *ctx);
Err cmd_version(CliContext *ctx);
Err cmd_completion(CliContext *ctx);

Err cmd_help(CliContext *ctx) {
  Str first = cli_nth(ctx, "COMMAND", 0), second = cli_nth(ctx, "COMMAND", 1);
  if (cli_flag(ctx, "man")) return cli_manual(ctx);
  if (!first.ptr) return cli_help_all(ctx);
  Str name = second.ptr ? arena_printf(ctx->arena, STR_FMT " " STR_FMT, STR_ARG(first), STR_ARG(second)) : first;
  const CliRow *command = cli_command_find(name);
  if (!command)
    return err_set(ctx->info, ERR_USAGE, "there is no command '" STR_FMT "'; 'pactwijzer help' lists them", STR_ARG(name));
  return cli_help_command(ctx, command);
}

Err cmd_version(CliContext *ctx) {
  fprintf(ctx->out, "pactwijzer %s (database layout %d)\n", PACTWIJZER_VERSION, store_layout_version());
  return ERR_OK;
}

Err cmd_completion(CliContext *ctx) {
  return cli_completion(ctx, cli_argument(ctx, "SHELL"));
}
