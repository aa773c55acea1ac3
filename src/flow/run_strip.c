/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/run.h"

static int kind_of(const Opnd *o) { return o->kind == K_TABLE ? S_TABLE : o->kind == K_ONE ? S_SAME : S_ROW; }

static const double *place_of(const Machine *m, const Opnd *o) {
  if (o->kind == K_TEMP) return m->temps + (size_t)o->off * TEMP_DOUBLES;
  return o->kind == K_TABLE ? m->slots : m->slots + (size_t)o->off * m->width;
}

/* A temporary holds one strip, which begins at its beginning. */
static size_t mask_of(const Machine *m, const Opnd *o) {
  return o->kind == K_TEMP ? 0 : o->kind == K_RING ? (size_t)RING_ELEMENTS * m->width - 1 : SIZE_MAX;
}

static StripFn handler(const StripSet *set, const StripIns *s) {
  int a = kind_of(&s->a), b = kind_of(&s->b);
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
    case S_STORE: return set->store;
    case S_CALL: return set->call;
    case S_END: break;
  }
  return set->end;
}

static void resolve(Machine *m, const Loop *loop) {
  const StripSet *set = m->set->strips[m->wi];
  for (uint32_t k = 0; k < loop->strip_count; k++) {
    const StripIns *s = &loop->strip[k];
    Ins *i = &m->ins[loop->strip_at + k];
    i->fn = handler(set, s);
    if (s->what == S_CALL) { i->a.machine = m; i->ax.op = s->op; continue; }
    i->a.p = place_of(m, &s->a);
    i->b = place_of(m, &s->b);
    if (s->a.kind == K_TABLE) i->ax.idx = s->a.idx; else i->ax.mask = mask_of(m, &s->a);
    if (s->b.kind == K_TABLE) i->bx.idx = s->b.idx; else i->bx.mask = mask_of(m, &s->b);
  }
}

void strips_resolve(Machine *m) {
  const LoopList *lists[] = {&m->p->step, &m->p->output, &m->p->advance};
  for (size_t l = 0; l < sizeof lists / sizeof lists[0]; l++)
    for (uint32_t i = 0; i < lists[l]->count; i++) resolve(m, lists[l]->items[i]);
}

uint32_t strips_run(const Machine *m, const Loop *loop) {
  const StripSet *set = m->set->strips[m->wi];
  uint32_t per = set->lanes / m->width, n = loop->n / per * per;
  if (n) set->run(&m->ins[loop->strip_at], (size_t)n * m->width);
  return n;
}
