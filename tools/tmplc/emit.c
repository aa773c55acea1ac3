/* SPDX-License-Identifier: EUPL-1.2 */
/* Pieces of generated C: literals, expressions, conditions. An expression becomes a C expression of type const Val *. */
#include "tmplc.h"

/* One byte inside a C literal. Octal escapes have three digits, so the next character cannot join them. */
static void emit_byte(Buf *out, unsigned char c) {
  if (c == '"' || c == '\\') buf_printf(out, "\\%c", c);
  else if (c == '\n') buf_cstr(out, "\\n");
  else if (c == '?') buf_cstr(out, "\\?");
  else if (c < 0x20 || c == 0x7F) buf_printf(out, "\\%03o", c);
  else buf_char(out, (char)c);
}

void emit_literal(Buf *out, Str bytes) {
  buf_char(out, '"');
  for (size_t i = 0; i < bytes.len; i++) {
    emit_byte(out, (unsigned char)bytes.ptr[i]);
    if (bytes.ptr[i] == '\n' && i + 1 < bytes.len) buf_cstr(out, "\"\n    \"");
  }
  buf_char(out, '"');
}

void emit_text(Buf *out, Str bytes) {
  buf_cstr(out, "S(");
  emit_literal(out, bytes);
  buf_char(out, ')');
}

static const Local *find_local(const Local *locals, Str name) {
  while (locals && !str_eq(locals->name, name)) locals = locals->outer;
  return locals;
}

/* A path: from a loop variable of this function straight, else by name at run time. */
static void emit_path(Buf *out, Str path, const Local *locals) {
  size_t dot = str_find_char(path, '.');
  Str first = str_slice(path, 0, dot == STR_NPOS ? path.len : dot);
  const Local *local = find_local(locals, first);
  if (!local) {
    buf_cstr(out, "tmpl_path(t, ");
    emit_text(out, path);
    buf_char(out, ')');
  } else if (dot == STR_NPOS) {
    buf_printf(out, "l%zu.scope.value", local->number);
  } else {
    buf_printf(out, "tmpl_sub(l%zu.scope.value, ", local->number);
    emit_text(out, str_slice(path, dot + 1, path.len));
    buf_char(out, ')');
  }
}

static void emit_args(Buf *out, const Arg *args, const Local *locals) {
  size_t count = 0;
  for (const Arg *a = args; a; a = a->next) count++;
  if (!count) {
    buf_cstr(out, "NULL, 0");
    return;
  }
  buf_cstr(out, "(const TmplArg[]){");
  for (const Arg *a = args; a; a = a->next) {
    buf_char(out, '{');
    emit_text(out, a->name);
    buf_cstr(out, ", ");
    emit_expr(out, a->value, locals);
    buf_cstr(out, a->next ? "}, " : "}");
  }
  buf_printf(out, "}, %zu", count);
}

static void emit_message(Buf *out, const Expr *e, const Local *locals) {
  buf_cstr(out, e->kind == EXPR_TR ? "tmpl_tr(t, " : "tmpl_trn(t, ");
  emit_literal(out, e->text);
  buf_cstr(out, ", ");
  if (e->kind == EXPR_TRN) {
    emit_literal(out, e->plural);
    buf_cstr(out, ", ");
    emit_expr(out, e->count, locals);
    buf_cstr(out, ", ");
  }
  emit_args(out, e->args, locals);
  buf_char(out, ')');
}

static void emit_primary(Buf *out, const Expr *e, const Local *locals) {
  switch (e->kind) {
    case EXPR_TEXT:
      buf_cstr(out, "tmpl_lit(t, ");
      emit_text(out, e->text);
      buf_char(out, ')');
      return;
    case EXPR_INT: buf_printf(out, "tmpl_int(t, " STR_FMT ")", STR_ARG(e->text)); return;
    case EXPR_PATH: emit_path(out, e->text, locals); return;
    case EXPR_TR:
    case EXPR_TRN: emit_message(out, e, locals); return;
  }
}

/* Filters wrap from the inside: the last one is the outermost call. */
static void emit_filtered(Buf *out, const Expr *e, const FilterUse *upto, const Local *locals) {
  const FilterUse *last = NULL;
  for (const FilterUse *use = e->filters; use != upto; use = use->next) last = use;
  if (!last) {
    emit_primary(out, e, locals);
    return;
  }
  buf_printf(out, "filter_%s(t, ", last->filter->name);
  emit_filtered(out, e, last, locals);
  buf_cstr(out, ", ");
  if (last->arg) emit_expr(out, last->arg, locals);
  else buf_cstr(out, "NULL");
  buf_char(out, ')');
}

void emit_expr(Buf *out, const Expr *e, const Local *locals) {
  emit_filtered(out, e, NULL, locals);
}

void emit_cond(Buf *out, const Cond *cond, const Local *locals) {
  switch (cond->kind) {
    case COND_TRUTH:
      buf_cstr(out, "val_truth(");
      emit_expr(out, cond->left, locals);
      buf_char(out, ')');
      return;
    case COND_COMPARE:
      buf_printf(out, "%s(t, ", cond->compare);
      emit_expr(out, cond->left, locals);
      buf_cstr(out, ", ");
      emit_expr(out, cond->right, locals);
      buf_char(out, ')');
      return;
    case COND_NOT:
      buf_cstr(out, "!(");
      emit_cond(out, cond->a, locals);
      buf_char(out, ')');
      return;
    case COND_AND:
    case COND_OR:
      buf_char(out, '(');
      emit_cond(out, cond->a, locals);
      buf_cstr(out, cond->kind == COND_AND ? " && " : " || ");
      emit_cond(out, cond->b, locals);
      buf_char(out, ')');
      return;
  }
}
