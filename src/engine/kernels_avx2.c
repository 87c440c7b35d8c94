/* SPDX-License-Identifier: Apache-2.0
 *
 * kernels_avx2.c - the kernels for x86-64 processors with AVX2, eight (or, of
 * doubles, four) people at a time. Every step is the plain version's, in its
 * order, so every bit is. By hand, because GCC 12 makes of the plain loop
 * something slower than scalar code: it misses the 32 x 32 -> 64 multiply. */
#include "engine/kernels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

/* Four counters, each word in the low half of 64 bits. What is in the high
 * halves does not matter: the multiply reads low halves only. So a product is
 * at once the next round's word (its low half) and, shifted, the other one. */
typedef struct counters {
    __m256i c0, c1, c2, c3;
} counters;

AVX2 static inline counters
philox_round(counters c, __m256i k0, __m256i k1)
{
    __m256i p0 = _mm256_mul_epu32(c.c0, _mm256_set1_epi32((int) 0xD2511F53u));
    __m256i p1 = _mm256_mul_epu32(c.c2, _mm256_set1_epi32((int) 0xCD9E8D57u));

    return (counters){ _mm256_xor_si256(_mm256_srli_epi64(p1, 32), _mm256_xor_si256(c.c1, k0)), p1,
        _mm256_xor_si256(_mm256_srli_epi64(p0, 32), _mm256_xor_si256(c.c3, k1)), p0 };
}

/* Ten rounds of eight counters: those with even and those with odd places, two
 * chains that hide each other's latency. */
AVX2 static inline void
philox(uint64_t seed, counters *even, counters *odd)
{
    uint32_t k0 = (uint32_t) seed, k1 = (uint32_t) (seed >> 32);

    for (int round = 0; round < 10; round++) {
        __m256i key0 = _mm256_set1_epi32((int) k0), key1 = _mm256_set1_epi32((int) k1);
        *even = philox_round(*even, key0, key1);
        *odd = philox_round(*odd, key0, key1);
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
}

AVX2 static inline __m256i
load(const uint32_t *words)
{
    return _mm256_loadu_si256((const __m256i *) (const void *) words);
}

/* Eight words of those with even and those with odd places. */
AVX2 static inline void
store(uint32_t *words, __m256i even, __m256i odd)
{
    _mm256_storeu_si256((__m256i *) (void *) words, _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xaa));
}

AVX2 static void
draw_avx2(uint64_t seed, uint32_t c3, const uint32_t *rows, const uint32_t *numbers, int32_t count, stn__draws out)
{
    const __m256i zero = _mm256_setzero_si256(), purpose = _mm256_set1_epi32((int) c3);

    for (int32_t i = 0; i < count; i += 8) {
        __m256i row = load(rows + i), number = load(numbers + i);
        counters even = { row, number, zero, purpose };
        counters odd = { _mm256_srli_epi64(row, 32), _mm256_srli_epi64(number, 32), zero, purpose };
        philox(seed, &even, &odd);
        store(out.w0 + i, even.c0, odd.c0);
        store(out.w1 + i, even.c1, odd.c1);
        store(out.w2 + i, even.c2, odd.c2);
        store(out.w3 + i, even.c3, odd.c3);
    }
}

AVX2 static void
draw_keys_avx2(uint64_t seed, uint32_t c3, uint32_t row, uint32_t number, const uint32_t *keys, int32_t count, uint32_t *out)
{
    const __m256i rows = _mm256_set1_epi32((int) row), numbers = _mm256_set1_epi32((int) number),
                  purpose = _mm256_set1_epi32((int) c3);

    for (int32_t i = 0; i < count; i += 8) {
        __m256i key = load(keys + i);
        counters even = { rows, numbers, key, purpose }, odd = { rows, numbers, _mm256_srli_epi64(key, 32), purpose };
        philox(seed, &even, &odd);
        store(out + i, even.c0, odd.c0);
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

AVX2 static inline __m256d
load_words(const uint32_t *words)
{
    return from_words(_mm_loadu_si128((const __m128i *) (const void *) words));
}

/* Of four elements of 64 bits, the low halves. */
AVX2 static inline __m128i
narrow(__m256i wide)
{
    return _mm256_castsi256_si128(_mm256_permutevar8x32_epi32(wide, _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6)));
}

/* stn__log, operation by operation. */
AVX2 static inline __m256d
log4(__m256d x)
{
    const __m256d one = c4(1.0);
    __m256i bits = _mm256_castpd_si256(x);
    __m256i biased = _mm256_or_si256(_mm256_srli_epi64(bits, 52), _mm256_set1_epi64x(0x4330000000000000));
    __m256d e = _mm256_sub_pd(_mm256_castsi256_pd(biased), c4(4503599627370496.0 + 1022.0));
    __m256d m = _mm256_castsi256_pd(_mm256_or_si256(_mm256_and_si256(bits, _mm256_set1_epi64x(0x000fffffffffffff)),
        _mm256_set1_epi64x(0x3fe0000000000000)));
    __m256d low = _mm256_cmp_pd(m, c4(0.70710678118654752440), _CMP_LT_OQ);
    __m256d f, s, z, r, h;

    m = _mm256_add_pd(m, _mm256_and_pd(m, low));
    e = _mm256_sub_pd(e, _mm256_and_pd(one, low));
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
        __m256d rate = _mm256_loadu_pd(rates + i), g, never;
        __m256i whole;
        /* By a power of two, a product is the quotient to the last bit. */
        __m256d u = _mm256_mul_pd(_mm256_add_pd(load_words(words + i), c4(0.5)), c4(1 / 4294967296.0));
        g = _mm256_div_pd(_mm256_xor_pd(log4(u), c4(-0.0)), rate);
        /* Never, unless the rate is positive and the gap fits (also for NaN). */
        never = _mm256_or_pd(_mm256_cmp_pd(rate, _mm256_setzero_pd(), _CMP_NGT_UQ),
            _mm256_cmp_pd(g, c4(4294967294.0), _CMP_NLT_UQ));
        g = _mm256_andnot_pd(never, g);
        /* floor(g + 0.5) < 2^32: rounded down first, so adding 2^52 is exact. */
        g = _mm256_floor_pd(_mm256_add_pd(g, c4(0.5)));
        whole = _mm256_or_si256(_mm256_castpd_si256(_mm256_add_pd(g, two52)), _mm256_castpd_si256(never));
        _mm_storeu_si128((__m128i *) (void *) (out + i), narrow(whole));
    }
}

/* stn__exp, operation by operation. */
AVX2 static inline __m256d
exp4(__m256d x)
{
    __m256d k, hi, lo, r, t, c, y;
    __m256i power;

    x = _mm256_max_pd(_mm256_min_pd(x, c4(700)), c4(-700));
    k = _mm256_floor_pd(_mm256_add_pd(_mm256_mul_pd(x, c4(1.44269504088896338700)), c4(0.5)));
    hi = _mm256_sub_pd(x, _mm256_mul_pd(k, c4(6.93147180369123816490e-01)));
    lo = _mm256_mul_pd(k, c4(1.90821492927058770002e-10));
    r = _mm256_sub_pd(hi, lo);
    t = _mm256_mul_pd(r, r);
    c = _mm256_mul_pd(t, c4(4.13813679705723846039e-08));
    c = _mm256_mul_pd(t, _mm256_add_pd(c4(-1.65339022054652515390e-06), c));
    c = _mm256_mul_pd(t, _mm256_add_pd(c4(6.61375632143793436117e-05), c));
    c = _mm256_mul_pd(t, _mm256_add_pd(c4(-2.77777777770155933842e-03), c));
    c = _mm256_mul_pd(t, _mm256_add_pd(c4(1.66666666666666019037e-01), c));
    c = _mm256_sub_pd(r, c);
    y = _mm256_div_pd(_mm256_mul_pd(r, c), _mm256_sub_pd(c4(2.0), c));
    y = _mm256_sub_pd(c4(1.0), _mm256_sub_pd(_mm256_sub_pd(lo, y), hi));
    /* k + 1023 as a whole number, in the lowest bits of a double near 2^52. */
    power = _mm256_castpd_si256(_mm256_add_pd(k, c4(4503599627370496.0 + 1023.0)));
    return _mm256_mul_pd(y, _mm256_castsi256_pd(_mm256_slli_epi64(power, 52)));
}

AVX2 static void
exp_avx2(const double *x, int32_t count, double *out)
{
    for (int32_t i = 0; i < count; i += 4) {
        _mm256_storeu_pd(out + i, exp4(_mm256_loadu_pd(x + i)));
    }
}

/* All bits of the low half set where the mark is below, for four. */
AVX2 static inline __m128i
below4(const uint32_t *marks, const double *chances)
{
    __m256d limit = _mm256_mul_pd(_mm256_loadu_pd(chances), c4(4294967296.0));

    return narrow(_mm256_castpd_si256(_mm256_cmp_pd(load_words(marks), limit, _CMP_LT_OQ)));
}

AVX2 static void
below_avx2(const uint32_t *marks, const double *chances, int32_t count, uint8_t *out)
{
    for (int32_t i = 0; i < count; i += 8) {
        __m128i halves = _mm_packs_epi32(below4(marks + i, chances + i), below4(marks + i + 4, chances + i + 4));
        __m128i bytes = _mm_and_si128(_mm_packs_epi16(halves, halves), _mm_set1_epi8(1));
        _mm_storel_epi64((__m128i *) (void *) (out + i), bytes);
    }
}

const stn__kernels stn__kernels_avx2 = { "avx2", draw_avx2, draw_keys_avx2, gap_avx2, exp_avx2, below_avx2 };

#else
typedef int stn__no_avx2; /* a file may not be empty */
#endif
