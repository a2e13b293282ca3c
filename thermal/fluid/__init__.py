"""Coolants and what carries heat with them: properties, friction, films, exchangers, two phases, heat pipes, heat pumps."""
