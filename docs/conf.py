"""Sphinx: the pages of this folder as a site. `make docs` builds it into out/site, and a warning is an error."""

import re
from pathlib import Path

DOCS = Path(__file__).parent
project = "heliorack"
author = "the heliorack maintainers"
html_title = "heliorack"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.mathjax", "sphinx_click"]
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
myst_dmath_double_inline = True
html_theme = "furo"
html_theme_options = {"navigation_with_keys": True}
html_static_path = ["_static"]
html_css_files = ["site.css"]
exclude_patterns = ["*.json"]
autodoc_typehints = "description"
autodoc_member_order = "bysource"
napoleon_google_docstring = True

BESIDE = re.compile(r"\[([^\]]*)\]\((\.\./[^)\s#]*)(?:#[^)\s]*)?\)")  #: links to files of the repository that are no pages of the site


def setup(app):
    """Links that lead out of this folder become the names of what they lead to; tests/docs/test_links.py holds that it is there."""
    app.connect("source-read", _without_links_outwards)


def _without_links_outwards(app, name, source):
    page = DOCS / f"{name}.md"

    def plain(match):
        target = (page.parent / match[2]).resolve()
        if target.is_relative_to(DOCS) and target.suffix == ".md":
            return match[0]
        return match[1] if match[1].startswith("`") else f"{match[1]} (`{target.relative_to(DOCS.parent)}`)"

    source[0] = BESIDE.sub(plain, source[0])
