/* SPDX-License-Identifier: EUPL-1.2 */
/* What generated templates call; for src/view only. A failure (memory) is remembered in the context and found by
 * view_render at the end, so that generated code needs no checks. */
#ifndef PW_VIEW_TMPL_H
#define PW_VIEW_TMPL_H

#include "view/mo.h"
#include "view/view.h"

typedef struct TmplCtx TmplCtx;
typedef void (*TmplFn)(TmplCtx *t);

typedef struct Template { Str name; TmplFn render; } Template;

/* A name that is in reach: a loop variable or a value given to an include. */
typedef struct TmplScope TmplScope;
struct TmplScope { Str name; const Val *value; TmplScope *outer; };

/* A running {% for %}. Ended by tmpl_loop_next giving false. */
typedef struct TmplLoop TmplLoop;
struct TmplLoop {
  TmplScope scope;
  const Val *list;   /* a list or a map */
  size_t count;      /* items in it */
  size_t index;      /* items begun, so 1-based inside the body */
  TmplLoop *outer;
};

struct TmplCtx {
  Buf *out;
  const Val *root;
  const ViewLang *lang;
  const Val *lang_val;   /* what templates see as `lang` */
  MoFile mo;
  Arena arena;           /* for values made while rendering */
  TmplScope *scope;
  TmplLoop *loop;
  const TmplFn *blocks;  /* of the page, by slot; NULL outside a layout */
  int depth;             /* includes in each other */
  Err err;
};

#define TMPL_DEPTH_MAX 32

typedef struct TmplArg { Str name; const Val *value; } TmplArg;

/* Values. None is ever NULL; what is missing is &VAL_NOTHING. */
const Val *tmpl_path(TmplCtx *t, Str path);           /* a.b.c through loops, includes, root and `lang` */
const Val *tmpl_sub(const Val *value, Str path);      /* b.c below a value */
const Val *tmpl_lit(TmplCtx *t, Str text);
const Val *tmpl_int(TmplCtx *t, int64_t value);
const Val *tmpl_bool(bool value);
const Val *tmpl_tr(TmplCtx *t, const char *msgid, const TmplArg *args, size_t count);
const Val *tmpl_trn(TmplCtx *t, const char *one, const char *many, const Val *n, const TmplArg *args, size_t count);
/* The value as text: a number in plain digits, true or false; nothing for null, lists and maps. */
Str tmpl_as_text(TmplCtx *t, const Val *value);
/* The value as a number; false when it is none. */
bool tmpl_as_number(const Val *value, double *out);

/* Comparison: equal as text; the others as numbers, and false when one of the two is none. */
bool tmpl_equal(TmplCtx *t, const Val *a, const Val *b);
bool tmpl_above(TmplCtx *t, const Val *a, const Val *b);
bool tmpl_below(TmplCtx *t, const Val *a, const Val *b);
bool tmpl_at_least(TmplCtx *t, const Val *a, const Val *b);
bool tmpl_at_most(TmplCtx *t, const Val *a, const Val *b);

/* Output. */
void tmpl_text(TmplCtx *t, Str html);                      /* from the template itself */
void tmpl_print_text(TmplCtx *t, const Val *value);        /* between tags and in quoted values */
void tmpl_print_url(TmplCtx *t, const Val *value);         /* a URL from its beginning: the scheme is checked */
void tmpl_print_url_part(TmplCtx *t, const Val *value);    /* further on in a URL; what is encoded stays so */
void tmpl_print_url_value(TmplCtx *t, const Val *value);   /* after = in a query: everything is encoded */
void tmpl_print_json(TmplCtx *t, const Val *value);        /* a JSON value in a script element */
void tmpl_print_raw(TmplCtx *t, const Val *value);         /* as it is */

/* Structure. */
void tmpl_loop_begin(TmplCtx *t, TmplLoop *loop, Str name, const Val *list);
bool tmpl_loop_next(TmplCtx *t, TmplLoop *loop);
void tmpl_push(TmplCtx *t, TmplScope *scope);
void tmpl_pop(TmplCtx *t, size_t count);
void tmpl_include(TmplCtx *t, TmplFn part);
void tmpl_layout(TmplCtx *t, const TmplFn *blocks, TmplFn layout);
void tmpl_slot(TmplCtx *t, size_t index);

#define FILTER(name, least, most, meaning) const Val *filter_##name(TmplCtx *t, const Val *in, const Val *arg);
#include "view/filters.def"
#undef FILTER

/* Renders one template of a generated index; view_render does this with that of templates/. */
Err tmpl_render(const Template *page, const Val *root, const ViewLang *lang, Buf *out, ErrInfo *info) MUST_CHECK;
/* By binary search in an index. NULL when absent. */
const Template *tmpl_find(const Template *index, size_t count, Str name);

#endif
