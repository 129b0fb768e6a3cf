#!/usr/bin/python3
"""Fits the same data as `Pbt.Benchmarks bandit FILE` by scikit-learn, and prints how long that takes.

usage: sklearn_fits.py FILE

The kernel is the same, written as a kernel class of scikit-learn with its gradient, plus WhiteKernel for the noise. What differs:
scikit-learn optimises every parameter in the logarithm by SciPy's L-BFGS-B to that one's own tolerance, epsilon is bounded by 1e-5
below instead of 0, and there are no priors. One thread each (the BLAS is told so), medians of three runs, processor time.
"""
import os
import sys
import time
import warnings

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

try:
    import numpy as np
    from scipy.spatial.distance import cdist
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import Hyperparameter, Kernel, WhiteKernel
except ImportError as missing:
    print(f"scikit-learn: skipped ({missing}); Debian has it as python3-sklearn")
    sys.exit(0)

REPEATS = 3
BOUNDS = {"variance": (0.01, 20), "length": (0.005, 20), "forgetting": (1e-5, 0.5), "noise": (1e-4, 10)}


class TimeVarying(Kernel):
    """variance * exp(-|z - z'|^2 / length) * (1 - forgetting)^(|t - t'| / 2); t is column 0."""

    def __init__(self, variance=1.0, length=1.0, forgetting=0.1):
        self.variance = variance
        self.length = length
        self.forgetting = forgetting

    @property
    def hyperparameter_forgetting(self):
        return Hyperparameter("forgetting", "numeric", BOUNDS["forgetting"])

    @property
    def hyperparameter_length(self):
        return Hyperparameter("length", "numeric", BOUNDS["length"])

    @property
    def hyperparameter_variance(self):
        return Hyperparameter("variance", "numeric", BOUNDS["variance"])

    def __call__(self, X, Y=None, eval_gradient=False):
        Y = X if Y is None else Y
        elapsed = np.abs(X[:, :1] - Y[:, :1].T)
        squared = cdist(X[:, 1:], Y[:, 1:], "sqeuclidean")
        K = self.variance * np.exp(-squared / self.length) * (1 - self.forgetting) ** (0.5 * elapsed)
        if not eval_gradient:
            return K
        # By the logarithms, in the alphabetical order of the names.
        return K, np.dstack((-0.5 * elapsed * self.forgetting / (1 - self.forgetting) * K, squared / self.length * K, K))

    def diag(self, X):
        return np.full(len(X), self.variance)

    def is_stationary(self):
        return True


def read(path):
    blocks = []
    with open(path, encoding="ascii") as lines:
        for line in lines:
            if line.startswith("#"):
                blocks.append([])
            else:
                blocks[-1].append([float(part) for part in line.split()])
    return [np.array(block) for block in blocks]


def median(run):
    times = []
    for _ in range(REPEATS):
        began = time.process_time()
        run()
        times.append(1000 * (time.process_time() - began))
    return sorted(times)[REPEATS // 2]


def main(path):
    warnings.filterwarnings("ignore")
    for block in read(path):
        y, X = block[:, 0], block[:, 1:]
        kernel = TimeVarying() + WhiteKernel(1.0, BOUNDS["noise"])
        fixed = GaussianProcessRegressor(kernel, alpha=0, optimizer=None).fit(X, y)
        evaluation = median(lambda: fixed.log_marginal_likelihood(kernel.theta, eval_gradient=True))
        fitted = GaussianProcessRegressor(kernel, alpha=0)
        fit = median(lambda: fitted.fit(X, y))
        found = fitted.kernel_
        print(
            f"scikit-learn, {len(y)} rows: likelihood with gradient {evaluation:.1f} ms, fit of the kernel from one start {fit:.0f} ms"
            f"  [log likelihood {fitted.log_marginal_likelihood_value_:.3f}: variance {found.k1.variance:.3g}, length {found.k1.length:.3g},"
            f" forgetting {found.k1.forgetting:.3g}, noise {found.k2.noise_level:.3g}]",
            flush=True,
        )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
