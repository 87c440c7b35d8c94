# SPDX-License-Identifier: Apache-2.0
# The toy regime in numba, event by event inside monthly windows. rng=mt: numba's own np.random; rng=ctr: a counter hash.
import sys, time, json, numpy as np, numba as nb
from numba import njit, prange
N = int(sys.argv[1]); threads = int(sys.argv[2]); which = sys.argv[3] if len(sys.argv) > 3 else 'mt'
nb.set_num_threads(threads)
NK = 16
acc = np.array([.5, .4, .3, .2], np.float32); det = (.1 + .02 * np.arange(NK)).astype(np.float32)
pts = np.array([5 if k < 3 else -(5 + 3 * k) for k in range(NK)], np.int32)

@njit(inline='always')
def judge(s): return 3 if s < 600 else 2 if s < 850 else 1 if s < 1000 else 0

@njit(parallel=True, fastmath=True)
def month_mt(end, nxt, cls, score, band, until, acc, det, pts, inv):
    opp = 0; act = 0; hits = 0; listed = 0
    for i in prange(len(nxt)):
        t = nxt[i]
        if t >= end: continue
        while t < end:
            opp += 1
            kind = np.random.randint(16)
            if np.random.random() < acc[band[i]]:
                act += 1
                if np.random.random() < det[kind]:
                    hits += 1
                    s = min(1300, max(0, score[i] + pts[kind])); score[i] = s; b = judge(s); band[i] = b
                    if b >= 2 and until[i] <= t: until[i] = t + 365; listed += 1
            t += np.float32(np.random.standard_exponential() * inv[cls[i]])
        nxt[i] = t
    return opp, act, hits, listed

@njit(inline='always')
def mix(x):
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xbf58476d1ce4e5b9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94d049bb133111eb)
    return x ^ (x >> np.uint64(31))

@njit(parallel=True, fastmath=True)
def month_ctr(end, nxt, cls, score, band, until, acc, det, pts, inv, k):
    opp = 0; act = 0; hits = 0; listed = 0
    for i in prange(len(nxt)):
        t = nxt[i]
        if t >= end: continue
        while t < end:
            opp += 1
            z = mix(np.uint64(i) * np.uint64(0x9e3779b97f4a7c15) + (np.uint64(k[i]) << np.uint64(40))); k[i] += 1
            kind = z & np.uint64(15)
            u = np.float32((z >> np.uint64(4)) & np.uint64(0xffffff)) * np.float32(1 / 16777216)
            v = np.float32((z >> np.uint64(40))) * np.float32(1 / 16777216)
            p = acc[band[i]]
            if u < p:
                act += 1
                if u < p * det[kind]:
                    hits += 1
                    s = min(1300, max(0, score[i] + pts[kind])); score[i] = s; b = judge(s); band[i] = b
                    if b >= 2 and until[i] <= t: until[i] = t + 365; listed += 1
            t -= np.log(v + np.float32(3e-8)) * inv[cls[i]]
        nxt[i] = t
    return opp, act, hits, listed

rng = np.random.default_rng(1)
cls = rng.integers(0, 64, N, dtype=np.uint8); rate = (4 / 365 * (.5 + np.arange(64) / 64)); inv = (1 / rate).astype(np.float32)
nxt = rng.standard_exponential(N, dtype=np.float32) * inv[cls]
score = np.full(N, 1000, np.int16); band = np.zeros(N, np.uint8); until = np.zeros(N, np.float32); k = np.zeros(N, np.uint16)
extra = (k,) if which == 'ctr' else ()
f = month_ctr if which == 'ctr' else month_mt
warm = [x[:8].copy() for x in (nxt, cls, score, band, until)]
t0 = time.perf_counter(); f(1.0, *warm, acc, det, pts, inv, *(x[:8].copy() for x in extra)); comp = time.perf_counter() - t0
tot = np.zeros(4, np.int64); t0 = time.perf_counter()
for w in range(24): tot += f((w + 1) * 30.4375, nxt, cls, score, band, until, acc, det, pts, inv, *extra)
sec = time.perf_counter() - t0
print(json.dumps(dict(N=N, cores=threads, sec=sec, opp=int(tot[0]), act=int(tot[1]), det=int(tot[2]), listed=int(tot[3]), compile_s=comp)))
