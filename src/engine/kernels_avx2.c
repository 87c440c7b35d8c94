/* SPDX-License-Identifier: Apache-2.0
 *
 * kernels_avx2.c - the kernels for x86-64 processors with AVX2, eight people at
 * a time. Every step is the plain version's, in its order, so every bit is. By
 * hand, because GCC 12 makes of the plain loop something slower than scalar
 * code: it misses the 32 x 32 -> 64 multiply. */
#include "engine/kernels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,popcnt")))

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

/* Eight doubles. Every operation is written for both halves at once, so that
 * the two chains stand interleaved: one alone fills the processor's queues with
 * what waits for it, which costs a tenth and more. */
typedef struct doubles {
    __m256d a, b;
} doubles;

AVX2 static inline doubles
all(double x)
{
    return (doubles){ _mm256_set1_pd(x), _mm256_set1_pd(x) };
}

AVX2 static inline doubles
add(doubles x, doubles y)
{
    return (doubles){ _mm256_add_pd(x.a, y.a), _mm256_add_pd(x.b, y.b) };
}

AVX2 static inline doubles
sub(doubles x, doubles y)
{
    return (doubles){ _mm256_sub_pd(x.a, y.a), _mm256_sub_pd(x.b, y.b) };
}

AVX2 static inline doubles
mul(doubles x, doubles y)
{
    return (doubles){ _mm256_mul_pd(x.a, y.a), _mm256_mul_pd(x.b, y.b) };
}

AVX2 static inline doubles
quotient(doubles x, doubles y)
{
    return (doubles){ _mm256_div_pd(x.a, y.a), _mm256_div_pd(x.b, y.b) };
}

AVX2 static inline doubles
down(doubles x)
{
    return (doubles){ _mm256_floor_pd(x.a), _mm256_floor_pd(x.b) };
}

/* The same bits set in both. */
AVX2 static inline doubles
both(doubles x, doubles y)
{
    return (doubles){ _mm256_and_pd(x.a, y.a), _mm256_and_pd(x.b, y.b) };
}

/* All bits set where x < y. */
AVX2 static inline doubles
less(doubles x, doubles y)
{
    return (doubles){ _mm256_cmp_pd(x.a, y.a, _CMP_LT_OQ), _mm256_cmp_pd(x.b, y.b, _CMP_LT_OQ) };
}

AVX2 static inline doubles
load_doubles(const double *from)
{
    return (doubles){ _mm256_loadu_pd(from), _mm256_loadu_pd(from + 4) };
}

/* 4 words in the low halves of 64 bits as doubles: exact, by way of 2^52. */
AVX2 static inline __m256d
from_wide(__m256i wide)
{
    __m256i near52 = _mm256_or_si256(wide, _mm256_set1_epi64x(0x4330000000000000));

    return _mm256_sub_pd(_mm256_castsi256_pd(near52), _mm256_set1_pd(4503599627370496.0));
}

AVX2 static inline __m256d
from_words(const uint32_t *words)
{
    return from_wide(_mm256_cvtepu32_epi64(_mm_loadu_si128((const __m128i *) (const void *) words)));
}

AVX2 static inline doubles
load_words(const uint32_t *words)
{
    return (doubles){ from_words(words), from_words(words + 4) };
}

/* The low halves of the eight. */
AVX2 static inline __m256i
narrow(doubles x)
{
    __m256 low = _mm256_shuffle_ps(_mm256_castpd_ps(x.a), _mm256_castpd_ps(x.b), 0x88); /* a0 a1 b0 b1, a2 a3 b2 b3 */

    return _mm256_permute4x64_epi64(_mm256_castps_si256(low), 0xd8);
}

/* The exponents, one more than the greatest power of two within. */
AVX2 static inline doubles
exponents(doubles x)
{
    doubles biased = { from_wide(_mm256_srli_epi64(_mm256_castpd_si256(x.a), 52)),
        from_wide(_mm256_srli_epi64(_mm256_castpd_si256(x.b), 52)) };

    return sub(biased, all(1022.0));
}

/* 0.5 <= m < 1, the same digits with another exponent. */
AVX2 static inline __m256d
mantissas(__m256d x)
{
    const __m256i digits = _mm256_set1_epi64x(0x000fffffffffffff), half = _mm256_set1_epi64x(0x3fe0000000000000);

    return _mm256_castsi256_pd(_mm256_or_si256(_mm256_and_si256(_mm256_castpd_si256(x), digits), half));
}

/* stn__log, operation by operation. */
AVX2 static inline doubles
log8(doubles x)
{
    doubles e = exponents(x), m = { mantissas(x.a), mantissas(x.b) };
    doubles low = less(m, all(0.70710678118654752440)), f, s, z, r, h;

    m = add(m, both(m, low));
    e = sub(e, both(all(1.0), low));
    f = sub(m, all(1.0));
    s = quotient(f, add(all(2.0), f));
    z = mul(s, s);
    r = mul(z, all(1.479819860511658591e-01));
    r = mul(z, add(all(1.531383769920937332e-01), r));
    r = mul(z, add(all(1.818357216161805012e-01), r));
    r = mul(z, add(all(2.222219843214978396e-01), r));
    r = mul(z, add(all(2.857142874366239149e-01), r));
    r = mul(z, add(all(3.999999999940941908e-01), r));
    r = mul(z, add(all(6.666666666666735130e-01), r));
    h = mul(mul(all(0.5), f), f);
    s = add(mul(s, add(h, r)), mul(e, all(1.90821492927058770002e-10)));
    return sub(mul(e, all(6.93147180369123816490e-01)), sub(sub(h, s), f));
}

AVX2 static void
gap_avx2(const uint32_t *words, const double *rates, int32_t count, uint32_t *out)
{
    for (int32_t i = 0; i < count; i += 8) {
        doubles rate = load_doubles(rates + i), g, comes;
        /* By a power of two, a product is the quotient to the last bit; and a
         * quotient of the other sign is the same but for the sign. */
        g = quotient(log8(mul(add(load_words(words + i), all(0.5)), all(1 / 4294967296.0))), sub(all(-0.0), rate));
        /* Never, unless the rate is positive and the gap fits (also for NaN). */
        comes = both(less(all(0), rate), less(g, all(4294967294.0)));
        /* floor(g + 0.5) < 2^32: rounded down first, so adding 2^52 is exact. */
        g = add(down(add(both(comes, g), all(0.5))), all(4503599627370496.0));
        _mm256_storeu_si256((__m256i *) (void *) (out + i),
            _mm256_or_si256(narrow(g), _mm256_xor_si256(narrow(comes), _mm256_set1_epi32(-1))));
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

AVX2 void
stn__due_avx2(const uint32_t *next, const uint32_t *const *firsts, int32_t first_count, int32_t count, uint32_t end,
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

/* 2 to the power k: k + 1023 as a whole number stands in the lowest bits of a
 * double near 2^52. */
AVX2 static inline __m256d
power_of_two(__m256d k)
{
    __m256d biased = _mm256_add_pd(k, _mm256_set1_pd(4503599627370496.0 + 1023.0));

    return _mm256_castsi256_pd(_mm256_slli_epi64(_mm256_castpd_si256(biased), 52));
}

/* stn__exp, operation by operation. */
AVX2 static inline doubles
exp8(doubles x)
{
    doubles k, hi, lo, r, t, c, y;

    x = (doubles){ _mm256_min_pd(x.a, _mm256_set1_pd(700)), _mm256_min_pd(x.b, _mm256_set1_pd(700)) };
    x = (doubles){ _mm256_max_pd(x.a, _mm256_set1_pd(-700)), _mm256_max_pd(x.b, _mm256_set1_pd(-700)) };
    k = down(add(mul(x, all(1.44269504088896338700)), all(0.5)));
    hi = sub(x, mul(k, all(6.93147180369123816490e-01)));
    lo = mul(k, all(1.90821492927058770002e-10));
    r = sub(hi, lo);
    t = mul(r, r);
    c = mul(t, all(4.13813679705723846039e-08));
    c = mul(t, add(all(-1.65339022054652515390e-06), c));
    c = mul(t, add(all(6.61375632143793436117e-05), c));
    c = mul(t, add(all(-2.77777777770155933842e-03), c));
    c = mul(t, add(all(1.66666666666666019037e-01), c));
    c = sub(r, c);
    y = sub(all(1.0), sub(sub(lo, quotient(mul(r, c), sub(all(2.0), c))), hi));
    return mul(y, (doubles){ power_of_two(k.a), power_of_two(k.b) });
}

AVX2 static void
exp_avx2(const double *x, int32_t count, double *out)
{
    for (int32_t i = 0; i < count; i += 8) {
        doubles y = exp8(load_doubles(x + i));
        _mm256_storeu_pd(out + i, y.a);
        _mm256_storeu_pd(out + i + 4, y.b);
    }
}

AVX2 static void
below_avx2(const uint32_t *marks, const double *chances, int32_t count, uint8_t *out)
{
    for (int32_t i = 0; i < count; i += 8) {
        __m256i below = narrow(less(load_words(marks + i), mul(load_doubles(chances + i), all(4294967296.0))));
        __m128i halves = _mm_packs_epi32(_mm256_castsi256_si128(below), _mm256_extracti128_si256(below, 1));
        __m128i bytes = _mm_and_si128(_mm_packs_epi16(halves, halves), _mm_set1_epi8(1));
        _mm_storel_epi64((__m128i *) (void *) (out + i), bytes);
    }
}

const stn__kernels stn__kernels_avx2 = { "avx2", draw_avx2, draw_keys_avx2, gap_avx2, exp_avx2, below_avx2,
    stn__due_avx2 };

#else
typedef int stn__no_avx2; /* a file may not be empty */
#endif
