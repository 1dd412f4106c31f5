"""Files of a project's repository: reading one, and commits that add, change or delete one."""

from __future__ import annotations

import base64
import binascii
import hashlib

from starkeeper.sandbox.answers import Answer, Refusal, bad_parameter, forbidden, json_answer, not_found
from starkeeper.sandbox.api import Call, route
from starkeeper.sandbox.params import Values, one_of
from starkeeper.sandbox.pipelines import branch_name
from starkeeper.sandbox.records import DEVELOPER, MAINTAINER, Branch, Project, RepositoryFile
from starkeeper.sandbox.shapes.base import Json

NO_BRANCH = "You can only create or edit files when you are on a branch"
PROTECTED = "You are not allowed to push into this branch"


@route("GET", "projects/:id/repository/files/:path")
def one_file(call: Call) -> Answer:
    ref, found = _found(call)
    return json_answer({**_about(call, ref, found), "content": base64.b64encode(found.content).decode()})


@route("GET", "projects/:id/repository/files/:path/raw")
def raw_file(call: Call) -> Answer:
    _, found = _found(call)
    return Answer(200, found.content, {"Content-Type": "text/plain; charset=utf-8"})


@route("POST", "projects/:id/repository/files/:path")
def create_file(call: Call) -> Answer:
    project, branch = _branch(call)
    if (branch, call.parts["path"]) in project.files:
        raise _refused("A file with this name already exists")
    return _commit(call, project, branch, _content(call.params), 201)


@route("PUT", "projects/:id/repository/files/:path")
def update_file(call: Call) -> Answer:
    project, branch = _branch(call)
    before = _there(call, project, branch)
    if call.params.get("last_commit_id") not in (None, before.commit):
        raise _refused("You are attempting to update a file that has changed since you started editing it.")
    return _commit(call, project, branch, _content(call.params), 200)


@route("DELETE", "projects/:id/repository/files/:path")
def delete_file(call: Call) -> Answer:
    project, branch = _branch(call)
    _there(call, project, branch)
    _commit(call, project, branch, None, 204)
    return Answer(204)


def _found(call: Call) -> tuple[str, RepositoryFile]:
    project = call.project()
    if not call.state.can_read_code(call.user, project):
        raise forbidden()
    ref = str(call.params.get("ref") or "")
    if not ref and not call.path.endswith("/raw"):
        raise bad_parameter("ref is missing")
    branch = project.default_branch if ref in ("", "HEAD") else branch_name(ref)
    if branch not in project.branches:
        raise not_found("Commit")
    found = project.files.get((branch, call.parts["path"]))
    if found is None:
        raise not_found("File")
    return ref, found


def _about(call: Call, ref: str, found: RepositoryFile) -> Json:
    path = call.parts["path"]
    return {
        "file_name": path.rpartition("/")[2],
        "file_path": path,
        "size": len(found.content),
        "encoding": "base64",
        "content_sha256": hashlib.sha256(found.content).hexdigest(),
        "ref": ref,
        "blob_id": _sha(found.content),
        "commit_id": found.commit,
        "last_commit_id": found.commit,
        "execute_filemode": False,
    }


def _branch(call: Call) -> tuple[Project, str]:
    """The branch to commit to, for those who may; the first commit of a repository makes its default branch."""
    project = call.managed_project(DEVELOPER)
    for name in ("branch", "commit_message"):
        if not call.params.get(name):
            raise bad_parameter(f"{name} is missing")
    branch = str(call.params["branch"])
    known = project.branches.get(branch)
    if known is None and (project.branches or branch != project.default_branch):
        _start_branch(call, project, branch)
    elif known is not None and known.protected and call.state.level(call.who(), project) < MAINTAINER:
        raise _refused(PROTECTED)
    return project, branch


def _start_branch(call: Call, project: Project, branch: str) -> None:
    """A new branch begins with the files of the one it starts from."""
    start = str(call.params.get("start_branch") or "")
    if start not in project.branches:
        raise _refused(NO_BRANCH)
    for (where, path), each in list(project.files.items()):
        if where == start:
            project.files[(branch, path)] = each


def _there(call: Call, project: Project, branch: str) -> RepositoryFile:
    found = project.files.get((branch, call.parts["path"]))
    if found is None:
        raise _refused("A file with this name doesn't exist")
    return found


def _content(params: Values) -> bytes:
    if "content" not in params:
        raise bad_parameter("content is missing")
    text = str(params["content"])
    if one_of(params, "encoding", ("base64", "text"), "text") == "text":
        return text.encode()
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise bad_parameter("content is invalid") from None


def _commit(call: Call, project: Project, branch: str, content: bytes | None, status: int) -> Answer:
    """Writes the file, or with None takes it away, and moves the branch to the commit that says so."""
    at, path, title = call.state.clock(), call.parts["path"], str(call.params["commit_message"]).partition("\n")[0]
    sha = _sha(f"commit {call.state.number('commit')}".encode())
    if content is None:
        del project.files[(branch, path)]
    else:
        project.files[(branch, path)] = RepositoryFile(content, sha)
    before = project.branches.get(branch)
    protected = before.protected if before else branch == project.default_branch
    project.branches[branch] = Branch(branch, sha, title, call.who().name, at, at, protected=protected)
    call.state.changed()
    return json_answer({"file_path": path, "branch": branch}, status)


def _sha(content: bytes) -> str:
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def _refused(said: str) -> Refusal:
    return Refusal(400, {"message": said})
