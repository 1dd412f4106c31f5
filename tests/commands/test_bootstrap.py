"""`starkeeper bootstrap` over a GitLab that answers: what it makes, what it leaves alone, and what it never shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from starkeeper.policies.load import load_policies
from starkeeper.sandbox.faults import Fault
from tests.commands.new_desk import (
    DESK,
    HANDOVER,
    PAGER_TOKEN,
    SLACK_TOKEN,
    STAR,
    STAR_LABELS,
    TEMPLATE,
    TOKEN,
    NewDesk,
)

ROOT = Path(__file__).resolve().parents[2]
EVENTS = {"issues_events", "confidential_issues_events", "note_events", "confidential_note_events"}


def test_first_run_makes_the_labels_that_rules_and_digests_use(new_desk: NewDesk) -> None:
    assert new_desk.bootstrap()[0] == 0
    assert new_desk.labels(STAR) == STAR_LABELS
    assert new_desk.labels(HANDOVER) == {"needs-human": ("#6699cc", None)}


def test_first_run_makes_schedules_on_their_clocks_and_for_their_digests(new_desk: NewDesk) -> None:
    new_desk.bootstrap()
    found = {
        name: (each.cron, each.cron_timezone, each.ref, each.active, each.owner.username, _values(each.variables))
        for name, each in new_desk.schedules().items()
    }
    assert found == {
        "Starkeeper: Sweep": ("*/10 * * * *", "UTC", "refs/heads/main", True, "smoc-bot", {}),
        "Starkeeper: Hand-over": (
            "0 8 * * *",
            "Europe/Amsterdam",
            "refs/heads/main",
            True,
            "smoc-bot",
            {"STARKEEPER_DIGEST": "hand-over"},
        ),
    }


def test_variables_are_set_from_this_environment_and_masked(new_desk: NewDesk) -> None:
    _, printed, _ = new_desk.bootstrap()
    found = {key: (each.value, each.masked, each.protected) for key, each in new_desk.variables().items()}
    assert found == {
        "GITLAB_TOKEN": (TOKEN, True, True),
        "STARKEEPER_APPLY": ("false", False, True),
        "SLACK_BOT_TOKEN": (SLACK_TOKEN, True, True),
        "PAGERDUTY_API_KEY": (PAGER_TOKEN, True, True),
        "PAGERDUTY_FROM": ("starkeeper@example.com", False, True),
    }
    assert "the token of @smoc-bot" in printed
    assert "CI variable STARKEEPER_READ_TOKEN is missing" in printed


def test_template_asks_for_the_headings_that_are_read(new_desk: NewDesk) -> None:
    new_desk.bootstrap()
    lines = new_desk.world.file(STAR, TEMPLATE).splitlines()
    assert [line for line in lines if line.startswith("#")] == ["### Ticket", "### Urgency"]
    assert "The title: STAR for ZD#<ticket>" in lines
    assert "Urgency: such as Not Urgent, Urgent" in lines


def test_second_run_sends_no_write(new_desk: NewDesk) -> None:
    new_desk.bootstrap()
    before = new_desk.writes
    status, printed, _ = new_desk.bootstrap()
    assert (status, new_desk.writes) == (0, before)
    assert "Nothing to do" in printed


def test_dry_run_plans_what_the_run_then_does_and_writes_nothing(new_desk: NewDesk, tmp_path: Path) -> None:
    planned = new_desk.plan("--plan", str(tmp_path / "plan.json"))
    assert new_desk.writes == []
    assert json.loads((tmp_path / "plan.json").read_text())["steps"] == planned["steps"]
    done = json.loads(new_desk.bootstrap("--output", "json")[1])
    assert [each["step"] for each in done["outcomes"]] == planned["steps"]
    assert {each["result"] for each in done["outcomes"]} == {"done"}


def test_what_desk_yml_names_is_put_right(new_desk: NewDesk) -> None:
    new_desk.bootstrap()
    label = new_desk.world.find_label(new_desk.project(STAR), "star::new")
    assert label is not None
    label.color, label.description = "#ffffff", "Mine"
    schedule = new_desk.schedules()["Starkeeper: Hand-over"]
    schedule.active, schedule.cron_timezone = False, "UTC"
    schedule.variables[0].value = "weekly"
    new_desk.hooks()[0].events.discard("note_events")
    assert new_desk.steps() == [
        ("change", "schedule", "Starkeeper: Hand-over"),
        ("change", "label", "star::new"),
        ("change", "webhook", "Starkeeper"),
    ]
    assert new_desk.bootstrap()[0] == 0
    assert new_desk.labels()["star::new"] == STAR_LABELS["star::new"]
    assert (schedule.active, schedule.cron_timezone) == (True, "Europe/Amsterdam")
    assert _values(schedule.variables) == {"STARKEEPER_DIGEST": "hand-over"}
    assert new_desk.hooks()[0].events == EVENTS
    assert new_desk.steps() == []


def test_schedule_that_becomes_a_sweep_loses_its_digest(new_desk: NewDesk) -> None:
    new_desk.bootstrap()
    new_desk.change("policies/desk.yml", ", digest: hand-over }", " }")
    assert new_desk.bootstrap()[0] == 0
    assert _values(new_desk.schedules()["Starkeeper: Hand-over"].variables) == {}
    assert new_desk.steps() == []


def test_schedule_of_somebody_else_is_taken_over_only_to_put_it_right(new_desk: NewDesk) -> None:
    new_desk.bootstrap()
    for each in new_desk.schedules().values():
        each.owner = new_desk.world.add_user("amber")
    assert new_desk.steps() == []
    schedule = new_desk.schedules()["Starkeeper: Hand-over"]
    schedule.active, schedule.variables = False, []
    status, printed, _ = new_desk.bootstrap()
    assert (status, schedule.active, schedule.owner.username) == (0, True, "smoc-bot")
    assert _values(schedule.variables) == {"STARKEEPER_DIGEST": "hand-over"}
    assert "taken over from @amber" in " ".join(printed.split())
    assert new_desk.schedules()["Starkeeper: Sweep"].owner.username == "amber"


def test_colour_that_people_gave_to_a_label_stays(new_desk: NewDesk) -> None:
    new_desk.world.add_label(STAR, "unstarred", "#123456", "Ours")
    new_desk.bootstrap()
    assert new_desk.labels()["unstarred"] == ("#123456", "Ours")


def test_label_of_the_group_is_there_already(new_desk: NewDesk) -> None:
    new_desk.world.add_label("support", "needs-human", "#ff0000")
    new_desk.world.add_label("support", "star::new", "#000000")
    status, printed, _ = new_desk.bootstrap()
    assert status == 0
    assert new_desk.labels(HANDOVER)["needs-human"] == ("#ff0000", None)
    assert "note: support/star: label star::new belongs to a group above" in printed


def test_value_that_is_there_is_never_changed_only_its_flags(new_desk: NewDesk) -> None:
    new_desk.world.add_variable(DESK, "GITLAB_TOKEN", "glpat-somebody-elses", protected=False, masked=False)
    new_desk.world.add_variable(DESK, "STARKEEPER_APPLY", "true", protected=True)
    new_desk.bootstrap()
    token, apply = new_desk.variables()["GITLAB_TOKEN"], new_desk.variables()["STARKEEPER_APPLY"]
    assert (token.value, token.protected, token.masked) == ("glpat-somebody-elses", True, True)
    assert apply.value == "true"


def test_token_that_a_group_gives_to_all_its_projects_is_there(new_desk: NewDesk) -> None:
    row = {"key": "SLACK_BOT_TOKEN", "value": "xoxb-of-the-group", "masked": True, "protected": True}
    new_desk.world.faults.append(Fault("GET", "groups/support/variables", status=200, body=json.dumps([row])))
    assert new_desk.bootstrap()[0] == 0
    assert "SLACK_BOT_TOKEN" not in new_desk.variables()


def test_token_that_is_nowhere_is_asked_of_whoever_can_set_it(
    new_desk: NewDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SLACK_BOT_TOKEN")
    status, printed, _ = new_desk.bootstrap()
    assert status == 0
    assert "a Maintainer of support/desk: run starkeeper bootstrap with SLACK_BOT_TOKEN set" in printed
    assert "SLACK_BOT_TOKEN" not in new_desk.variables()


def test_runs_wait_in_their_order_once_there_was_a_first_job(new_desk: NewDesk) -> None:
    assert "resource group of the runs comes to be with the first job" in new_desk.bootstrap()[1]
    ours = [new_desk.world.add_resource_group(DESK, key) for key in ("starkeeper-1", "starkeeper-2")]
    other = new_desk.world.add_resource_group(DESK, "production")
    assert "comes to be" not in new_desk.bootstrap()[1]
    assert [each.process_mode for each in (*ours, other)] == ["oldest_first", "oldest_first", "unordered"]


def test_template_of_people_is_left_alone_and_told_what_it_lacks(new_desk: NewDesk) -> None:
    new_desk.world.add_file(STAR, TEMPLATE, "### Ticket\n\nOur own words\n")
    status, printed, _ = new_desk.bootstrap()
    assert (status, new_desk.world.file(STAR, TEMPLATE)) == (0, "### Ticket\n\nOur own words\n")
    assert "template 'Star' lacks headings that desk.yml reads: Urgency" in printed


def test_template_follows_desk_yml_until_people_edit_it(new_desk: NewDesk) -> None:
    new_desk.bootstrap()
    new_desk.change("policies/desk.yml", "Ticket: ticket,", "Ticket: ticket, Plan: plan,")
    new_desk.bootstrap()
    followed = new_desk.world.file(STAR, TEMPLATE)
    assert "### Plan" in followed
    new_desk.world.add_file(STAR, TEMPLATE, followed + "\nThank you!\n")
    new_desk.change("policies/desk.yml", "Plan: plan,", "Product: product,")
    status, printed, _ = new_desk.bootstrap()
    assert (status, new_desk.world.file(STAR, TEMPLATE)) == (0, followed + "\nThank you!\n")
    assert "template 'Star' was edited by people, and is left alone" in printed
    assert "lacks headings that desk.yml reads: Product" in printed


def test_what_is_not_wanted_any_more_goes_only_with_prune(new_desk: NewDesk) -> None:
    new_desk.bootstrap()
    world, (ours,) = new_desk.world, new_desk.hooks()
    world.add_schedule(DESK, "smoc-bot", "Starkeeper: Hand-over")
    world.add_hook(STAR, "https://jira.example.com/hook", name="Jira")
    second = world.add_hook(STAR, ours.url, name="Starkeeper", url_variables=ours.url_variables)
    new_desk.change("policies/desk.yml", "    - { name: Sweep", "    - { name: The sweep")
    new_desk.change("policies/desk.yml", "    form: { Ticket: ticket, Urgency: urgency }\n", "")
    new_desk.change("policies/desk.yml", "    values: { urgency: { Not Urgent: not-urgent, Urgent: urgent } }\n", "")
    new_desk.change("policies/star.yml", ', "urgency::{{ fields.urgency }}"', "")
    _, printed, _ = new_desk.bootstrap()
    assert printed.count("is not wanted any more") == printed.count("--prune removes it") == 4
    assert new_desk.steps("--prune") == [
        ("remove", "schedule", "Starkeeper: Sweep"),
        ("remove", "schedule", "Starkeeper: Hand-over"),
        ("remove", "template", "Star"),
        ("remove", "webhook", "Starkeeper"),
    ]
    assert new_desk.bootstrap("--prune")[0] == 0
    assert sorted(new_desk.schedules()) == ["Starkeeper: Hand-over", "Starkeeper: The sweep"]
    assert [each.name for each in new_desk.hooks()] == ["Starkeeper", "Jira"]
    assert second not in new_desk.hooks()
    assert ("main", TEMPLATE) not in new_desk.project(STAR).files
    assert "urgency::urgent" in new_desk.labels()


def test_prune_takes_nothing_that_somebody_else_made_or_made_their_own(new_desk: NewDesk) -> None:
    new_desk.bootstrap()
    world, number = new_desk.world, new_desk.project().id
    world.add_schedule(DESK, "amber", "Starkeeper: nightly audit of amber")
    world.add_schedule(DESK, "smoc-bot", "Starkeeper: with a variable", variables={"AUDIT": "yes"})
    world.add_schedule(DESK, "smoc-bot", "Starkeeper: of another desk", ref="other")
    world.add_trigger(DESK, "amber", "Starkeeper: issue events")
    path = "/ref/main/trigger/pipeline?token={trigger_token}"
    other_projects = f"{world.url}/api/v4/projects/{number + 1}{path}"
    for url in (other_projects, f"https://evil.example/api/v4/projects/{number}{path}"):
        world.add_hook(STAR, url, name="Starkeeper", url_variables={"trigger_token": "x"})
    before = (list(new_desk.schedules()), new_desk.hooks(), list(new_desk.project().triggers))
    status, printed, _ = new_desk.bootstrap("--prune")
    assert (status, "Nothing to do" in printed, "audit of amber" in printed) == (0, True, False)
    assert (list(new_desk.schedules()), new_desk.hooks(), list(new_desk.project().triggers)) == before
    assert f"bears our name, but leads to project {number}, branch main, on evil.example; it is left" in printed


def test_one_token_for_reading_and_writing_is_refused_before_anything_is_asked(
    new_desk: NewDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STARKEEPER_READ_TOKEN", TOKEN)
    status, printed, complaint = new_desk.bootstrap()
    assert (status, new_desk.world.requests, TOKEN in printed + complaint) == (1, [], False)
    assert "STARKEEPER_READ_TOKEN is the token in GITLAB_TOKEN" in complaint


def test_variable_that_no_job_sees_is_told_and_left_alone(new_desk: NewDesk) -> None:
    made = new_desk.world.add_variable(
        DESK, "GITLAB_TOKEN", "glpat-for-production", masked=True, protected=True, environment_scope="production"
    )
    status, printed, _ = new_desk.bootstrap()
    assert status == 1
    assert "CI variable GITLAB_TOKEN is only for jobs of the environment production" in printed
    assert "a Maintainer of support/desk: Settings > CI/CD > Variables: choose All" in printed
    assert [each for each in new_desk.project().variables if each.key == "GITLAB_TOKEN"] == [made]
    new_desk.world.add_variable(DESK, "GITLAB_TOKEN", "glpat-for-everywhere", masked=True, protected=True)
    assert new_desk.bootstrap()[0] == 0


@pytest.mark.parametrize(("masked", "protected"), [(False, True), (True, False)])
def test_variable_of_a_group_that_others_could_see_is_told_to_its_owner(
    new_desk: NewDesk, masked: bool, protected: bool
) -> None:
    row = {"key": "SLACK_BOT_TOKEN", "value": "xoxb-of-the-group", "masked": masked, "protected": protected}
    new_desk.world.faults.append(Fault("GET", "groups/support/variables", 9, status=200, body=json.dumps([row])))
    status, printed, _ = new_desk.bootstrap()
    assert status == 1
    what = "CI variable SLACK_BOT_TOKEN comes from the group support, where it must be masked, protected"
    assert f"error: support/desk: {what}; an Owner of support: Settings > CI/CD > Variables" in printed
    assert "xoxb" not in printed
    new_desk.world.add_variable(DESK, "SLACK_BOT_TOKEN", "xoxb-of-the-project", masked=True, protected=True)
    assert new_desk.bootstrap()[0] == 0


def test_schedule_that_is_switched_off_is_said_to_run_again(new_desk: NewDesk) -> None:
    new_desk.bootstrap()
    schedules = new_desk.schedules()
    schedules["Starkeeper: Sweep"].active = False
    schedules["Starkeeper: Hand-over"].cron, schedules["Starkeeper: Hand-over"].cron_timezone = "1 1 * * *", "UTC"
    assert [each["why"] for each in new_desk.plan()["steps"]] == [
        "it is switched off; it will run again",
        "desk.yml has another cron and time zone",
    ]


def test_role_that_is_too_small_to_look_is_no_reason_to_say_that_all_is_done(new_desk: NewDesk) -> None:
    new_desk.bootstrap()
    new_desk.world.add_member("support", "smoc-bot", "developer")
    status, printed, _ = new_desk.bootstrap()
    assert (status, "Nothing to do" in printed) == (1, False)
    assert "Nothing was planned; it could not look at 4 things" in printed


def test_project_that_the_token_may_not_set_up_does_not_stop_the_others(new_desk: NewDesk) -> None:
    new_desk.refuse("GET", "support%2Fstar/hooks")
    status, printed, _ = new_desk.bootstrap()
    assert status == 1
    assert "an Owner of support/star: make the token's account a Maintainer there" in printed
    assert (new_desk.hooks(), new_desk.labels()) == ([], STAR_LABELS)
    assert "GITLAB_TOKEN" in new_desk.variables()


def test_project_that_is_not_there_is_to_be_made_by_people(new_desk: NewDesk) -> None:
    new_desk.change("policies/desk.yml", "support/handover", "support/elsewhere")
    status, printed, _ = new_desk.bootstrap()
    assert status == 1
    assert "error: support/elsewhere: looking up project support/elsewhere: answered 404" in printed
    assert "create it, or make the token's account a Maintainer there" in printed
    assert new_desk.labels() == STAR_LABELS


def test_step_that_fails_does_not_stop_the_next_and_is_made_up_for(new_desk: NewDesk) -> None:
    new_desk.refuse("POST", "support%2Fdesk/variables")
    new_desk.refuse("POST", "support%2Fstar/labels")
    status, printed, _ = new_desk.bootstrap()
    assert status == 3
    assert "the token needs the api scope and the Maintainer role in support/star" in printed
    assert "2 failed" in printed
    assert new_desk.bootstrap()[0] == 0
    assert (new_desk.labels(), len(new_desk.variables())) == (STAR_LABELS, 5)


def test_answer_that_was_lost_makes_nothing_twice(new_desk: NewDesk) -> None:
    for path in ("/hooks", "/triggers", "/pipeline_schedules$", "/variables", "/labels"):
        new_desk.refuse("POST", path, status=502)
        new_desk.world.faults[-1].after_effect = True
    status, printed, _ = new_desk.bootstrap()
    assert status == 3
    assert "run it again: it sees what came of it" in printed
    for _ in range(3):
        status, printed, _ = new_desk.bootstrap()
    assert (status, len(new_desk.hooks()), len(new_desk.project().triggers)) == (0, 1, 1)
    assert (len(new_desk.schedules()), len(new_desk.variables()), new_desk.steps()) == (2, 5, [])


def test_no_secret_is_shown_or_written_anywhere(new_desk: NewDesk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    plan = new_desk.folder / "plan.json"
    said = [*new_desk.bootstrap("--log-level", "debug", "--plan", str(plan))]
    (trigger,) = new_desk.project().triggers.values()
    new_desk.refuse("POST", "/hooks")
    new_desk.project(STAR).hooks.clear()
    said += [*new_desk.bootstrap("--output", "json", "--log-level", "debug")]
    said += [*new_desk.check("--output", "json", "--log-level", "debug"), plan.read_text(), caplog.text]
    text = "\n".join(map(str, said))
    assert "variables" in text and "hooks" in text
    for secret in (TOKEN, SLACK_TOKEN, PAGER_TOKEN, trigger.token):
        assert secret not in text


def test_no_token_at_all_is_told_before_anything_else(new_desk: NewDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITLAB_TOKEN")
    status, _, complaint = new_desk.bootstrap()
    assert status == 3
    assert "set GITLAB_TOKEN to a token with the api scope" in complaint


def test_group_gets_its_labels_and_is_told_what_its_webhooks_need(new_desk: NewDesk) -> None:
    new_desk.change("policies/desk.yml", "project: support/star", "group: support")
    status, printed, _ = new_desk.bootstrap()
    made = {each.name for each in new_desk.world.labels.values() if each.group is not None}
    assert (status, made) == (0, set(STAR_LABELS))
    assert "warning: support: reading the hooks of group support" in printed
    assert "webhooks of a group need GitLab Premium" in printed
    assert new_desk.steps() == []


def test_desk_that_says_nothing_of_pipelines_gets_its_labels(new_desk: NewDesk) -> None:
    path = new_desk.folder / "policies/desk.yml"
    before, _, after = path.read_text().partition("pipelines:")
    path.write_text(before + "labels:" + after.partition("labels:")[2])
    status, printed, _ = new_desk.bootstrap()
    assert (status, new_desk.labels()) == (0, STAR_LABELS)
    assert "write 'pipelines' into desk.yml" in printed
    assert new_desk.hooks() == []


def test_the_desks_own_policies_set_up_a_whole_gitlab(new_desk: NewDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    desk = load_policies([ROOT / "policies"], ROOT / "templates").desk
    assert desk.pipelines is not None
    for each in desk.trackers.values():
        new_desk.world.add_project(each.path)
    new_desk.world.add_project(desk.pipelines.project)
    status, printed, _ = new_desk.bootstrap()
    assert (status, "failed" in printed) == (0, False)
    labels = new_desk.labels(desk.trackers["star"].path)
    assert labels["star::new"] == ("#1f75cb", "Nobody has acknowledged this STAR yet")
    assert {"urgency::urgent", "urgency::timely", "urgency::not-urgent", "unstarred", "needs-human"} <= labels.keys()
    assert new_desk.steps() == []


def _values(variables: object) -> dict[str, str]:
    assert isinstance(variables, list)
    return {each.key: each.value for each in variables}
