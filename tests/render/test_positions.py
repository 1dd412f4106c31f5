"""Untrusted text in every place where a template may put it, held against a Markdown renderer and both scanners."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings

from starkeeper.errors import RenderError
from tests.render.world import HOSTILE, REFERENCE, nasty, new_scanner, old_scanner, say, shown

POSITIONS = {
    "alone": "{{ x }}",
    "on a line of its own": "Text above\n{{ x }}\ntext below",
    "mid-line": "The reason is {{ x }}, they say.",
    "list": "- {{ x }}\n- more",
    "numbered list": "1. {{ x }}\n   {{ x }}",
    "table": "| a | b |\n| --- | --- |\n| {{ x }} | c |\n",
    "table without bars": "a | b\n--- | ---\n{{ x }}\n",
    "link text": "[{{ x }}](https://example.com)",
    "link address": "[here]({{ x }})",
    "link address, part": "[here](https://example.com/{{ x }})",
    "link address, below": "[here](\n{{ x }}\n)",
    "link title": '[here](https://example.com "{{ x }}")',
    "reference definition": "[here]: {{ x }}\n\n[here]",
    "image": "![{{ x }}](https://example.com)",
    "bold": "**{{ x }}** and _{{ x }}_ and ~~{{ x }}~~",
    "heading": "# {{ x }}",
    "quote": "> {{ x }}",
    "indented": "    {{ x }}",
    "after an unclosed fence": "```\n{{ x }}",
    "after an unclosed fence of tildes": "~~~\n{{ x }}\n",
    "in a fence": "```\n{{ x }}\n```",
    "in a long fence": "````text\na {{ x }}\n````",
    "beside a fence mark": "```{{ x }}",
    "in code": "`{{ x }}`",
    "in code with words": "`Title: {{ x }}` and {{ x }}",
    "after a lone backtick": "don`t {{ x }}",
    "after a lone backtick above": "don`t\n{{ x }}",
    "in wide code": "`` a {{ x }} ``",
    "code over lines": "``` a\nb ``` `{{ x }}`",
    "code crossed": "a ```\n`b ``` {{ x }} `",
    "after a backslash": "C:\\{{ x }}",
    "escaped backtick": "\\`{{ x }}",
    "summary": "<details><summary>{{ x }}</summary>\n\n{{ x }}\n\n</details>",
    "html block": "<div>\n{{ x }}\n</div>",
    "html attribute": '<a href="{{ x }}">a</a>',
    "html attribute inline": "see <b title='{{ x }}'>a</b>",
    "html comment": "<!-- {{ x }} -->",
    "html comment over paragraphs": "<!--\n\n{{ x }}\n\n-->",
    "pre": "<pre>\n\n{{ x }}\n\n</pre>",
    "twice": "{{ x }}{{ x }}{{ x }}",
    "after a slash": "/{{ x }}",
    "after an at": "@{{ x }}",
    "after sigils": "~{{ x }} %{{ x }} &{{ x }} !a{{ x }}",
    "in an emoji": ":{{ x }}:",
    "before a domain": "{{ x }}.example.com",
    "before an address": "{{ x }}@example",
    "after www": "www.{{ x }}",
    "quoted": "{{ x | quote }}",
    "quoted mid-line": "text {{ x | quote }} more",
    "quoted in a list": "- a\n  - {{ x | quote }}\n  - b",
    "quoted in a table": "| a |\n| --- |\n| {{ x | quote }} |",
    "quoted in a quote": "> {{ x | quote }}",
    "quoted in bold": "**{{ x | quote }}**",
    "quoted as link text": "[{{ x | quote }}](https://example.com)",
    "quoted after an unclosed fence": "```\n{{ x | quote }}",
    "quoted in a fence": "```\n{{ x | quote }}\n```",
    "quoted below an indented fence": "text\n\n    ```\n\n```\n{{ x | quote }}\n```",
    "quoted in a fence in a list": "- ```\n  {{ x | quote }}\n  ```",
    "quoted in html": "<div>{{ x | quote }}</div>",
    "quoted in a comment": "<!-- {{ x | quote }} -->",
    "quoted in pre": "<pre>{{ x | quote }}</pre>",
    "quoted after a slash": "/{{ x | quote }}a",
    "link": "{{ link(x, 'https://example.com') }}",
    "link in code": "`a {{ link(x, 'https://example.com') }}`",
    "link in html": "<b>{{ link(x, 'https://example.com') }}</b>",
    "link to anywhere": "{{ link('a', x) }}",
    "link to a hostile page": "{{ link(x, 'https://example.com/' ~ x) }}",
    "made of pieces": "{{ x ~ x }} {{ x | upper }} {{ x[1:] }} {{ [x, x] }} {{ [x, x] | join('/') }}",
    "marked by hand": "{{ mention(x) ~ x }}",
    "after a price": "It costs $5, they say: {{ x }} and `a {{ x }}`",
    "between dollars": "${{ x }}$ and $$ {{ x }} $$",
    "wiki link": "[[{{ x }}]]",
    "footnote within": "a ^[{{ x }}]",
    "table of JSON": '```json:table\n{"items": [{"a": "{{ x }}"}]}\n```',
    "drawing": '- a\n\n  ```mermaid\n  graph TD\n\n  A["{{ x }}"] --> B\n  ```',
    "set": "{% set y = x | replace('`', '') %}{{ y }}",
}
"""Every template here either refuses to render, for every text alike, or renders every text harmlessly."""

HARMLESS = "zzz"


@pytest.mark.parametrize("position", POSITIONS)
@given(text=nasty)
@example(text=HOSTILE)
@example(text="/close")
@example(text="`@all`")
@example(text="` @all `")
@example(text='") @all ![x](http://e.com/a.png)')
@example(text='"><img src=x> @all')
@example(text="--> @all <b>")
@example(text="| @all | `")
@example(text="www")
@example(text="http")
@example(text="all")
@example(text="\x02s@all\x03")
@settings(max_examples=25, deadline=None)
def test_no_text_gets_out_of_its_form(position: str, text: str) -> None:
    plain = rendered(position, HARMLESS)
    body = rendered(position, text)
    assert (plain is None) == (body is None), "what is refused must not depend on the text"
    if body is None:
        return
    assert_harmless(body, plain or "")


def rendered(position: str, text: str) -> str | None:
    try:
        return say(POSITIONS[position], {"x": text, "link": link, "mention": str})
    except RenderError:
        return None


def link(text: str, url: str) -> object:
    from starkeeper.render.names import link as make

    return make(text, url)


def assert_harmless(body: str, plain: str) -> None:
    assert old_scanner(body) == old_scanner(plain)
    assert new_scanner(body) == new_scanner(plain)
    text, tags = shown(body)
    plain_text, plain_tags = shown(plain)
    assert REFERENCE.findall(text) == REFERENCE.findall(plain_text), text
    assert foreign(tags) <= foreign(plain_tags), body
    assert "49" not in text


def foreign(tags: list[tuple[str, str]]) -> set[str]:
    """Tags that Markdown's own form of a value does not bring."""
    own = {"code", "pre", "p", "strong", "em", "ul", "ol", "li", "blockquote", "td", "tr", "table", "tbody", "a"}
    return {tag for tag, _ in tags} - own
