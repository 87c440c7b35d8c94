/* SPDX-License-Identifier: Apache-2.0
 *
 * kernels_avx2.c - the kernels for x86-64 processors with AVX2, eight (or, of
 * doubles, four) people at a time. Every step is the plain version's, in its
 * order, so every bit is. By hand, because GCC 12 makes of the plain loop
 * something slower than scalar code: it misses the 32 x 32 -> 64 multiply. */
#include "engine/kernels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,popcnt")))

/* High and low halves of the products of 8 unsigned words with one. */
AVX2 static inline void
multiply(__m256i a, __m256i by, __m256i *high, __m256i *low)
{
    __m256i even = _mm256_mul_epu32(a, by), odd = _mm256_mul_epu32(_mm256_srli_epi64(a, 32), by);

    *low = _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xaa);
    *high = _mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xaa);
}

AVX2 static void
draw_avx2(uint64_t seed, uint32_t c3, const uint32_t *rows, const uint32_t *numbers, int32_t count, stn__draws out)
{
    const __m256i m0 = _mm256_set1_epi32((int) 0xD2511F53u), m1 = _mm256_set1_epi32((int) 0xCD9E8D57u);

    for (int32_t i = 0; i < count; i += 8) {
        __m256i x0 = _mm256_loadu_si256((const __m256i *) (const void *) (rows + i));
        __m256i x1 = _mm256_loadu_si256((const __m256i *) (const void *) (numbers + i));
        __m256i x2 = _mm256_setzero_si256(), x3 = _mm256_set1_epi32((int) c3);
        uint32_t k0 = (uint32_t) seed, k1 = (uint32_t) (seed >> 32);
        for (int round = 0; round < 10; round++) {
            __m256i high0, low0, high1, low1;
            multiply(x0, m0, &high0, &low0);
            multiply(x2, m1, &high1, &low1);
            x0 = _mm256_xor_si256(_mm256_xor_si256(high1, x1), _mm256_set1_epi32((int) k0));
            x2 = _mm256_xor_si256(_mm256_xor_si256(high0, x3), _mm256_set1_epi32((int) k1));
            x1 = low1;
            x3 = low0;
            k0 += 0x9E3779B9u;
            k1 += 0xBB67AE85u;
        }
        _mm256_storeu_si256((__m256i *) (void *) (out.w0 + i), x0);
        _mm256_storeu_si256((__m256i *) (void *) (out.w1 + i), x1);
        _mm256_storeu_si256((__m256i *) (void *) (out.w2 + i), x2);
        _mm256_storeu_si256((__m256i *) (void *) (out.w3 + i), x3);
    }
}

AVX2 static inline __m256d
c4(double x)
{
    return _mm256_set1_pd(x);
}

/* 4 unsigned words as doubles: exact, by way of the mantissa of 2^52. */
AVX2 static inline __m256d
from_words(__m128i words)
{
    __m256i wide = _mm256_or_si256(_mm256_cvtepu32_epi64(words), _mm256_set1_epi64x(0x4330000000000000));

    return _mm256_sub_pd(_mm256_castsi256_pd(wide), c4(4503599627370496.0));
}

/* stn__log, operation by operation. */
AVX2 static inline __m256d
log4(__m256d x)
{
    const __m256d one = c4(1.0);
    __m256i bits = _mm256_castpd_si256(x);
    __m256i biased = _mm256_or_si256(_mm256_srli_epi64(bits, 52), _mm256_set1_epi64x(0x4330000000000000));
    __m256d e = _mm256_sub_pd(_mm256_sub_pd(_mm256_castsi256_pd(biased), c4(4503599627370496.0)), c4(1022.0));
    __m256d m = _mm256_castsi256_pd(_mm256_or_si256(_mm256_and_si256(bits, _mm256_set1_epi64x(0x000fffffffffffff)),
        _mm256_set1_epi64x(0x3fe0000000000000)));
    __m256d low = _mm256_and_pd(_mm256_cmp_pd(m, c4(0.70710678118654752440), _CMP_LT_OQ), one);
    __m256d f, s, z, r, h;

    m = _mm256_add_pd(m, _mm256_mul_pd(m, low));
    e = _mm256_sub_pd(e, low);
    f = _mm256_sub_pd(m, one);
    s = _mm256_div_pd(f, _mm256_add_pd(c4(2.0), f));
    z = _mm256_mul_pd(s, s);
    r = _mm256_mul_pd(z, c4(1.479819860511658591e-01));
    r = _mm256_mul_pd(z, _mm256_add_pd(c4(1.531383769920937332e-01), r));
    r = _mm256_mul_pd(z, _mm256_add_pd(c4(1.818357216161805012e-01), r));
    r = _mm256_mul_pd(z, _mm256_add_pd(c4(2.222219843214978396e-01), r));
    r = _mm256_mul_pd(z, _mm256_add_pd(c4(2.857142874366239149e-01), r));
    r = _mm256_mul_pd(z, _mm256_add_pd(c4(3.999999999940941908e-01), r));
    r = _mm256_mul_pd(z, _mm256_add_pd(c4(6.666666666666735130e-01), r));
    h = _mm256_mul_pd(_mm256_mul_pd(c4(0.5), f), f);
    s = _mm256_add_pd(_mm256_mul_pd(s, _mm256_add_pd(h, r)), _mm256_mul_pd(e, c4(1.90821492927058770002e-10)));
    return _mm256_sub_pd(_mm256_mul_pd(e, c4(6.93147180369123816490e-01)), _mm256_sub_pd(_mm256_sub_pd(h, s), f));
}

AVX2 static void
gap_avx2(const uint32_t *words, const double *rates, int32_t count, uint32_t *out)
{
    const __m256d two52 = c4(4503599627370496.0);

    for (int32_t i = 0; i < count; i += 4) {
        __m256d rate = _mm256_loadu_pd(rates + i);
        __m256d u = from_words(_mm_loadu_si128((const __m128i *) (const void *) (words + i)));
        __m256d g, never;
        __m256i whole, narrow;
        u = _mm256_div_pd(_mm256_add_pd(u, c4(0.5)), c4(4294967296.0));
        g = _mm256_div_pd(_mm256_xor_pd(log4(u), c4(-0.0)), rate);
        /* Never, unless the rate is positive and the gap fits (also for NaN). */
        never = _mm256_or_pd(_mm256_cmp_pd(rate, _mm256_setzero_pd(), _CMP_NGT_UQ),
            _mm256_cmp_pd(g, c4(4294967294.0), _CMP_NLT_UQ));
        g = _mm256_andnot_pd(never, g);
        /* floor(g + 0.5) < 2^32: rounded down first, so adding 2^52 is exact. */
        g = _mm256_floor_pd(_mm256_add_pd(g, c4(0.5)));
        whole = _mm256_or_si256(_mm256_castpd_si256(_mm256_add_pd(g, two52)), _mm256_castpd_si256(never));
        narrow = _mm256_permutevar8x32_epi32(whole, _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6));
        _mm_storeu_si128((__m128i *) (void *) (out + i), _mm256_castsi256_si128(narrow));
    }
}

/* The numbers of the set bits of 4, in order, then zeros. */
static const uint32_t SET_BITS[16][4] = {
    { 0, 0, 0, 0 }, { 0, 0, 0, 0 }, { 1, 0, 0, 0 }, { 0, 1, 0, 0 },
    { 2, 0, 0, 0 }, { 0, 2, 0, 0 }, { 1, 2, 0, 0 }, { 0, 1, 2, 0 },
    { 3, 0, 0, 0 }, { 0, 3, 0, 0 }, { 1, 3, 0, 0 }, { 0, 1, 3, 0 },
    { 2, 3, 0, 0 }, { 0, 2, 3, 0 }, { 1, 2, 3, 0 }, { 0, 1, 2, 3 }
};

/* Puts the numbers of 4 bits that are set, on top of `row`, at `out`: 4 are written, as
 * many as there are bits count. */
AVX2 static inline int32_t
spread4(uint32_t bits, uint32_t row, uint32_t *out)
{
    __m128i numbers = _mm_loadu_si128((const __m128i *) (const void *) SET_BITS[bits]);

    _mm_storeu_si128((__m128i *) (void *) out, _mm_add_epi32(numbers, _mm_set1_epi32((int) row)));
    return __builtin_popcount(bits);
}

AVX2 static inline int32_t
spread(uint32_t bits, uint32_t row, uint32_t *out)
{
    int32_t count = spread4(bits & 15, row, out);

    return count + spread4(bits >> 4, row + 4, out + count);
}

/* Bit of each of 8 numbers that is below `end`. */
AVX2 static inline uint32_t
below8(const uint32_t *times, __m256i end)
{
    __m256i t = _mm256_loadu_si256((const __m256i *) (const void *) times);
    __m256i not_below = _mm256_cmpeq_epi32(_mm256_max_epu32(t, end), t);

    return 0xffu & ~(uint32_t) _mm256_movemask_ps(_mm256_castsi256_ps(not_below));
}

AVX2 static void
due_avx2(const uint32_t *next, const uint32_t *const *firsts, int32_t first_count, int32_t count, uint32_t end,
    uint32_t row, stn__due *out)
{
    __m256i ends = _mm256_set1_epi32((int) end);
    int32_t whole = count / 8 * 8;

    out->plain_count = out->aside_count = 0;
    for (int32_t i = 0; i < whole; i += 8) {
        uint32_t due = below8(next + i, ends), aside = 0;
        for (int32_t f = 0; f < first_count; f++) {
            aside |= below8(firsts[f] + i, ends);
        }
        out->plain_count += spread(due & ~aside, row + (uint32_t) i, out->plain + out->plain_count);
        if (aside != 0) {
            out->aside_count += spread(aside, row + (uint32_t) i, out->aside + out->aside_count);
        }
    }
    for (int32_t i = whole; i < count; i++) {
        int aside = 0;
        for (int32_t f = 0; f < first_count; f++) {
            aside |= firsts[f][i] < end;
        }
        if (aside) {
            out->aside[out->aside_count++] = row + (uint32_t) i;
        } else if (next[i] < end) {
            out->plain[out->plain_count++] = row + (uint32_t) i;
        }
    }
}

const stn__kernels stn__kernels_avx2 = { "avx2", draw_avx2, gap_avx2, due_avx2 };

#else
typedef int stn__no_avx2; /* a file may not be empty */
#endif
