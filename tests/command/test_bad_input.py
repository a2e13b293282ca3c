"""Malformed questions: exit code 2, the decisive words, nothing solved and nothing written."""

import re
from pathlib import Path

import pytest
from command.cli_runner import BENCH, EDGE, FLYING, SET, case, command, here, solved

from heliorack.runfolder import folder

pytestmark = pytest.mark.usefixtures("without_pictures")

PACK = FLYING.index('name = "pack"')
TRANSIENT = FLYING + '[run]\nkind = "transient"\norbits = 0.05\nstate = "STATE"\n'


def changed(old: str, new: str, text: str = FLYING) -> str:
    """The text with its one `old` replaced."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def refused(path: Path, target: Path, *options: str) -> str:
    """Words of a run that is refused; it leaves no run folder, and nothing half written."""
    done = here("run", path, "-o", target, *options)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert not target.exists()
    assert not target.with_name(f"{target.name}.partial").exists()
    return done.stderr


FAULTS = {
    "malformed TOML": (
        changed("beta_deg = 30", "beta_deg = "),
        "tiny.toml:6:12: not TOML: invalid value\n  beta_deg = \n             ^",
    ),
    "unknown key": (
        changed("beta_deg = 30", "beta = 30"),
        "  orbit.beta = 30   unknown key; did you mean beta_deg?",
    ),
    "wrong type": (
        changed("altitude_km = 550", 'altitude_km = "550"'),
        '  orbit.altitude_km = "550"   must be a number; write 550',
    ),
    "out of range": (
        changed("altitude_km = 550", "altitude_km = 100"),
        "  orbit.altitude_km = 100   must be at least 150 km",
    ),
    "name used twice": (
        changed('name = "pack"', 'name = "server"'),
        '  parts.2.name = "server"         used twice in parts; every name must be its own',
    ),
    "contact naming a missing part": (
        changed('between = ["pack", "plate"]', 'between = ["pack", "plat"]'),
        '  contacts.1.between.1 = "plat"   no such part; did you mean plate?',
    ),
    "touching parts without contact": (
        re.sub(r"\[\[contacts\]\]\nbetween = .*\nconductance_W_m2K = .*\n", "", FLYING),
        "2 touching pairs of parts without a contact:\n  plate - server   1e+04 mm2\n  plate - pack   6000 mm2\nSay how heat crosses",
    ),
    "contact of parts apart": (
        changed("position_mm = [80, 0, 23]", "position_mm = [80, 0, 43]"),
        "1 contact between parts that never touch:\n  contacts.1   pack - plate",
    ),
    "unknown material": (
        changed('material = "sheet"', 'material = "al_60611"'),
        '  parts.plate.material = "al_60611"   unknown material; did you mean al_6061?',
    ),
    "unknown coating": (
        FLYING[:PACK] + changed('coating = "z93"', 'coating = "z9"', FLYING[PACK:]),
        '  parts.pack.coating = "z9"   unknown coating; did you mean z93?',
    ),
    "unknown face": (
        FLYING + '[[boundaries]]\nkind = "temperature"\nfaces = "plate:+w"\ntemperature_degC = 20\n',
        '  boundaries.0.faces = "plate:+w"   no such face; did you mean plate:+x?',
    ),
    "no way to lose heat": (
        FLYING.replace('coating = "z93"', 'coating = "insulated"'),
        "  parts.plate   plate, server and pack have no way to lose heat; give a face a coating",
    ),
    "a part cut off": (
        FLYING[:PACK]
        + FLYING[PACK:]
        .replace('coating = "z93"', 'coating = "insulated"', 1)
        .replace("[80, 0, 23]", "[80, 0, 43]")
        .replace('[[contacts]]\nbetween = ["pack", "plate"]\nconductance_W_m2K = 200\n', ""),
        "  parts.pack   pack has no way to lose heat",
    ),
    "overlap": (
        changed("position_mm = [-60, 0, 23]", "position_mm = [-60, 0, 20]"),
        "parts plate and server overlap by 3e+04 mm3",
    ),
    "preset and seasonal flux": (
        changed('preset = "hot"', 'preset = "hot"\nsolar = "seasonal"'),
        "environment",
    ),
    "no orbit to repeat with": (
        BENCH,
        '  orbit   missing; a periodic run repeats with its orbit; without one, set run.kind = "steady" or "transient"',
    ),
    "load case with a fault": (
        SET + '"compute.chip.profile.on_fraction" = 1.5\n',
        '  cases.idle."compute.chip.profile.on_fraction" = 1.5   ',
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_in_its_words(fault, tmp_path):
    """Each in the file, exit 2."""
    text, words = FAULTS[fault]
    assert words in refused(case(tmp_path, text), tmp_path / "run")


def test_all_faults_come_at_once(tmp_path):
    """Two in the base, one in a load case."""
    text = SET.replace("beta_deg = 30", "beta = 30").replace('material = "sheet"', 'material = "al_606"') + '"orbit.altitude_km" = 5\n'
    said = refused(case(tmp_path, text), tmp_path / "run")
    assert ": 3 problems\n" in said
    assert "cases.idle" in said


def test_refused_load_case_leaves_the_finished_ones(tmp_path):
    """Of the second case nothing stays, the first is whole and taken up again once the fault is mended."""
    path, target, partial = case(tmp_path, SET), tmp_path / "run", tmp_path / "run.partial"
    path.write_text(SET.replace("[cases.cold]", '[cases.cold]\nvariant = true\n"parts.server.position_mm" = [-60, 0, 20]'))
    assert here("run", path, "-o", target).exit_code == 2
    assert [each.name for each in partial.iterdir()] == ["hot"]
    done = (partial / "hot" / "manifest.json").read_bytes()
    path.write_text(SET)
    solved(path, target, "--resume")
    assert (target / "hot" / "manifest.json").read_bytes() == done
    assert not partial.exists()


def test_process_of_its_own_says_the_same_without_traceback(tmp_path):
    """The real entry point."""
    done = command("run", case(tmp_path, FAULTS["overlap"][0]), "-o", tmp_path / "run")
    assert (done.returncode, done.stdout) == (2, "")
    *progress, said = done.stderr.splitlines()
    assert said.startswith("parts plate and server overlap by 3e+04 mm3; move one of them (position_mm)")
    assert all(re.match(r" +\d+ s  ", line) for line in progress)  # only where the machine takes more than two seconds


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--set", "orbit.altitud_km=600"], "  orbit.altitud_km = 600   unknown key; did you mean altitude_km?"),
        (["--set", "parts.plat.width_mm=3"], "  parts.plat   no such item; did you mean plate?"),
        (["--set", "parts.plate.width_mm"], "  parts.plate.width_mm   must read path=value, for example orbit.altitude_km=600"),
        (["--set", "title.x=3"], "  title.x   title is not a table and has nothing inside"),
        (["--case", "hott"], "  cases.hott   no such load case; did you mean hot?"),
    ],
)
def test_options_that_lead_nowhere(options, words, tmp_path):
    """`--set` and `--case`."""
    assert words in refused(case(tmp_path, SET), tmp_path / "run", *options)


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ("orbit.altitude_km=400", '  orbit.altitude_km = "400"   must read path=start:stop:count, such as orbit.altitude_km=400:1000:7'),
        ("orbit.altitude_km=400:1000:0", "must read path=start:stop:count"),
        ("orbit.altitude_km=400:1000:-3", "must read path=start:stop:count"),
        ("orbit.altitude_km=400:1000:2.5", "must read path=start:stop:count"),
        ("orbit.altitude_km=400:inf:3", "must read path=start:stop:count"),
        ("orbit.altitude_km=low:high:3", "must read path=start:stop:count"),
        ("orbit.altitude_km", "must read path=start:stop:count"),
        ("=1:2:3", "must read path=start:stop:count"),
        ("orbit.altitud_km=400:1000:3", "unknown key; did you mean altitude_km?"),
        ("orbit.altitude_km=100:1000:3", "must be at least 150 km"),
        ("radiator_degC=-300:20:3", "must stay above absolute zero, -273.15 degC"),
    ],
)
def test_axis_that_is_none(over, words):
    """`size --over`."""
    done = here("size", EDGE, "--quick", "--over", over)
    assert (done.exit_code, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Warning" not in done.stderr


def test_sizes_need_a_power_table(tmp_path):
    """Which is said by name."""
    done = here("size", case(tmp_path), "--quick")
    assert done.exit_code == 2
    assert "  power   missing; closed-form sizes need it" in done.stderr


def test_folder_that_cannot_be_written(tmp_path):
    """Below a file, in /proc, or a file itself; force does not help."""
    path, file = case(tmp_path), tmp_path / "file"
    file.write_text("mine")
    for target, words in (
        (file / "run", f"cannot write to {file} (Not a directory); choose another folder with -o"),
        (Path("/proc/run"), "cannot write to /proc (No such file or directory); choose another folder with -o"),
    ):
        assert words in refused(path, target)
    for options in ([], ["--force"]):
        done = here("run", path, "-o", file, *options)
        assert done.exit_code == 2
        assert f"{file} is a file, not a folder; choose another place with -o" in done.stderr
    assert file.read_text() == "mine"


@pytest.mark.parametrize("there", [True, False])
def test_place_that_is_a_link(there, tmp_path):
    """To a folder, or to nowhere: refused before anything is solved, and left as it is; a folder below a link will do."""
    link, real = tmp_path / "link", tmp_path / "real"
    if there:
        real.mkdir()
    link.symlink_to(real)
    for options in ([], ["--force"], ["--resume"]):
        done = here("run", case(tmp_path), "-o", link, *options)
        assert done.exit_code == 2
        assert f"{link} is a link to {real}; give the folder itself with -o, or one in it" in done.stderr
    assert link.is_symlink()
    if there:
        folder.refuse_taken(link / "run")


@pytest.mark.parametrize("place", [".", "..", "/"])
def test_place_that_is_no_folder_of_its_own(place, tmp_path, monkeypatch):
    """Not even an empty current folder is moved away from under the user."""
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    done = here("run", case(tmp_path), "-o", place)
    assert done.exit_code == 2
    assert "cannot become a run folder; give the run a folder of its own with -o" in done.stderr


def test_folder_of_something_else_is_never_replaced(tmp_path):
    """Not even with --force."""
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("mine")
    for options in ([], ["--force"]):
        done = here("run", case(tmp_path), "-o", tmp_path / "thesis", *options)
        assert done.exit_code == 2
        assert "thesis is not empty and holds no run (--force replaces run folders only); choose another folder with -o" in done.stderr
    assert [path.name for path in (tmp_path / "thesis").iterdir()] == ["chapter.txt"]


def test_finished_run_is_replaced_only_by_force(tmp_path):
    """Refused at first, untouched; with --force the new one takes its place and nothing of the old is left."""
    path, target = case(tmp_path), tmp_path / "run"
    solved(path, target)
    (target / "note.txt").write_text("mine")
    before = {file: file.read_bytes() for file in target.rglob("*") if file.is_file()}
    for options in ([], ["--resume"]):
        done = here("run", path, "-o", target, *options)
        assert done.exit_code == 2
        assert done.stderr == f"{target} holds a finished run; choose another folder with -o, or --force to replace it\n"
    assert {file: file.read_bytes() for file in target.rglob("*") if file.is_file()} == before

    bad = here("run", path, "-o", target, "--force", "--set", "parts.server.position_mm=[-60,0,20]")
    assert bad.exit_code == 2
    assert (target / "note.txt").exists(), "a new run that fails leaves the old one"

    (tmp_path / "run.replaced").mkdir()
    (tmp_path / "run.replaced" / "stale").touch()  # as a run leaves that is killed while it takes its place
    solved(path, target, "--force")
    assert not (target / "note.txt").exists()
    assert {each.name for each in tmp_path.iterdir()} == {"tiny.toml", "run"}


def test_state_to_start_from(tmp_path):
    """One that is missing, none at all, or of another mesh is refused in words; the right one starts the run, also from its copy."""
    solved(case(tmp_path), tmp_path / "first")
    state = "first/state.npz"
    target = tmp_path / "run"

    said = refused(case(tmp_path, TRANSIENT.replace("STATE", "nowhere.npz"), "a.toml"), target)
    assert f'run.state = "nowhere.npz"   no such file in {tmp_path}; paths start at the folder of the case file' in said
    said = refused(case(tmp_path, TRANSIENT.replace("STATE", "first/summary.json"), "b.toml"), target)
    assert said == f"run.state: {tmp_path / 'first/summary.json'} is not the state.npz of a run\n"
    coarse = TRANSIENT.replace("STATE", state).replace("mesh_mm = 60", "mesh_mm = 100")
    said = refused(case(tmp_path, coarse, "c.toml"), target)
    assert re.search(r"is of another mesh: it has \d+ nodes, this case \d+; give the state.npz of a run with the same parts", said)
    moved = TRANSIENT.replace("STATE", state).replace("position_mm = [80, 0, 23]", "position_mm = [81, 0, 23]")
    assert "is of another mesh: it has" in refused(case(tmp_path, moved, "d.toml"), target)

    began = solved(case(tmp_path, TRANSIENT.replace("STATE", state), "e.toml"), target)
    assert began["kind"] == "transient"
    for file in (tmp_path / "first").iterdir():
        if file.is_file():
            file.unlink()
    again = solved(target / "case.toml", tmp_path / "again")
    assert again["parts"] == began["parts"]


@pytest.mark.parametrize("kind", ["PETSc", "MPI", "memory"])
def test_error_of_a_library_is_worded(kind, tmp_path, monkeypatch):
    """PETSc, MPI and memory: exit 1, one sentence with a remedy, the work so far stays for --resume."""
    from mpi4py import MPI
    from petsc4py import PETSc

    error = {"PETSc": PETSc.Error(76), "MPI": MPI.Exception(MPI.ERR_OTHER), "memory": MemoryError()}[kind]

    def fail(*arguments, **options):
        raise error

    monkeypatch.setattr("thermal.solve.periodic_march.PeriodicMarch.solve", fail)
    done = here("run", case(tmp_path), "-o", tmp_path / "run")
    assert done.exit_code == 1
    assert "the solve stopped (" in done.stderr  # below the progress of a machine that takes more than two seconds
    assert {"PETSc": "PETSc: ", "MPI": "MPI: ", "memory": "out of memory"}[kind] in done.stderr
    assert "Try a coarser mesh" in done.stderr
    assert f"What is done lies in {tmp_path / 'run.partial'}, and --resume goes on from there." in done.stderr
    assert not (tmp_path / "run").exists()
    assert (tmp_path / "run.partial" / "case.toml").exists()


def hopeless(folder: Path) -> Path:
    """A case whose heat no area of it rejects; its solve is stopped by PETSc wherever it is asked for."""
    return case(
        folder, FLYING.replace('name = "pack"', 'name = "pack"\nheat_W = 1e9').replace("conductance_W_m2K = 200", "conductance_W_m2K = 1")
    )


AXIS = '\n[[sweep.axes]]\npath = "orbit.altitude_km"\nvalues = [500, 600]\n'


@pytest.mark.parametrize("command", ["run", "mesh --study", "sweep point"])
def test_error_of_a_library_comes_with_its_physical_cause(command, tmp_path, monkeypatch):
    """A gigawatt in a box: PETSc alone says a number; what is wrong is said by every command that solves."""
    from petsc4py import PETSc

    def fail(*arguments, **options):
        raise PETSc.Error(76)

    monkeypatch.setattr("thermal.solve.periodic_march.PeriodicMarch.solve", fail)
    path = hopeless(tmp_path)
    path.write_text(path.read_text() + AXIS)
    here("sweep", "run", path, "-o", tmp_path / "points", "--emit-job-array")
    more = {"run": ["-o", tmp_path / "out"], "mesh --study": [], "sweep point": [1, "-o", tmp_path / "points"]}[command]
    done = here(*command.split(), path, *more)
    said = done.stderr
    assert done.exit_code == 1, said
    assert "the solve stopped (PETSc: " in said
    assert "Physical cause:\n" in said
    assert "1e+09 W is brought to" in said
