"""Where heat goes: materials, conduction, contact, surfaces and the march through time. SI units, temperatures in kelvin."""
