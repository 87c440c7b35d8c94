/* SPDX-License-Identifier: Apache-2.0
 *
 * kernels_neon.c - the kernels for 64-bit ARM, four (or, of doubles, two)
 * people at a time; every such processor has NEON. What kernels_avx2.c does,
 * with NEON's widening multiplies and unsigned conversions. */
#include "engine/kernels.h"

#if defined(__aarch64__)

#include <arm_neon.h>

typedef struct counters {
    uint32x4_t c0, c1, c2, c3;
} counters;

/* The high and the low halves of four products. */
static inline uint32x4x2_t
multiply(uint32x4_t a, uint32_t by)
{
    uint32x4_t low = vreinterpretq_u32_u64(vmull_u32(vget_low_u32(a), vdup_n_u32(by)));
    uint32x4_t high = vreinterpretq_u32_u64(vmull_high_u32(a, vdupq_n_u32(by)));

    return (uint32x4x2_t){ { vuzp2q_u32(low, high), vuzp1q_u32(low, high) } };
}

static inline counters
philox(uint64_t seed, counters c)
{
    uint32_t k0 = (uint32_t) seed, k1 = (uint32_t) (seed >> 32);

    for (int round = 0; round < 10; round++) {
        uint32x4x2_t p0 = multiply(c.c0, 0xD2511F53u), p1 = multiply(c.c2, 0xCD9E8D57u);
        c.c0 = veorq_u32(p1.val[0], veorq_u32(c.c1, vdupq_n_u32(k0)));
        c.c2 = veorq_u32(p0.val[0], veorq_u32(c.c3, vdupq_n_u32(k1)));
        c.c1 = p1.val[1];
        c.c3 = p0.val[1];
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return c;
}

static void
draw_neon(uint64_t seed, uint32_t c3, const uint32_t *rows, const uint32_t *numbers, int32_t count, stn__draws out)
{
    for (int32_t i = 0; i < count; i += 4) {
        counters c = { vld1q_u32(rows + i), vld1q_u32(numbers + i), vdupq_n_u32(0), vdupq_n_u32(c3) };
        c = philox(seed, c);
        vst1q_u32(out.w0 + i, c.c0);
        vst1q_u32(out.w1 + i, c.c1);
        vst1q_u32(out.w2 + i, c.c2);
        vst1q_u32(out.w3 + i, c.c3);
    }
}

static void
draw_keys_neon(uint64_t seed, uint32_t c3, uint32_t row, uint32_t number, const uint32_t *keys, int32_t count, uint32_t *out)
{
    for (int32_t i = 0; i < count; i += 4) {
        counters c = { vdupq_n_u32(row), vdupq_n_u32(number), vld1q_u32(keys + i), vdupq_n_u32(c3) };
        vst1q_u32(out + i, philox(seed, c).c0);
    }
}

static inline float64x2_t
c2(double x)
{
    return vdupq_n_f64(x);
}

static inline float64x2_t
load_words(const uint32_t *words)
{
    return vcvtq_f64_u64(vmovl_u32(vld1_u32(words)));
}

/* stn__log, operation by operation. */
static inline float64x2_t
log_two(float64x2_t x)
{
    const float64x2_t one = c2(1.0);
    uint64x2_t bits = vreinterpretq_u64_f64(x), low;
    float64x2_t e = vsubq_f64(vcvtq_f64_u64(vshrq_n_u64(bits, 52)), c2(1022.0));
    float64x2_t m = vreinterpretq_f64_u64(vorrq_u64(vandq_u64(bits, vdupq_n_u64(0x000fffffffffffff)),
        vdupq_n_u64(0x3fe0000000000000)));
    float64x2_t f, s, z, r, h;

    low = vcltq_f64(m, c2(0.70710678118654752440));
    m = vaddq_f64(m, vreinterpretq_f64_u64(vandq_u64(vreinterpretq_u64_f64(m), low)));
    e = vsubq_f64(e, vreinterpretq_f64_u64(vandq_u64(vreinterpretq_u64_f64(one), low)));
    f = vsubq_f64(m, one);
    s = vdivq_f64(f, vaddq_f64(c2(2.0), f));
    z = vmulq_f64(s, s);
    r = vmulq_f64(z, c2(1.479819860511658591e-01));
    r = vmulq_f64(z, vaddq_f64(c2(1.531383769920937332e-01), r));
    r = vmulq_f64(z, vaddq_f64(c2(1.818357216161805012e-01), r));
    r = vmulq_f64(z, vaddq_f64(c2(2.222219843214978396e-01), r));
    r = vmulq_f64(z, vaddq_f64(c2(2.857142874366239149e-01), r));
    r = vmulq_f64(z, vaddq_f64(c2(3.999999999940941908e-01), r));
    r = vmulq_f64(z, vaddq_f64(c2(6.666666666666735130e-01), r));
    h = vmulq_f64(vmulq_f64(c2(0.5), f), f);
    s = vaddq_f64(vmulq_f64(s, vaddq_f64(h, r)), vmulq_f64(e, c2(1.90821492927058770002e-10)));
    return vsubq_f64(vmulq_f64(e, c2(6.93147180369123816490e-01)), vsubq_f64(vsubq_f64(h, s), f));
}

static void
gap_neon(const uint32_t *words, const double *rates, int32_t count, uint32_t *out)
{
    for (int32_t i = 0; i < count; i += 2) {
        float64x2_t rate = vld1q_f64(rates + i), g;
        uint64x2_t comes, gap;
        /* By a power of two, a product is the quotient to the last bit. */
        float64x2_t u = vmulq_f64(vaddq_f64(load_words(words + i), c2(0.5)), c2(1 / 4294967296.0));
        g = vdivq_f64(vnegq_f64(log_two(u)), rate);
        /* Never, unless the rate is positive and the gap fits (also for NaN). */
        comes = vandq_u64(vcgtq_f64(rate, c2(0)), vcltq_f64(g, c2(4294967294.0)));
        gap = vcvtq_u64_f64(vaddq_f64(g, c2(0.5)));
        vst1_u32(out + i, vmovn_u64(vbslq_u64(comes, gap, vdupq_n_u64(UINT32_MAX))));
    }
}

/* stn__exp, operation by operation. */
static inline float64x2_t
exp_two(float64x2_t x)
{
    float64x2_t k, hi, lo, r, t, c, y;
    int64x2_t power;

    x = vmaxq_f64(vminq_f64(x, c2(700)), c2(-700));
    k = vrndmq_f64(vaddq_f64(vmulq_f64(x, c2(1.44269504088896338700)), c2(0.5)));
    hi = vsubq_f64(x, vmulq_f64(k, c2(6.93147180369123816490e-01)));
    lo = vmulq_f64(k, c2(1.90821492927058770002e-10));
    r = vsubq_f64(hi, lo);
    t = vmulq_f64(r, r);
    c = vmulq_f64(t, c2(4.13813679705723846039e-08));
    c = vmulq_f64(t, vaddq_f64(c2(-1.65339022054652515390e-06), c));
    c = vmulq_f64(t, vaddq_f64(c2(6.61375632143793436117e-05), c));
    c = vmulq_f64(t, vaddq_f64(c2(-2.77777777770155933842e-03), c));
    c = vmulq_f64(t, vaddq_f64(c2(1.66666666666666019037e-01), c));
    c = vsubq_f64(r, c);
    y = vdivq_f64(vmulq_f64(r, c), vsubq_f64(c2(2.0), c));
    y = vsubq_f64(c2(1.0), vsubq_f64(vsubq_f64(lo, y), hi));
    power = vshlq_n_s64(vaddq_s64(vcvtq_s64_f64(k), vdupq_n_s64(1023)), 52);
    return vmulq_f64(y, vreinterpretq_f64_s64(power));
}

static void
exp_neon(const double *x, int32_t count, double *out)
{
    for (int32_t i = 0; i < count; i += 2) {
        vst1q_f64(out + i, exp_two(vld1q_f64(x + i)));
    }
}

/* All bits set where the mark is below, for two. */
static inline uint32x2_t
below2(const uint32_t *marks, const double *chances)
{
    return vmovn_u64(vcltq_f64(load_words(marks), vmulq_f64(vld1q_f64(chances), c2(4294967296.0))));
}

static void
below_neon(const uint32_t *marks, const double *chances, int32_t count, uint8_t *out)
{
    for (int32_t i = 0; i < count; i += 8) {
        uint32x4_t first = vcombine_u32(below2(marks + i, chances + i), below2(marks + i + 2, chances + i + 2));
        uint32x4_t last = vcombine_u32(below2(marks + i + 4, chances + i + 4), below2(marks + i + 6, chances + i + 6));
        uint8x8_t bytes = vmovn_u16(vcombine_u16(vmovn_u32(first), vmovn_u32(last)));
        vst1_u8(out + i, vand_u8(bytes, vdup_n_u8(1)));
    }
}

const stn__kernels stn__kernels_neon = { "neon", draw_neon, draw_keys_neon, gap_neon, exp_neon, below_neon,
    stn__due_c };

#else
typedef int stn__no_neon; /* a file may not be empty */
#endif
