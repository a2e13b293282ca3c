"""The case: one question about hardware, orbit, loads and limits."""

from heliorack.case.case import USUAL_KINDS as USUAL_KINDS
from heliorack.case.case import Case as Case
from heliorack.case.case import Examined as Examined
from heliorack.case.case import examine as examine
from heliorack.case.case import load as load
from heliorack.case.case import load_cases as load_cases
from heliorack.case.case import loads as loads
from heliorack.case.case import schema as schema
from heliorack.case.case import with_usual_kinds as with_usual_kinds
