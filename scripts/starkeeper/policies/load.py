"""Takes the paths of policies and templates; gives checked rules and the desk, or every problem of every file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct, structs

from starkeeper.errors import PolicyError, Problem, Where
from starkeeper.model.desk import Desk, Tracker
from starkeeper.model.policies import Policies
from starkeeper.model.rules import Summary
from starkeeper.model.values import TemplateName, values_in
from starkeeper.policies.check import RuleChecker
from starkeeper.policies.desk import read_desk
from starkeeper.policies.digests_check import digest_problems
from starkeeper.policies.digests_read import with_clocks
from starkeeper.policies.files import DESK_FILE, Found, find_files
from starkeeper.policies.forms_check import form_problems
from starkeeper.policies.forms_read import with_headings
from starkeeper.policies.pipelines_check import digest_names
from starkeeper.policies.read import FileRead, RuleRead, read_file
from starkeeper.policies.source import read_source
from starkeeper.policies.trackers import place_by_name, place_on

_INCLUDE = re.compile(r"\{%-?\s*(?:include|extends|import|from)\s+[\"']([^\"']+)[\"']")


class Loaded(Struct, frozen=True):
    """Checked policies, and beside each rule what only a look at its text can tell: see `lint`."""

    policies: Policies
    rules: tuple[RuleRead, ...]
    host_urls: tuple[str, ...] = ()


def load_policies(paths: Sequence[Path], templates: Path, *, plain: Tracker | None = None) -> Policies:
    """Reads files and folders of policies, with the desk.yml and people.yml of a folder or beside a file.

    `plain` is the one tracker of a run over a project or group named on the command line: every rule then runs over
    it, whatever `tracker` says. Raises PolicyError with every problem of every file.
    """
    return load(paths, templates, plain=plain).policies


def load(paths: Sequence[Path], templates: Path, *, plain: Tracker | None = None) -> Loaded:
    """The same with the text of each rule kept."""
    found = find_files(paths)
    files = tuple(read_file(each.shown, read_source(each.path, each.shown)) for each in found.files)
    problems = [*found.problems, *(problem for file in files for problem in file.problems)]
    desk_folders = _desk_folders(found, files, plain)
    desk_read = read_desk(desk_folders[0]) if desk_folders else None
    problems += (_second_desk(desk_folders[0], each) for each in desk_folders[1:])
    problems += desk_read.problems if desk_read else ()
    desk = _desk(desk_read.desk if desk_read else None, plain)
    if plain is not None:
        rules = place_on(files, plain.name)
    else:
        rules = place_by_name(files, desk, has_desk=desk_read is not None, problems=problems)
    digests = () if plain is not None else tuple(each for file in files for each in file.digests)
    forms = () if plain is not None else tuple(each for file in files for each in file.forms)
    if desk is not None:
        checker = RuleChecker(desk, templates)
        # What is wrong already at a line says more than what follows from it there.
        said = {(problem.where.file, problem.where.line) for problem in problems}
        every = (one for each in rules for one in (each, *(each.parts or ())))
        follow = [problem for each in every for problem in checker.problems(each.rule, each.node, each.knows_names)]
        follow += digest_problems(digests, desk, checker) if digests else ()
        follow += form_problems(forms, desk, checker) if forms else ()
        if found.folders:
            follow += digest_names(desk, (each.digest.name for each in digests))
        problems += [problem for problem in follow if (problem.where.file, problem.where.line) not in said]
    if problems:
        raise PolicyError(problems)
    assert desk is not None
    contents = [(each.relative, file.data) for each, file in zip(found.files, files, strict=True)]
    contents += [(Path(each.file).name, each.data) for each in (desk_read.sources if desk_read else ())]
    named = [values_in((each.rule.actions, each.rule.repeat), TemplateName) for each in rules]
    named += [values_in(each.digest.templates, TemplateName) for each in digests]
    named += [values_in(each.form.template, TemplateName) for each in forms]
    contents += _template_contents((name.name for names in named for name in names), templates)
    ceilings = {file.shown: file.max_changes for file in files if file.max_changes is not None}
    policies = Policies(
        rules=tuple(each.rule for each in rules if each.parts is None),
        summaries=tuple(_summary(each) for each in rules if each.parts is not None),
        digests=tuple(with_clocks(each.digest, tuple(desk.clocks)) for each in digests),
        forms=tuple(with_headings(each.form, desk.trackers[each.form.tracker]) for each in forms),
        desk=desk,
        digest=_digest(contents),
        max_changes=ceilings,
    )
    return Loaded(policies, rules, tuple(dict.fromkeys(file.host_url.text for file in files if file.host_url)))


def _summary(read: RuleRead) -> Summary:
    return Summary(summarize=read.rule, parts=tuple(each.rule for each in read.parts or ()))


def _desk_folders(found: Found, files: Iterable[FileRead], plain: Tracker | None) -> list[Path]:
    """A folder given as such has a desk where desk.yml is; beside a file it counts when the file names a tracker."""
    needed = plain is None and any(file.names_tracker for file in files)
    candidates = (*found.folders, *(found.beside if needed else ()))
    folders = {folder.resolve(): folder for folder in reversed(candidates) if (folder / DESK_FILE).exists()}
    return list(reversed(folders.values()))


def _second_desk(first: Path, folder: Path) -> Problem:
    where = Where(str(folder / DESK_FILE))
    return Problem(where, f"a run has one desk, and that is {first / DESK_FILE}", "give the policies of one desk")


def _desk(desk: Desk | None, plain: Tracker | None) -> Desk | None:
    if plain is None:
        return desk
    return structs.replace(desk or Desk(), trackers={plain.name: plain})


def _template_contents(names: Iterable[str], folder: Path) -> Iterator[tuple[str, bytes]]:
    """The templates of these names and what they include, each once."""
    waiting = list(names)
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        path = folder / name
        if name in seen or not path.is_file():
            continue
        seen.add(name)
        data = path.read_bytes()
        waiting += _INCLUDE.findall(data.decode("utf-8", "replace"))
        yield f"templates/{name}", data


def _digest(contents: Iterable[tuple[str, bytes]]) -> str:
    """One name for exactly these files: the same on every machine, whatever folder they lie in."""
    whole = hashlib.sha256()
    for name, data in sorted(contents):
        whole.update(f"{name}\0{len(data)}\0".encode())
        whole.update(data)
    return f"sha256:{whole.hexdigest()}"
