"""What projects of the world have for their pipelines: adding it, and seeing what hooks and pipelines made of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, cast

from starkeeper.sandbox.pipelines import Start, new_trigger, play_schedule, trigger_pipeline
from starkeeper.sandbox.records import (
    Branch,
    Hook,
    OverrideRole,
    Pipeline,
    PipelineSchedule,
    RepositoryFile,
    ResourceGroup,
    Runner,
    Trigger,
    Variable,
)
from starkeeper.sandbox.world.places import Places

PATIENCE_SECONDS = 60.0


class Pipelines(Places):
    """Projects are named by their paths. Nothing here asks for anybody's rights."""

    def add_hook(
        self,
        project: str,
        url: str,
        events: Iterable[str] = ("issues_events", "confidential_issues_events", "note_events"),
        *,
        token: str = "",
        name: str = "",
        description: str = "",
        url_variables: Mapping[str, str] | None = None,
    ) -> Hook:
        """Adds a webhook that hears these events, by GitLab's names for their flags."""
        with self.lock:
            place, number = self.projects[project.lower()], self.number("hook")
            made = Hook(id=number, project=place, url=url, created_at=self.clock(), events=set(events))
            made.name, made.description = name or None, description or None
            made.token, made.url_variables = token, dict(url_variables or {})
            place.hooks[number] = made
            self.changed()
            return made

    def deliver_hooks(self) -> None:
        """Waits until all that happened is delivered, and all pipelines that it started have run.

        Whoever holds the world's lock waits in vain: what is delivered to this world needs it.
        """
        if not self.background.wait(PATIENCE_SECONDS):
            raise TimeoutError(f"something was not delivered, or a pipeline still runs, after {PATIENCE_SECONDS:.0f} s")

    def add_trigger(self, project: str, owner: str, description: str = "") -> Trigger:
        with self.lock:
            return new_trigger(self, self.projects[project.lower()], self.add_user(owner), description)

    def add_schedule(
        self,
        project: str,
        owner: str,
        description: str = "A schedule",
        *,
        cron: str = "*/10 * * * *",
        zone: str = "UTC",
        ref: str = "main",
        active: bool = True,
        variables: Mapping[str, str] | None = None,
        inputs: Mapping[str, Any] | None = None,
    ) -> PipelineSchedule:
        with self.lock:
            place, number, at = self.projects[project.lower()], self.number("schedule"), self.clock()
            made = PipelineSchedule(
                id=number,
                project=place,
                owner=self.add_user(owner),
                description=description,
                ref=f"refs/heads/{ref}",
                cron=cron,
                cron_timezone=zone,
                created_at=at,
                updated_at=at,
                active=active,
                variables=[Variable(key=key, value=value) for key, value in (variables or {}).items()],
                inputs=dict(inputs or {}),
            )
            place.schedules[number] = made
            return made

    def add_variable(self, project: str, key: str, value: str, **fields: Any) -> Variable:
        """Adds a CI variable; `fields` are those of the record, such as `protected` or `masked`."""
        with self.lock:
            made = Variable(key=key, value=value, **fields)
            self.projects[project.lower()].variables.append(made)
            return made

    def add_runner(
        self, place: str = "", description: str = "A runner", *, online: bool = True, paused: bool = False
    ) -> Runner:
        """Adds what takes jobs of a project or group; without one of all."""
        with self.lock:
            where = self.place(place) if place else None
            number = self.number("runner")
            made = Runner(id=number, description=description, place=where, online=online, paused=paused)
            self.runners.append(made)
            return made

    def add_resource_group(self, project: str, key: str) -> ResourceGroup:
        """Adds what GitLab adds when the first job with this resource group runs."""
        with self.lock:
            made = ResourceGroup(self.number("resource_group"), key, self.clock())
            return self.projects[project.lower()].resource_groups.setdefault(key, made)

    def add_file(self, project: str, path: str, content: str | bytes, *, branch: str = "main") -> None:
        """Writes a file of the repository, in a branch that is made where there is none of that name."""
        with self.lock:
            place, at = self.projects[project.lower()], self.clock()
            data = content.encode() if isinstance(content, str) else content
            sha = hashlib.sha1(f"commit {self.number('commit')}".encode(), usedforsecurity=False).hexdigest()
            place.files[(branch, path)] = RepositoryFile(data, sha)
            protected = branch == place.default_branch
            place.branches.setdefault(branch, Branch(branch, sha, "A change", "ghost", at, at, protected=protected))
            self.changed()

    def file(self, project: str, path: str, *, branch: str = "main") -> str:
        """The text of a file; KeyError where there is none."""
        with self.lock:
            return self.projects[project.lower()].files[(branch, path)].content.decode()

    def limit_pipeline_variables(self, project: str, role: str) -> None:
        """Sets the least role that may give pipelines variables, `no_one_allowed` for none."""
        with self.lock:
            self.projects[project.lower()].variables_role = cast("OverrideRole", role)

    def trigger(self, trigger: Trigger, payload: str = "{}", *, ref: str = "main") -> Pipeline:
        """Starts a pipeline as though the trigger had been called."""
        with self.lock:
            return trigger_pipeline(self, trigger, Start(ref=ref, payload=payload))

    def play(self, schedule: PipelineSchedule) -> Pipeline:
        """Starts the pipeline of a schedule, as its owner."""
        with self.lock:
            return play_schedule(self, schedule, schedule.owner)

    def finish_pipeline(self, pipeline: Pipeline, *, succeeded: bool, log: str = "") -> None:
        """Says what became of a pipeline, for whoever runs them."""
        with self.lock:
            pipeline.status, pipeline.log = "success" if succeeded else "failed", log
            pipeline.finished_at = self.clock()
            self.changed()

    def pipelines(self, project: str = "") -> tuple[Pipeline, ...]:
        """The pipelines of a project, or of all, oldest first."""
        with self.lock:
            places = [self.projects[project.lower()]] if project else self.projects.values()
            found = [each for place in places for each in place.pipelines.values()]
            return tuple(sorted(found, key=lambda each: each.id))
