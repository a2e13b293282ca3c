"""What a picture of the body can show: name, unit and colours of each quantity, and what its labels say."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity on the surface of the body."""

    key: str  #: as in `heliorack view --field`
    title: str
    unit: str
    colours: str  #: a perceptually uniform colour map
    decimals: int  #: of labels
    on_facets: bool = True  #: one value per facet, else per node
    inside: bool = False  #: of the body at a moment, and not of what falls on it
    top: float | None = None  #: end of the colours, which then start at 0; by default that of the values
    said: str = "a label gives the mean over the faces of its part that radiate, of numbered siblings the highest"

    @property
    def words(self) -> str:
        """Title and unit, as at a colour bar."""
        return f"{self.title} [{self.unit}]"


TEMPERATURE = Quantity(
    "temperature", "temperature", "degC", "plasma", 1, on_facets=False, inside=True,
    said="a label gives the highest temperature anywhere in its part, the dot only shows which part",
)  # fmt: skip
FLUX = Quantity(
    "flux", "conducted heat flux", "W/m2", "viridis", 0, inside=True,
    said="a label gives the mean over what is seen of its part, of numbered siblings the highest; arrows go with the heat",
)  # fmt: skip
VIEW = Quantity(
    "view_to_space", "view factor to space and planet", "-", "viridis", 2, top=1.0,
    said="a label gives the mean over the faces of its part, of numbered siblings the highest",
)  # fmt: skip
RADIATION = (
    Quantity("absorbed_solar", "absorbed sunlight, orbit mean", "W/m2", "cividis", 0),
    Quantity("absorbed_albedo", "absorbed albedo, orbit mean", "W/m2", "cividis", 1),
    Quantity("absorbed_infrared", "absorbed planet infrared, orbit mean", "W/m2", "cividis", 1),
    VIEW,
)
SUNLIGHT = Quantity("sunlight", "direct sunlight", "W/m2", "cividis", 0)
FIELDS = {quantity.key: quantity for quantity in (TEMPERATURE, FLUX, *RADIATION)}
