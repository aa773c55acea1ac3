/* SPDX-License-Identifier: EUPL-1.2 */
#include "cli/refused.h"

static Str text_of(const Val *map, const char *key) {
  const Val *value = val_get(map, str_from(key));
  return value->kind == VAL_STR ? value->as.text : S("");
}

static long long int_of(const Val *map, const char *key) { return (long long)val_get(map, str_from(key))->as.integer; }

void cli_print_refused(CliContext *ctx, const Val *report, int64_t shown) {
  const Val *errors = val_get(report, S("errors"));
  for (size_t i = 0; errors->kind == VAL_LIST && i < errors->as.list.count; i++) {
    const Val *error = errors->as.list.items[i];
    Str sheet = text_of(error, "sheet"), column = text_of(error, "column"), cell = text_of(error, "cell"), value = text_of(error, "value");
    fprintf(ctx->err, "%s" STR_FMT ": ", cli_style(ctx, CLI_PLAIN), STR_ARG(text_of(report, "file")));
    if (sheet.len) fprintf(ctx->err, "sheet " STR_FMT ": ", STR_ARG(sheet));
    fprintf(ctx->err, "row %lld", int_of(error, "row"));
    if (column.len) fprintf(ctx->err, ": column \"" STR_FMT "\" (" STR_FMT ")", STR_ARG(column), STR_ARG(cell));
    if (value.len) fprintf(ctx->err, ": found \"" STR_FMT "\"", STR_ARG(value));
    fprintf(ctx->err, ": " STR_FMT "\n", STR_ARG(text_of(error, "expected")));
  }
  long long hidden = int_of(report, "error_count") - shown;
  if (hidden > 0) fprintf(ctx->err, "... and %lld more\n", hidden);
}
