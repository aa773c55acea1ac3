/* SPDX-License-Identifier: EUPL-1.2 */
/* Text at the border: encodings in, UTF-8 checked, and folding for comparison and search. */
#ifndef PW_BASE_TEXT_H
#define PW_BASE_TEXT_H

#include "base/arena.h"
#include "base/buf.h"

typedef enum TextEncoding { TEXT_UTF8, TEXT_UTF16LE, TEXT_UTF16BE, TEXT_WINDOWS_1252 } TextEncoding;

bool text_utf8_valid(Str s);        /* shortest forms only, no surrogates, up to U+10FFFF */
/* Byte offset of the first byte that is not valid UTF-8, or STR_NPOS. */
size_t text_utf8_bad(Str s);
/* The encoding of a file from its first bytes: BOM, else UTF-16 by its zero bytes, else UTF-8 when valid (a sequence
 * cut off at the very end is allowed), else windows-1252. *bom_len gets the bytes to skip. */
TextEncoding text_detect(Str sample, size_t *bom_len);
/* Appends `bytes` as UTF-8. ERR_INPUT with the byte offset when they are not of that encoding. */
Err text_to_utf8(Buf *out, Str bytes, TextEncoding from, ErrInfo *info) MUST_CHECK;
/* Appends `s` folded for comparison: NFKD, marks removed, case folded, white space runs to one space, trimmed. */
Err text_fold(Buf *out, Str s) MUST_CHECK;
/* The same into an arena; ptr NULL on lack of memory. */
Str text_folded(Arena *arena, Str s);
/* Trimmed, and the spaces that typesetters put between thousands (no-break, figure, thin, narrow no-break) as plain ones. In `out` of
 * `size` bytes; a longer text is given back as it is. */
Str text_plain_spaces(Str s, char *out, size_t size);
/* Code points in valid UTF-8. */
size_t text_length(Str s);
/* HTML text and attribute escaping: & < > " ' */
void text_escape_html(Buf *out, Str s);
/* Percent-encoding of everything outside RFC 3986's unreserved characters. */
void text_escape_url(Buf *out, Str s);

#endif
