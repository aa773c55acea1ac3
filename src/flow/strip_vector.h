/* SPDX-License-Identifier: EUPL-1.2 */
/* Vectors of VECTOR_BYTES, by the compilers' vector extensions: each lane is computed as C computes one double. */
typedef double Vec __attribute__((vector_size(VECTOR_BYTES)));
typedef int64_t Mask __attribute__((vector_size(VECTOR_BYTES)));
typedef double VecAt __attribute__((vector_size(VECTOR_BYTES), aligned(8), may_alias));   /* anywhere in memory */
#define STRIP_UNUSED (void)at; (void)r0; (void)r1; (void)r2; (void)r3; (void)r4; (void)r5; (void)r6; (void)r7
enum { LANES_V = VECTOR_BYTES / 8, STRIP_VECTORS = 8, STRIP_LANES = STRIP_VECTORS * LANES_V };
_Static_assert(STRIP_LANES <= STRIP_ELEMENTS_MAX, "tables are filled up to whole strips");
typedef void (*StripStep)(const Ins *i, size_t at, Vec r0, Vec r1, Vec r2, Vec r3, Vec r4, Vec r5, Vec r6, Vec r7);

#define STRIP_INLINE static inline __attribute__((always_inline))
STRIP_INLINE Vec strip_same(double x) { return x - (Vec){0}; }
STRIP_INLINE Vec strip_select(Mask c, Vec x, Vec y) { return (Vec)((c & (Mask)x) | (~c & (Mask)y)); }
STRIP_INLINE Vec strip_magnitude(Vec x) { return (Vec)((Mask)x & INT64_MAX); }
STRIP_INLINE Vec strip_root(Vec x) {
  Vec r = x;
  for (int l = 0; l < LANES_V; l++) r[l] = sqrt(x[l]);
  return r;
}

/* What stands apart is joined in registers: by way of memory a vector would have to wait for its parts. */
typedef double Pair __attribute__((vector_size(16)));
#define STRIP_PAIR(k) (Pair){p[idx[k]], p[idx[k + 1]]}
#if VECTOR_BYTES >= 32
typedef double Quad __attribute__((vector_size(32)));
typedef double QuadAt __attribute__((vector_size(32), aligned(8), may_alias));
#define STRIP_QUAD(k) __builtin_shufflevector(STRIP_PAIR(k), STRIP_PAIR(k + 2), 0, 1, 2, 3)
#endif
#if VECTOR_BYTES == 64
STRIP_INLINE Vec strip_gather(const double *p, const uint32_t *idx) {
  return __builtin_shufflevector(STRIP_QUAD(0), STRIP_QUAD(4), 0, 1, 2, 3, 4, 5, 6, 7);
}
STRIP_INLINE Vec strip_two_quads(const double *p, const double *q) {
  return __builtin_shufflevector(*(const QuadAt *)p, *(const QuadAt *)q, 0, 1, 2, 3, 4, 5, 6, 7);
}
#elif VECTOR_BYTES == 32
STRIP_INLINE Vec strip_gather(const double *p, const uint32_t *idx) { return STRIP_QUAD(0); }
#else
STRIP_INLINE Vec strip_gather(const double *p, const uint32_t *idx) { return STRIP_PAIR(0); }
#endif

/* The next instruction. A tail call: with optimisation a jump, the accumulator stays where it is. */
#define STRIP_GO(n) ((StripStep)i[n].fn)(i + (n), at, r0, r1, r2, r3, r4, r5, r6, r7)
#define STRIP_NEXT STRIP_GO(1)
/* DO(j, ...) for each vector of the accumulator. */
#define STRIP_EACH(DO, ...) DO(0, __VA_ARGS__) DO(1, __VA_ARGS__) DO(2, __VA_ARGS__) DO(3, __VA_ARGS__) \
  DO(4, __VA_ARGS__) DO(5, __VA_ARGS__) DO(6, __VA_ARGS__) DO(7, __VA_ARGS__)
#define STRIP_HANDLER(NAME) \
  static void NAME(const Ins *i, size_t at, Vec r0, Vec r1, Vec r2, Vec r3, Vec r4, Vec r5, Vec r6, Vec r7)

STRIP_HANDLER(strip_end) {
  (void)i;
  STRIP_UNUSED;
}

/* The last strip: the lanes beyond the end of the loop belong to something else. Apart, and entered by a jump, so that
 * other strips pay for no frame on the stack. */
__attribute__((noinline)) STRIP_HANDLER(strip_store_last) {
  const Vec r[STRIP_VECTORS] = {r0, r1, r2, r3, r4, r5, r6, r7};
  memcpy(i->a.to + (at & i->ax.mask), r, (i->bx.end - at) * sizeof(double));
  STRIP_NEXT;
}

#define STRIP_TO(j, to) *(VecAt *)(to + j * LANES_V) = r##j;
/* Instruction k from here, a S_STORE, and on to the one behind it. */
#define STRIP_STORE(k) \
  if (i[k].bx.end - at < STRIP_LANES) { strip_store_last(i + k, at, r0, r1, r2, r3, r4, r5, r6, r7); return; } \
  double *to = i[k].a.to + (at & i[k].ax.mask); \
  STRIP_EACH(STRIP_TO, to) \
  STRIP_GO(k + 1)
STRIP_HANDLER(strip_store) { STRIP_STORE(0); }

static void strip_run(const Ins *first, size_t lanes) {
  const Vec r = {0};
  for (size_t at = 0; at < lanes; at += STRIP_LANES) ((StripStep)first->fn)(first, at, r, r, r, r, r, r, r, r);
}
