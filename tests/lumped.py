"""A network file of `heliorack export --to glgr`, read and solved by scipy alone."""

import re

import numpy as np
from command.cli_runner import SIGMA

ZERO = 273.15


class Network:
    """Nodes, conductors and heat over time of a network.d."""

    def __init__(self, path):
        text = path.read_text(encoding="utf-8")
        self.names = re.findall(r"^D\d+ = '([^']*)'", text, re.M)
        self.capacity = np.array([float(c) for c in re.findall(r"^D\d+ = .*?C = ([-+\d.e]+)", text, re.M)])
        self.sink = float(re.search(r"^B99999 = 'space', T = ([-\d.e+]+);", text, re.M)[1]) + ZERO
        self.period = float(re.search(r"^PERIOD = ([\d.e+]+);", text, re.M)[1])
        n = len(self.names)
        self.laplace = {"GL": np.zeros((n, n)), "GR": np.zeros((n, n))}
        self.space = np.zeros(n)
        for kind, one, other, value in re.findall(r"^(GL|GR)\((\d+), (\d+)\) = ([-\d.e+]+);", text, re.M):
            i, j, value = int(one) - 1, int(other) - 1, float(value)
            if j == 99998:
                self.space[i] = value
            else:
                self.laplace[kind][[i, j], [i, j]] += value
                self.laplace[kind][[i, j], [j, i]] -= value
        self.heat = []
        for said in re.findall(r"^Q\d+\(2, \d+\) =([^;]*);", text, re.M):
            self.heat.append(np.array([float(v) for v in said.split(",")]).reshape(-1, 2).T)

    def left(self, T, heat):
        """Heat that each node takes up [W]."""
        return heat - self.laplace["GL"] @ T - SIGMA * (self.laplace["GR"] @ T**4 + self.space * (T**4 - self.sink**4))

    def orbit(self, asked=None):
        """Lowest, mean and highest temperature of every node over a periodic orbit [degC], heated as `asked` is: three arrays."""
        from scipy.integrate import solve_ivp
        from scipy.optimize import fsolve

        given = (asked or self).heat
        period = (asked or self).period
        means = np.array([np.trapezoid(heat, times) / period for times, heat in given])
        T = fsolve(lambda T: self.left(T, means), np.full(len(means), 290.0))
        for _ in range(4):
            found = solve_ivp(
                lambda t, T: self.left(T, np.array([np.interp(t, *one) for one in given])) / self.capacity, (0, period), T,
                method="BDF", rtol=1e-5, atol=1e-3, max_step=120.0, dense_output=True,
            )  # fmt: skip
            T = found.y[:, -1]
        samples = found.sol(np.linspace(0, period, 600)) - ZERO
        return samples.min(axis=1), samples.mean(axis=1), samples.max(axis=1)
