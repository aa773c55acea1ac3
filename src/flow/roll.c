/* SPDX-License-Identifier: EUPL-1.2 */
/* A variable whose elements each have their own equation often has the same equation with other subscripts: a thousand
 * loops over one element then become one loop over a thousand. */
#include <string.h>

#include "flow/lower.h"

#define GROUPS_MAX 32    /* different shapes of equation that are told apart within one variable */

static bool same_operand(const Opnd *a, const Opnd *b, bool is_dst) {
  if (a->kind != b->kind) return false;
  if (a->kind == K_TEMP) return a->off == b->off;
  if (a->kind == K_TABLE) return false;        /* only of array functions; left alone */
  return is_dst || a->kind == K_ONE || a->kind == K_RUN || a->kind == K_NONE;
}

static bool reduces(int code) {
  return code == OP_RSUM || code == OP_RMEAN || code == OP_RSTDDEV || code == OP_RPROD || code == OP_RMIN || code == OP_RMAX;
}

static bool rollable(const Loop *loop) {
  if (!loop->scalar_site || loop->n != 1) return false;
  for (uint32_t i = 0; i < loop->op_count; i++) {
    const Op *op = &loop->ops[i];
    if (op->code >= OP_UNIFORM || op->code == OP_RANK || op->code == OP_SCATTER) return false;
  }
  return true;
}

static bool same_shape(const Loop *a, const Loop *b) {
  if (a->op_count != b->op_count || a->varying != b->varying) return false;
  for (uint32_t i = 0; i < a->op_count; i++) {
    const Op *x = &a->ops[i], *y = &b->ops[i];
    if (x->code != y->code || x->nin != y->nin || (x->n != y->n && x->code != OP_LOOKUP) || x->n2 != y->n2) return false;
    if (!same_operand(&x->dst, &y->dst, true)) return false;
    for (uint32_t k = 0; k < x->nin; k++)
      if (!same_operand(&x->in[k], &y->in[k], false)) return false;
  }
  return true;
}

/* One operand over all members: elem k is that of loops[k]; a reduction reads `m` slots each. */
static Err join(Comp *c, Loop **loops, uint32_t count, uint32_t op, int in, uint32_t m, Opnd *out) {
#define OPERAND(k) (in < 0 ? &loops[k]->ops[op].dst : &loops[k]->ops[op].in[in])
  *out = *OPERAND(0);
  if (out->kind == K_TEMP || out->kind == K_NONE) return ERR_OK;
  bool same = m == 1, run = true;
  uint32_t first = out->off;
  for (uint32_t k = 0; k < count; k++) {
    same &= OPERAND(k)->off == first;
    run &= OPERAND(k)->off == first + k * m;
  }
  if (same && in >= 0) { out->kind = K_ONE; return ERR_OK; }
  if (run) { out->kind = K_RUN; return ERR_OK; }
  uint32_t *table = ARENA_ARRAY(c->arena, uint32_t, (size_t)count * m);
  if (!table) return comp_memory(c);
  for (uint32_t k = 0; k < count; k++)
    for (uint32_t j = 0; j < m; j++) table[k * m + j] = OPERAND(k)->off + (OPERAND(k)->kind == K_RUN ? j : 0);
  *out = (Opnd){K_TABLE, 0, table};
  return ERR_OK;
#undef OPERAND
}

static Err merge(Comp *c, Loop **loops, uint32_t count, Loop **out) {
  Loop *loop = ARENA_NEW(c->arena, Loop);
  uint32_t ops = loops[0]->op_count;
  Op *list = ARENA_ARRAY(c->arena, Op, ops + 1);
  if (!loop || !list) return comp_memory(c);
  *loop = *loops[0];
  loop->n = count;
  loop->ops = list;
  loop->scalar_site = false;
  for (uint32_t i = 0; i < ops; i++) {
    list[i] = loops[0]->ops[i];
    for (int k = 0; k < list[i].nin; k++)
      TRY(join(c, loops, count, i, k, reduces(list[i].code) && k == 0 ? list[i].n : 1, &list[i].in[k]));
    TRY(join(c, loops, count, i, -1, 1, &list[i].dst));
    if (list[i].gf) {
      const Gf **table = ARENA_ARRAY(c->arena, const Gf *, count);
      if (!table) return comp_memory(c);
      for (uint32_t k = 0; k < count; k++) table[k] = loops[k]->ops[i].gf[0];
      list[i].gf = (const Gf *const *)table;
      list[i].n = count;
    }
  }
  Op *last = &list[ops - 1];
  if (last->dst.kind == K_TABLE) {
    /* the members do not lie next to each other: compute aside, then spread */
    Op spread = {.code = OP_SCATTER, .nin = 1, .dst = last->dst};
    if (last->code == OP_COPY) {
      spread.in[0] = last->in[0];
      *last = spread;
    } else {
      spread.in[0] = last->dst = (Opnd){K_TEMP, loop->temps, NULL};
      loop->temps++;
      list[ops] = spread;
      loop->op_count++;
    }
  }
  *out = loop;
  return ERR_OK;
}

static Err roll(Comp *c, Loop **loops, uint32_t *count) {
  uint32_t n = *count, kept = 0;
  Loop **out = ARENA_ARRAY(c->arena, Loop *, n), **group = ARENA_ARRAY(c->arena, Loop *, n);
  bool *done = ARENA_ARRAY(c->arena, bool, n);
  if (!out || !group || !done) return comp_memory(c);
  uint32_t groups = 0;
  for (uint32_t i = 0; i < n; i++) {
    if (done[i]) continue;
    uint32_t members = 0;
    group[members++] = loops[i];
    if (rollable(loops[i]) && groups++ < GROUPS_MAX)
      for (uint32_t k = i + 1; k < n; k++)
        if (!done[k] && rollable(loops[k]) && same_shape(loops[i], loops[k])) { group[members++] = loops[k]; done[k] = true; }
    if (members == 1) { out[kept++] = loops[i]; continue; }
    TRY(merge(c, group, members, &out[kept]));
    kept++;
  }
  memcpy(loops, out, kept * sizeof loops[0]);
  *count = kept;
  return ERR_OK;
}

/* Only where every loop stands for an element: then their order is free, since an element that another one of the same
 * variable depends on is a unit of its own. */
Err roll_loops(Comp *c, Unit *unit) {
  uint32_t sites = 0, init_sites = 0;
  for (uint32_t i = 0; i < unit->loop_count; i++) sites += unit->loops[i]->scalar_site;
  for (uint32_t i = 0; i < unit->init_count; i++) init_sites += unit->init[i]->scalar_site;
  if (sites > 1 && sites == unit->loop_count) TRY(roll(c, unit->loops, &unit->loop_count));
  if (init_sites > 1 && init_sites == unit->init_count) TRY(roll(c, unit->init, &unit->init_count));
  return ERR_OK;
}
