/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/lower.h"

static Err plain_loop(Comp *c, Sym *sym, uint32_t mode, bool varying) {
  Ctx ctx;
  Build b;
  Opnd result;
  comp_ctx(&ctx, sym, -1);
  build_init(&b, c, &ctx, varying, true);
  Op *op = emit(&b, OP_CONVEYOR, 0, NULL, &result);
  if (!op) return comp_memory(c);
  op->n = sym->kind == SYM_CONVEYOR ? sym->conv->index : sym->conveyor_of->conv->index;
  op->n2 = mode;
  op->dst = (Opnd){K_RUN, sym->base, NULL};
  Loop *loop = ARENA_NEW(c->arena, Loop);
  if (!loop) return comp_memory(c);
  *loop = (Loop){.n = 1, .op_count = 1, .ops = b.ops, .temps = 0, .varying = varying};
  Unit *u = c->unit;
  if (c->to_init) {
    if (!GROW(c, u->init, u->init_count, u->init_cap)) return comp_memory(c);
    u->init[u->init_count++] = loop;
  } else {
    if (!GROW(c, u->loops, u->loop_count, u->loop_cap)) return comp_memory(c);
    u->loops[u->loop_count++] = loop;
  }
  return ERR_OK;
}

static Err part_slot(Comp *c, Sym *part, uint32_t *slot) {
  *slot = UINT32_MAX;
  if (!part) return ERR_OK;
  TRY(comp_need(c, part));
  TRY(add_dep(c, part, NULL, 0));
  *slot = part->base;
  return ERR_OK;
}

/* The initial value is in place; then the belt is filled with it. */
Err lower_conveyor(Comp *c, Sym *sym) {
  FlowProgram *p = c->program;
  ConvSyms *conv = sym->conv;
  ConvRun run = {.base = sym->base, .dbase = sym->dbase, .count = sym->count, .leak_count = conv->leaks,
                 .exponential = sym->var->conveyor->exponential, .discrete = sym->var->conveyor->discrete, .name = sym->name};
  uint32_t *list = ARENA_ARRAY(c->arena, uint32_t, conv->list_count + 1);
  if (!list) return comp_memory(c);
  for (uint32_t i = 0; !sym->set && i < conv->list_count; i++) TRY(part_slot(c, conv->list[i], &list[run.list_count++]));
  run.list = list;
  TRY(part_slot(c, conv->len, &run.len));
  TRY(part_slot(c, conv->sample, &run.sample));
  TRY(part_slot(c, conv->arrest, &run.arrest));
  run.leaks = ARENA_ARRAY(c->arena, LeakRun, conv->leaks + 1);
  if (!run.leaks) return comp_memory(c);
  for (uint32_t i = 0; i < conv->leaks; i++) {
    const Var *v = conv->outflows[i + 1]->var;
    TRY(part_slot(c, conv->leak[i], &run.leaks[i].fraction));
    TRY(comp_need(c, conv->outflows[i + 1]));
    run.leaks[i].flow = conv->outflows[i + 1]->base;
    run.leaks[i].start = v->leak_start;
    run.leaks[i].end = v->leak_end;
    run.leaks[i].integers = v->leak_integers;
  }
  TRY(comp_need(c, conv->outflows[0]));
  run.exit = conv->outflows[0]->base;
  p->convs[conv->index] = run;
  return plain_loop(c, sym, 0, false);
}

/* The outflow at the end computes all outflows of its conveyor; the leaks wait for it. */
Err lower_conv_out(Comp *c, Sym *sym) {
  Sym *conveyor = sym->conveyor_of;
  ConvSyms *conv = conveyor->conv;
  TRY(comp_need(c, conveyor));
  if (sym != conv->outflows[0]) {
    TRY(comp_need(c, conv->outflows[0]));
    return add_dep(c, conv->outflows[0], NULL, 0);
  }
  TRY(add_dep(c, conveyor, NULL, 0));
  for (uint32_t i = 0; i < conv->leaks; i++) {
    TRY(comp_need(c, conv->leak[i]));
    TRY(add_dep(c, conv->leak[i], NULL, 0));
  }
  if (conv->arrest) { TRY(comp_need(c, conv->arrest)); TRY(add_dep(c, conv->arrest, NULL, 0)); }
  if (conv->sample) { TRY(comp_need(c, conv->sample)); TRY(add_dep(c, conv->sample, NULL, 0)); }
  TRY(comp_need(c, conv->len));
  TRY(add_dep(c, conv->len, NULL, 0));
  return plain_loop(c, sym, 1, true);
}
