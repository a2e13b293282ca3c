"""Constants of nature that this room computes with. Each room states them once; a test holds them against `scipy.constants`.

Taken from there they would cost every command 0.2 s: nothing else that reads a case file imports scipy.
"""

STEFAN_BOLTZMANN = 5.670374419e-8  #: W/m2K4, CODATA 2018; exact since the SI of 2019, given to 10 digits
ZERO_CELSIUS = 273.15  #: K, BIPM SI brochure (2019), section 2.3.1
SOLAR_CONSTANT = 1361.0  #: W/m2 at 1 AU, IAU 2015 resolution B3 nominal value; Kopp and Lean 2011, doi 10.1029/2010GL045777
