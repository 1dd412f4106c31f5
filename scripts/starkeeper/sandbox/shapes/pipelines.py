"""Hooks, triggers, schedules, variables, resource groups and pipelines to the JSON objects of GitLab."""

from __future__ import annotations

import datetime as dt
import hashlib

from starkeeper.sandbox.cron import next_run
from starkeeper.sandbox.records import (
    EVENTS,
    Hook,
    Pipeline,
    PipelineSchedule,
    Project,
    ResourceGroup,
    Runner,
    Trigger,
    User,
    Variable,
)
from starkeeper.sandbox.shapes.base import Json, stamp
from starkeeper.sandbox.shapes.places import user_basic

MOST_FAILURES, PERMANENT_FAILURES = 4, 40


def hook(hook: Hook, now: dt.datetime) -> Json:
    """A hook; its token and the values of its variables and headers are never shown again."""
    return {
        "id": hook.id,
        "url": hook.url,
        "name": hook.name,
        "description": hook.description,
        "created_at": stamp(hook.created_at),
        **{each: each in hook.events for each in EVENTS},
        "enable_ssl_verification": hook.enable_ssl_verification,
        "alert_status": alert_status(hook, now),
        "disabled_until": stamp(hook.until),
        "url_variables": [{"key": each} for each in hook.url_variables],
        "push_events_branch_filter": hook.push_events_branch_filter,
        "branch_filter_strategy": "wildcard",
        "custom_webhook_template": None,
        "custom_headers": [{"key": each} for each in hook.custom_headers],
        "project_id": hook.project.id,
        "vulnerability_events": False,
    }


def alert_status(hook: Hook, now: dt.datetime) -> str:
    if hook.failures >= PERMANENT_FAILURES:
        return "disabled"
    return "temporarily_disabled" if hook.until is not None and now < hook.until else "executable"


def trigger(base: str, trigger: Trigger, reader: User) -> Json:
    """A trigger; only its owner sees the whole token."""
    return {
        "id": trigger.id,
        "token": trigger.token if reader is trigger.owner else trigger.short_token,
        "description": trigger.description,
        "created_at": stamp(trigger.created_at),
        "updated_at": stamp(trigger.created_at),
        "last_used": stamp(trigger.last_used),
        "expires_at": None,
        "owner": user_basic(base, trigger.owner),
    }


def schedule(base: str, schedule: PipelineSchedule, now: dt.datetime) -> Json:
    """A schedule as in lists."""
    return {
        "id": schedule.id,
        "description": schedule.description,
        "ref": schedule.ref,
        "cron": schedule.cron,
        "cron_timezone": schedule.cron_timezone,
        "next_run_at": stamp(next_run(schedule.cron, schedule.cron_timezone, now)),
        "active": schedule.active,
        "created_at": stamp(schedule.created_at),
        "updated_at": stamp(schedule.updated_at),
        "owner": user_basic(base, schedule.owner),
        "inputs": [{"name": name, "value": value} for name, value in schedule.inputs.items()],
    }


def schedule_details(base: str, one: PipelineSchedule, now: dt.datetime, last: Pipeline | None, reader: User) -> Json:
    """A schedule alone; its variables are shown to its owner."""
    shape = schedule(base, one, now)
    if last is not None:
        shape["last_pipeline"] = {key: pipeline_basic(base, last)[key] for key in ("id", "sha", "ref", "status")}
    if reader is one.owner:
        shape["variables"] = [schedule_variable(each) for each in one.variables]
    return shape


def schedule_variable(variable: Variable) -> Json:
    return {
        "variable_type": variable.variable_type,
        "key": variable.key,
        "value": variable.value,
        "raw": variable.raw,
    }


def variable(variable: Variable) -> Json:
    return {
        "variable_type": variable.variable_type,
        "key": variable.key,
        "value": None if variable.hidden else variable.value,
        "hidden": variable.hidden,
        "protected": variable.protected,
        "masked": variable.masked,
        "raw": variable.raw,
        "environment_scope": variable.environment_scope,
        "description": variable.description,
    }


def resource_group(group: ResourceGroup) -> Json:
    return {
        "id": group.id,
        "key": group.key,
        "process_mode": group.process_mode,
        "created_at": stamp(group.created_at),
        "updated_at": stamp(group.created_at),
    }


def runner(runner: Runner) -> Json:
    """A runner as in lists."""
    kind = "project" if isinstance(runner.place, Project) else "group" if runner.place else "instance"
    return {
        "id": runner.id,
        "description": runner.description,
        "ip_address": "",
        "active": not runner.paused,
        "paused": runner.paused,
        "is_shared": runner.place is None,
        "runner_type": f"{kind}_type",
        "name": "gitlab-runner",
        "online": runner.online,
        "status": "online" if runner.online else "offline",
        "job_execution_status": "idle",
    }


def pipeline_basic(base: str, pipeline: Pipeline) -> Json:
    """A pipeline as in lists."""
    project = pipeline.project
    branch = project.branches.get(pipeline.ref)
    nothing = hashlib.sha1(f"{project.path} {pipeline.ref}".encode(), usedforsecurity=False).hexdigest()
    return {
        "id": pipeline.id,
        "iid": pipeline.iid,
        "project_id": project.id,
        "sha": branch.sha if branch else nothing,
        "ref": pipeline.ref,
        "status": pipeline.status,
        "source": pipeline.source,
        "created_at": stamp(pipeline.created_at),
        "updated_at": stamp(pipeline.finished_at or pipeline.created_at),
        "web_url": f"{base}/{project.path}/-/pipelines/{pipeline.id}",
        "name": None,
    }


def pipeline(base: str, pipeline: Pipeline) -> Json:
    """A pipeline alone."""
    started = None if pipeline.status == "created" else stamp(pipeline.created_at)
    return {
        **pipeline_basic(base, pipeline),
        "before_sha": "0" * 40,
        "tag": False,
        "yaml_errors": None,
        "user": user_basic(base, pipeline.user),
        "started_at": started,
        "finished_at": stamp(pipeline.finished_at),
        "committed_at": None,
        "duration": None,
        "queued_duration": None,
        "coverage": None,
        "archived": False,
    }
