/* SPDX-License-Identifier: EUPL-1.2 */
/* Text as pointer and length; bytes are UTF-8 once past the border (text.h). Never owns what it points to. */
#ifndef PW_BASE_STR_H
#define PW_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Str {
  const char *ptr;  /* not NUL-terminated; may be NULL when len is 0 */
  size_t len;       /* bytes */
} Str;

#define S(literal) ((Str){"" literal, sizeof(literal) - 1})
#define STR_NONE ((Str){NULL, 0})
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)(s).len, ((s).ptr ? (s).ptr : "")

Str str_from(const char *zero_terminated);         /* NULL gives STR_NONE */
Str str_slice(Str s, size_t from, size_t to);      /* bytes [from, to), clamped to the text */
bool str_eq(Str a, Str b);
bool str_eq_nocase(Str a, Str b);                  /* ASCII letters only */
int str_cmp(Str a, Str b);                         /* byte order: -1, 0, 1 */
bool str_starts(Str s, Str prefix);
bool str_ends(Str s, Str suffix);
#define STR_NPOS ((size_t)-1)
size_t str_find(Str s, Str needle);                /* byte index or STR_NPOS */
size_t str_find_char(Str s, char c);               /* byte index or STR_NPOS */
bool str_digits(Str s);                            /* nothing but 0 to 9; of no bytes too */
Str str_trim(Str s);                               /* without ASCII white space and U+00A0 at both ends */
/* Cuts the part before the first `sep` off *rest. False when *rest was used up (ptr NULL); an empty last part counts. */
bool str_cut(Str *rest, char sep, Str *part);
uint64_t str_hash(Str s);                          /* FNV-1a, the same on every machine */
/* Whole text as a decimal number, no white space; false (and *out untouched) on anything else or overflow.
 * str_to_double takes a decimal point only and the C locale's exponent form; refuses inf, nan and hex. */
bool str_to_int(Str s, int64_t *out);
bool str_to_double(Str s, double *out);

#endif
