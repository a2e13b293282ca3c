"""Cases of nodes and loops as text, and what solving them in this process gives."""

from heliorack.case.case import loads
from heliorack.run.network_run import simulate_network


def node(name, **keys):
    """A [[network.nodes]] table."""
    return table("nodes", name=f'"{name}"', **keys)


def table(kind, **keys):
    """A [[network.KIND]] table; values as TOML has them."""
    lines = "\n".join(f"{key} = {value}" for key, value in keys.items())
    return f"[[network.{kind}]]\n{lines}\n"


def tie(one, other, conductance):
    """A conductor."""
    return table("conductors", between=f'["{one}", "{other}"]', conductance_W_K=conductance)


def glow(one, other, exchange):
    """A radiative conductor."""
    return table("radiative_conductors", between=f'["{one}", "{other}"]', exchange_m2=exchange)


def solved(text, *overrides):
    """Result of a case text."""
    return simulate_network(loads(text, overrides))


STEADY = '[run]\nkind = "steady"\n'


def transient(duration, start=20):
    """A [run] table."""
    return f'[run]\nkind = "transient"\nduration_s = {duration}\nstart_degC = {start}\n'
