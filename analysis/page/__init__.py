"""The parts that the pages of reports are made of: HTML elements, figures with captions, numbers as text."""

from hubbub.analysis.page.figure import ReportFigure
from hubbub.analysis.page.html import Html, join, table, tag
from hubbub.analysis.page.parts import answer, cards, document, header, paragraph, section, settings, show

__all__ = [
    "Html",
    "ReportFigure",
    "answer",
    "cards",
    "document",
    "header",
    "join",
    "paragraph",
    "section",
    "settings",
    "show",
    "table",
    "tag",
]
