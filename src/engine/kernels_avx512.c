/* SPDX-License-Identifier: Apache-2.0
 *
 * kernels_avx512.c - the kernels for x86-64 processors with AVX-512 (F, DQ and
 * VL), eight people at a time: what kernels_avx2.c does, in registers twice as
 * wide, with the conversions from and to unsigned words that AVX2 lacks. */
#include "engine/kernels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512dq,avx512vl")))

/* Eight counters, each word in the low half of 64 bits; what is in the high
 * halves does not matter (kernels_avx2.c). */
typedef struct counters {
    __m512i c0, c1, c2, c3;
} counters;

AVX512 static inline counters
philox(uint64_t seed, counters c)
{
    const __m512i m0 = _mm512_set1_epi32((int) 0xD2511F53u), m1 = _mm512_set1_epi32((int) 0xCD9E8D57u);
    uint32_t k0 = (uint32_t) seed, k1 = (uint32_t) (seed >> 32);

    for (int round = 0; round < 10; round++) {
        __m512i p0 = _mm512_mul_epu32(c.c0, m0), p1 = _mm512_mul_epu32(c.c2, m1);
        c.c0 = _mm512_xor_si512(_mm512_srli_epi64(p1, 32), _mm512_xor_si512(c.c1, _mm512_set1_epi32((int) k0)));
        c.c2 = _mm512_xor_si512(_mm512_srli_epi64(p0, 32), _mm512_xor_si512(c.c3, _mm512_set1_epi32((int) k1)));
        c.c1 = p1;
        c.c3 = p0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return c;
}

AVX512 static inline __m256i
load(const uint32_t *words)
{
    return _mm256_loadu_si256((const __m256i *) (const void *) words);
}

AVX512 static inline void
store(uint32_t *words, __m512i wide)
{
    _mm256_storeu_si256((__m256i *) (void *) words, _mm512_cvtepi64_epi32(wide));
}

AVX512 static void
draw_avx512(uint64_t seed, uint32_t c3, const uint32_t *rows, const uint32_t *numbers, int32_t count, stn__draws out)
{
    for (int32_t i = 0; i < count; i += 8) {
        counters c = { _mm512_cvtepu32_epi64(load(rows + i)), _mm512_cvtepu32_epi64(load(numbers + i)),
            _mm512_setzero_si512(), _mm512_set1_epi32((int) c3) };
        c = philox(seed, c);
        store(out.w0 + i, c.c0);
        store(out.w1 + i, c.c1);
        store(out.w2 + i, c.c2);
        store(out.w3 + i, c.c3);
    }
}

AVX512 static void
draw_keys_avx512(uint64_t seed, uint32_t c3, uint32_t row, uint32_t number, const uint32_t *keys, int32_t count,
    uint32_t *out)
{
    for (int32_t i = 0; i < count; i += 8) {
        counters c = { _mm512_set1_epi32((int) row), _mm512_set1_epi32((int) number), _mm512_cvtepu32_epi64(load(keys + i)),
            _mm512_set1_epi32((int) c3) };
        store(out + i, philox(seed, c).c0);
    }
}

AVX512 static inline __m512d
c8(double x)
{
    return _mm512_set1_pd(x);
}

/* stn__log, operation by operation. */
AVX512 static inline __m512d
log8(__m512d x)
{
    const __m512d one = c8(1.0);
    __m512i bits = _mm512_castpd_si512(x);
    __m512d e = _mm512_cvtepi64_pd(_mm512_sub_epi64(_mm512_srli_epi64(bits, 52), _mm512_set1_epi64(1022)));
    __m512d m = _mm512_castsi512_pd(_mm512_or_si512(_mm512_and_si512(bits, _mm512_set1_epi64(0x000fffffffffffff)),
        _mm512_set1_epi64(0x3fe0000000000000)));
    __mmask8 low = _mm512_cmp_pd_mask(m, c8(0.70710678118654752440), _CMP_LT_OQ);
    __m512d f, s, z, r, h;

    m = _mm512_mask_add_pd(m, low, m, m);
    e = _mm512_mask_sub_pd(e, low, e, one);
    f = _mm512_sub_pd(m, one);
    s = _mm512_div_pd(f, _mm512_add_pd(c8(2.0), f));
    z = _mm512_mul_pd(s, s);
    r = _mm512_mul_pd(z, c8(1.479819860511658591e-01));
    r = _mm512_mul_pd(z, _mm512_add_pd(c8(1.531383769920937332e-01), r));
    r = _mm512_mul_pd(z, _mm512_add_pd(c8(1.818357216161805012e-01), r));
    r = _mm512_mul_pd(z, _mm512_add_pd(c8(2.222219843214978396e-01), r));
    r = _mm512_mul_pd(z, _mm512_add_pd(c8(2.857142874366239149e-01), r));
    r = _mm512_mul_pd(z, _mm512_add_pd(c8(3.999999999940941908e-01), r));
    r = _mm512_mul_pd(z, _mm512_add_pd(c8(6.666666666666735130e-01), r));
    h = _mm512_mul_pd(_mm512_mul_pd(c8(0.5), f), f);
    s = _mm512_add_pd(_mm512_mul_pd(s, _mm512_add_pd(h, r)), _mm512_mul_pd(e, c8(1.90821492927058770002e-10)));
    return _mm512_sub_pd(_mm512_mul_pd(e, c8(6.93147180369123816490e-01)), _mm512_sub_pd(_mm512_sub_pd(h, s), f));
}

AVX512 static void
gap_avx512(const uint32_t *words, const double *rates, int32_t count, uint32_t *out)
{
    for (int32_t i = 0; i < count; i += 8) {
        __m512d rate = _mm512_loadu_pd(rates + i), g;
        __mmask8 comes;
        /* By a power of two, a product is the quotient to the last bit. */
        __m512d u = _mm512_mul_pd(_mm512_add_pd(_mm512_cvtepu32_pd(load(words + i)), c8(0.5)), c8(1 / 4294967296.0));
        __m256i gap;
        g = _mm512_div_pd(_mm512_xor_pd(log8(u), c8(-0.0)), rate);
        /* Never, unless the rate is positive and the gap fits (also for NaN). */
        comes = _mm512_cmp_pd_mask(rate, _mm512_setzero_pd(), _CMP_GT_OQ);
        comes = _mm512_mask_cmp_pd_mask(comes, g, c8(4294967294.0), _CMP_LT_OQ);
        gap = _mm512_mask_cvttpd_epu32(_mm256_set1_epi32(-1), comes, _mm512_add_pd(g, c8(0.5)));
        _mm256_storeu_si256((__m256i *) (void *) (out + i), gap);
    }
}

/* stn__exp, operation by operation. */
AVX512 static inline __m512d
exp8(__m512d x)
{
    __m512d k, hi, lo, r, t, c, y;
    __m512i power;

    x = _mm512_max_pd(_mm512_min_pd(x, c8(700)), c8(-700));
    k = _mm512_floor_pd(_mm512_add_pd(_mm512_mul_pd(x, c8(1.44269504088896338700)), c8(0.5)));
    hi = _mm512_sub_pd(x, _mm512_mul_pd(k, c8(6.93147180369123816490e-01)));
    lo = _mm512_mul_pd(k, c8(1.90821492927058770002e-10));
    r = _mm512_sub_pd(hi, lo);
    t = _mm512_mul_pd(r, r);
    c = _mm512_mul_pd(t, c8(4.13813679705723846039e-08));
    c = _mm512_mul_pd(t, _mm512_add_pd(c8(-1.65339022054652515390e-06), c));
    c = _mm512_mul_pd(t, _mm512_add_pd(c8(6.61375632143793436117e-05), c));
    c = _mm512_mul_pd(t, _mm512_add_pd(c8(-2.77777777770155933842e-03), c));
    c = _mm512_mul_pd(t, _mm512_add_pd(c8(1.66666666666666019037e-01), c));
    c = _mm512_sub_pd(r, c);
    y = _mm512_div_pd(_mm512_mul_pd(r, c), _mm512_sub_pd(c8(2.0), c));
    y = _mm512_sub_pd(c8(1.0), _mm512_sub_pd(_mm512_sub_pd(lo, y), hi));
    power = _mm512_slli_epi64(_mm512_add_epi64(_mm512_cvtpd_epi64(k), _mm512_set1_epi64(1023)), 52);
    return _mm512_mul_pd(y, _mm512_castsi512_pd(power));
}

AVX512 static void
exp_avx512(const double *x, int32_t count, double *out)
{
    for (int32_t i = 0; i < count; i += 8) {
        _mm512_storeu_pd(out + i, exp8(_mm512_loadu_pd(x + i)));
    }
}

AVX512 static void
below_avx512(const uint32_t *marks, const double *chances, int32_t count, uint8_t *out)
{
    for (int32_t i = 0; i < count; i += 8) {
        __m512d limit = _mm512_mul_pd(_mm512_loadu_pd(chances + i), c8(4294967296.0));
        __mmask8 below = _mm512_cmp_pd_mask(_mm512_cvtepu32_pd(load(marks + i)), limit, _CMP_LT_OQ);
        _mm_storel_epi64((__m128i *) (void *) (out + i), _mm512_cvtepi64_epi8(_mm512_maskz_set1_epi64(below, 1)));
    }
}

const stn__kernels stn__kernels_avx512 = { "avx512", draw_avx512, draw_keys_avx512, gap_avx512, exp_avx512,
    below_avx512, stn__due_avx2 };

#else
typedef int stn__no_avx512; /* a file may not be empty */
#endif
