# SPDX-License-Identifier: Apache-2.0
"""Random numbers by name, and the few formulas made of them.

docs/semantics.md, section 1, in Python. A draw is a pure function of what it is for: of the seed, a purpose, a population
and three numbers. There is no generator that remembers anything.

Python's floats are IEEE doubles and its operations round as the page asks; whole numbers do not wrap by themselves, so the
code cuts them to 32 or 64 bits by hand.
"""
import math

OPPORTUNITY, FALSE, VERDICT, VERDICT_FALSE, PAY, PAY_FALSE, ATTEMPT, BASE = range(1, 9)
SHARE, NOTICE, OBJECTION, APPEAL, CORRECTION, REPAIR, REVIEW = range(9, 16)
CITY = 16  # and up: city.py, lives.py
RESUME = 26

NEVER = 2**32 - 1  # a time or a gap that never comes
U32 = 2**32 - 1
U64 = 2**64 - 1


def philox(seed, c0, c1, c2, c3):
    """Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011): four words from a 64-bit key and four counters."""
    k0, k1 = seed & U32, seed >> 32
    for _ in range(10):
        p0, p1 = c0 * 0xD2511F53, c2 * 0xCD9E8D57
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & U32, (p0 >> 32) ^ c3 ^ k1, p0 & U32
        k0, k1 = (k0 + 0x9E3779B9) & U32, (k1 + 0xBB67AE85) & U32
    return c0, c1, c2, c3


def draw(seed, purpose, population, c0, c1, c2, false=False):
    """`false`: it concerns a false record (of the purposes that have no number of their own for those)."""
    return philox(seed, c0, c1, c2, purpose + 256 * population + (65536 if false else 0))


def fnv(text):
    """32-bit FNV-1a of a text: `hash` on the page."""
    h = 2166136261
    for byte in text.encode("utf-8"):
        h = ((h ^ byte) * 16777619) & U32
    return h


def mix(x):
    """Murmur3's finaliser: one word to another, one to one."""
    x ^= x >> 16
    x = (x * 0x85EBCA6B) & U32
    x ^= x >> 13
    x = (x * 0xC2B2AE35) & U32
    x ^= x >> 16
    return x


def below(w, p):
    """Whether the word w falls within a chance of p."""
    return float(w) < p * 4294967296.0


LN2_HI, LN2_LO = 6.93147180369123816490e-01, 1.90821492927058770002e-10
L1, L2, L3, L4 = 6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01, 2.222219843214978396e-01
L5, L6, L7 = 1.818357216161805012e-01, 1.531383769920937332e-01, 1.479819860510658591e-01
P1, P2, P3 = 1.66666666666666019037e-01, -2.77777777770155933842e-03, 6.61375632143793436117e-05
P4, P5 = -1.65339022054652515390e-06, 4.13813679705723846039e-08


def log(x):
    """Natural logarithm of a positive normal number, the same bits everywhere (after fdlibm, Sun Microsystems 1993)."""
    m, e = math.frexp(x)  # exact
    if m < 0.70710678118654752440:
        m, e = m + m, e - 1
    f = m - 1.0
    s = f / (2.0 + f)
    z = s * s
    r = z * (L1 + z * (L2 + z * (L3 + z * (L4 + z * (L5 + z * (L6 + z * L7))))))
    h = 0.5 * f * f
    e = float(e)
    return e * LN2_HI - ((h - (s * (h + r) + e * LN2_LO)) - f)


def exp(x):
    """e to the power x, for x cut to [-700, 700], the same bits everywhere."""
    x = min(max(x, -700.0), 700.0)
    k = float(math.floor(x * 1.44269504088896338700 + 0.5))
    hi = x - k * LN2_HI
    lo = k * LN2_LO
    r = hi - lo
    t = r * r
    c = r - t * (P1 + t * (P2 + t * (P3 + t * (P4 + t * P5))))
    y = 1.0 - ((lo - (r * c) / (2.0 - c)) - hi)
    return math.ldexp(y, int(k))  # exact


def gap(w, r):
    """Minutes until the next event of a stream of r per minute."""
    if not r > 0:
        return NEVER
    g = -log((float(w) + 0.5) / 4294967296.0) / r
    if g >= 4294967294.0:
        return NEVER
    return math.floor(g + 0.5)


def later(t, g):
    """The time g minutes after t."""
    if g == NEVER or t + g >= NEVER:
        return NEVER
    return t + g


def fin(x):
    """Splitmix64's finaliser."""
    x ^= x >> 30
    x = (x * 0xBF58476D1CE4E5B9) & U64
    x ^= x >> 27
    x = (x * 0x94D049BB133111EB) & U64
    x ^= x >> 31
    return x


def derive(row, key, x):
    """The key of something that follows from record `key` of somebody in `row`."""
    return fin(fin((row + (key << 32)) & U64) ^ x) & U32


DIGEST_START = 0x5374616E64696E67


def absorb(h, v):
    return fin(((h ^ (v & U64)) + 0x9E3779B97F4A7C15) & U64)


def alias_build(weights):
    """Walker's table, built as Vose (1991) does: a list of pairs (cut, alias), one for each weight."""
    n = len(weights)
    total = 0.0
    for weight in weights:
        total = total + weight
    q = [weight * float(n) / total for weight in weights]
    cut, alias = [1.0] * n, list(range(n))
    small = [b for b in range(n) if q[b] < 1]
    large = [b for b in range(n) if not q[b] < 1]
    while small and large:
        s, l = small.pop(), large.pop()
        cut[s], alias[s] = q[s], l
        q[l] = (q[l] + q[s]) - 1
        if q[l] < 1:
            small.append(l)
        else:
            large.append(l)
    return list(zip(cut, alias))


def alias_pick(table, word):
    x = word * len(table)
    i = x >> 32
    cut, alias = table[i]
    return i if below(x & U32, cut) else alias
