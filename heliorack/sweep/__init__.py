"""Many designs of one case; called as `heliorack.sweep(path, out)` it is `heliorack.sweep.into_folder.sweep`."""

from heliorack.runtime.callable_package import make_callable

make_callable(__name__, "heliorack.sweep.into_folder")
