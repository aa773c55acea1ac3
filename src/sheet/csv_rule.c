/* SPDX-License-Identifier: EUPL-1.2 */
/* The rule that keeps text in our CSV files from being run as a formula (OWASP, "CSV injection"). */
#include "sheet/sheet.h"

static bool starts_formula(Str s) {
  if (s.len == 0) return false;
  switch (s.ptr[0]) {
    case '=': case '+': case '-': case '@': case '\t': case '\r': case '\n': return true;
    default: break;
  }
  return str_starts(s, S("\uff1d")) || str_starts(s, S("\uff0b")) || str_starts(s, S("\uff0d")) || str_starts(s, S("\uff20"));
}

bool sheet_csv_dangerous(Str text) {
  size_t quotes = 0;
  while (quotes < text.len && text.ptr[quotes] == '\'') quotes++;
  return starts_formula(str_slice(text, quotes, text.len));
}

void sheet_csv_neutral(Buf *out, Str text) {
  if (sheet_csv_dangerous(text)) buf_char(out, '\'');
  buf_str(out, text);
}

Str sheet_csv_restore(Str text) {
  bool ours = text.len > 1 && text.ptr[0] == '\'' && sheet_csv_dangerous(text);
  return ours ? str_slice(text, 1, text.len) : text;
}
