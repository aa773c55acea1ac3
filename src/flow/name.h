/* SPDX-License-Identifier: EUPL-1.2 */
/* Names as XMILE 3.2.2 compares them. */
#ifndef PW_FLOW_NAME_H
#define PW_FLOW_NAME_H

#include "base/arena.h"

/* The one form that all spellings of a name share: quotation marks around it gone, escapes resolved, case folded
 * (all of Unicode), any run of space, underscore, newline, tab and U+00A0 one underscore, none at the ends.
 * ptr NULL only on lack of memory. */
Str flow_canon(Arena *arena, Str name);
/* A name for people: quotation marks gone, escapes resolved, white space other than a space (and "\n") a space. */
Str flow_display(Arena *arena, Str name);

/* The same of a qualified name whose parts may each be quoted: module."my variable". STR_NONE on lack of memory. */
Str flow_canon_path(Arena *arena, Str name);

#endif
