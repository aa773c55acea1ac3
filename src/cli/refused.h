/* SPDX-License-Identifier: EUPL-1.2 */
/* The cells of a file that an import refused. */
#ifndef PW_CLI_REFUSED_H
#define PW_CLI_REFUSED_H

#include "cli/cli.h"

/* Writes to ctx->err a line for each of the report's errors [{sheet, row, column (heading), cell, value, expected}] of `file`,
 * and how many more than the `shown` listed ones there were (error_count). */
void cli_print_refused(CliContext *ctx, const Val *report, int64_t shown);

#endif
