"""Settings of the documentation site: `make docs` builds it into docs/_build/html. Nothing is read from the network."""

from __future__ import annotations

import sys
from importlib.metadata import version as installed
from pathlib import Path

DOCS = Path(__file__).parent
sys.path[:0] = [str(DOCS.parent), str(DOCS)]

from extensions import generated  # noqa: E402
from extensions.packages import documented  # noqa: E402

generated.write()

project = "hubbub"
author = copyright = "The hubbub maintainers"
release = version = installed("hubbub")
extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "myst_nb",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_gallery.gen_gallery",
    "extensions.links",
    "extensions.docstrings",
    "extensions.packages",
]
exclude_patterns = ["_build", "gallery/*.py", "gallery/*.ipynb", "gallery/searchindex.rst"]
templates_path = ["_templates"]

# Links: each must have its target. Types of other packages have none here, since nothing is fetched, and neither have
# type variables and classes that only the code behind the public names uses.
nitpicky = True
nitpick_ignore_regex = [
    ("py:.*", r"(?!hubbub\.).*"),
    ("py:.*", r".*\.[A-Z]"),
    ("py:.*", r".*\.(Manifest|StudyTable|StudyProgress|Family|Found|Criterion|Trajectories|Heads|Played|Record)"),
    ("py:.*", r".*\.(Adaptive|Estimate|StudyEstimate)"),
]
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence", "dollarmath"]

# The reference: each name once, as it is imported.
autosummary_context = {"documented": documented()}
add_module_names = False
toc_object_entries_show_parents = "hide"
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
python_maximum_signature_line_length = 88
napoleon_google_docstring = False
napoleon_use_rtype = False
default_role = "code"

# Examples and notebooks run when the site is built, and again only when they have changed.
sphinx_gallery_conf = {
    "examples_dirs": ["_build/examples"],
    "gallery_dirs": ["gallery"],
    "filename_pattern": r".*\.py",
    "within_subsection_order": "ExampleTitleSortKey",
    "image_scrapers": ["extensions.gallery.pictures"],
    "reset_modules": ["extensions.gallery.forget"],
    "download_all_examples": False,
    "show_memory": False,
    "write_computation_times": False,
    "abort_on_example_error": True,
}
nb_execution_mode = "cache"
nb_execution_cache_path = str(DOCS / "_build" / "notebooks")
nb_execution_timeout = 300
nb_execution_raise_on_error = True

html_theme = "pydata_sphinx_theme"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_sidebars = {page: [] for page in ("tutorial", "contributing", "changes")}  # pages without others beside them
html_title = f"hubbub {release}"
html_context = {"home": "https://github.com/hubbub-sim/hubbub", "default_mode": "auto"}
html_copy_source = False
html_theme_options = {
    "github_url": html_context["home"],
    "navbar_align": "left",
    "header_links_before_dropdown": 6,
    "show_toc_level": 1,
    "navigation_with_keys": False,
    "footer_start": ["copyright"],
    "footer_end": ["theme-version"],
}
