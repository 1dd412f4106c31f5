"""What a desk is set up with in GitLab: what is wanted in, what is there out; and one step after the other, done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from starkeeper.connectors.gitlab import wire_setup as wire
from starkeeper.connectors.gitlab.asks import place_path
from starkeeper.connectors.gitlab.setup_reads import Reader
from starkeeper.connectors.gitlab.setup_writes import Writer
from starkeeper.connectors.gitlab.users import Users
from starkeeper.errors import ConnectorError
from starkeeper.model.resources import Place
from starkeeper.model.setup import (
    Branch,
    Found,
    FoundPipelines,
    Member,
    Project,
    SetupFinding,
    SetupStep,
    TokenFacts,
    Wanted,
)
from starkeeper.settings import Secret

if TYPE_CHECKING:
    from starkeeper.connectors.gitlab.client import Client


class SettingUp:
    """Reads what is there and does single steps, as the user of the token. All raise ConnectorError, but `read`, which
    tells what it could not read. The triggers' tokens stay in here."""

    def __init__(self, client: Client, users: Users) -> None:
        self._client = client
        self._users = users
        self._reader = Reader(client)
        self._writer = Writer(client, self._reader.tokens)

    def read(self, wanted: Wanted, template_path: Callable[[str], str]) -> Found:
        """What is there of what is wanted; `template_path` says where a tracker's issue template is kept."""
        me = self._users.me().username
        unread: list[SetupFinding] = []
        read = partial(self._reader.tracker, template_path=template_path, unread=unread)
        trackers = {each.name: there for each, there in self._client.side_by_side(read, wanted.trackers)}
        pipelines = FoundPipelines()
        if wanted.pipelines:
            pipelines = self._reader.pipelines(wanted.pipelines.place, unread)
        return Found(
            url=self._client.url, me=me, trackers=trackers, pipelines=pipelines, unread=tuple(sorted(set(unread)))
        )

    def do(self, step: SetupStep, secret: Secret) -> None:
        """Does one step, with the secret that it names."""
        self._writer.do(step, secret)

    def project(self, place: Place, ref: str = "") -> Project:
        """What only `check --online` asks: the switches of a project or group, who may enter, and the branch `ref`."""
        row = self._reader.one(place_path(place), wire.WireProject, f"looking up {place}")
        members = [each for each in self._reader.rows(place, "members/all", wire.WireMember) if each.state == "active"]
        return Project(
            path=place.path,
            public=row.visibility in ("public", "internal"),
            archived=row.archived,
            issues=row.issues_enabled,
            override_role=row.ci_pipeline_variables_minimum_override_role,
            members=tuple(Member((each.username or "").casefold(), each.access_level) for each in members),
            branch=self._branch(place, ref) if ref else None,
        )

    def refused(self, place: Place, ref: str) -> str:
        """Why GitLab starts no pipeline from the branch's .gitlab-ci.yml, "" where it does.

        https://docs.gitlab.com/api/lint/#validate-existing-cicd-configuration
        """
        path = f"{place_path(place)}/ci/lint?content_ref={quote(ref, safe='')}"
        row = self._reader.one(path, wire.WireLint, f"having .gitlab-ci.yml of {place} checked")
        return "" if row.valid else " · ".join(row.errors) or "without a reason"

    def has_runner(self, place: Place) -> bool:
        """Whether some runner is online and not paused, be it the project's, a group's or the instance's.

        https://docs.gitlab.com/api/runners/#list-all-of-a-projects-runners
        """
        return any(map(wire.takes_jobs, self._reader.rows(place, "runners", wire.WireRunner, status="online")))

    def token(self) -> TokenFacts:
        """Of the token itself; GitLab tells it of personal, project and group access tokens."""
        row = self._reader.one("/personal_access_tokens/self", wire.WireToken, "asking what the token may do")
        return TokenFacts(scopes=tuple(row.scopes), ends_on=row.expires_at)

    def has_user(self, username: str) -> bool:
        """Whether there is such an account."""
        return self._users.exists(username)

    def _branch(self, place: Place, ref: str) -> Branch | None:
        path = f"{place_path(place)}/repository/branches/{quote(ref, safe='')}"
        try:
            row = self._reader.one(path, wire.WireBranch, f"looking at branch {ref} of {place}")
        except ConnectorError as error:
            if error.status == 403:
                # Whoever may not even see it.
                return Branch(protected=True, open_to_us=False)
            if error.status != 404:
                raise
            return None
        # Whoever may push there, or merge, may start its pipelines.
        return Branch(protected=row.protected, open_to_us=row.can_push or row.developers_can_merge)
