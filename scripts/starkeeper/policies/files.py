"""Takes the paths that a run was given; gives the policy files among them and the folders where the desk may be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from starkeeper.errors import Problem, Where

DESK_FILE = "desk.yml"
PEOPLE_FILE = "people.yml"
_SUFFIXES = (".yml", ".yaml")


class PolicyPath(Struct, frozen=True):
    """A policy file: `shown` is its name as the user gave it, `relative` its name within its folder."""

    path: Path
    shown: str
    relative: str


class Found(Struct, frozen=True):
    """`folders` were given as such; `beside` are those of files given by name."""

    files: tuple[PolicyPath, ...]
    folders: tuple[Path, ...]
    beside: tuple[Path, ...]
    problems: tuple[Problem, ...]


def find_files(paths: Sequence[Path]) -> Found:
    """A folder stands for the YAML files in and below it, hidden ones, `tests` and the desk's own files left out."""
    files: dict[Path, PolicyPath] = {}
    problems: list[Problem] = []
    for path in paths:
        if path.name in (DESK_FILE, PEOPLE_FILE) and not path.is_dir():
            remedy = "it is read with the policies beside it: name their folder"
            problems.append(Problem(Where(str(path)), f"{path.name} is no policy", remedy))
            continue
        inside = list(_in_folder(path)) if path.is_dir() else [PolicyPath(path, str(path), path.name)]
        if not inside:
            problems.append(
                Problem(Where(str(path)), "there is no policy file in this folder", "add a file like star.yml")
            )
        for each in inside:
            files.setdefault(each.path.resolve(), each)
    folders = tuple(path for path in paths if path.is_dir())
    beside = tuple(dict.fromkeys(path.parent for path in paths if not path.is_dir()))
    return Found(tuple(files.values()), folders, beside, tuple(problems))


def _in_folder(folder: Path) -> Iterable[PolicyPath]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        is_desk = len(parts) == 1 and path.name in (DESK_FILE, PEOPLE_FILE)
        if path.suffix not in _SUFFIXES or is_desk or not path.is_file():
            continue
        if "tests" not in parts[:-1] and not any(part.startswith(".") for part in parts):
            yield PolicyPath(path, str(path), "/".join(parts))
