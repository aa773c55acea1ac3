/* SPDX-License-Identifier: EUPL-1.2 */
/* A model as read: what stands in the file, names not yet resolved. Everything lives in the model's arena. */
#ifndef PW_FLOW_MODEL_H
#define PW_FLOW_MODEL_H

#include "base/map.h"
#include "flow/expr.h"
#include "flow/flow.h"
#include "flow/xml.h"

#define FLOW_DIMS_MAX 16       /* dimensions of one variable */
#define FLOW_MODULE_DEPTH 32   /* modules and macros within each other */

typedef struct Dim {
  Str name, canon;
  uint32_t size;
  Str *shown;          /* element names; "1", "2", ... for a numbered dimension */
  Str *canon_elem;
  Map index;           /* canonical element name -> place */
} Dim;

typedef enum GfKind { GF_CONTINUOUS, GF_EXTRAPOLATE, GF_DISCRETE, GF_FORWARD } GfKind;

typedef struct Gf {
  GfKind kind;
  uint32_t count;
  double *x, *y;
} Gf;

typedef enum VarKind { V_STOCK, V_FLOW, V_AUX, V_GF, V_MODULE } VarKind;

/* The equation of one element, or of a run of elements when a subscript is a sub-range. */
typedef struct ElementDef {
  Str subscript;       /* "" when `place` says which element it is */
  size_t place;        /* in row-major order */
  Str eqn;             /* "" when there is none */
  Str init_eqn;        /* the same, at the start only */
  Gf *gf;
  long line;
} ElementDef;

typedef struct Conveyor {
  Str len, capacity, in_limit, sample, arrest;   /* equations; "" when absent */
  Str *list;           /* equations of what lies on the belt at the start, what leaves first in front; NULL: no list */
  size_t list_count;
  bool exponential, discrete;
} Conveyor;

typedef struct ModelDef ModelDef;
typedef struct Var Var;

typedef struct Connect { Str to, from; } Connect;

struct Var {
  VarKind kind;
  Str name, canon;           /* as people see it; as it is compared */
  long line;
  const XmlNode *xml;
  Str eqn;                   /* "" when there is none */
  Str init_eqn;              /* of the value at the start only; "" when there is none */
  const Dim **dims;
  uint32_t ndims;
  Str dim_text;              /* "Region, Sector" */
  ElementDef *elements;
  size_t element_count;
  Gf *gf;
  Str *inflows, *outflows;   /* canonical names */
  size_t inflow_count, outflow_count;
  bool non_negative;
  Conveyor *conveyor;
  bool leak_marked, leak_integers;
  Str leak;                  /* equation; "" when only marked */
  double leak_start, leak_end;
  Str net_flow;              /* equation of all flows of a stock together (Vensim); "" when there is none */
  Str multiplier;            /* unit conversion of a flow; "" when absent */
  bool is_input;             /* access="input" */
  Str units, doc;
  Connect *connects;         /* of a module */
  size_t connect_count;
  Str model_name;            /* of a module: canonical name of its model */
};

struct ModelDef {
  Str name, canon;           /* "" for the root */
  const char *file;          /* it was read from */
  const XmlNode *xml;
  Var *vars;
  size_t var_count;
  Map index;                 /* canonical name -> place in vars */
  /* of a macro: */
  bool is_macro;
  Str space;                 /* canonical name of its namespace; "" for none */
  Str *parms, *parm_defaults;  /* canonical names; default equations or ptr NULL */
  size_t parm_count;
  Str eqn;
  long line;
};

/* How functions of the file's own maker differ from the standard (docs/flow.md, "Dialects"). */
typedef enum Dialect { DIALECT_STANDARD, DIALECT_VENSIM } Dialect;

typedef struct UnitDef { Str canon, eqn; Str *aliases; size_t alias_count; } UnitDef;

typedef struct Listed { Str name; const Var *var; } Listed;

struct FlowModel {
  Arena arena;
  FlowLimits limits;
  const char *file;
  const char *reading;       /* file that is being read */
  Str folder;                /* of the file, to find others in; ptr NULL: the model came as text and has no others */
  size_t files;              /* other files read */
  XmlNode *xml;
  Dialect dialect;
  double start, stop, dt;
  FlowMethod method;
  Str time_units;
  double save_interval;      /* time between kept rows according to the file; 0: every step */
  bool flows_non_negative, stocks_non_negative;   /* from <behavior> */
  bool nan_subscripts;       /* <uses_arrays invalid_index_value="NaN"> */
  Dim **dims;
  size_t dim_count, dim_cap;
  Map dim_index;             /* canonical name -> place in dims */
  ModelDef **models;         /* models[0] is the root */
  size_t model_count, model_cap;
  ModelDef **macros;
  size_t macro_count, macro_cap;
  UnitDef *units;
  size_t unit_count;
  Listed *list;       /* variables of all modules, in the order of the file */
  size_t list_count, list_cap;
};

/* list.c: fills list. */
Err model_list(FlowModel *model, ErrInfo *info) MUST_CHECK;
/* Fills `model` from its tree. Errors carry line and variable. */
Err model_read(FlowModel *model, ErrInfo *info) MUST_CHECK;
/* Reads the model of that name from another file in the folder of this one, with that file's dimensions, models and
 * macros (resource.c finds the file). */
Err model_from_file(FlowModel *model, Str name, Str resource, ErrInfo *info) MUST_CHECK;
/* resource.c: the tree of another file. Its name is relative to the folder and does not lead out of it. ERR_UNSUPPORTED
 * when the model came as text. The file's name is *shown. */
Err resource_load(FlowModel *model, Str resource, XmlNode **root, const char **shown, ErrInfo *info) MUST_CHECK;
/* The dimension of that canonical name, or NULL. */
const Dim *model_dim(const FlowModel *model, Str canon);
/* A model (not the root) or macro by canonical name, or NULL. */
ModelDef *model_submodel(const FlowModel *model, Str canon);
ModelDef *model_macro(const FlowModel *model, Str canon);
const Var *model_var(const ModelDef *def, Str canon);
/* A graphical function at x. */
double gf_value(const Gf *gf, double x);
/* The x at which a graphical function has value y (the first such x); the nearest end when none. */
double gf_inverse(const Gf *gf, double y);
#define NO_MEMORY(info) err_set((info), ERR_MEMORY, "out of memory or over the memory limit of the model")

#endif
