"""How much of what a process has freed it keeps for what it asks for next."""

import ctypes
import sys

MMAP_THRESHOLD, TRIM_THRESHOLD = -3, -1  #: numbers of glibc's malloc.h
#: Blocks up to this many bytes come from memory that the process has, and so much of it stays when it is free. Factors and their work space
#: are made anew again and again; given back each time, their pages were zeroed 160 000 times more in a load case of gpu_tray_leo.
BLOCK, KEPT = 256 << 20, 512 << 20


def keep_freed() -> None:
    """Keep freed memory within bounds; nothing where the C library is another than glibc."""
    if not sys.platform.startswith("linux"):
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return
    mallopt(MMAP_THRESHOLD, BLOCK)
    mallopt(TRIM_THRESHOLD, KEPT)
