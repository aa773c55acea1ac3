/* SPDX-License-Identifier: EUPL-1.2 */
/* The instructions of strip.h for blocks of W members; included for each W by kernel_body.h. */
#define NAMED2(a, b) a##b
#define NAMED1(a, b) NAMED2(a, b)
#define NAMED(name) NAMED1(name, W)

/* Vector number j of the strip at `at`. The operands lie in a row, */
#define ROW_OF(P, from, x) const double *P##_row = (from) + (at & (x).mask)
#define ROW_AT(P, j) *(const VecAt *)(P##_row + (j) * LANES_V)
/* or are the same for all elements, */
#if W * 8 > VECTOR_BYTES
#define SAME_OF(P, from, x) const double *P##_same = (from)
#define SAME_AT(P, j) *(const VecAt *)(P##_same + (j) * LANES_V % W)
#else
#define SAME_OF(P, from, x) const Vec P##_same = NAMED(strip_repeat_)(from)
#define SAME_AT(P, j) P##_same
STRIP_INLINE Vec NAMED(strip_repeat_)(const double *p) {
#if W * 8 == VECTOR_BYTES
  return *(const VecAt *)p;
#elif W == 4
  return strip_two_quads(p, p);
#else
  return strip_same(*p);
#endif
}
#endif
/* or stand in a table. */
#define TABLE_OF(P, from, x) const double *P##_base = (from); const uint32_t *P##_idx = (x).idx + at / W
#define TABLE_AT(P, j) NAMED(strip_table_)(P##_base, P##_idx, j)
STRIP_INLINE Vec NAMED(strip_table_)(const double *p, const uint32_t *idx, size_t j) {
#if W * 8 >= VECTOR_BYTES
  return *(const VecAt *)(p + (size_t)idx[j * LANES_V / W] * W + j * LANES_V % W);
#elif W == 4
  return strip_two_quads(p + (size_t)idx[2 * j] * 4, p + (size_t)idx[2 * j + 1] * 4);
#else
  return strip_gather(p, idx + j * LANES_V);
#endif
}


/* Handlers with one operand and with two; DO(j, ...) computes vector j. */
#define WITH_A(NAME, KIND, DO, ...) \
  STRIP_HANDLER(NAMED(NAME)) { \
    KIND##_OF(a, i->a.p, i->ax); \
    STRIP_EACH(DO, KIND, __VA_ARGS__) \
    STRIP_NEXT; \
  }
#define WITH_AB(NAME, KIND, OTHER, DO, ...) \
  STRIP_HANDLER(NAMED(NAME)) { \
    KIND##_OF(a, i->a.p, i->ax); \
    OTHER##_OF(b, i->b, i->bx); \
    STRIP_EACH(DO, KIND, OTHER, __VA_ARGS__) \
    STRIP_NEXT; \
  }

#define LOAD(j, KIND, ...) r##j = KIND##_AT(a, j);
#define PRODUCT(j, KIND, OTHER, ...) r##j = KIND##_AT(a, j) * OTHER##_AT(b, j);
#define ADDMUL(j, KIND, OTHER, ...) r##j = r##j + KIND##_AT(a, j) * OTHER##_AT(b, j);
#define SUBMUL(j, KIND, OTHER, ...) r##j = r##j - KIND##_AT(a, j) * OTHER##_AT(b, j);
#define MOVE(j, KIND, OTHER, ...) r##j = KIND##_AT(a, j) + r##j * OTHER##_AT(b, j);
#define CHOOSE(j, KIND, OTHER, ...) r##j = SEL(r##j != NUM(0), KIND##_AT(a, j), OTHER##_AT(b, j));
#define ONE(j, expr) { const Vec a = r##j; r##j = (expr); }
#define TWO(j, KIND, expr) { const Vec a = r##j, b = KIND##_AT(a, j); r##j = (expr); }
#define TURNED(j, KIND, expr) { const Vec b = r##j, a = KIND##_AT(a, j); r##j = (expr); }

WITH_A(strip_load_row_, ROW, LOAD, 0)
WITH_A(strip_load_same_, SAME, LOAD, 0)
WITH_A(strip_load_table_, TABLE, LOAD, 0)
#define PAIRS(name, DO) \
  WITH_AB(name##_rr_, ROW, ROW, DO, 0) WITH_AB(name##_rs_, ROW, SAME, DO, 0) WITH_AB(name##_rt_, ROW, TABLE, DO, 0) \
  WITH_AB(name##_ss_, SAME, SAME, DO, 0) WITH_AB(name##_st_, SAME, TABLE, DO, 0) WITH_AB(name##_tt_, TABLE, TABLE, DO, 0)
PAIRS(strip_product, PRODUCT)
PAIRS(strip_addmul, ADDMUL)
PAIRS(strip_submul, SUBMUL)
WITH_AB(strip_move_r_, ROW, ROW, MOVE, 0)
WITH_AB(strip_move_s_, ROW, SAME, MOVE, 0)
WITH_AB(strip_select_rr_, ROW, ROW, CHOOSE, 0)
WITH_AB(strip_select_rs_, ROW, SAME, CHOOSE, 0)
WITH_AB(strip_select_sr_, SAME, ROW, CHOOSE, 0)
WITH_AB(strip_select_ss_, SAME, SAME, CHOOSE, 0)

/* Two instructions in one: the row that both read is read once. */
#define SUBMUL_TWICE(j, KIND, OTHER) { const Vec x = ROW_AT(a, j); r##j = r##j - x * KIND##_AT(b, j); r##j = r##j - x * OTHER##_AT(c, j); }
#define TWICE(name, KIND, OTHER) \
  STRIP_HANDLER(NAMED(strip_submul_twice_##name##_)) { \
    ROW_OF(a, i->a.p, i->ax); \
    KIND##_OF(b, i->b, i->bx); \
    OTHER##_OF(c, i[1].b, i[1].bx); \
    STRIP_EACH(SUBMUL_TWICE, KIND, OTHER) \
    STRIP_GO(2); \
  }
TWICE(rr, ROW, ROW) TWICE(rs, ROW, SAME) TWICE(rt, ROW, TABLE) TWICE(sr, SAME, ROW) TWICE(ss, SAME, SAME) TWICE(st, SAME, TABLE)
TWICE(tr, TABLE, ROW) TWICE(ts, TABLE, SAME) TWICE(tt, TABLE, TABLE)
#define SUBMUL_THRICE(j, KIND, OTHER) { const Vec x = ROW_AT(a, j); r##j = r##j - x * KIND##_AT(b, j); \
    r##j = r##j - x * OTHER##_AT(c, j); r##j = r##j - x * SAME_AT(d, j); }
#define THRICE(name, KIND, OTHER) \
  STRIP_HANDLER(NAMED(strip_submul_thrice_##name##_)) { \
    ROW_OF(a, i->a.p, i->ax); \
    KIND##_OF(b, i->b, i->bx); \
    OTHER##_OF(c, i[1].b, i[1].bx); \
    SAME_OF(d, i[2].b, i[2].bx); \
    STRIP_EACH(SUBMUL_THRICE, KIND, OTHER) \
    STRIP_GO(3); \
  }
THRICE(rr, ROW, ROW) THRICE(rs, ROW, SAME) THRICE(rt, ROW, TABLE) THRICE(sr, SAME, ROW) THRICE(ss, SAME, SAME)
THRICE(st, SAME, TABLE) THRICE(tr, TABLE, ROW) THRICE(ts, TABLE, SAME) THRICE(tt, TABLE, TABLE)
#define MOVE_STORE(name, KIND) \
  STRIP_HANDLER(NAMED(strip_move_store_##name##_)) { \
    ROW_OF(a, i->a.p, i->ax); \
    KIND##_OF(b, i->b, i->bx); \
    STRIP_EACH(MOVE, ROW, KIND, 0) \
    STRIP_STORE(1); \
  }
MOVE_STORE(r, ROW)
MOVE_STORE(s, SAME)

#define OP1(NAME, expr) STRIP_HANDLER(NAMED(strip_##NAME##_)) { STRIP_EACH(ONE, expr) STRIP_NEXT; }
#define OP2(NAME, expr) \
  WITH_A(strip_##NAME##_row_, ROW, TWO, expr) WITH_A(strip_##NAME##_same_, SAME, TWO, expr) \
  WITH_A(strip_##NAME##_table_, TABLE, TWO, expr) WITH_A(strip_turned_##NAME##_row_, ROW, TURNED, expr) \
  WITH_A(strip_turned_##NAME##_same_, SAME, TURNED, expr) WITH_A(strip_turned_##NAME##_table_, TABLE, TURNED, expr)
#define OP3(NAME, expr)
#define LIB1(NAME, expr)
#define LIB2(NAME, expr)
#define OPX(NAME)
#include "flow/ops.def"
#undef OP1
#undef OP2

STRIP_HANDLER(NAMED(strip_call_)) {
  STRIP_UNUSED;
  const size_t left = i->bx.end - at / W;
  machine_op(i->a.machine, i->ax.op, (uint32_t)(at / W), (uint32_t)(left < STRIP_LANES / W ? left : STRIP_LANES / W));
  r0 = r1 = r2 = r3 = r4 = r5 = r6 = r7 = (Vec){0};
  STRIP_NEXT;
}

#define FN(name) (StripFn)NAMED(name)
#define PAIRS_OF(name) {{FN(name##_rr_), FN(name##_rs_), FN(name##_rt_)}, {NULL, FN(name##_ss_), FN(name##_st_)}, {NULL, NULL, FN(name##_tt_)}}
static const StripSet NAMED(STRIPS_) = {
  .lanes = STRIP_LANES, .run = strip_run, .end = (StripFn)strip_end, .store = (StripFn)strip_store, .call = FN(strip_call_),
  .load = {FN(strip_load_row_), FN(strip_load_same_), FN(strip_load_table_)},
  .loadmul = PAIRS_OF(strip_product), .addmul = PAIRS_OF(strip_addmul), .submul = PAIRS_OF(strip_submul),
  .move = {FN(strip_move_r_), FN(strip_move_s_)},
  .submul_twice = {{FN(strip_submul_twice_rr_), FN(strip_submul_twice_rs_), FN(strip_submul_twice_rt_)},
                   {FN(strip_submul_twice_sr_), FN(strip_submul_twice_ss_), FN(strip_submul_twice_st_)},
                   {FN(strip_submul_twice_tr_), FN(strip_submul_twice_ts_), FN(strip_submul_twice_tt_)}},
  .submul_thrice = {{FN(strip_submul_thrice_rr_), FN(strip_submul_thrice_rs_), FN(strip_submul_thrice_rt_)},
                    {FN(strip_submul_thrice_sr_), FN(strip_submul_thrice_ss_), FN(strip_submul_thrice_st_)},
                    {FN(strip_submul_thrice_tr_), FN(strip_submul_thrice_ts_), FN(strip_submul_thrice_tt_)}},
  .move_store = {FN(strip_move_store_r_), FN(strip_move_store_s_)},
  .select = {{FN(strip_select_rr_), FN(strip_select_rs_)}, {FN(strip_select_sr_), FN(strip_select_ss_)}},
  .one = {
#define OP1(NAME, expr) [OP_##NAME] = FN(strip_##NAME##_),
#define OP2(NAME, expr)
#include "flow/ops.def"
#undef OP1
#undef OP2
  },
  .two = {
#define OP1(NAME, expr)
#define OP2(NAME, expr) [OP_##NAME] = {FN(strip_##NAME##_row_), FN(strip_##NAME##_same_), FN(strip_##NAME##_table_)},
#include "flow/ops.def"
#undef OP2
  },
  .turned = {
#define OP2(NAME, expr) \
  [OP_##NAME] = {FN(strip_turned_##NAME##_row_), FN(strip_turned_##NAME##_same_), FN(strip_turned_##NAME##_table_)},
#include "flow/ops.def"
  }};
#undef OP1
#undef OP2
#undef OP3
#undef LIB1
#undef LIB2
#undef OPX
#undef NAMED
#undef NAMED1
#undef NAMED2
#undef ROW_OF
#undef ROW_AT
#undef SAME_OF
#undef SAME_AT
#undef TABLE_OF
#undef TABLE_AT
#undef WITH_A
#undef WITH_AB
#undef LOAD
#undef PRODUCT
#undef ADDMUL
#undef SUBMUL
#undef MOVE
#undef CHOOSE
#undef ONE
#undef TWO
#undef TURNED
#undef PAIRS
#undef SUBMUL_TWICE
#undef TWICE
#undef MOVE_STORE
#undef FN
#undef PAIRS_OF
