"""Drawing without a window on this machine: what VTK finds, and what to install where it finds nothing."""

import ctypes
import os
import sys
from functools import cache
from typing import Any

MISSING = "no off-screen OpenGL on this machine (libEGL with a Mesa driver); on Debian or Ubuntu: apt-get install libegl1 libgl1-mesa-dri"


class GraphicsError(RuntimeError):
    """VTK cannot draw here; says what to install."""


@cache
def off_screen() -> str | None:
    """Class of VTK window that draws without a display here; None if there is none.

    Asks EGL itself first: VTK ends the process with a segmentation fault where it finds no driver.
    """
    if _egl_works():
        return "vtkEGLRenderWindow"
    for name in ("libOSMesa.so.8", "libOSMesa.so.6", "libOSMesa.so"):
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return "vtkOSOpenGLRenderWindow"
    return None


def _egl_works() -> bool:
    """True when one of the devices of EGL (a software one is enough) can be opened, the way VTK opens them."""
    platform_device = 0x313F  # EGL_PLATFORM_DEVICE_EXT
    try:
        egl = ctypes.CDLL("libEGL.so.1")
    except OSError:
        return False
    egl.eglGetProcAddress.restype, egl.eglGetProcAddress.argtypes = ctypes.c_void_p, [ctypes.c_char_p]
    egl.eglInitialize.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
    list_devices, open_display = egl.eglGetProcAddress(b"eglQueryDevicesEXT"), egl.eglGetProcAddress(b"eglGetPlatformDisplayEXT")
    if not list_devices or not open_display:
        return False
    query = ctypes.CFUNCTYPE(ctypes.c_uint, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(list_devices)
    display_of = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p)(open_display)
    devices, count = (ctypes.c_void_p * 16)(), ctypes.c_int(0)
    if not query(16, ctypes.byref(devices), ctypes.byref(count)):
        return False
    displays = [display_of(platform_device, devices[i], None) for i in range(count.value)]
    return any(display and egl.eglInitialize(display, None, None) for display in displays)


def pyvista_off_screen() -> Any:
    """PyVista, set to draw without a window.

    Raises:
        GraphicsError: nothing on this machine can draw.
    """
    if sys.platform == "linux" and not os.environ.get("DISPLAY"):
        window = off_screen()
        if window is None:
            raise GraphicsError(MISSING)
        os.environ["VTK_DEFAULT_OPENGL_WINDOW"] = window
    import pyvista

    quiet_vtk()
    return pyvista


def quiet_vtk() -> None:
    """Only errors of VTK reach standard error: its warnings speak of drivers, not of the run."""
    from vtkmodules.vtkCommonCore import vtkLogger

    vtkLogger.SetStderrVerbosity(vtkLogger.VERBOSITY_ERROR)
