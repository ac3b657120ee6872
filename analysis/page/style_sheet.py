"""The style sheet of a page: light and dark, wide and narrow screens, keyboard, print; it loads no other file.

Parts of a page that are not made here may use its variables: --ink, --muted, --line, --paper, --tint, --accent, and
--group-1 … --group-10 and --group-none, the colours of groups in all figures.
"""

from hubbub.analysis.figures.style import PALETTE, UNKNOWN

_GROUPS = " ".join(f"--group-{number}: {colour};" for number, colour in enumerate(PALETTE, start=1))

VARIABLES = f"""
:root {{ --ink: #1d2126; --muted: #5f666f; --line: #d5d9de; --paper: #ffffff; --tint: #f4f6f8; --accent: #0067a3;
  {_GROUPS} --group-none: {UNKNOWN}; color-scheme: light dark; }}
@media screen and (prefers-color-scheme: dark) {{
  :root {{ --ink: #e6e9ec; --muted: #9aa3ad; --line: #3a424b; --paper: #15191d; --tint: #1e242a;
    --accent: #56b4e9; }} }}
"""

CSS = (
    VARIABLES
    + """
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 100%/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.6rem 0 .5rem; padding-top: .8rem; border-top: 1px solid var(--line);
  overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 1.6rem 0 .3rem; overflow-wrap: anywhere; }
p { max-width: 44rem; margin: .5rem 0; overflow-wrap: anywhere; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
.about { color: var(--muted); }
.note { border-left: 3px solid var(--accent); padding: .2rem 0 .2rem .8rem; }
.answer { font-size: 1.15rem; line-height: 1.45; margin: .9rem 0; }
.contents ul { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; margin: .8rem 0; padding: 0; list-style: none;
  font-size: .9rem; }
.contents a { display: inline-block; padding: .2rem 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.6rem, 1fr)); gap: .6rem; margin: 1.2rem 0;
  padding: 0; list-style: none; }
.cards li { background: var(--tint); border-radius: .5rem; padding: .7rem .8rem; }
.cards b { display: block; font-size: 1.65rem; line-height: 1.2; font-weight: 650; font-variant-numeric: tabular-nums; }
.cards span { color: var(--muted); font-size: .85rem; line-height: 1.3; display: block; }
.cards li:first-child b { color: var(--accent); }
figure { margin: 1.2rem 0; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(19rem, 100%), 1fr)); gap: 1rem;
  align-items: start; }
.panels > svg { width: 100%; height: auto; min-width: 0; }
svg text { font-family: inherit !important; }
figcaption { color: var(--muted); font-size: .9rem; max-width: 44rem; margin-top: .4rem; }
.scroll { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .9rem .3rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { font-weight: 600; color: var(--muted); }
.number { text-align: right; white-space: nowrap; }
code { font: .9em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: nowrap; }
small { color: var(--muted); white-space: nowrap; }
details { margin: .8rem 0; }
summary { cursor: pointer; color: var(--accent); }
details td:nth-child(2) { overflow-wrap: anywhere; }
@page { size: A4; margin: 15mm 14mm; }
@media print {
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  .contents { display: none; }
  h1, h2, h3, .about, summary { break-after: avoid; }
  h2 { margin-top: 1.4rem; }
  p { orphans: 3; widows: 3; }
  figure, .cards, .note, .about { break-inside: avoid; }
  .panels { grid-template-columns: repeat(auto-fit, minmax(75mm, 1fr)); }
  .panels > svg { max-height: 110mm; }
  .scroll { overflow: visible; }
  table { font-size: 8pt; max-width: 100%; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  th, td { padding-right: .5rem; overflow-wrap: break-word; }
  code, small, .number { white-space: normal; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
"""
)
