/* SPDX-License-Identifier: EUPL-1.2 */
/* Follows the tree together with the HTML around it and writes C. A loop's body is walked twice: once to learn in
 * which state it leaves, once from the state in which it may be entered again. A template that is included, or a slot
 * that stands, in different HTML states becomes one function for each. */
#include <stdio.h>

#include "base/mem.h"
#include "tmplc.h"

typedef struct Walk {
  Compiler *c;
  Template *t;
  Html html;
  Buf *out;
  const Local *locals;
  int depth;          /* indentation */
  bool rehearsal;     /* the output is thrown away */
} Walk;

static Err walk_nodes(Walk *w, const Node *node);
static Err template_variant(Compiler *c, Template *t, const Html *entry, Variant **out);

static void line(Walk *w) {
  for (int i = 0; i < w->depth; i++) buf_cstr(w->out, "  ");
}

static Err bad(Walk *w, Pos pos, const char *message) {
  return tmplc_error(w->c, w->t, pos, "%s", message);
}

static void next_pos(Pos *pos, char c) {
  if (c == '\n') *pos = (Pos){pos->line + 1, 1};
  else if (((unsigned char)c & 0xC0) != 0x80) pos->column++;
}

static Err walk_text(Walk *w, const Node *node) {
  Pos pos = node->pos;
  for (size_t i = 0; i < node->text.len; i++) {
    const char *wrong = html_step(&w->html, node->text.ptr[i]);
    if (wrong) return bad(w, pos, wrong);
    next_pos(&pos, node->text.ptr[i]);
  }
  line(w);
  buf_cstr(w->out, "tmpl_text(t, ");
  emit_text(w->out, node->text);
  buf_cstr(w->out, ");\n");
  return ERR_OK;
}

static const char *print_function(Escape escape, const Expr *e) {
  const FilterUse *last = e->filters;
  while (last && last->next) last = last->next;
  bool encoded = last && str_eq(str_from(last->filter->name), S("urlencode"));
  switch (escape) {
    case ESCAPE_TEXT:
    case ESCAPE_ATTR: return "tmpl_print_text";
    case ESCAPE_URL_START: return "tmpl_print_url";
    case ESCAPE_URL_PART: return "tmpl_print_url_part";
    case ESCAPE_URL_VALUE: return encoded ? "tmpl_print_url_part" : "tmpl_print_url_value";
    case ESCAPE_JSON: return "tmpl_print_json";
    case ESCAPE_NONE: break;
  }
  return "";
}

static Err walk_print(Walk *w, const Node *node) {
  const char *why;
  Escape escape = html_print(&w->html, &why);
  if (escape == ESCAPE_NONE) return bad(w, node->pos, why);
  if (node->kind == NODE_RAW && w->html.state != HTML_TEXT) return bad(w, node->pos, "raw is for text between tags only");
  line(w);
  buf_printf(w->out, "%s(t, ", node->kind == NODE_RAW ? "tmpl_print_raw" : print_function(escape, node->expr));
  emit_expr(w->out, node->expr, w->locals);
  buf_printf(w->out, ");  /* line %d */\n", node->pos.line);
  html_printed(&w->html);
  if (node->kind == NODE_RAW && !w->rehearsal)
    buf_printf(&w->c->raw, STR_FMT ": " STR_FMT "\n", STR_ARG(w->t->name), STR_ARG(node->expr->text));
  return ERR_OK;
}

static Err join(Walk *w, Html *a, const Html *b, Pos pos) {
  char one[80], other[80];
  html_describe(a, one, sizeof one);
  html_describe(b, other, sizeof other);
  if (html_join(a, b)) return ERR_OK;
  return tmplc_error(w->c, w->t, pos, "the branches of this tag end in different places of the HTML: %s and %s", one, other);
}

static Err walk_body(Walk *w, const Node *body) {
  w->depth++;
  TRY(walk_nodes(w, body));
  w->depth--;
  return ERR_OK;
}

static Err walk_if(Walk *w, const Node *node) {
  Html entry = w->html, leave = entry;
  bool complete = false;
  for (const Branch *b = node->branches; b; b = b->next) {
    bool first = b == node->branches;
    if (first) line(w);
    if (!first) line(w), buf_cstr(w->out, "} else ");
    if (b->cond) {
      buf_cstr(w->out, "if (");
      emit_cond(w->out, b->cond, w->locals);
      buf_printf(w->out, ") {%s", first ? "" : "\n");
      if (first) buf_printf(w->out, "  /* line %d */\n", node->pos.line);
    } else {
      buf_cstr(w->out, "{\n");
      complete = true;
    }
    w->html = entry;
    TRY(walk_body(w, b->body));
    if (first) leave = w->html;
    else TRY(join(w, &leave, &w->html, node->pos));
  }
  line(w);
  buf_cstr(w->out, "}\n");
  if (!complete) TRY(join(w, &leave, &entry, node->pos));
  w->html = leave;
  return ERR_OK;
}

/* The state in which the body may begin, knowing that it may follow itself. */
static Err settle_loop(Walk *w, const Node *node, Html *entry) {
  Buf scratch;
  buf_init(&scratch, 0);
  Walk trial = *w;
  trial.out = &scratch;
  trial.rehearsal = true;
  Err err = ERR_OK;
  for (int round = 0; round < 4 && err == ERR_OK; round++) {
    Html before = *entry;
    trial.html = *entry;
    err = walk_nodes(&trial, node->body);
    if (err == ERR_OK) err = join(w, entry, &trial.html, node->pos);
    if (html_same(&before, entry)) break;
  }
  buf_clear(&scratch);
  return err;
}

static Err walk_for(Walk *w, const Node *node) {
  size_t number = ++w->t->locals;
  Html entry = w->html, empty = w->html;
  Local local = {node->text, number, (Local *)(uintptr_t)w->locals};
  line(w);
  buf_printf(w->out, "TmplLoop l%zu;  /* line %d */\n", number, node->pos.line);
  line(w);
  buf_printf(w->out, "tmpl_loop_begin(t, &l%zu, ", number);
  emit_text(w->out, node->text);
  buf_cstr(w->out, ", ");
  emit_expr(w->out, node->expr, w->locals);
  buf_cstr(w->out, ");\n");
  w->locals = &local;
  TRY(settle_loop(w, node, &entry));
  w->html = entry;
  line(w);
  buf_printf(w->out, "while (tmpl_loop_next(t, &l%zu)) {\n", number);
  TRY(walk_body(w, node->body));
  w->locals = local.outer;
  line(w);
  buf_cstr(w->out, "}\n");
  Html leave = w->html;
  w->html = empty;
  if (node->otherwise) {
    line(w);
    buf_printf(w->out, "if (!l%zu.count) {\n", number);
    TRY(walk_body(w, node->otherwise));
    line(w);
    buf_cstr(w->out, "}\n");
  }
  TRY(join(w, &leave, &w->html, node->pos));
  w->html = leave;
  return ERR_OK;
}

static Err walk_include(Walk *w, const Node *node) {
  Variant *variant;
  TRY(template_variant(w->c, tmplc_find(w->c, node->text), &w->html, &variant));
  size_t first = w->t->locals + 1, count = 0;
  line(w);
  buf_printf(w->out, "{  /* line %d */\n", node->pos.line);
  w->depth++;
  for (const Arg *a = node->args; a; a = a->next, count++) {
    line(w);
    buf_printf(w->out, "TmplScope s%zu = {", ++w->t->locals);
    emit_text(w->out, a->name);
    buf_cstr(w->out, ", ");
    emit_expr(w->out, a->value, w->locals);
    buf_cstr(w->out, ", NULL};\n");
  }
  for (size_t i = 0; i < count; i++) line(w), buf_printf(w->out, "tmpl_push(t, &s%zu);\n", first + i);
  line(w);
  buf_printf(w->out, "tmpl_include(t, %s);\n", variant->symbol);
  if (count) line(w), buf_printf(w->out, "tmpl_pop(t, %zu);\n", count);
  w->depth--;
  line(w);
  buf_cstr(w->out, "}\n");
  return ERR_OK;
}

static Err walk_slot(Walk *w, const Node *node) {
  if (!w->t->is_layout) return bad(w, node->pos, "a slot in a template that is nobody's layout");
  Compiler *c = w->c;
  size_t i = 0;
  while (i < c->slot_count && !(c->slots[i].layout == w->t && str_eq(c->slots[i].name, node->text) &&
                                html_same(&c->slots[i].entry, &w->html)))
    i++;
  if (i == SLOT_MAX) return bad(w, node->pos, "too many slots");
  if (i == c->slot_count) c->slots[c->slot_count++] = (Slot){w->t, node->text, w->html};
  line(w);
  buf_printf(w->out, "tmpl_slot(t, %zu);  /* " STR_FMT ", line %d */\n", i, STR_ARG(node->text), node->pos.line);
  return ERR_OK;
}

static Err walk_nodes(Walk *w, const Node *node) {
  for (; node; node = node->next) {
    switch (node->kind) {
      case NODE_TEXT: TRY(walk_text(w, node)); break;
      case NODE_PRINT:
      case NODE_RAW: TRY(walk_print(w, node)); break;
      case NODE_IF: TRY(walk_if(w, node)); break;
      case NODE_FOR: TRY(walk_for(w, node)); break;
      case NODE_INCLUDE: TRY(walk_include(w, node)); break;
      case NODE_SLOT: TRY(walk_slot(w, node)); break;
    }
  }
  return ERR_OK;
}

/* --- functions --- */

/* Writes the function for one piece of a template; it must leave in the state in which it was entered. */
static Err write_function(Compiler *c, Template *t, const Node *nodes, Pos pos, Variant *v) {
  Buf body;
  buf_init(&body, 0);
  Walk w = {.c = c, .t = t, .html = v->entry, .out = &body, .depth = 1};
  Err err = walk_nodes(&w, nodes);
  if (err == ERR_OK && !html_join(&v->leave, &w.html)) {
    char begin[80], end[80];
    html_describe(&v->entry, begin, sizeof begin);
    html_describe(&w.html, end, sizeof end);
    err = tmplc_error(c, t, pos, "this begins in %s but ends in %s", begin, end);
  }
  buf_printf(&t->code, "void %s(TmplCtx *t) {\n", v->symbol);
  if (!nodes) buf_cstr(&t->code, "  (void)t;\n");
  buf_str(&t->code, buf_view(&body));
  buf_cstr(&t->code, "}\n\n");
  buf_clear(&body);
  return err;
}

static Err new_variant(Compiler *c, Template *t, const Html *entry, Variant **out) {
  *out = ARENA_NEW(c->arena, Variant);
  if (!*out) return ERR_MEMORY;
  (*out)->entry = (*out)->leave = *entry;
  (*out)->next = t->variants;
  t->variants = *out;
  return ERR_OK;
}

static Err template_variant(Compiler *c, Template *t, const Html *entry, Variant **out) {
  for (Variant *v = t->variants; v; v = v->next)
    if (html_same(&v->entry, entry)) {
      *out = v;
      return ERR_OK;
    }
  TRY(new_variant(c, t, entry, out));
  size_t number = t->variant_count++;
  Html text;
  html_init(&text);
  bool plain = html_same(&text, entry);
  if (plain) snprintf((*out)->symbol, sizeof (*out)->symbol, "%s_" STR_FMT, c->prefix, STR_ARG(t->symbol));
  else snprintf((*out)->symbol, sizeof (*out)->symbol, "%s_" STR_FMT "__%zu", c->prefix, STR_ARG(t->symbol), number);
  if (t->layout.len) return tmplc_error(c, t, t->layout_pos, "a template with a layout cannot be included");
  return write_function(c, t, t->nodes, (Pos){1, 1}, *out);
}

static Block *find_block(Template *t, Str name) {
  for (Block *b = t->blocks; b; b = b->next)
    if (str_eq(b->name, name)) return b;
  return NULL;
}

/* A page: its blocks for each slot of the layout, and the table that the layout reads. */
static Err write_page(Compiler *c, Template *t) {
  const Template *layout = tmplc_find(c, t->layout);
  Buf table;
  buf_init(&table, 0);
  Err err = ERR_OK;
  for (size_t i = 0; i < c->slot_count && err == ERR_OK; i++) {
    const Slot *slot = &c->slots[i];
    Block *block = slot->layout == layout ? find_block(t, slot->name) : NULL;
    if (!block) continue;
    block->used = true;
    Variant *v;
    err = new_variant(c, t, &slot->entry, &v);
    if (err != ERR_OK) break;
    snprintf(v->symbol, sizeof v->symbol, "%s_" STR_FMT "__block_" STR_FMT "_%zu", c->prefix, STR_ARG(t->symbol),
             STR_ARG(block->name), i);
    err = write_function(c, t, block->body, block->pos, v);
    buf_printf(&table, "    [%zu] = %s,\n", i, v->symbol);
  }
  for (const Block *b = t->blocks; b && err == ERR_OK; b = b->next)
    if (!b->used)
      err = tmplc_error(c, t, b->pos, "the layout has no slot '" STR_FMT "'", STR_ARG(b->name));
  Variant *page;
  Html text;
  html_init(&text);
  if (err == ERR_OK) err = new_variant(c, t, &text, &page);
  if (err == ERR_OK) {
    snprintf(page->symbol, sizeof page->symbol, "%s_" STR_FMT, c->prefix, STR_ARG(t->symbol));
    buf_printf(&t->code, "void %s(TmplCtx *t) {\n  static const TmplFn blocks[%d] = {\n" STR_FMT "  };\n", page->symbol,
               SLOT_MAX, STR_ARG(buf_view(&table)));
    buf_printf(&t->code, "  tmpl_layout(t, blocks, %s_" STR_FMT ");\n}\n", c->prefix, STR_ARG(layout->symbol));
  }
  buf_clear(&table);
  return err;
}

/* Layouts first, so that all slots are known; then the rest. Goes on after an error to report those of other files. */
Err walk_templates(Compiler *c) {
  Html text;
  html_init(&text);
  for (int round = 0; round < 3; round++) {
    for (size_t i = 0; i < c->count; i++) {
      Template *t = &c->templates[i];
      int turn = t->layout.len ? 2 : t->is_layout ? 0 : 1;
      if (turn != round) continue;
      Variant *unused;
      Err err = t->layout.len ? write_page(c, t) : template_variant(c, t, &text, &unused);
      if (err == ERR_MEMORY) return err;
    }
    if (c->errors) return ERR_INPUT;
  }
  return ERR_OK;
}
