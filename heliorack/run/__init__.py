"""From a case to a run folder; called as `heliorack.run(case, out)` it is `heliorack.run.into_folder.run`."""

from heliorack.runtime.callable_package import make_callable

make_callable(__name__, "heliorack.run.into_folder")
