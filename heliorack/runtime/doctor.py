"""Looks for what pip cannot install, one line for each thing that is missing; `make` runs it after setting up."""

import ctypes.util
import shutil
import sys


def missing() -> list[str]:
    """What is missing on this machine, each with what to install."""
    found = []
    if not any(shutil.which(name) for name in ("cc", "gcc", "clang")):
        found.append("a C compiler (forms are compiled at run time): on Debian, apt-get install gcc libc6-dev")
    try:
        import gmsh  # noqa: F401
    except ImportError:
        found.append("gmsh, to mesh what a case draws: pip install 'heliorack[mesh]'")
    except OSError as error:
        found.append(
            f"a library that gmsh needs ({error}): on Debian, apt-get install libglu1-mesa libxcursor1 libxft2 libxinerama1 libxrender1"
        )
    if not any(ctypes.util.find_library(name) for name in ("EGL", "OSMesa", "GL")):
        found.append("a graphics library for pictures: on Debian, apt-get install libegl1 libgl1-mesa-dri")
    return found


def main() -> None:
    """Print what is missing; exit 1 if anything is."""
    said = missing()
    for line in said:
        print(f"heliorack needs {line}", file=sys.stderr)
    sys.exit(1 if said else 0)


if __name__ == "__main__":
    main()
