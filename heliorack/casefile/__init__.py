"""The language of the case file: TOML with units in its keys <-> frozen dataclasses, messages, JSON schema. Knows no physics."""
