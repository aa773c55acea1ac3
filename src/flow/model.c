/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/model.h"

#include <math.h>
#include <string.h>

#include "flow/name.h"

#define ELEMENT_LIMIT_DEFAULT 4000000u

const Dim *model_dim(const FlowModel *model, Str canon) {
  size_t i;
  return map_get_index(&model->dim_index, canon, &i) ? model->dims[i] : NULL;
}

ModelDef *model_submodel(const FlowModel *model, Str canon) {
  for (size_t i = 1; i < model->model_count; i++)
    if (str_eq(model->models[i]->canon, canon)) return model->models[i];
  return NULL;
}

ModelDef *model_macro(const FlowModel *model, Str canon) {
  for (size_t i = 0; i < model->macro_count; i++) {
    ModelDef *macro = model->macros[i];
    Str space = macro->space;
    bool within = space.len && str_starts(canon, space) && canon.len > space.len && canon.ptr[space.len] == '.';
    if (str_eq(macro->canon, within ? str_slice(canon, space.len + 1, canon.len) : canon)) return macro;
  }
  return NULL;
}

const Var *model_var(const ModelDef *def, Str canon) {
  size_t i;
  return map_get_index(&def->index, canon, &i) ? &def->vars[i] : NULL;
}

/* "false" anywhere in the text is false; an empty tag is true. */
static bool tag_true(const XmlNode *node, Arena *arena) {
  Str text = xml_text(node, arena);
  return node && !str_eq_nocase(text, S("false")) && !str_eq(text, S("0"));
}

static Err number_tag(const XmlNode *parent, const char *tag, Arena *arena, double *out, ErrInfo *info) {
  const XmlNode *node = xml_child(parent, tag);
  if (!node) return ERR_OK;
  Str text = xml_text(node, arena);
  if (!text.ptr) return NO_MEMORY(info);
  double value;
  if (text.len && text.ptr[0] == '+') text = str_slice(text, 1, text.len);
  if (!str_to_double(text, &value)) {
    err_at(info, NULL, NULL, node->line, tag);
    return err_set(info, ERR_INPUT, "found \"" STR_FMT "\", expected a number", STR_ARG(text));
  }
  *out = value;
  return ERR_OK;
}

static bool method_name(Str part, FlowMethod *out) {
  if (str_eq_nocase(part, S("euler"))) *out = FLOW_EULER;
  else if (str_eq_nocase(part, S("rk4"))) *out = FLOW_RK4;
  else if (str_eq_nocase(part, S("rk2"))) *out = FLOW_RK2;
  else return false;
  return true;
}

/* Stella's attribute or Vensim's element; what is no number there (TIME_STEP) means every step. */
static void read_save_interval(FlowModel *m, const XmlNode *specs) {
  static const char *const TAGS[] = {"vensim:saveper", "saveper", "isee:save_interval", "save_interval"};
  Str save = str_trim(xml_attr(specs, "isee:save_interval"));
  for (size_t i = 0; !save.len && i < sizeof TAGS / sizeof TAGS[0]; i++)
    if (xml_child(specs, TAGS[i])) save = xml_text(xml_child(specs, TAGS[i]), &m->arena);
  if (!str_to_double(save, &m->save_interval) || !(m->save_interval > 0) || isinf(m->save_interval)) m->save_interval = 0;
}

static Err read_specs(FlowModel *m, const XmlNode *specs, ErrInfo *info) {
  m->start = 0; m->stop = 0; m->dt = 1; m->method = FLOW_EULER; m->time_units = S("");
  if (!specs) { return err_set(info, ERR_INPUT, "the file has no <sim_specs>; expected start and stop of the run"); }
  err_at(info, NULL, NULL, specs->line, "sim_specs");
  if (!xml_child(specs, "start") || !xml_child(specs, "stop"))
    return err_set(info, ERR_INPUT, "<sim_specs> lacks <start> or <stop>");
  TRY(number_tag(specs, "start", &m->arena, &m->start, info));
  TRY(number_tag(specs, "stop", &m->arena, &m->stop, info));
  TRY(number_tag(specs, "dt", &m->arena, &m->dt, info));
  const XmlNode *dt = xml_child(specs, "dt");
  if (dt && str_eq_nocase(xml_attr(dt, "reciprocal"), S("true"))) {
    if (!(m->dt > 0)) return err_set(info, ERR_INPUT, "the reciprocal of dt is %g, expected more than 0", m->dt);
    m->dt = 1.0 / m->dt;
  }
  read_save_interval(m, specs);
  Str units = xml_attr(specs, "time_units");
  if (units.ptr) m->time_units = units;
  else if (xml_child(specs, "time_units")) m->time_units = xml_text(xml_child(specs, "time_units"), &m->arena);
  Str methods = xml_attr(specs, "method"), part;
  if (!methods.ptr) { err_at(info, NULL, NULL, 0, ""); return ERR_OK; }
  /* "gear, rk4": the first that is known; methods that adapt their step fall back to the 4th order (7.3.1) */
  Str rest = methods;
  while (str_cut(&rest, ',', &part))
    if (method_name(str_trim(part), &m->method)) { err_at(info, NULL, NULL, 0, ""); return ERR_OK; }
  if (str_eq_nocase(str_trim(methods), S("rk45")) || str_eq_nocase(str_trim(methods), S("gear"))) m->method = FLOW_RK4;
  else return err_set(info, ERR_INPUT, "unknown integration method \"" STR_FMT "\"; known are Euler, RK2 and RK4",
                      STR_ARG(methods));
  return ERR_OK;
}

/* Whether a model's own <sim_specs> say what those of the whole model say. */
static Err same_specs(FlowModel *m, const XmlNode *specs, bool *same, ErrInfo *info) {
  FlowModel own = *m;
  Err err = read_specs(&own, specs, info);
  m->arena = own.arena;
  if (err != ERR_OK) return err;
  *same = own.start == m->start && own.stop == m->stop && own.dt == m->dt && own.method == m->method;
  return ERR_OK;
}

static Err add_dim(FlowModel *m, const XmlNode *node, Dim *dim, ErrInfo *info) {
  err_at(info, NULL, NULL, node->line, "dimensions");
  Str name = xml_attr(node, "name"), size = xml_attr(node, "size");
  if (!name.len) return err_set(info, ERR_INPUT, "a dimension without a name");
  dim->name = flow_display(&m->arena, name);
  dim->canon = flow_canon(&m->arena, name);
  map_init(&dim->index, &m->arena);
  size_t count = 0;
  int64_t numbered = 0;
  for (const XmlNode *e = xml_child(node, "elem"); e; e = xml_next(e, "elem")) count++;
  if (count == 0 && (!str_to_int(str_trim(size), &numbered) || numbered < 1 || (size_t)numbered > m->limits.elements))
    return err_set(info, ERR_INPUT, "dimension " STR_FMT " has no elements and its size is \"" STR_FMT
                   "\", expected a whole number from 1", STR_ARG(dim->name), STR_ARG(size));
  dim->size = (uint32_t)(count ? count : (size_t)numbered);
  dim->shown = ARENA_ARRAY(&m->arena, Str, dim->size);
  dim->canon_elem = ARENA_ARRAY(&m->arena, Str, dim->size);
  if (!dim->shown || !dim->canon_elem || !dim->name.ptr || !dim->canon.ptr) return NO_MEMORY(info);
  const XmlNode *e = xml_child(node, "elem");
  for (uint32_t i = 0; i < dim->size; i++) {
    if (count) {
      dim->shown[i] = flow_display(&m->arena, xml_attr(e, "name"));
      dim->canon_elem[i] = flow_canon(&m->arena, xml_attr(e, "name"));
      e = xml_next(e, "elem");
    } else {
      dim->shown[i] = dim->canon_elem[i] = arena_printf(&m->arena, "%u", i + 1);
    }
    if (!dim->shown[i].ptr || !dim->canon_elem[i].ptr) return NO_MEMORY(info);
    if (!dim->canon_elem[i].len || map_get(&dim->index, dim->canon_elem[i], NULL))
      return err_set(info, ERR_INPUT, "dimension " STR_FMT ": element \"" STR_FMT "\" is empty or stands there twice",
                     STR_ARG(dim->name), STR_ARG(dim->shown[i]));
    TRY(map_set_index(&dim->index, dim->canon_elem[i], i));
  }
  return ERR_OK;
}

static bool same_dim(const Dim *a, const Dim *b) {
  bool same = a->size == b->size;
  for (uint32_t i = 0; same && i < a->size; i++) same = str_eq(a->canon_elem[i], b->canon_elem[i]);
  return same;
}

/* Makes room for one more pointer. */
static bool room(FlowModel *m, void **items, size_t count, size_t *cap) {
  if (count < *cap) return true;
  size_t more = *cap ? 2 * *cap : 8;
  void *grown = arena_grow(&m->arena, *items, *cap * sizeof(void *), more * sizeof(void *));
  if (!grown) return false;
  *items = grown;
  *cap = more;
  return true;
}

/* Of this file (`merge` false), where a dimension stands once, or of another one, where it may stand again. */
static Err read_dims(FlowModel *m, const XmlNode *root, bool merge, ErrInfo *info) {
  for (const XmlNode *d = xml_child(root, "dimensions"); d; d = xml_next(d, "dimensions"))
    for (const XmlNode *n = xml_child(d, "dim"); n; n = xml_next(n, "dim")) {
      Dim *dim = ARENA_NEW(&m->arena, Dim);
      if (!dim) return NO_MEMORY(info);
      TRY(add_dim(m, n, dim, info));
      const Dim *known = model_dim(m, dim->canon);
      if (known && merge && same_dim(known, dim)) continue;
      if (known)
        return err_set(info, ERR_INPUT, "dimension " STR_FMT " is defined twice%s", STR_ARG(dim->name),
                       merge ? ", with other elements in another file" : "");
      if (!room(m, (void **)&m->dims, m->dim_count, &m->dim_cap)) return NO_MEMORY(info);
      TRY(map_set_index(&m->dim_index, dim->canon, m->dim_count));
      m->dims[m->dim_count++] = dim;
    }
  err_at(info, NULL, NULL, 0, "");
  return ERR_OK;
}

/* <behavior>: non-negativity for all stocks or flows (XMILE 2.6). */
static void read_behavior(FlowModel *m, const XmlNode *parent) {
  const XmlNode *b = xml_child(parent, "behavior");
  if (!b) return;
  const XmlNode *stock = xml_child(b, "stock"), *flow = xml_child(b, "flow");
  if (xml_child(b, "non_negative")) {
    m->stocks_non_negative = m->flows_non_negative = tag_true(xml_child(b, "non_negative"), &m->arena);
  }
  if (xml_child(stock, "non_negative")) m->stocks_non_negative = tag_true(xml_child(stock, "non_negative"), &m->arena);
  if (xml_child(flow, "non_negative")) m->flows_non_negative = tag_true(xml_child(flow, "non_negative"), &m->arena);
}

static Err read_header(FlowModel *m, const XmlNode *root, ErrInfo *info) {
  const XmlNode *header = xml_child(root, "header");
  Str vendor = xml_text(xml_child(header, "vendor"), &m->arena);
  if (!vendor.ptr) return NO_MEMORY(info);
  /* "Ventana Systems, xmutil" has been translated to standard functions, all but these two */
  Str product = xml_text(xml_child(header, "product"), &m->arena);
  if (!product.ptr) return NO_MEMORY(info);
  if (str_starts(vendor, S("Ventana Systems")) || str_starts(product, S("Vensim"))) m->dialect = DIALECT_VENSIM;
  const XmlNode *arrays = xml_child(xml_child(header, "options"), "uses_arrays");
  m->nan_subscripts = str_eq_nocase(xml_attr(arrays, "invalid_index_value"), S("nan"));
  return ERR_OK;
}

static Str unit_name(FlowModel *m, Str s) { return flow_canon(&m->arena, s); }

static Err read_units(FlowModel *m, const XmlNode *root, ErrInfo *info) {
  const XmlNode *units = xml_child(root, "model_units");
  size_t count = 0;
  for (const XmlNode *u = xml_child(units, "unit"); u; u = xml_next(u, "unit")) count++;
  m->units = ARENA_ARRAY(&m->arena, UnitDef, count + 1);
  if (!m->units) return NO_MEMORY(info);
  for (const XmlNode *u = xml_child(units, "unit"); u; u = xml_next(u, "unit")) {
    UnitDef *def = &m->units[m->unit_count];
    size_t aliases = 0;
    if (str_eq_nocase(xml_attr(u, "disabled"), S("true"))) continue;
    for (const XmlNode *a = xml_child(u, "alias"); a; a = xml_next(a, "alias")) aliases++;
    def->canon = unit_name(m, xml_attr(u, "name"));
    def->eqn = xml_child(u, "eqn") ? xml_text(xml_child(u, "eqn"), &m->arena) : S("");
    def->aliases = ARENA_ARRAY(&m->arena, Str, aliases + 1);
    if (!def->aliases || !def->canon.ptr || !def->eqn.ptr) return NO_MEMORY(info);
    for (const XmlNode *a = xml_child(u, "alias"); a; a = xml_next(a, "alias"))
      if (!(def->aliases[def->alias_count++] = unit_name(m, xml_text(a, &m->arena))).ptr) return NO_MEMORY(info);
    m->unit_count++;
  }
  return ERR_OK;
}

Err model_read_vars(FlowModel *m, ModelDef *def, const XmlNode *variables, ErrInfo *info);

static Err read_parms(FlowModel *m, ModelDef *def, const XmlNode *node, ErrInfo *info) {
  Str space = xml_attr(node, "namespace");
  def->space = space.len ? flow_canon(&m->arena, space) : S("");
  if (!def->space.ptr) return NO_MEMORY(info);
  size_t count = 0;
  for (const XmlNode *p = xml_child(node, "parm"); p; p = xml_next(p, "parm")) count++;
  def->parms = ARENA_ARRAY(&m->arena, Str, count + 1);
  def->parm_defaults = ARENA_ARRAY(&m->arena, Str, count + 1);
  if (!def->parms || !def->parm_defaults) return NO_MEMORY(info);
  for (const XmlNode *p = xml_child(node, "parm"); p; p = xml_next(p, "parm")) {
    def->parms[def->parm_count] = flow_canon(&m->arena, xml_text(p, &m->arena));
    if (!def->parms[def->parm_count].ptr) return NO_MEMORY(info);
    def->parm_defaults[def->parm_count++] = xml_attr(p, "default");
  }
  def->eqn = xml_child(node, "eqn") ? xml_text(xml_child(node, "eqn"), &m->arena) : S("");
  if (!def->eqn.ptr) return NO_MEMORY(info);
  err_at(info, NULL, NULL, node->line, NULL);
  if (!def->eqn.len) return err_set(info, ERR_INPUT, "macro " STR_FMT " has no equation", STR_ARG(def->name));
  if (xml_child(node, "sim_specs"))
    return err_set(info, ERR_UNSUPPORTED, "macro " STR_FMT " has its own simulation specifications; a macro that runs a "
                   "simulation of its own is not supported", STR_ARG(def->name));
  if (xml_attr(node, "filter").ptr)
    return err_set(info, ERR_UNSUPPORTED, "macro " STR_FMT " is an option filter; option filters are not supported",
                   STR_ARG(def->name));
  return ERR_OK;
}

static Err new_def(FlowModel *m, const XmlNode *node, Str name, bool macro, ModelDef **out, ErrInfo *info) {
  ModelDef *def = ARENA_NEW(&m->arena, ModelDef);
  if (!def) return NO_MEMORY(info);
  def->name = name.ptr ? flow_display(&m->arena, name) : S("");
  def->canon = name.ptr ? flow_canon(&m->arena, name) : S("");
  if (!def->name.ptr || !def->canon.ptr) return NO_MEMORY(info);
  def->file = m->reading;
  def->xml = node;
  def->is_macro = macro;
  def->line = node->line;
  map_init(&def->index, &m->arena);
  *out = def;
  return ERR_OK;
}

/* Adds a model (the first is the root) or macro, and then reads what is in it. */
static Err add_def(FlowModel *m, const XmlNode *node, Str name, bool macro, ErrInfo *info) {
  ModelDef *def = NULL;
  TRY(new_def(m, node, name, macro, &def, info));
  if (macro) TRY(read_parms(m, def, node, info));
  err_at(info, NULL, NULL, node->line, NULL);
  if (xml_attr(node, "encryption-scheme").ptr)
    return err_set(info, ERR_UNSUPPORTED, "model " STR_FMT " is encrypted", STR_ARG(def->name));
  bool ok = macro ? room(m, (void **)&m->macros, m->macro_count, &m->macro_cap)
                  : room(m, (void **)&m->models, m->model_count, &m->model_cap);
  if (!ok) return NO_MEMORY(info);
  if (macro) m->macros[m->macro_count++] = def;
  else m->models[m->model_count++] = def;
  return model_read_vars(m, def, xml_child(node, "variables"), info);
}

/* The model without a name; in a file whose models all have one the first. */
static const XmlNode *main_of(const XmlNode *root) {
  for (const XmlNode *n = xml_child(root, "model"); n; n = xml_next(n, "model"))
    if (!xml_attr(n, "name").len) return n;
  return xml_child(root, "model");
}

/* All other models of a file, and its macros. */
static Err read_others(FlowModel *m, const XmlNode *root, const XmlNode *main_model, ErrInfo *info) {
  for (const XmlNode *n = xml_child(root, "model"); n; n = xml_next(n, "model")) {
    if (n == main_model) continue;
    Str name = xml_attr(n, "name"), resource = xml_attr(n, "resource");
    err_at(info, NULL, NULL, n->line, NULL);
    bool same = true;
    if (xml_child(n, "sim_specs")) TRY(same_specs(m, xml_child(n, "sim_specs"), &same, info));
    err_at(info, NULL, NULL, n->line, "");
    if (!same)
      return err_set(info, ERR_UNSUPPORTED, "model \"" STR_FMT "\" has its own simulation specifications; modules run with "
                     "those of the whole model", STR_ARG(name));
    if (resource.ptr) TRY(model_from_file(m, name, resource, info));
    else TRY(add_def(m, n, name, false, info));
  }
  for (const XmlNode *n = xml_child(root, "macro"); n; n = xml_next(n, "macro"))
    TRY(add_def(m, n, xml_attr(n, "name"), true, info));
  return ERR_OK;
}

/* What another file adds; `name`: of the model that its main one is to be, ptr NULL for none. */
static Err read_file(FlowModel *m, Str name, Str resource, ErrInfo *info) {
  XmlNode *root;
  const char *outer = m->reading;
  TRY(resource_load(m, resource, &root, &m->reading, info));
  const XmlNode *main_model = name.ptr ? main_of(root) : NULL;
  if (name.ptr && !main_model) return err_set(info, ERR_INPUT, "the file has no <model>");
  TRY(read_dims(m, root, true, info));
  if (main_model) TRY(add_def(m, main_model, name, false, info));
  TRY(read_others(m, root, main_model, info));
  m->reading = outer;
  err_at(info, outer, NULL, 0, NULL);
  return ERR_OK;
}

Err model_from_file(FlowModel *m, Str name, Str resource, ErrInfo *info) {
  Str canon = flow_canon(&m->arena, name);
  if (!canon.ptr) return NO_MEMORY(info);
  return model_submodel(m, canon) ? ERR_OK : read_file(m, name, resource, info);
}

/* <header><includes>: libraries of macros and models. */
static Err read_includes(FlowModel *m, const XmlNode *root, ErrInfo *info) {
  const XmlNode *includes = xml_child(xml_child(root, "header"), "includes");
  for (const XmlNode *n = xml_child(includes, "include"); n; n = xml_next(n, "include")) {
    err_at(info, NULL, NULL, n->line, NULL);
    TRY(read_file(m, STR_NONE, xml_attr(n, "resource"), info));
  }
  return ERR_OK;
}

static Err read_models(FlowModel *m, const XmlNode *root, ErrInfo *info) {
  const XmlNode *main_model = main_of(root);
  if (!main_model) return err_set(info, ERR_INPUT, "the file has no <model>");
  read_behavior(m, root);
  read_behavior(m, main_model);
  if (xml_attr(main_model, "resource").ptr) {
    err_at(info, NULL, NULL, main_model->line, NULL);
    return err_set(info, ERR_UNSUPPORTED, "the main model stands in another file (" STR_FMT ")",
                   STR_ARG(xml_attr(main_model, "resource")));
  }
  TRY(add_def(m, main_model, xml_attr(main_model, "name"), false, info));
  TRY(read_others(m, root, main_model, info));
  return read_includes(m, root, info);
}

Err model_read(FlowModel *m, ErrInfo *info) {
  const XmlNode *root = m->xml;
  if (!xml_is(root, "xmile")) {
    err_at(info, NULL, NULL, root->line, NULL);
    return err_set(info, ERR_INPUT, "found <" STR_FMT ">, expected <xmile>", STR_ARG(root->name));
  }
  TRY(read_header(m, root, info));
  const XmlNode *specs = xml_child(root, "sim_specs");
  if (!specs) specs = xml_child(xml_child(root, "model"), "sim_specs");
  TRY(read_specs(m, specs, info));
  map_init(&m->dim_index, &m->arena);
  TRY(read_dims(m, root, false, info));
  TRY(read_units(m, root, info));
  TRY(read_models(m, root, info));
  err_at(info, NULL, NULL, 0, "");
  info->row = 0;
  return ERR_OK;
}

double gf_value(const Gf *gf, double x) {
  uint32_t n = gf->count;
  const double *xs = gf->x, *ys = gf->y;
  if (isnan(x)) return x;
  if (n == 1) return ys[0];
  if (x <= xs[0]) {
    if (gf->kind != GF_EXTRAPOLATE || x == xs[0]) return ys[0];
    return ys[0] + (ys[1] - ys[0]) / (xs[1] - xs[0]) * (x - xs[0]);
  }
  if (x >= xs[n - 1]) {
    if (gf->kind != GF_EXTRAPOLATE || x == xs[n - 1]) return ys[n - 1];
    return ys[n - 1] + (ys[n - 1] - ys[n - 2]) / (xs[n - 1] - xs[n - 2]) * (x - xs[n - 1]);
  }
  uint32_t lo = 0, hi = n - 1;          /* xs[lo] <= x < xs[hi] */
  while (hi - lo > 1) {
    uint32_t mid = lo + (hi - lo) / 2;
    if (xs[mid] <= x) lo = mid; else hi = mid;
  }
  if (gf->kind == GF_FORWARD) return x == xs[lo] ? ys[lo] : ys[hi];
  if (gf->kind == GF_DISCRETE || xs[hi] == xs[lo]) return ys[lo];
  return ys[lo] + (ys[hi] - ys[lo]) * ((x - xs[lo]) / (xs[hi] - xs[lo]));
}

double gf_inverse(const Gf *gf, double y) {
  for (uint32_t i = 0; i + 1 < gf->count; i++) {
    double a = gf->y[i], b = gf->y[i + 1];
    if (y == a) return gf->x[i];
    if ((y > a && y <= b) || (y < a && y >= b)) return gf->x[i] + (y - a) / (b - a) * (gf->x[i + 1] - gf->x[i]);
  }
  uint32_t last = gf->count - 1;
  return fabs(y - gf->y[0]) <= fabs(y - gf->y[last]) ? gf->x[0] : gf->x[last];
}
