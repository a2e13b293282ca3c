"""All kept moments of a run in one VTKHDF file, as ParaView and PyVista read it."""

from pathlib import Path
from typing import Any

from heliorack.runfolder.fields import Frame, ViewError


def write(kept: tuple[Frame, ...], target: Path) -> list[Path]:
    """Write the mesh once and temperatures at every kept moment [degC, s].

    Raises:
        ViewError: the file cannot be written, or a kept moment cannot be read; nothing is left of it then.
    """
    from vtkmodules.vtkCommonCore import vtkLogger
    from vtkmodules.vtkIOHDF import vtkHDFWriter

    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f"{target.stem}.partial{target.suffix}")
    unread: list[Path] = []
    source, writer = _source(kept, unread), vtkHDFWriter()
    writer.SetInputConnection(source.GetOutputPort())
    writer.SetFileName(str(temporary))
    writer.SetWriteAllTimeSteps(True)
    writer.SetCompressionLevel(4)
    cutoff = vtkLogger.GetCurrentVerbosityCutoff()
    vtkLogger.SetStderrVerbosity(vtkLogger.VERBOSITY_OFF)  # what it complains of has words here
    try:
        written = bool(writer.Write()) and temporary.exists()
    finally:
        vtkLogger.SetStderrVerbosity(cutoff)
    if written and not unread:
        temporary.replace(target)
        return [target]
    temporary.unlink(missing_ok=True)
    raise ViewError(f"{unread[0]} cannot be read as a temperature field; run the case again" if unread else f"{target} cannot be written")


def _source(kept: tuple[Frame, ...], unread: list[Path]) -> Any:
    """What hands VTK's writer the kept moments; files that cannot be read are added to `unread`."""
    from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
    from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline as Pipeline
    from vtkmodules.vtkIOXML import vtkXMLUnstructuredGridReader

    class Moments(VTKPythonAlgorithmBase):
        """Hands out the moment that is asked for; the mesh is read once, so that the writer knows that it stands still."""

        def __init__(self) -> None:
            super().__init__(nInputPorts=0, nOutputPorts=1, outputType="vtkUnstructuredGrid")
            self.mesh: Any = None

        def RequestInformation(self, request: Any, inputs: Any, outputs: Any) -> int:
            info = outputs.GetInformationObject(0)
            times = [frame.time for frame in kept]
            info.Remove(Pipeline.TIME_STEPS())
            for time in times:
                info.Append(Pipeline.TIME_STEPS(), time)
            info.Set(Pipeline.TIME_RANGE(), [times[0], times[-1]], 2)
            return 1

        def RequestData(self, request: Any, inputs: Any, outputs: Any) -> int:
            info = outputs.GetInformationObject(0)
            time = info.Get(Pipeline.UPDATE_TIME_STEP()) if info.Has(Pipeline.UPDATE_TIME_STEP()) else kept[0].time
            frame = min(kept, key=lambda one: abs(one.time - time))
            reader = vtkXMLUnstructuredGridReader()
            reader.SetFileName(str(frame.path))
            reader.Update()
            found = reader.GetOutput()
            if reader.GetErrorCode() or found.GetPointData().GetArray("temperature_degC") is None:
                unread.append(frame.path)
            self.mesh = found if self.mesh is None else self.mesh
            given = self.GetOutputData(outputs, 0)
            given.ShallowCopy(self.mesh)
            given.GetPointData().ShallowCopy(found.GetPointData())
            given.GetInformation().Set(given.DATA_TIME_STEP(), frame.time)
            return 1

    return Moments()
