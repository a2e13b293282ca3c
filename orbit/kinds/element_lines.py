"""The columns of two-line elements, and what each may hold."""

DIGITS = "0123456789"
COLUMNS = {  #: what a column of a template may hold, and how that is said
    "d": (DIGITS, "a digit"),
    "s": (DIGITS + " ", "a digit or a space"),
    "a": (DIGITS + " ABCDEFGHJKLMNPQRSTUVWXYZ", "a digit, or a letter but I and O (alpha-5)"),
    "c": ("UCS ", "U, C or S"),
    "+": ("+- 0", "a sign or a space"),
    "v": ("+- ", "the sign of an exponent"),
    "x": (DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ -", "a digit or a capital letter"),
}
LINE1 = "1 assssc xxxxxxxx ddssd.dddddddd +.dddddddd +dddddvd +dddddvd s sssdd"
LINE2 = "2 assss ssd.dddd ssd.dddd ddddddd ssd.dddd ssd.dddd sd.ddddddddsssssd"
FIELDS = {  #: first and last column, name, lowest and highest value
    "1": ((21, 32, "day of the year", 1.0, 367.0),),
    "2": (
        (9, 16, "inclination", 0.0, 180.0),
        (18, 25, "right ascension of the node", 0.0, 360.0),
        (35, 42, "argument of perigee", 0.0, 360.0),
        (44, 51, "mean anomaly", 0.0, 360.0),
        (53, 63, "mean motion in revolutions per day", 0.01, 18.0),
    ),
}


def published(text: str) -> tuple[str, str]:
    """The two element lines of a text of two or three lines.

    Raises:
        ValueError: not two lines, or a name and two.
    """
    found = [line.rstrip() for line in text.splitlines() if line.strip()]
    if len(found) == 3 and found[1].startswith("1 "):
        found = found[1:]
    if len(found) != 2:
        raise ValueError(f"orbit.lines: {len(found)} lines; expected the two element lines, or a name and the two")
    return found[0], found[1]


def check_line(name: str, line: str, template: str) -> None:
    """Refuse a malformed element line by column, value and what was expected there.

    Raises:
        ValueError: a column, a field or the checksum is wrong.

    Source:
        Columns of Hoots and Roehrich, Spacetrack Report 3 (1980); alpha-5 catalogue numbers of Space-Track.
    """
    first = template[:2]
    if len(line) != 69 or not line.startswith(first):
        raise ValueError(f"{name}: an element line has 69 characters and starts with {first!r}; this one has {len(line)}: {line[:24]!r}...")
    for column, (found, form) in enumerate(zip(line, template, strict=True), start=1):
        allowed, words = COLUMNS.get(form, (form, "a space" if form == " " else repr(form)))
        if found not in allowed:
            raise ValueError(f"{name}: column {column} is {found!r}; expected {words}, in {line[max(0, column - 9) : column + 8]!r}")
    for low, high, what, least, most in FIELDS[first[0]]:
        text = line[low - 1 : high]
        if " " in text.strip() or not least <= float(text) <= most:
            raise ValueError(f"{name}: columns {low} to {high}, the {what}, are {text!r}; expected a number from {least:g} to {most:g}")
    total = sum(int(c) if c.isdigit() else c == "-" for c in line[:68]) % 10
    if line[68] != str(total):
        raise ValueError(f"{name}: the checksum is {line[68]!r} but the digits add up to {total}; a character of the line is wrong")
