/* SPDX-License-Identifier: EUPL-1.2 */
/* Request targets and header values as they come from the wire. */
#ifndef PW_WEB_URL_H
#define PW_WEB_URL_H

#include "base/arena.h"

/* Decodes %XX (and + as a space when `plus`) into the arena. ERR_USAGE: a broken escape, a control character, bytes that
 * are not UTF-8. ERR_MEMORY. */
Err url_decode(Arena *arena, Str raw, bool plus, Str *out) MUST_CHECK;

/* Whether a raw path is one we look at: begins with /, has no empty, "." or ".." segment (plain or encoded), no encoded
 * slash, backslash, NUL or other control character, and only characters a path may hold. */
bool url_path_sane(Str raw);

/* Cuts "/en/doelen" into language "en" and path "/doelen"; without prefix the language is "nl". "/en" is path "/". */
void url_language(Str path, Str *code, Str *prefix, Str *rest);

/* Accept-Encoding: whether gzip may be sent (named with q > 0, or "*" with q > 0 and gzip not refused). */
bool http_accepts_gzip(Str header);
/* If-None-Match: whether it names this entity tag ("\"abc\"" with quotes), weakly compared, or is "*". */
bool http_etag_matches(Str header, Str etag);

#endif
