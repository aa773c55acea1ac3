/* SPDX-License-Identifier: EUPL-1.2 */
/* Writing values so that they stay values, one function for each kind of place in a page. Any bytes may come in: what
 * is no UTF-8, and control characters that HTML does not allow, become U+FFFD. */
#ifndef PW_VIEW_ESCAPE_H
#define PW_VIEW_ESCAPE_H

#include "base/buf.h"

/* Between tags, in text-only elements and in quoted attribute values. */
void escape_text(Buf *out, Str s);
/* A whole URL for a quoted attribute: relative, http, https, mailto or tel; any other scheme gives "#". */
void escape_url(Buf *out, Str s);
/* A part of a URL after its beginning, for a quoted attribute. Percent-encodes what may not stand in a URL. */
void escape_url_part(Buf *out, Str s);
/* One component of a URL: everything outside RFC 3986's unreserved characters is encoded. */
void escape_url_value(Buf *out, Str s);

#endif
