/* SPDX-License-Identifier: EUPL-1.2 */
/* `pactwijzer serve`: the web server until a signal. */
#include "cli/cli.h"
#include "web/serve.h"

Err cmd_serve(CliContext *ctx);

static void started(void *context, int port) {
  CliContext *ctx = context;
  Str address = cli_text(ctx, "listen");
  bool v6 = str_find_char(address, ':') != STR_NPOS;
  fprintf(ctx->out, "Serving %s on http://%s" STR_FMT "%s:%d/ (stop with Ctrl-C)\n", ctx->db, v6 ? "[" : "", STR_ARG(address),
          v6 ? "]" : "", port);
  fflush(ctx->out);
}

static WebLog log_of(Str name) {
  return str_eq(name, S("off")) ? WEB_LOG_OFF : str_eq(name, S("errors")) ? WEB_LOG_ERRORS : WEB_LOG_ALL;
}

Err cmd_serve(CliContext *ctx) {
  WebConfig config = web_config_standard();
  Store *store;
  TRY(cli_store(ctx, STORE_READ, &store));  /* says how to make a missing database; the server opens its own */
  config.db_url = ctx->db;
  config.table = WEB_ROUTES;
  config.address = cli_path(ctx, "listen");
  config.port = (int)cli_int(ctx, "port");
  config.threads = (unsigned)cli_int(ctx, "threads");
  config.cache_bytes = (size_t)cli_int(ctx, "cache-mb") << 20;
  config.log = log_of(cli_text(ctx, "log"));
  config.trusted_proxy = cli_flag(ctx, "trusted-proxy");
  return web_serve(&config, started, ctx, ctx->info);
}
