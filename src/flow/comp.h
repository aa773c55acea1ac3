/* SPDX-License-Identifier: EUPL-1.2 */
/* The compiler's view of a model: one Sym for every variable of every module and macro call, plus those the engine
 * makes itself for delays, smooths and the like. Everything lives in the program's arena. */
#ifndef PW_FLOW_COMP_H
#define PW_FLOW_COMP_H

#include "flow/model.h"
#include "flow/program.h"

typedef struct Sym Sym;
typedef struct Scope Scope;
typedef struct Unit Unit;

/* Where names of an equation are looked up: the root model, a module, or one call of a macro. */
struct Scope {
  const ModelDef *def;
  Scope *parent;        /* of the root NULL */
  Scope *root;
  Str name;             /* "module." before names of this scope; "" in the root */
  Map syms;             /* canonical name -> Sym */
  Map children;         /* canonical name -> Scope */
  const Scope *caller;  /* of a macro call: where it was called */
  bool is_macro;
  int depth;
};

typedef enum SymKind {
  SYM_VALUE,     /* computed at each step from others */
  SYM_STOCK,     /* integrated */
  SYM_CONVEYOR,
  SYM_TABLE,     /* only a graphical function: has no value */
  SYM_INIT,      /* computed once, at the start */
  SYM_PREVIOUS,  /* value of `source` one step ago */
  SYM_DELAY,     /* value of `source` some time ago */
  SYM_CONV_OUT   /* outflow of a conveyor, driven by it */
} SymKind;

typedef struct ConvSyms {
  Sym *len, *sample, *arrest;      /* NULL when absent */
  Sym **outflows;                  /* of kind SYM_CONV_OUT, [0] is the end of the belt */
  Sym **leak;                      /* leak[i] is the fraction of outflows[i + 1] */
  uint32_t leaks;
  Sym **list;                      /* initial contents; NULL when given as one number */
  uint32_t list_count;
  uint32_t index;                  /* in program->conveyors */
} ConvSyms;

/* A dimension an equation stands in. */
typedef struct Axis Axis;
struct Axis {
  const Dim *dim;
  int32_t bound;        /* element, or -1: all of them */
  int32_t id;           /* place among the free dimensions of the equation's owner; -1 for bound ones */
  uint32_t lo, size;    /* of a free axis: the elements [lo, lo + size) of dim */
  uint8_t bit;          /* of a free axis: in masks of used axes */
  uint8_t level;        /* of a star axis: depth of array functions */
  bool star;            /* made by an array function */
  uint32_t nth;         /* of a star axis: which occurrence of dim within one reference */
};

#define AXES_MAX 48
typedef struct Ctx {
  Scope *scope;
  Sym *self;
  Axis axes[AXES_MAX];
  uint32_t count;
  uint8_t level;        /* array functions around */
} Ctx;

struct Sym {
  SymKind kind;
  Str name, canon;           /* full names */
  const Var *var;            /* NULL for what the engine made */
  long line;
  Scope *scope;              /* in which its equation is read */
  const Dim **dims;
  uint32_t ndims, implicit;  /* the first `implicit` dimensions are never written: those of a macro's caller */
  uint32_t count;            /* elements */
  const Axis *bound;         /* dimensions bound where the engine made this Sym */
  uint32_t bound_count;
  Node *eqn;                 /* value, or initial value of what has a memory; NULL when elements have their own */
  Node **elem_eqn;           /* per element or NULL */
  const Axis **elem_alias;   /* sub-ranges bound per element; each ends in an Axis without dim */
  const Gf *gf;
  const Gf **elem_gf;
  bool cut_off;              /* a non-negative stock with flows that no limit of their own keeps from emptying it */
  Sym *start;                /* SYM_VALUE: its value at the start, when that has an equation of its own */
  Node *net;                 /* inflows - outflows of a stock; of a conveyor its inflows */
  Sym *source;               /* SYM_PREVIOUS, SYM_DELAY */
  Sym *lag, *initial;        /* SYM_DELAY */
  Sym *conveyor_of;          /* SYM_CONV_OUT: the conveyor */
  ConvSyms *conv;            /* SYM_CONVEYOR */
  uint32_t *set;             /* per element: 1 + place among the inputs, 0 for its own equation; NULL: none */
  bool whole_set;
  /* filled while compiling */
  bool built, expanded, expanding, needed, queued, split;
  int8_t varying;            /* -1 not known, 0 the same at all times, 1 changes */
  bool visiting;
  uint32_t base;             /* slot of the first element */
  uint32_t dbase;            /* slot of the derivative of the first element */
  uint32_t aux;              /* history or previous number */
  Unit **units;              /* one, or one per element when split */
  Unit *net_unit;
};

typedef struct Dep { Sym *sym; const uint32_t *elems; uint32_t count; } Dep;  /* elems NULL: all */

/* A piece of the program that is ordered as a whole: a variable or, when split, one of its elements. */
struct Unit {
  Sym *sym;
  int32_t elem;              /* -1: the whole variable */
  bool is_net;
  Loop **loops; uint32_t loop_count, loop_cap;           /* of the value */
  Loop **init; uint32_t init_count, init_cap;            /* of the initial value of what has a memory */
  Dep *deps; uint32_t dep_count, dep_cap;
  Dep *init_deps; uint32_t init_dep_count, init_dep_cap;
  uint8_t colour;            /* while ordering */
  uint32_t next;             /* dependency to visit next */
  uint32_t next_elem;
  bool step_needed;          /* something with a memory depends on it */
};

typedef struct Comp {
  FlowProgram *program;
  const FlowModel *model;
  const FlowSpec *spec;
  Arena *arena;
  ErrInfo *info;
  Scope *root;
  Sym **syms; size_t sym_count, sym_cap;      /* all, in order of the file */
  Sym **queue; size_t queue_count, queue_cap; /* needed, not yet lowered */
  Sym **roots; size_t root_count; uint32_t root_cap;   /* what was asked for */
  size_t elements;
  uint32_t made;            /* number of Syms the engine made: part of their names */
  Unit *unit;               /* being lowered */
  bool to_init;             /* loops and dependencies go to the initial value */
  uint32_t stamp;           /* of the equation being lowered: masks kept in nodes are valid for it only */
  uint8_t next_bit;
  int restarts;
  uint32_t looked;          /* nodes looked at by comp_start_value */
} Comp;

/* build.c: all Syms of the root, its modules and, later, of macro calls. */
Err comp_build(Comp *c) MUST_CHECK;
Err comp_instantiate(Comp *c, Scope *scope, const Ctx *outer) MUST_CHECK;
/* Counts the elements of a Sym's dimensions, within the limit on elements of all variables together. */
Err comp_size_up(Comp *c, Sym *sym) MUST_CHECK;
Sym *comp_sym_new(Comp *c, SymKind kind, const Ctx *ctx, const char *what);
/* The Sym `canon` means in `scope`, qualified names included; NULL when there is none. */
Sym *scope_find(Scope *scope, Str canon);
Err comp_error(Comp *c, const Sym *sym, Err err, const char *format, ...) PRINTF_LIKE(4, 5);
Err comp_memory(Comp *c);
/* The context of a Sym's equation: of all elements (elem < 0) or of one. */
void comp_ctx(Ctx *ctx, Sym *sym, int32_t elem);
/* Applies FlowSpec.set. */
Err comp_inputs(Comp *c) MUST_CHECK;
/* "Students[R1, S2]" -> the Sym and its elements first, first+1.. are contiguous; *count 0 when there is none. */
Err comp_find_name(Comp *c, Str text, Sym **sym, uint32_t **elems, uint32_t *count) MUST_CHECK;

/* atstart.c: the value of an expression at the start of the run, when it needs no simulation to know it. */
bool comp_start_value(Comp *c, const Node *node, const Ctx *ctx, int depth, double *out);

/* wrap.c: limits of non-negative stocks and flows and of conveyors, as equations. */
Err comp_wrap(Comp *c, Scope *scope) MUST_CHECK;

/* expand.c: replaces calls of macros and of functions with a memory by Syms. */
Err comp_expand(Comp *c, Sym *sym) MUST_CHECK;

/* lift.c: a call of a function with a memory (or of a macro) within an array function becomes a variable over the
 * dimensions that the call runs over; *lifted says so. */
Err comp_lift(Comp *c, const Ctx *owner, Node *node, bool macro, bool *lifted) MUST_CHECK;

/* vary.c: whether a value changes during a run. */
bool comp_varies(Comp *c, Sym *sym, int depth);
bool comp_node_varies(Comp *c, const Node *node, const Ctx *ctx, int depth);
/* The Sym a reference means; NULL for names of functions, dimensions and elements. */
Sym *comp_ref(const Ctx *ctx, const Node *node);
/* The Sym a call means: a graphical function, an array, or what is no built-in function either. A variable that only has
 * the name of a function does not hide that function. */
Sym *comp_callee(const Ctx *ctx, const Node *node);
/* A constant expression's value. */
bool comp_constant(Comp *c, const Node *node, const Ctx *ctx, int depth, double *out);

/* lower.c, lower_ref.c, lower_array.c: equations to operations. */
Err comp_need(Comp *c, Sym *sym) MUST_CHECK;
Err comp_lower_all(Comp *c) MUST_CHECK;

/* order.c: the order of the initial values and of a step; a circle is an error that prints it. */
Err comp_order(Comp *c) MUST_CHECK;

/* fuse.c: joins loops over the same index space. */
Err comp_fuse(Comp *c) MUST_CHECK;

typedef enum FunHow { HOW_VALUE, HOW_MATH, HOW_ARRAY, HOW_RANDOM, HOW_SPECIAL, HOW_DEFINED } FunHow;
typedef enum FunCode {
  VAL_INF, VAL_PI, VAL_DT, VAL_START, VAL_STOP, VAL_TIME, VAL_NAN,
  EACH, WHOLE,
  X_MAX, X_MIN, X_SAFEDIV, X_DELAY, X_DELAY1, X_DELAY3, X_DELAYN, X_FORCST, X_SMTH1, X_SMTH3, X_SMTHN, X_TREND,
  X_PULSE, X_RAMP, X_STEP, X_HISTORY, X_INIT, X_PREVIOUS, X_SELF, X_IF, X_LOOKUP, X_LOOKUPINV, X_RANK, X_SIZE, X_SLAT,
  X_LOOKUP_FORWARD, X_LOOKUP_BACKWARD, X_LOOKUP_EXTRAPOLATE, X_ELM_MAP, X_SORT_ORDER, X_SAMPLE, X_INTEG, X_NPV,
  X_TRIANGULAR, X_WEIBULL, X_LOGISTIC, X_PARETO
} FunCode;
typedef struct Fun { const char *name; uint8_t min, max; FunHow how; int code; const char *meaning; } Fun;
/* The function of that canonical name, or NULL. */
const Fun *fun_find(Str canon);
size_t fun_count(void);
const Fun *fun_at(size_t i);

#endif
