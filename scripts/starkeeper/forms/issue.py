"""Takes a form that was filled in well; gives the issue that it opens, safe whatever was entered."""

from __future__ import annotations

import datetime as dt

from starkeeper.desk.fields import called, fields_in
from starkeeper.errors import Problem, RenderError
from starkeeper.forms.same import marker_of
from starkeeper.model.desk import Desk
from starkeeper.model.forms import Entered, FormField
from starkeeper.model.plan import Change, SummarizeStep
from starkeeper.model.rules import Renderer
from starkeeper.model.values import Text
from starkeeper.render.escape import code_content
from starkeeper.render.form_names import names_of_form
from starkeeper.render.markers import opened_for_line

# The heading keeps it apart from the answer above, which would else be read with it.
_WHO_ASKS = "### Who asks\n\nOpened from the form {{ form }} for {{ asker }}."


def opening_of(entered: Entered, key: str, desk: Desk, now: dt.datetime, render: Renderer) -> Change:
    """The new issue, as a change; raises RenderError where the desk would read something else in it."""
    form, names = entered.form, names_of_form(entered, desk, now)
    title = render.line(form.title, names)
    text = render.comment(form.template or _layout(entered), names)
    who = render.comment(Text(_WHO_ASKS, form.where), names)
    marker_key, marker = marker_of(form, key)
    description = render.note([text, who, opened_for_line(entered.by)], form.by_line, marker)
    _check_readable(entered, title, description, desk)
    step = SummarizeStep(
        rule=form.by_line.name,
        title=title,
        description=description,
        key=marker_key,
        confidential=form.confidential,
    )
    tracker = desk.trackers[form.tracker]
    return Change(
        tracker=tracker.name, project=tracker.path, type="issues", iid=0, title=title, web_url="", steps=(step,)
    )


def _layout(entered: Entered) -> Text:
    """Each answer that was given below its heading."""
    asked = (field for name, field in entered.form.fields.items() if name in entered.answers)
    return Text("\n\n".join(f"### {each.heading}\n\n{_place_of(each)}" for each in asked), entered.form.where)


def _place_of(field: FormField) -> str:
    quoted = " | quote" if field.kind == "text" else ""
    return f"{{{{ fields.{field.name}{quoted} }}}}"


def _check_readable(entered: Entered, title: str, description: str, desk: Desk) -> None:
    """Raises where rules would see another answer than was given, or none."""
    tracker = desk.trackers[entered.form.tracker]
    found = fields_in(title, description, tracker)
    for name in tracker.field_names & entered.form.fields.keys():
        answer = entered.answers.get(name, "")
        # A backtick of a line is a look-alike in the issue.
        wanted = {called(answer, name, tracker), called(code_content(answer), name, tracker)}
        if found.get(name, "") not in wanted:
            message = f"what was entered as '{name}' could not be read in the issue"
            remedy = "let the title or the template show it below its heading, as the tracker reads it"
            raise RenderError(Problem(entered.form.where, message, remedy))
