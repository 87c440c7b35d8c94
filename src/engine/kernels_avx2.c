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

/* A byte for the number of each set bit, in order, then zeros. */
static const uint64_t SET_BITS[256] = {
    0x0000000000000000, 0x0000000000000000, 0x0000000000000001, 0x0000000000000100, 0x0000000000000002,
    0x0000000000000200, 0x0000000000000201, 0x0000000000020100, 0x0000000000000003, 0x0000000000000300,
    0x0000000000000301, 0x0000000000030100, 0x0000000000000302, 0x0000000000030200, 0x0000000000030201,
    0x0000000003020100, 0x0000000000000004, 0x0000000000000400, 0x0000000000000401, 0x0000000000040100,
    0x0000000000000402, 0x0000000000040200, 0x0000000000040201, 0x0000000004020100, 0x0000000000000403,
    0x0000000000040300, 0x0000000000040301, 0x0000000004030100, 0x0000000000040302, 0x0000000004030200,
    0x0000000004030201, 0x0000000403020100, 0x0000000000000005, 0x0000000000000500, 0x0000000000000501,
    0x0000000000050100, 0x0000000000000502, 0x0000000000050200, 0x0000000000050201, 0x0000000005020100,
    0x0000000000000503, 0x0000000000050300, 0x0000000000050301, 0x0000000005030100, 0x0000000000050302,
    0x0000000005030200, 0x0000000005030201, 0x0000000503020100, 0x0000000000000504, 0x0000000000050400,
    0x0000000000050401, 0x0000000005040100, 0x0000000000050402, 0x0000000005040200, 0x0000000005040201,
    0x0000000504020100, 0x0000000000050403, 0x0000000005040300, 0x0000000005040301, 0x0000000504030100,
    0x0000000005040302, 0x0000000504030200, 0x0000000504030201, 0x0000050403020100, 0x0000000000000006,
    0x0000000000000600, 0x0000000000000601, 0x0000000000060100, 0x0000000000000602, 0x0000000000060200,
    0x0000000000060201, 0x0000000006020100, 0x0000000000000603, 0x0000000000060300, 0x0000000000060301,
    0x0000000006030100, 0x0000000000060302, 0x0000000006030200, 0x0000000006030201, 0x0000000603020100,
    0x0000000000000604, 0x0000000000060400, 0x0000000000060401, 0x0000000006040100, 0x0000000000060402,
    0x0000000006040200, 0x0000000006040201, 0x0000000604020100, 0x0000000000060403, 0x0000000006040300,
    0x0000000006040301, 0x0000000604030100, 0x0000000006040302, 0x0000000604030200, 0x0000000604030201,
    0x0000060403020100, 0x0000000000000605, 0x0000000000060500, 0x0000000000060501, 0x0000000006050100,
    0x0000000000060502, 0x0000000006050200, 0x0000000006050201, 0x0000000605020100, 0x0000000000060503,
    0x0000000006050300, 0x0000000006050301, 0x0000000605030100, 0x0000000006050302, 0x0000000605030200,
    0x0000000605030201, 0x0000060503020100, 0x0000000000060504, 0x0000000006050400, 0x0000000006050401,
    0x0000000605040100, 0x0000000006050402, 0x0000000605040200, 0x0000000605040201, 0x0000060504020100,
    0x0000000006050403, 0x0000000605040300, 0x0000000605040301, 0x0000060504030100, 0x0000000605040302,
    0x0000060504030200, 0x0000060504030201, 0x0006050403020100, 0x0000000000000007, 0x0000000000000700,
    0x0000000000000701, 0x0000000000070100, 0x0000000000000702, 0x0000000000070200, 0x0000000000070201,
    0x0000000007020100, 0x0000000000000703, 0x0000000000070300, 0x0000000000070301, 0x0000000007030100,
    0x0000000000070302, 0x0000000007030200, 0x0000000007030201, 0x0000000703020100, 0x0000000000000704,
    0x0000000000070400, 0x0000000000070401, 0x0000000007040100, 0x0000000000070402, 0x0000000007040200,
    0x0000000007040201, 0x0000000704020100, 0x0000000000070403, 0x0000000007040300, 0x0000000007040301,
    0x0000000704030100, 0x0000000007040302, 0x0000000704030200, 0x0000000704030201, 0x0000070403020100,
    0x0000000000000705, 0x0000000000070500, 0x0000000000070501, 0x0000000007050100, 0x0000000000070502,
    0x0000000007050200, 0x0000000007050201, 0x0000000705020100, 0x0000000000070503, 0x0000000007050300,
    0x0000000007050301, 0x0000000705030100, 0x0000000007050302, 0x0000000705030200, 0x0000000705030201,
    0x0000070503020100, 0x0000000000070504, 0x0000000007050400, 0x0000000007050401, 0x0000000705040100,
    0x0000000007050402, 0x0000000705040200, 0x0000000705040201, 0x0000070504020100, 0x0000000007050403,
    0x0000000705040300, 0x0000000705040301, 0x0000070504030100, 0x0000000705040302, 0x0000070504030200,
    0x0000070504030201, 0x0007050403020100, 0x0000000000000706, 0x0000000000070600, 0x0000000000070601,
    0x0000000007060100, 0x0000000000070602, 0x0000000007060200, 0x0000000007060201, 0x0000000706020100,
    0x0000000000070603, 0x0000000007060300, 0x0000000007060301, 0x0000000706030100, 0x0000000007060302,
    0x0000000706030200, 0x0000000706030201, 0x0000070603020100, 0x0000000000070604, 0x0000000007060400,
    0x0000000007060401, 0x0000000706040100, 0x0000000007060402, 0x0000000706040200, 0x0000000706040201,
    0x0000070604020100, 0x0000000007060403, 0x0000000706040300, 0x0000000706040301, 0x0000070604030100,
    0x0000000706040302, 0x0000070604030200, 0x0000070604030201, 0x0007060403020100, 0x0000000000070605,
    0x0000000007060500, 0x0000000007060501, 0x0000000706050100, 0x0000000007060502, 0x0000000706050200,
    0x0000000706050201, 0x0000070605020100, 0x0000000007060503, 0x0000000706050300, 0x0000000706050301,
    0x0000070605030100, 0x0000000706050302, 0x0000070605030200, 0x0000070605030201, 0x0007060503020100,
    0x0000000007060504, 0x0000000706050400, 0x0000000706050401, 0x0000070605040100, 0x0000000706050402,
    0x0000070605040200, 0x0000070605040201, 0x0007060504020100, 0x0000000706050403, 0x0000070605040300,
    0x0000070605040301, 0x0007060504030100, 0x0000070605040302, 0x0007060504030200, 0x0007060504030201,
    0x0706050403020100
};

/* Puts the numbers of 8 bits that are set, on top of `row`, at `out`: 8 are written, as
 * many as there are bits count. */
AVX2 static inline int32_t
spread(uint32_t bits, __m256i row, uint32_t *out)
{
    __m256i numbers = _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((long long) SET_BITS[bits]));

    _mm256_storeu_si256((__m256i *) (void *) out, _mm256_add_epi32(numbers, row));
    return __builtin_popcount(bits);
}

/* Bit of each of 8 numbers that is below `end`. */
AVX2 static inline uint32_t
below8(const uint32_t *times, __m256i end)
{
    __m256i t = _mm256_loadu_si256((const __m256i *) (const void *) times);
    __m256i not_below = _mm256_cmpeq_epi32(_mm256_max_epu32(t, end), t);

    return 0xffu & ~(uint32_t) _mm256_movemask_ps(_mm256_castsi256_ps(not_below));
}

/* Those of one column that are below `end`; few are. */
AVX2 static int32_t
few_below(const uint32_t *times, int32_t whole, __m256i ends, uint32_t row, uint32_t *out)
{
    int32_t count = 0;

    for (int32_t i = 0; i < whole; i += 8) {
        uint32_t due = below8(times + i, ends);
        if (due != 0) {
            count += spread(due, _mm256_set1_epi32((int) (row + (uint32_t) i)), out + count);
        }
    }
    return count;
}

AVX2 void
stn__due_avx2(const uint32_t *next, const uint32_t *const *firsts, int32_t first_count, int32_t count, uint32_t end,
    uint32_t row, stn__due *out)
{
    __m256i ends = _mm256_set1_epi32((int) end), rows = _mm256_set1_epi32((int) row);
    int32_t whole = count / 8 * 8, plain = 0, asides = 0;

    if (first_count == 0) {
        plain = few_below(next, whole, ends, row, out->plain);
    }
    for (int32_t i = 0; first_count > 0 && i < whole; i += 8) {
        uint32_t due = below8(next + i, ends), aside = below8(firsts[0] + i, ends);
        for (int32_t f = 1; f < first_count; f++) {
            aside |= below8(firsts[f] + i, ends);
        }
        plain += spread(due & ~aside, rows, out->plain + plain);
        if (aside != 0) {
            asides += spread(aside, rows, out->aside + asides);
        }
        rows = _mm256_add_epi32(rows, _mm256_set1_epi32(8));
    }
    out->plain_count = plain;
    out->aside_count = asides;
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
