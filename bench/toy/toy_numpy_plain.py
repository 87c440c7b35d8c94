# SPDX-License-Identifier: Apache-2.0
# The toy regime in NumPy, month-stepped, as most users would write it (whole-population arrays, float64 defaults).
import sys, time, json, numpy as np
N = int(sys.argv[1]); rng = np.random.default_rng(1); NK = 16
cls = rng.integers(0, 64, N); lam = 4 / 365 * (.5 + cls / 64) * 30.4375
acc = np.array([.5, .4, .3, .2]); det = .1 + .02 * np.arange(NK)
pts = np.array([5 if k < 3 else -(5 + 3 * k) for k in range(NK)])
score = np.full(N, 1000); band = np.zeros(N, int); until = np.zeros(N)
opp = act = ndet = listed = 0; t0 = time.perf_counter()
for w in range(24):
    n = rng.poisson(lam); who = np.repeat(np.arange(N), n); opp += len(who)
    kind = rng.integers(0, NK, len(who))
    a = rng.random(len(who)) < acc[band[who]]; act += a.sum()
    d = a & (rng.random(len(who)) < det[kind]); ndet += d.sum()
    who, kind = who[d], kind[d]
    score = np.clip(score + np.bincount(who, weights=pts[kind], minlength=N), 0, 1300)
    band = 3 - np.digitize(score, [600, 850, 1000])
    hit = np.zeros(N, bool); hit[who] = True
    new = hit & (band >= 2) & (until <= w); until[new] = w + 12; listed += new.sum()
print(json.dumps(dict(N=N, cores=1, sec=time.perf_counter() - t0, opp=int(opp), act=int(act), det=int(ndet), listed=int(listed))))
