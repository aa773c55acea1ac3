/* SPDX-License-Identifier: EUPL-1.2 */
/* Variables of a model or macro from its <variables>. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "flow/expr.h"
#include "flow/model.h"
#include "flow/name.h"

#define CONVEYOR_LIST_MAX 10000   /* parts of a list of initial contents */

Err model_read_vars(FlowModel *m, ModelDef *def, const XmlNode *variables, ErrInfo *info);

static Err text_of(FlowModel *m, const XmlNode *parent, const char *tag, Str *out, ErrInfo *info) {
  const XmlNode *node = xml_child(parent, tag);
  *out = node ? xml_text(node, &m->arena) : S("");
  return out->ptr ? ERR_OK : NO_MEMORY(info);
}

/* An equation; one that holds only a comment is none. */
static Err eqn_of(FlowModel *m, const XmlNode *parent, const char *tag, Str *out, ErrInfo *info) {
  TRY(text_of(m, parent, tag, out, info));
  if (expr_blank(*out)) *out = S("");
  return ERR_OK;
}

static Err number_list(FlowModel *m, const XmlNode *node, double **out, uint32_t *count, ErrInfo *info) {
  Str text = xml_text(node, &m->arena), sep = xml_attr(node, "sep"), part;
  char separator = sep.len == 1 ? sep.ptr[0] : ',';
  if (!text.ptr) return NO_MEMORY(info);
  size_t n = text.len ? 1 : 0;
  for (size_t i = 0; i < text.len; i++) n += text.ptr[i] == separator;
  *out = ARENA_ARRAY(&m->arena, double, n + 1);
  if (!*out) return NO_MEMORY(info);
  *count = 0;
  while (text.len && str_cut(&text, separator, &part)) {
    part = str_trim(part);
    if (part.len && part.ptr[0] == '+') part = str_slice(part, 1, part.len);
    if (!part.len && !text.ptr) break;   /* a separator behind the last value */
    if (!str_to_double(part, &(*out)[*count])) {
      err_at(info, NULL, NULL, node->line, NULL);
      return err_set(info, ERR_INPUT, "value %u of a graphical function is \"" STR_FMT "\", expected a number", *count + 1,
                     STR_ARG(part));
    }
    (*count)++;
  }
  return ERR_OK;
}

static Err gf_scale(Gf *gf, const XmlNode *node, Arena *arena, ErrInfo *info) {
  const XmlNode *scale = xml_child(node, "xscale");
  double lo, hi;
  if (!scale || !str_to_double(str_trim(xml_attr(scale, "min")), &lo) ||
      !str_to_double(str_trim(xml_attr(scale, "max")), &hi))
    return err_set(info, ERR_INPUT, "a graphical function needs <xpts>, or <xscale> with numbers in min and max");
  if (!(hi > lo)) return err_set(info, ERR_INPUT, "<xscale> runs from %g to %g, expected min below max", lo, hi);
  gf->x = ARENA_ARRAY(arena, double, gf->count);
  if (!gf->x) return NO_MEMORY(info);
  for (uint32_t i = 0; i < gf->count; i++)
    gf->x[i] = gf->count == 1 ? lo : lo + (hi - lo) * ((double)i / (double)(gf->count - 1));
  return ERR_OK;
}

static Err read_gf(FlowModel *m, const XmlNode *node, Gf **out, ErrInfo *info) {
  Gf *gf = ARENA_NEW(&m->arena, Gf);
  if (!gf) return NO_MEMORY(info);
  err_at(info, NULL, NULL, node->line, NULL);
  Str type = xml_attr(node, "type");
  if (str_eq_nocase(type, S("extrapolate"))) gf->kind = GF_EXTRAPOLATE;
  else if (str_eq_nocase(type, S("discrete")) || str_eq_nocase(xml_attr(node, "discrete"), S("true")))
    gf->kind = GF_DISCRETE;
  else if (type.len && !str_eq_nocase(type, S("continuous")))
    return err_set(info, ERR_INPUT, "a graphical function of type \"" STR_FMT "\", expected continuous, extrapolate or "
                   "discrete", STR_ARG(type));
  const XmlNode *ypts = xml_child(node, "ypts"), *xpts = xml_child(node, "xpts");
  if (!ypts) return err_set(info, ERR_INPUT, "a graphical function without <ypts>");
  TRY(number_list(m, ypts, &gf->y, &gf->count, info));
  if (!gf->count) return err_set(info, ERR_INPUT, "a graphical function whose <ypts> is empty");
  if (xpts) {
    uint32_t xs = 0;
    TRY(number_list(m, xpts, &gf->x, &xs, info));
    if (xs != gf->count)
      return err_set(info, ERR_INPUT, "a graphical function with %u x values and %u y values", xs, gf->count);
    for (uint32_t i = 1; i < xs; i++)
      if (!(gf->x[i] >= gf->x[i - 1]))
        return err_set(info, ERR_INPUT, "x values of a graphical function must rise; %g follows %g", gf->x[i], gf->x[i - 1]);
  } else {
    TRY(gf_scale(gf, node, &m->arena, info));
  }
  /* the ends of an extrapolation need a slope */
  if (gf->kind == GF_EXTRAPOLATE && gf->count > 1 &&
      (gf->x[1] == gf->x[0] || gf->x[gf->count - 1] == gf->x[gf->count - 2]))
    return err_set(info, ERR_INPUT, "a graphical function to extrapolate has two equal x values at an end");
  *out = gf;
  return ERR_OK;
}

static Err read_var_dims(FlowModel *m, Var *v, const XmlNode *node, ErrInfo *info) {
  const XmlNode *dims = xml_child(node, "dimensions");
  uint32_t count = 0;
  for (const XmlNode *d = xml_child(dims, "dim"); d; d = xml_next(d, "dim")) count++;
  if (!count) return ERR_OK;
  if (count > FLOW_DIMS_MAX)
    return err_set(info, ERR_LIMIT, "the variable has %u dimensions; at most %d are supported", count, FLOW_DIMS_MAX);
  v->dims = ARENA_ARRAY(&m->arena, const Dim *, count);
  if (!v->dims) return NO_MEMORY(info);
  for (const XmlNode *d = xml_child(dims, "dim"); d; d = xml_next(d, "dim")) {
    Str canon = flow_canon(&m->arena, xml_attr(d, "name"));
    const Dim *dim = canon.ptr ? model_dim(m, canon) : NULL;
    if (!dim)
      return err_set(info, ERR_INPUT, "dimension \"" STR_FMT "\" is not defined in this file", STR_ARG(xml_attr(d, "name")));
    v->dims[v->ndims++] = dim;
    v->dim_text = arena_printf(&m->arena, STR_FMT "%s" STR_FMT, STR_ARG(v->dim_text), v->ndims > 1 ? ", " : "", STR_ARG(dim->name));
    if (!v->dim_text.ptr) return NO_MEMORY(info);
  }
  return ERR_OK;
}

static Err read_elements(FlowModel *m, Var *v, const XmlNode *node, ErrInfo *info) {
  size_t count = 0;
  for (const XmlNode *e = xml_child(node, "element"); e; e = xml_next(e, "element")) count++;
  if (!count) return ERR_OK;
  v->elements = ARENA_ARRAY(&m->arena, ElementDef, count);
  if (!v->elements) return NO_MEMORY(info);
  for (const XmlNode *e = xml_child(node, "element"); e; e = xml_next(e, "element")) {
    ElementDef *el = &v->elements[v->element_count++];
    el->line = e->line;
    err_at(info, NULL, NULL, e->line, NULL);
    el->subscript = xml_attr(e, "subscript");
    if (!el->subscript.len) return err_set(info, ERR_INPUT, "<element> without a subscript");
    TRY(eqn_of(m, e, "eqn", &el->eqn, info));
    TRY(eqn_of(m, e, "init_eqn", &el->init_eqn, info));
    if (xml_child(e, "gf")) TRY(read_gf(m, xml_child(e, "gf"), &el->gf, info));
  }
  err_at(info, NULL, NULL, v->line, NULL);
  if (!v->ndims) return err_set(info, ERR_INPUT, "<element> in a variable without <dimensions>");
  return ERR_OK;
}

static size_t elements_of(const FlowModel *m, const Var *v) {
  size_t count = 1;
  for (uint32_t i = 0; i < v->ndims && count <= m->limits.elements; i++) count *= v->dims[i]->size;
  return count;
}

static Err list_elements(FlowModel *m, Var *v, const Str *texts, size_t count, ErrInfo *info) {
  size_t wanted = elements_of(m, v);
  if (count != wanted)
    return err_set(info, ERR_INPUT, "the list of equations has %zu parts, expected %zu, one for each element", count, wanted);
  if (!(v->elements = ARENA_ARRAY(&m->arena, ElementDef, count))) return NO_MEMORY(info);
  for (size_t i = 0; i < count; i++)
    v->elements[v->element_count++] = (ElementDef){.subscript = S(""), .place = i, .eqn = texts[i], .line = v->line};
  v->eqn = S("");
  return ERR_OK;
}

/* How Vensim writes arrays: "1, 2; 3, 4" in one equation, or as many equations as there are elements. The initial value
 * of a conveyor may be a list too, but of what lies on its belt. */
static Err read_list(FlowModel *m, Var *v, const XmlNode *node, ErrInfo *info) {
  size_t count = 0, i = 0;
  if (!v->ndims || v->element_count || xml_child(node, "conveyor")) return ERR_OK;
  for (const XmlNode *e = xml_child(node, "eqn"); e; e = xml_next(e, "eqn")) count++;
  bool many = count > 1;
  if (!many) count = expr_split(v->eqn, NULL, 0);
  if (count < 2) return ERR_OK;
  Str *texts = ARENA_ARRAY(&m->arena, Str, count);
  if (!texts) return NO_MEMORY(info);
  if (!many) expr_split(v->eqn, texts, count);
  for (const XmlNode *e = many ? xml_child(node, "eqn") : NULL; e; e = xml_next(e, "eqn"))
    if (!(texts[i++] = xml_text(e, &m->arena)).ptr) return NO_MEMORY(info);
  return list_elements(m, v, texts, count, info);
}

static Err read_flow_names(FlowModel *m, const XmlNode *node, const char *tag, Str **out, size_t *count, ErrInfo *info) {
  size_t n = 0;
  for (const XmlNode *f = xml_child(node, tag); f; f = xml_next(f, tag)) n++;
  *out = ARENA_ARRAY(&m->arena, Str, n + 1);
  if (!*out) return NO_MEMORY(info);
  for (const XmlNode *f = xml_child(node, tag); f; f = xml_next(f, tag))
    if (!((*out)[(*count)++] = flow_canon_path(&m->arena, xml_text(f, &m->arena))).ptr) return NO_MEMORY(info);
  return ERR_OK;
}

static Err read_conveyor(FlowModel *m, Var *v, const XmlNode *node, ErrInfo *info) {
  Conveyor *c = v->conveyor = ARENA_NEW(&m->arena, Conveyor);
  if (!c) return NO_MEMORY(info);
  TRY(text_of(m, node, "len", &c->len, info));
  TRY(text_of(m, node, "capacity", &c->capacity, info));
  TRY(text_of(m, node, "in_limit", &c->in_limit, info));
  TRY(text_of(m, node, "sample", &c->sample, info));
  TRY(text_of(m, node, "arrest", &c->arrest, info));
  c->exponential = str_eq_nocase(xml_attr(node, "exponential_leak"), S("true"));
  if (!c->len.len) return err_set(info, ERR_INPUT, "the conveyor has no <len> (its transit time)");
  c->discrete = str_eq_nocase(xml_attr(node, "discrete"), S("true"));
  size_t parts = expr_split(v->eqn, NULL, 0);
  if (parts < 2) return ERR_OK;
  if (!(c->list = ARENA_ARRAY(&m->arena, Str, parts))) return NO_MEMORY(info);
  c->list_count = expr_split(v->eqn, c->list, parts);
  if (c->list_count > CONVEYOR_LIST_MAX)
    return err_set(info, ERR_LIMIT, "the list of initial contents has %zu parts, at most %d are supported", c->list_count,
                   CONVEYOR_LIST_MAX);
  return ERR_OK;
}

static Err read_stock(FlowModel *m, Var *v, const XmlNode *node, ErrInfo *info) {
  TRY(read_flow_names(m, node, "inflow", &v->inflows, &v->inflow_count, info));
  TRY(read_flow_names(m, node, "outflow", &v->outflows, &v->outflow_count, info));
  TRY(eqn_of(m, node, "vensim:netflow", &v->net_flow, info));
  v->non_negative = m->stocks_non_negative;
  if (xml_child(node, "queue")) return err_set(info, ERR_UNSUPPORTED, "queues are not supported");
  for (const XmlNode *n = node->first; n; n = n->next)
    if (n->kind == XML_ELEMENT && (xml_is(n, "oven") || str_ends(n->name, S(":oven"))))
      return err_set(info, ERR_UNSUPPORTED, "ovens are not supported");
  if (xml_child(node, "conveyor")) TRY(read_conveyor(m, v, xml_child(node, "conveyor"), info));
  return ERR_OK;
}

static Err read_flow(FlowModel *m, Var *v, const XmlNode *node, ErrInfo *info) {
  const XmlNode *leak = xml_child(node, "leak");
  v->non_negative = m->flows_non_negative;
  v->leak_marked = leak != NULL;
  v->leak_integers = xml_child(node, "leak_integers") != NULL;
  TRY(text_of(m, node, "leak", &v->leak, info));
  TRY(text_of(m, node, "multiplier", &v->multiplier, info));
  if (xml_child(node, "overflow")) return err_set(info, ERR_UNSUPPORTED, "overflows (of queues) are not supported");
  v->leak_end = 1;
  Str start = xml_attr(node, "leak_start"), end = xml_attr(node, "leak_end");
  if ((start.ptr && !str_to_double(str_trim(start), &v->leak_start)) ||
      (end.ptr && !str_to_double(str_trim(end), &v->leak_end)) ||
      !(v->leak_start >= 0 && v->leak_start <= v->leak_end && v->leak_end <= 1))
    return err_set(info, ERR_INPUT, "the leak zone runs from \"" STR_FMT "\" to \"" STR_FMT "\", expected numbers from 0 to "
                   "1 in rising order", STR_ARG(start), STR_ARG(end));
  return ERR_OK;
}

/* Adds a connection, unless what it leads to has one. */
static Err add_connect(FlowModel *m, Var *v, const XmlNode *c, ErrInfo *info) {
  Str to = flow_canon_path(&m->arena, xml_attr(c, "to")), from = flow_canon_path(&m->arena, xml_attr(c, "from"));
  if (!to.ptr || !from.ptr) return NO_MEMORY(info);
  if (!to.len || !from.len) {
    err_at(info, NULL, NULL, c->line, NULL);
    return err_set(info, ERR_INPUT, "<connect> needs both to and from");
  }
  for (size_t i = 0; xml_is(c, "connect2") && i < v->connect_count; i++)
    if (str_eq(v->connects[i].to, to)) return ERR_OK;
  v->connects[v->connect_count++] = (Connect){to, from};
  return ERR_OK;
}

static Err read_module(FlowModel *m, Var *v, const XmlNode *node, ErrInfo *info) {
  if (xml_attr(node, "resource").ptr) TRY(model_from_file(m, v->canon, xml_attr(node, "resource"), info));
  Str of = xml_attr(node, "model_name");   /* several modules of one model: written by simlin */
  v->model_name = of.len ? flow_canon(&m->arena, of) : v->canon;
  size_t count = 0;
  for (const XmlNode *c = node->first; c; c = c->next) count += xml_is(c, "connect") || xml_is(c, "connect2");
  v->connects = ARENA_ARRAY(&m->arena, Connect, count + 1);
  if (!v->connects || !v->model_name.ptr) return NO_MEMORY(info);
  for (const XmlNode *c = xml_child(node, "connect"); c; c = xml_next(c, "connect")) TRY(add_connect(m, v, c, info));
  /* Stella says each connection twice, the second time as seen from this module */
  for (const XmlNode *c = xml_child(node, "connect2"); c; c = xml_next(c, "connect2")) TRY(add_connect(m, v, c, info));
  return ERR_OK;
}

static Err read_var(FlowModel *m, Var *v, VarKind kind, const XmlNode *node, ErrInfo *info) {
  v->kind = kind;
  v->xml = node;
  v->line = node->line;
  v->name = flow_display(&m->arena, xml_attr(node, "name"));
  v->canon = flow_canon(&m->arena, xml_attr(node, "name"));
  if (!v->name.ptr || !v->canon.ptr) return NO_MEMORY(info);
  char shown[sizeof info->column];
  snprintf(shown, sizeof shown, STR_FMT, STR_ARG(v->name));
  err_at(info, NULL, NULL, node->line, shown);
  if (!v->canon.len) return err_set(info, ERR_INPUT, "<" STR_FMT "> without a name", STR_ARG(node->name));
  if (kind == V_GF) return read_gf(m, node, &v->gf, info);
  TRY(text_of(m, node, "units", &v->units, info));
  TRY(text_of(m, node, "doc", &v->doc, info));
  v->is_input = str_eq_nocase(xml_attr(node, "access"), S("input"));
  if (kind == V_MODULE) return read_module(m, v, node, info);
  TRY(eqn_of(m, node, "eqn", &v->eqn, info));
  TRY(eqn_of(m, node, "init_eqn", &v->init_eqn, info));
  TRY(read_var_dims(m, v, node, info));
  TRY(read_elements(m, v, node, info));
  TRY(read_list(m, v, node, info));
  const XmlNode *gf = xml_child(node, "gf");
  if (gf && xml_child(gf, "ypts")) TRY(read_gf(m, gf, &v->gf, info));
  v->leak = v->multiplier = S("");
  if (kind == V_STOCK) TRY(read_stock(m, v, node, info));
  if (kind == V_FLOW) TRY(read_flow(m, v, node, info));
  const XmlNode *nn = xml_child(node, "non_negative");
  if (nn) {
    Str text = xml_text(nn, &m->arena);
    if (!text.ptr) return NO_MEMORY(info);
    v->non_negative = !str_eq_nocase(text, S("false"));
  }
  return ERR_OK;
}

/* <gf name="rising"/> in a variable: the graphical function of that name in the same model. */
static Err share_gfs(ModelDef *def, FlowModel *m, ErrInfo *info) {
  for (size_t i = 0; i < def->var_count; i++) {
    Var *v = &def->vars[i];
    const XmlNode *gf = v->kind == V_GF ? NULL : xml_child(v->xml, "gf");
    if (!gf || xml_child(gf, "ypts")) continue;
    Str canon = flow_canon(&m->arena, xml_attr(gf, "name"));
    const Var *named = canon.ptr ? model_var(def, canon) : NULL;
    err_at(info, NULL, NULL, gf->line, NULL);
    if (!named || !named->gf)
      return err_set(info, ERR_INPUT, "variable " STR_FMT " uses graphical function \"" STR_FMT "\", which is not defined",
                     STR_ARG(v->name), STR_ARG(xml_attr(gf, "name")));
    v->gf = named->gf;
  }
  return ERR_OK;
}

static bool kind_of(const XmlNode *node, VarKind *kind) {
  static const struct { const char *tag; VarKind kind; } KINDS[] = {
    {"stock", V_STOCK}, {"flow", V_FLOW}, {"aux", V_AUX}, {"gf", V_GF}, {"module", V_MODULE}};
  for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++)
    if (xml_is(node, KINDS[i].tag)) { *kind = KINDS[i].kind; return true; }
  return false;
}

Err model_read_vars(FlowModel *m, ModelDef *def, const XmlNode *variables, ErrInfo *info) {
  size_t count = 0;
  VarKind kind;
  for (const XmlNode *n = variables ? variables->first : NULL; n; n = n->next) count += kind_of(n, &kind);
  def->vars = ARENA_ARRAY(&m->arena, Var, count + 1);
  if (!def->vars) return NO_MEMORY(info);
  for (const XmlNode *n = variables ? variables->first : NULL; n; n = n->next) {
    if (n->kind == XML_ELEMENT && (str_ends(n->name, S("oven")) || str_ends(n->name, S("queue")))) {
      err_at(info, NULL, NULL, n->line, NULL);
      return err_set(info, ERR_UNSUPPORTED, "<" STR_FMT "> is not supported", STR_ARG(n->name));
    }
    if (!kind_of(n, &kind)) continue;
    Var *v = &def->vars[def->var_count];
    TRY(read_var(m, v, kind, n, info));
    if (map_get(&def->index, v->canon, NULL))
      return err_set(info, ERR_INPUT, "the name is used twice in this model");
    if (map_set_index(&def->index, v->canon, def->var_count) != ERR_OK) return NO_MEMORY(info);
    def->var_count++;
  }
  err_at(info, NULL, NULL, 0, "");
  return share_gfs(def, m, info);
}
