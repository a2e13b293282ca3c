"""Packages that are called like functions: `heliorack.run` is a package, and `heliorack.run(case, out)` solves a case into a folder."""

from __future__ import annotations

import sys
from importlib import import_module
from inspect import Signature, signature
from types import ModuleType
from typing import Any, ClassVar


class CallablePackage(ModuleType):
    """A package that can be called. Once any module in it is imported, Python puts the package where `from heliorack import run` looks."""

    homes: ClassVar[dict[str, str]] = {}  #: module of the function, by name of the package

    def _function(self) -> Any:
        return getattr(import_module(self.homes[self.__name__]), self.__name__.rpartition(".")[2])

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function of the package's name."""
        return self._function()(*args, **kwargs)

    @property
    def __signature__(self) -> Signature:
        return signature(self._function())


def make_callable(package: str, home: str) -> None:
    """Let calls of a package go to the function of its name in the module `home`, which is imported by the first call."""
    CallablePackage.homes[package] = home
    sys.modules[package].__class__ = CallablePackage
