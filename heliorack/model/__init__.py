"""From a case to a discrete model: body, interfaces, radiation, loads, and the thermal model that is solved."""
