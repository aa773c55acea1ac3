/* SPDX-License-Identifier: EUPL-1.2 */
/* `pactwijzer serve`: the web server until a signal. */
#include <string.h>

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

/* As RFC 9116 wants it: a URI with a scheme that reaches somebody, and nothing that would begin another line. */
static Err take_contact(CliContext *ctx, WebConfig *config) {
  static const char *const schemes[] = {"mailto:", "https://", "tel:"};
  Str contact = cli_text(ctx, "security-contact");
  bool plain = true, known = false;
  if (!contact.ptr) return ERR_OK;
  for (size_t i = 0; i < contact.len; i++) plain = plain && contact.ptr[i] > ' ' && contact.ptr[i] < 127;
  for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
    known = known || (str_starts(contact, str_from(schemes[i])) && contact.len > strlen(schemes[i]));
  if (!plain || !known)
    return err_set(ctx->info, ERR_USAGE, "--security-contact is '" STR_FMT "'; expected an address as "
                   "mailto:security@example.nl or https://example.nl/security", STR_ARG(contact));
  config->security_contact = cli_path(ctx, "security-contact");
  return ERR_OK;
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
  TRY(take_contact(ctx, &config));
  return web_serve(&config, started, ctx, ctx->info);
}
