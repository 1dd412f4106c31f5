"""`starkeeper open`: an issue from a form, once."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import structs

from starkeeper.commands import journals, options
from starkeeper.commands.connecting import connect
from starkeeper.commands.watching import costed, watching
from starkeeper.errors import nearest

if TYPE_CHECKING:
    from starkeeper import flow
    from starkeeper.model.forms import Form
    from starkeeper.model.plan import Plan
    from starkeeper.model.policies import Policies

PREFIX = "STARKEEPER_FIELD_"


@click.command(
    name="open",
    epilog="\b\nExample: starkeeper open cover --by emil --field from=2026-12-01T13:00Z --field to=2026-12-01T15:00Z "
    "--now 2026-11-30T09:00Z --dry-run",
)
@click.argument("name", metavar="FORM")
@click.option("--field", "fields", multiple=True, metavar="NAME=VALUE", help="An answer; repeatable.")
@click.option("--by", envvar="GITLAB_USER_LOGIN", show_envvar=True, metavar="USER", help="Who asks, as in GitLab.")
@click.option(
    "--key",
    default="",
    envvar="CI_PIPELINE_ID",
    show_envvar=True,
    metavar="TEXT",
    help="With the same key no second issue is opened.  [default: who asks, and all that was entered]",
)
@click.option("--dry-run", is_flag=True, help="Show the issue and open nothing.")
@options.plan_option
@options.annotations_option
@journals.journal_options
@options.policy_options
@options.now_option
@options.output_option
@options.log_option
def command(
    name: str,
    fields: tuple[str, ...],
    by: str | None,
    key: str,
    dry_run: bool,
    plan_path: Path | None,
    annotations_path: Path | None,
    journal: Path | None,
    no_journal: bool,
    policy_paths: tuple[Path, ...],
    templates: Path | None,
    now: dt.datetime | None,
    output: str,
) -> int:
    """Open an issue from a form of the policies, once, with every answer made safe.

    What is wrong with the answers is said all at once (exit status 1), before any request. A field can also be given as
    the variable STARKEEPER_FIELD_<NAME>, in capitals: a pipeline's inputs then never meet a shell. An empty one was not
    given.
    """
    if plan_path:
        options.check_writable(plan_path, "--plan")
    folder = journals.folder_of(journal, none=no_journal)
    if folder and not dry_run:
        journals.check_writable(folder)
    loaded = options.load(policy_paths, templates)
    settings, policies = options.settings(loaded.host_urls), loaded.policies
    form = _the_form(policies, name)
    given = _given(form, fields, policies)
    if not by:
        raise click.UsageError("nobody is named who asks; say --by USER, or run it in GitLab CI, which knows")

    from starkeeper import flow, report
    from starkeeper.forms import enter
    from starkeeper.render.clean import shown
    from starkeeper.report.opened import opened_json, opened_text

    at = options.the_time(now)
    entered = enter(form, given, by, policies.desk, at)
    header = journals.header_of(at, policies.digest, settings)
    connected = connect(settings, policies.desk, at)
    if not connected.gitlab.has_user(by):
        raise click.UsageError(f"--by: GitLab knows no user '{shown(by)}'; say it as in GitLab, without an @")
    entered = structs.replace(entered, by=connected.gitlab.find_user(by).username)
    if entered.by == connected.gitlab.whoami().username:
        raise click.UsageError("--by: the desk's own account asks for nothing; name the person who does")
    file = None
    if folder and not dry_run:
        file = journals.begin(folder, header, connected.gitlab, keep_all=now is not None)
    with watching(quiet=True) as watch:
        opening = flow.open_form(
            policies,
            connected.gitlab,
            options.renderer(templates, settings),
            at,
            watch,
            entered,
            key,
            dry_run=dry_run,
            record=file.record if file else None,
        )
    plan = costed(opening.run, connected.requests, watch)
    if output == "json":
        click.echo(opened_json(plan, opening, "" if dry_run else header.run), nl=False)
    else:
        click.echo(opened_text(plan, opening))
    if plan_path:
        options.write_plan(plan_path, report.plan_file(plan))
    options.write_annotations(annotations_path, _with_page(plan, opening))
    return journals.status_with(file, report.exit_status(plan, opening.run.outcomes))


def _with_page(plan: Plan, opening: flow.Opening) -> Plan:
    """The plan with the number and the page that the new issue got."""
    issue = opening.issue
    if issue is None:
        return plan
    named = (structs.replace(each, iid=issue.iid, web_url=issue.web_url) for each in plan.changes if not each.iid)
    return structs.replace(plan, changes=(*named, *(each for each in plan.changes if each.iid)))


def _the_form(policies: Policies, name: str) -> Form:
    forms = {each.name: each for each in policies.forms}
    if name not in forms:
        remedy = nearest(name, forms) or "write it under 'forms' in a policy"
        raise click.UsageError(f"there is no form '{name}'; {remedy}")
    return forms[name]


def _given(form: Form, fields: Sequence[str], policies: Policies) -> Mapping[str, str]:
    """What was entered; what the command line says wins over the environment."""
    return {**_from_environment(form, policies), **_from_options(form, fields)}


def _from_options(form: Form, fields: Sequence[str]) -> Mapping[str, str]:
    given: dict[str, str] = {}
    for each in fields:
        name, is_there, value = each.partition("=")
        if not is_there:
            raise click.UsageError("a field is written like --field ticket=123456: this one has no '='")
        if name not in form.fields:
            raise click.UsageError(f"the form '{form.name}' has no field '{name}'; {nearest(name, form.fields)}")
        if name in given:
            raise click.UsageError(f"the field '{name}' is given twice; give it once")
        given[name] = value
    return given


def _from_environment(form: Form, policies: Policies) -> Mapping[str, str]:
    """One pipeline may have inputs for several forms: what only another form asks is passed over, and that is said."""
    found = {name[len(PREFIX) :].lower(): value for name, value in os.environ.items() if name.startswith(PREFIX)}
    given = {name: value for name, value in found.items() if value.strip()}
    known = {name for each in policies.forms for name in each.fields}
    for name in sorted(given.keys() - form.fields.keys()):
        if name not in known:
            remedy = nearest(name, form.fields)
            raise click.UsageError(f"no form has the field '{name}' of {PREFIX}{name.upper()}; {remedy}")
        click.echo(f"note: the form '{form.name}' does not ask for '{name}'; it was passed over", err=True)
    return {name: value for name, value in given.items() if name in form.fields}
