/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/run.h"

#define LEAST_PART 4      /* a loop that fills less than this part of one strip is faster by kernels */

/* An operand of an instruction on this machine. */
typedef struct Found { int kind; const double *p; const uint32_t *idx; size_t mask; } Found;

static Found find(const Machine *m, const Opnd *o, uint32_t row) {
  size_t w = m->width;
  if (row && w == 1) return (Found){S_ROW, m->rows + m->p->rows_out[row - 1].at, NULL, SIZE_MAX};
  switch (o->kind) {
    case K_TABLE: return (Found){S_TABLE, m->slots, o->idx, 0};
    case K_ONE: return (Found){S_SAME, m->slots + o->off * w, NULL, 0};
    case K_TEMP: return (Found){S_ROW, m->temps + (size_t)o->off * TEMP_DOUBLES, NULL, 0};   /* always the same strip */
    case K_RING: return (Found){S_ROW, m->slots + o->off * w, NULL, RING_ELEMENTS * w - 1};
    case K_RUN: case K_NONE: break;
  }
  return (Found){S_ROW, m->slots + o->off * w, NULL, SIZE_MAX};
}

static void store(const Machine *m, const StripIns *s, uint32_t n, Ins *i) {
  const Found to = find(m, &s->a, 0);
  i->fn = m->set->strips[m->wi]->store;
  i->a.to = (double *)(uintptr_t)to.p;
  i->ax.mask = to.mask;
  i->bx.end = s->a.kind == K_RUN ? (size_t)n * m->width : SIZE_MAX;
}

static StripFn handler(const StripSet *set, const StripIns *s, int a, int b) {
  switch ((StripWhat)s->what) {
    case S_LOAD: return set->load[a];
    case S_LOADMUL: return set->loadmul[a][b];
    case S_ONE: return set->one[s->code];
    case S_TWO: return set->two[s->code][a];
    case S_TURNED: return set->turned[s->code][a];
    case S_ADDMUL: return set->addmul[a][b];
    case S_SUBMUL: return set->submul[a][b];
    case S_MOVE: return set->move[b];
    case S_SELECT: return set->select[a][b];
    case S_STORE: case S_CALL: case S_END: break;
  }
  return set->end;
}

/* Gives the kind of operand b. */
static int arithmetic(const Machine *m, const StripIns *s, Ins *i) {
  Found a = find(m, &s->a, s->row_a), b = find(m, &s->b, s->row_b);
  bool product = s->what == S_LOADMUL || s->what == S_ADDMUL || s->what == S_SUBMUL;
  if (product && a.kind > b.kind) { Found t = a; a = b; b = t; }    /* a table that became a row */
  i->fn = handler(m->set->strips[m->wi], s, a.kind, b.kind);
  i->a.p = a.p;
  i->b = b.p;
  if (a.kind == S_TABLE) i->ax.idx = a.idx; else i->ax.mask = a.mask;
  if (b.kind == S_TABLE) i->bx.idx = b.idx; else i->bx.mask = b.mask;
  return b.kind;
}

static bool same_row(const Ins *i) { return i[0].a.p == i[1].a.p && i[0].ax.mask == i[1].ax.mask; }

/* Instructions that read the same row become one: s[k] and those behind it. Gives how many they are. */
static uint32_t join(const StripSet *set, const StripIns *s, Ins *i, const uint8_t *kinds, uint32_t left) {
  if (left < 2 || s[0].a.kind == K_TABLE || !same_row(i)) return 1;
  if (s[0].what == S_MOVE && s[1].what == S_STORE) { i->fn = set->move_store[kinds[0]]; return 2; }
  if (s[0].what != S_SUBMUL || s[1].what != S_SUBMUL) return 1;
  if (left > 2 && s[2].what == S_SUBMUL && same_row(i + 1) && kinds[2] == S_SAME) {
    i->fn = set->submul_thrice[kinds[0]][kinds[1]];
    return 3;
  }
  i->fn = set->submul_twice[kinds[0]][kinds[1]];
  return 2;
}

static void resolve(Machine *m, const Loop *loop) {
  uint8_t kinds[STRIP_INS_MAX];     /* of operand b */
  const StripSet *set = m->set->strips[m->wi];
  Ins *ins = &m->ins[loop->strip_at];
  for (uint32_t k = 0; k < loop->strip_count; k++) {
    const StripIns *s = &loop->strip[k];
    kinds[k] = 0;
    if (s->what == S_STORE) store(m, s, loop->n, &ins[k]);
    else if (s->what == S_CALL) ins[k] = (Ins){.fn = set->call, .a.machine = m, .ax.op = s->op, .bx.end = loop->n};
    else kinds[k] = (uint8_t)arithmetic(m, s, &ins[k]);
  }
  for (uint32_t k = 0; k < loop->strip_count;)
    k += join(set, &loop->strip[k], &ins[k], &kinds[k], loop->strip_count - k);
}

void strips_resolve(Machine *m) {
  const LoopList *lists[] = {&m->p->step, &m->p->output, &m->p->advance};
  for (size_t l = 0; l < sizeof lists / sizeof lists[0]; l++)
    for (uint32_t i = 0; i < lists[l]->count; i++)
      if (lists[l]->items[i]->strip) resolve(m, lists[l]->items[i]);
}

void strips_write_rows(Machine *m) {
  const FlowProgram *p = m->p;
  for (uint32_t i = 0; m->width == 1 && i < p->row_count; i++)
    for (uint32_t e = 0; e < p->rows_out[i].n; e++) m->rows[p->rows_out[i].at + e] = m->slots[p->rows_out[i].idx[e]];
}

bool strips_run(const Machine *m, const Loop *loop) {
  const StripSet *set = m->set->strips[m->wi];
  const size_t lanes = (size_t)loop->n * m->width;
  if (!loop->strip || lanes < set->lanes / LEAST_PART) return false;
  set->run(&m->ins[loop->strip_at], lanes);
  return true;
}
