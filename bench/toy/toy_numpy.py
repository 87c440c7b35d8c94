# SPDX-License-Identifier: Apache-2.0
# The toy regime in NumPy, month-stepped, written for speed: residents are kept sorted by class so that
# every chunk has one rate, one uniform serves acceptance and detection, and only touched rows are updated.
import sys, time, json, numpy as np

def run(N, months=24, yearly=4.0, chunk=1 << 16, seed=1):
    rng = np.random.Generator(np.random.SFC64(seed))
    NK = 16
    acc = np.array([.5, .4, .3, .2], np.float32)
    det = (.1 + .02 * np.arange(NK)).astype(np.float32)
    pts = np.array([5 if k < 3 else -(5 + 3 * k) for k in range(NK)], np.int32)
    cut = np.array([600, 850, 1000])
    band_of = (3 - np.searchsorted(cut, np.arange(1301), side='right')).astype(np.uint8)
    sizes = np.bincount(rng.integers(0, 64, N), minlength=64)
    groups, lo = [], 0
    for c, n in enumerate(sizes):
        for a in range(lo, lo + n, chunk):
            groups.append((a, min(a + chunk, lo + n), yearly / 365 * (.5 + c / 64) * 30.4375))
        lo += n
    score = np.full(N, 1000, np.int16); band = np.zeros(N, np.uint8)
    p = np.full(N, acc[0], np.float32); until = np.zeros(N, np.int16)
    opp = act = ndet = listed = 0
    t0 = time.perf_counter()
    for w in range(months):
        for a, b, lam in groups:
            n = b - a; m = int(rng.poisson(n * lam)); opp += m
            who = rng.integers(0, n, m, dtype=np.uint32)
            kind = rng.integers(0, NK, m, dtype=np.uint8)
            u = rng.random(m, dtype=np.float32)
            pa = p[a:b].take(who)
            act += int(np.count_nonzero(u < pa))
            pa *= det.take(kind)
            hit = np.flatnonzero(u < pa); ndet += len(hit)
            who = who.take(hit); d = pts.take(kind.take(hit))
            order = who.argsort(kind='stable'); who = who.take(order); d = d.take(order)
            first = np.flatnonzero(np.concatenate(([True], who[1:] != who[:-1]))) if len(who) else hit
            if not len(first): continue
            d = np.add.reduceat(d, first); who = who.take(first)
            s = score[a:b]; s1 = np.clip(s[who] + d, 0, 1300); s[who] = s1
            b1 = band_of.take(s1); p[a:b][who] = acc.take(b1); band[a:b][who] = b1
            low = who[b1 >= 2]
            un = until[a:b]; new = low[un[low] <= w]; un[new] = w + 12; listed += len(new)
    return time.perf_counter() - t0, opp, act, ndet, listed

def part(a): return run(*a)
if __name__ == '__main__':
    N = int(sys.argv[1]); procs = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    t0 = time.perf_counter()
    if procs == 1: r = run(N)
    else:
        from multiprocessing import get_context
        with get_context('fork').Pool(procs) as pool:
            rs = pool.map(part, [(N // procs, 24, 4.0, 1 << 16, 100 + i) for i in range(procs)])
        r = (max(x[0] for x in rs),) + tuple(sum(x[i] for x in rs) for i in range(1, 5))
    print(json.dumps(dict(N=N, cores=procs, sec=r[0], opp=r[1], act=r[2], det=r[3], listed=r[4])))
