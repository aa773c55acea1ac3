/* SPDX-License-Identifier: EUPL-1.2 */
/* A language from the inside; the rest of the program knows it through view.h. */
#ifndef PW_VIEW_LANG_H
#define PW_VIEW_LANG_H

#include "view/mo.h"
#include "view/view.h"

struct ViewLang {
  Str code, name, prefix;
  Str thousands, decimal;   /* signs within numbers */
  Str after_day;            /* between day and month */
  Str before_money, after_money;
  Str before_percent;
  Str months[12];
};

/* The translations that are embedded for the language; empty for the source language. */
void lang_messages(const ViewLang *lang, MoFile *mo);
/* The translation in `mo`, or the message itself; _plural chooses by n. */
Str lang_translate(const MoFile *mo, Str msgid);
Str lang_plural(const MoFile *mo, Str one, Str many, bool is_one);
/* Name of month 1 to 12. */
Str lang_month(const ViewLang *lang, int month);
/* Year and month from the beginning of an ISO date ("2013-11", "2013-11-15"); false for other text. */
bool lang_year_month(Str iso, int *year, int *month);

#endif
