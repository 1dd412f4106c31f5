"""`starkeeper check --online`: what is missing in GitLab, Slack and PagerDuty, and who must do it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable

import pytest

from starkeeper.sandbox.faults import Fault
from tests.commands.new_desk import DESK, HANDOVER, SLACK_TOKEN, STAR, TOKEN, NewDesk


def test_desk_that_is_set_up_has_nothing_to_correct(new_desk: NewDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STARKEEPER_READ_TOKEN", "glpat-that-only-reads")
    new_desk.world.add_resource_group(DESK, "starkeeper-1")
    new_desk.bootstrap()
    before = new_desk.writes
    assert new_desk.check() == (0, ["Asked GitLab, Slack, PagerDuty: 0 errors, 0 warnings."])
    assert new_desk.writes == before


def test_new_desk_is_told_all_that_bootstrap_would_do(new_desk: NewDesk) -> None:
    status, lines = new_desk.check()
    assert status == 1
    do = f"a Maintainer of {STAR}: run starkeeper bootstrap"
    names = "star::new, starkeeper:undone, unstarred, urgency::not-urgent, urgency::urgent"
    assert f"error: {STAR}: labels {names} are missing; {do}" in lines
    assert f"error: {STAR}: webhook Starkeeper is missing; {do}" in lines
    assert f"warning: {STAR}: template Star is missing; {do}" in lines
    do = f"a Maintainer of {DESK}: run starkeeper bootstrap"
    assert f"error: {DESK}: schedules Starkeeper: Sweep, Starkeeper: Hand-over are missing; {do}" in lines
    levels = [line.partition(":")[0] for line in lines[:-1]]
    assert levels == sorted(levels, key=["error", "warning", "note"].index)


def _nobody_may_set_variables(desk: NewDesk) -> None:
    desk.world.limit_pipeline_variables(DESK, "no_one_allowed")


def _branch_is_open(desk: NewDesk) -> None:
    desk.project().branches["main"].protected = False


def _pipelines_are_invalid(desk: NewDesk) -> None:
    desk.world.add_file(DESK, ".gitlab-ci.yml", "sweep: {}\n")


def _bot_is_a_mere_developer(desk: NewDesk) -> None:
    desk.world.place("support").members[desk.world.add_user("smoc-bot").id] = 30


def _somebody_else_owns_a_schedule(desk: NewDesk) -> None:
    desk.schedules()["Starkeeper: Sweep"].owner = desk.world.add_user("amber")


def _schedule_is_off(desk: NewDesk) -> None:
    desk.schedules()["Starkeeper: Sweep"].active = False


def _webhook_is_off(desk: NewDesk) -> None:
    desk.hooks()[0].failures = 40


def _webhook_that_people_renamed_is_off(desk: NewDesk) -> None:
    desk.hooks()[0].name = "Desk events"
    _webhook_is_off(desk)


def _certificate_is_not_checked(desk: NewDesk) -> None:
    desk.hooks()[0].enable_ssl_verification = False


def _token_is_only_for_one_environment(desk: NewDesk) -> None:
    desk.variables()["GITLAB_TOKEN"].environment_scope = "production"


def _no_runner_takes_jobs(desk: NewDesk) -> None:
    desk.world.runners.clear()
    desk.world.add_runner(DESK, online=False)
    desk.world.add_runner("support", paused=True)


def _bot_is_no_member(desk: NewDesk) -> None:
    for path in (STAR, "support"):
        desk.world.place(path).members.pop(desk.world.add_user("smoc-bot").id, None)
    desk.world.add_member(DESK, "smoc-bot", "maintainer")
    desk.world.add_member(HANDOVER, "smoc-bot", "maintainer")
    desk.world.add_member(STAR, "smoc-bot", "guest")


def _manager_is_no_member(desk: NewDesk) -> None:
    desk.world.place("support").members.pop(desk.world.add_user("amber").id)


def _issues_are_off(desk: NewDesk) -> None:
    desk.project(HANDOVER).issues_enabled = False


def _token_ends(desk: NewDesk) -> None:
    desk.world.add_token(TOKEN, "smoc-bot", ["api"], expires_at=dt.datetime.now(dt.UTC).date() + dt.timedelta(days=9))


def _token_only_reads(desk: NewDesk) -> None:
    desk.world.add_token(TOKEN, "smoc-bot", ["read_api"])


def _person_is_unknown(desk: NewDesk) -> None:
    desk.change("policies/people.yml", "gitlab: kim", "gitlab: kimm")


def _variable_can_be_seen(desk: NewDesk) -> None:
    desk.variables()["GITLAB_TOKEN"].masked = False


def _bot_left_the_channel(desk: NewDesk) -> None:
    desk.world.slack.leave("support_star", "starkeeper")


def _channel_is_archived(desk: NewDesk) -> None:
    desk.world.slack.archive("support_star")


def _channel_is_not_the_one(desk: NewDesk) -> None:
    desk.change("policies/desk.yml", "star: support_star }", "star: C0000000000 }")


def _scope_is_missing(desk: NewDesk) -> None:
    known = desk.world.slack.tokens[SLACK_TOKEN].scopes
    desk.world.slack.add_token(SLACK_TOKEN, scopes=known - {"reactions:write"})


def _slack_does_not_know_somebody(desk: NewDesk) -> None:
    desk.change("policies/people.yml", "slack: UAMBER001", "slack: UNOBODY01")


def _pagerduty_has_no_such_schedule(desk: NewDesk) -> None:
    desk.change("policies/desk.yml", "[Support Manager]", "[Support Managers]")


def _pagerduty_has_no_such_service(desk: NewDesk) -> None:
    desk.change("policies/desk.yml", "Customer Emergencies", "PNOTHING")


def _pagerduty_does_not_know_somebody(desk: NewDesk) -> None:
    desk.change("policies/people.yml", "PUAMBER", "PNOBODY")


@pytest.mark.parametrize(
    ("breaks", "level", "words"),
    [
        (_nobody_may_set_variables, "error", "'Minimum role to use pipeline variables' is 'No one allowed'"),
        (_branch_is_open, "error", "branch main is not protected"),
        (
            _pipelines_are_invalid,
            "error",
            "it refuses .gitlab-ci.yml: jobs config should contain at least one visible job; whoever keeps this",
        ),
        (_bot_is_a_mere_developer, "error", "@smoc-bot may neither push nor merge to branch main"),
        (_somebody_else_owns_a_schedule, "warning", "runs as @amber, not as @smoc-bot; @smoc-bot: Build >"),
        (
            _schedule_is_off,
            "error",
            "schedule Starkeeper: Sweep is not right: it is switched off; a Maintainer of support/desk: run",
        ),
        (_webhook_is_off, "error", "GitLab has turned the webhook off (disabled)"),
        (_webhook_that_people_renamed_is_off, "error", "GitLab has turned the webhook off (disabled)"),
        (_certificate_is_not_checked, "warning", "the webhook does not check the certificate"),
        (_token_is_only_for_one_environment, "error", "CI variable GITLAB_TOKEN is only for jobs of the environment"),
        (
            _no_runner_takes_jobs,
            "warning",
            "no runner that is online takes its jobs; a Maintainer of support/desk: Settings > CI/CD > Runners",
        ),
        (_bot_is_no_member, "error", "the token's account @smoc-bot has too small a role to change issues"),
        (_manager_is_no_member, "error", "support/star: manager @amber cannot see it; an Owner of support/star: add"),
        (_issues_are_off, "error", "support/handover: issues are turned off"),
        (_token_ends, "warning", "GITLAB_TOKEN ends on"),
        (_token_only_reads, "error", "it lacks the scope api; whoever has the account @smoc-bot"),
        (_person_is_unknown, "error", "there is no user 'kimm'; whoever keeps people.yml"),
        (
            _variable_can_be_seen,
            "error",
            "CI variable GITLAB_TOKEN is not right: it must be masked, protected; a Maintainer",
        ),
        (_bot_left_the_channel, "error", "whoever administers Slack: invite the bot with /invite @starkeeper"),
        (_channel_is_archived, "error", "channel 'star' is archived; whoever administers Slack: unarchive it"),
        (_channel_is_not_the_one, "error", "channel 'star': there is no such channel, or the bot is not in it"),
        (_scope_is_missing, "error", "the bot's token lacks the scope reactions:write; whoever administers Slack"),
        (
            _slack_does_not_know_somebody,
            "error",
            "Slack: nobody there is amber of people.yml; whoever keeps people.yml",
        ),
        (_pagerduty_has_no_such_schedule, "error", "there is no schedule 'Support Managers'; whoever keeps desk.yml"),
        (_pagerduty_has_no_such_service, "error", "there is no service 'PNOTHING'; whoever keeps desk.yml"),
        (_pagerduty_does_not_know_somebody, "error", "PagerDuty: nobody there is amber of people.yml"),
    ],
)
def test_what_is_missing_is_said_with_who_must_do_it(
    new_desk: NewDesk, breaks: Callable[[NewDesk], None], level: str, words: str
) -> None:
    new_desk.bootstrap()
    breaks(new_desk)
    status, lines = new_desk.check()
    found = [line for line in lines if words in line]
    assert [line.partition(":")[0] for line in found] == [level], "\n".join(lines)
    assert status == (1 if level == "error" else 0)


def test_system_that_gives_no_answer_is_said_and_the_others_are_asked(new_desk: NewDesk) -> None:
    new_desk.bootstrap()
    new_desk.world.faults.append(Fault("*", "/slack/", times=99, status=503))
    new_desk.change("policies/people.yml", "PUAMBER", "PNOBODY")
    status, lines = new_desk.check()
    assert status == 3
    assert any(line.startswith("not asked: Slack: asking who the token stands for: answered 503") for line in lines)
    assert any(line.startswith("error: PagerDuty: nobody there is amber") for line in lines)


def test_what_only_a_maintainer_sees_is_one_line_that_asks_nothing_of_anybody(
    new_desk: NewDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STARKEEPER_READ_TOKEN", "glpat-that-only-reads")
    new_desk.world.add_resource_group(DESK, "starkeeper-1")
    new_desk.bootstrap()
    new_desk.project().branches["main"].developers_can_merge = True
    new_desk.world.add_member("support", "smoc-bot", "planner")
    new_desk.world.add_member(DESK, "smoc-bot", "developer")
    status, lines = new_desk.check()
    do = "nobody has to do anything: run it with the token of a Maintainer to have them looked at, too"
    # Of each tracker its webhooks and template, of the pipelines their trigger, variables and runners.
    assert lines == [
        f"not seen: GitLab: 7 things that only a Maintainer sees were not looked at; {do}",
        "Asked GitLab, Slack, PagerDuty: 0 errors, 0 warnings.",
    ]
    assert status == 0


def test_role_that_is_too_small_to_work_stays_an_error(new_desk: NewDesk) -> None:
    new_desk.bootstrap()
    new_desk.world.add_member("support", "smoc-bot", "guest")
    status, lines = new_desk.check()
    small = "the token's account @smoc-bot has too small a role to change issues"
    assert [sum(small in line for line in lines), sum(line.startswith("not seen") for line in lines)] == [2, 1]
    assert any("@smoc-bot may neither push nor merge to branch main" in line for line in lines)
    assert status == 1


def test_webhook_of_somebody_else_is_no_concern_of_ours(new_desk: NewDesk) -> None:
    new_desk.bootstrap()
    new_desk.world.add_hook(STAR, "https://evil.example/hook", name="Starkeeper").failures = 40
    status, lines = new_desk.check()
    assert (status, [line for line in lines if "turned the webhook off" in line]) == (0, [])


def test_programs_read_the_same(new_desk: NewDesk) -> None:
    new_desk.bootstrap()
    new_desk.world.slack.archive("support_star")
    found = json.loads("\n".join(["{", *new_desk.check("--output", "json")[1]]))
    assert found["errors"] == found["warnings"] == []
    assert {
        "level": "error",
        "where": "Slack",
        "what": "channel 'star' is archived",
        "do": "whoever administers Slack: unarchive it",
    } in found["online"]


def test_mistakes_in_policies_come_first_and_nobody_is_asked(new_desk: NewDesk) -> None:
    new_desk.change("policies/star.yml", "labels:", "lables:")
    before = len(new_desk.world.requests)
    assert new_desk.check()[0] == 1
    assert len(new_desk.world.requests) == before
