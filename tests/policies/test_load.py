"""Files and folders to checked rules: trackers, names, the desk beside them, templates, digest, plain runs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from starkeeper.errors import PolicyError, Where
from starkeeper.model.desk import Person
from starkeeper.model.rules import Limits, Repeat
from starkeeper.model.values import Interval, TemplateName, Text, values_in
from starkeeper.policies.load import load_policies
from tests.builders import make_policies
from tests.policies.helpers import ONE_RULE, PLAIN, one_rule, plain_rules, problems_of, written

DESK = "trackers: {star: {project: support/star}, feedback: {group: support}}\n"
STAR = """tracker: star
max_changes: 25%
resource_rules:
  issues:
    rules:
      - name: Take in
        events: [issue.opened]
        conditions: {state: opened, labels: [a]}
        limits: {oldest: 50}
        actions:
          labels: [b]
          comment: |
            Hello
        repeat: {every: 3 days, at_most: 2}
        max_changes: 20
      - actions: {status: close}
        tracker: [feedback]
"""


def test_a_rule_carries_all_that_its_policy_says(tmp_path: Path) -> None:
    policies = load_policies([written(tmp_path, {"desk.yml": DESK, "star.yml": STAR})], tmp_path)
    first, second = policies.rules
    file = str(tmp_path / "star.yml")

    assert (first.name, first.policy, first.where) == ("Take in", file, Where(file, 6, 9))
    assert (first.trackers, first.events) == (("star",), ("issue.opened",))
    assert [(each.key, each.where.line) for each in first.conditions] == [("state", 8), ("labels", 8)]
    assert [each.key for each in first.actions] == ["labels", "comment"]
    assert (first.limits, first.max_changes) == (Limits(oldest=50), 20)
    assert first.repeat == Repeat(Interval(3, "days"), 2)
    assert list(values_in(first.actions, Text)) == [
        Text("b", Where(file, 11, 20)),
        Text("Hello\n", Where(file, 13, 13)),
    ]
    assert (second.name, second.trackers, second.conditions) == ("issues-2", ("feedback",), ())
    assert policies.max_changes == {file: "25%"}


def test_a_folder_is_read_without_its_tests_its_hidden_files_and_its_desk(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        {
            "desk.yml": DESK,
            "star.yml": STAR,
            "more/other.yaml": STAR.replace("Take in", "Other").replace("- actions", "- name: Close\n        actions"),
            "tests/scenario.yml": "given: []",
            ".hidden.yml": "nothing",
            "schema.json": "{}",
        },
    )

    assert [rule.name for rule in load_policies([folder], folder).rules] == ["Other", "Close", "Take in", "issues-2"]


def test_the_desk_beside_a_file_is_read_when_the_file_names_a_tracker(tmp_path: Path) -> None:
    folder = written(tmp_path, {"desk.yml": DESK, "star.yml": STAR})

    assert set(load_policies([folder / "star.yml"], folder).desk.trackers) == {"star", "feedback"}


def test_a_plain_run_takes_one_tracker_whatever_the_file_says(tmp_path: Path) -> None:
    people = "people: [{gitlab: emil}]"
    desk = DESK + "managers: [emil]\n"
    folder = written(tmp_path, {"desk.yml": desk, "people.yml": people, "star.yml": STAR.replace("star", "nowhere")})

    policies = load_policies([folder], folder, plain=PLAIN)

    assert [rule.trackers for rule in policies.rules] == [("plain",), ("plain",)]
    assert policies.desk.trackers == {"plain": PLAIN}
    assert policies.desk.people == {"emil": Person(gitlab="emil")}


def test_a_plain_run_needs_no_desk(tmp_path: Path) -> None:
    assert one_rule(tmp_path, {}, {"status": "close"}).desk.trackers == {"plain": PLAIN}


def test_rules_of_one_name_are_told_apart_in_a_plain_run(tmp_path: Path) -> None:
    text = "resource_rules: {issues: {rules: [{name: A}, {name: A}, {name: A (2)}, {}]}}"

    assert [rule.name for rule in plain_rules(tmp_path, text).rules] == ["A", "A (2)", "A (2) (2)", "issues-4"]


def test_a_file_without_a_tracker_says_so_once(tmp_path: Path) -> None:
    folder = written(tmp_path, {"a.yml": "resource_rules: {issues: {rules: [{name: A}, {name: B}]}}"})

    assert problems_of([folder / "a.yml"], folder) == [
        "a.yml:1:1: this file does not say which tracker it is for; write 'tracker: NAME', or run with --project"
    ]


def test_a_tracker_without_a_desk_is_refused_where_it_is_named(tmp_path: Path) -> None:
    folder = written(tmp_path, {"a.yml": "tracker: star\nresource_rules: {issues: {rules: [{name: A}]}}"})

    assert problems_of([folder / "a.yml"], folder) == [
        "a.yml:1:10: tracker 'star' needs a desk.yml, and there is none; "
        "write one beside this file, or name a project with --project"
    ]


def test_an_empty_folder_and_a_missing_file_are_problems(tmp_path: Path) -> None:
    assert problems_of([tmp_path], tmp_path)[0].endswith(
        ":1:1: there is no policy file in this folder; add a file like star.yml"
    )
    assert problems_of([tmp_path / "no.yml"], tmp_path) == [
        "no.yml:1:1: there is no such file or folder; name your policies with --policies"
    ]


def test_a_file_given_twice_counts_once(tmp_path: Path) -> None:
    folder = written(tmp_path, {"desk.yml": DESK, "star.yml": STAR})

    assert len(load_policies([folder, folder / "star.yml"], folder).rules) == 2


def test_a_run_has_one_desk(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        {
            f"{name}/{file}": text
            for name in "ab"
            for file, text in (("desk.yml", DESK), ("x.yml", STAR.replace("Take in", name)))
        },
    )

    assert any(
        "desk.yml:1:1: a run has one desk, and that is" in each
        for each in problems_of([folder / "a", folder / "b"], folder)
    )


def test_the_digest_is_that_of_the_contents_wherever_they_lie(tmp_path: Path) -> None:
    files = {
        "policies/desk.yml": DESK,
        "policies/star.yml": STAR.replace("|\n            Hello", "{template: comments/a.md}"),
        "templates/comments/a.md": "{% include 'comments/b.md' %}",
        "templates/comments/b.md": "b",
        "templates/comments/unused.md": "c",
    }

    def digest(name: str, **changed: str) -> str:
        folder = written(
            tmp_path / name, {**files, **{key.replace("__", "/") + ".md": text for key, text in changed.items()}}
        )
        return load_policies([folder / "policies"], folder / "templates").digest

    first = digest("one")
    assert first.startswith("sha256:")
    assert digest("two") == first
    assert digest("three", templates__comments__unused="changed") == first
    assert digest("four", templates__comments__a="changed") != first
    assert digest("five", templates__comments__b="changed") != first


def test_a_named_template_is_kept_with_its_place(tmp_path: Path) -> None:
    folder = written(tmp_path, {"templates/a.md": "Hello"})
    rule = one_rule(folder, {}, {"comment": {"template": "a.md"}}).rules[0]

    assert [each.name for each in values_in(rule.actions, TemplateName)] == ["a.md"]


@pytest.mark.parametrize(
    ("conditions", "text", "is_known"),
    [
        ({"title": "(?P<customer>a)"}, "{{ fields.customer }}", True),
        ({"title": {"lacks": "(?P<customer>a)"}}, "{{ fields.customer }}", False),
        ({"none_of": [{"title": "(?P<customer>a)"}]}, "{{ fields.customer }}", False),
        ({"all_of": [{"title": "(?P<x>a)"}, {"title": "(?P<y>b)"}]}, "{{ fields.x }}{{ fields.y }}", True),
        ({"any_of": [{"title": "(?P<x>a)"}, {"description": "(?P<x>b)"}]}, "{{ fields.x }}", True),
        ({"any_of": [{"title": "(?P<x>a)"}, {"state": "opened"}]}, "{{ fields.x }}", False),
        ({"label_added": {"label": "a"}}, "{{ marked_by }}", True),
        ({"labels": ["a"]}, "{{ marked_by }}", False),
        ({}, "{{ fields.customer }}", False),
    ],
)
def test_a_template_may_use_what_the_conditions_find_for_sure(
    tmp_path: Path, conditions: object, text: str, is_known: bool
) -> None:
    path = written(tmp_path, {"a.yml": ""}) / "a.yml"
    path.write_text(
        f"resource_rules: {{issues: {{rules: [{{conditions: {conditions!r}, actions: {{comment: {text!r}}}}}]}}}}"
    )

    assert (problems_of([path], tmp_path, PLAIN) == []) is is_known


def test_jinja_is_not_read_for_policies_without_templates(tmp_path: Path) -> None:
    path = written(tmp_path, {"a.yml": ONE_RULE % ("{state: opened}", "{status: close}")})
    code = (
        "import sys; from pathlib import Path\n"
        "from starkeeper.model.desk import Tracker\n"
        "from starkeeper.policies.load import load_policies\n"
        f"load_policies([Path({str(path / 'a.yml')!r})], Path('none'), plain=Tracker(name='p', path='a/b'))\n"
        "print('jinja2' in sys.modules, 'requests' in sys.modules)"
    )

    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "False False\n"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ clock_of('answr').due_at }}", "desk.yml has no 'answr' for clock_of; did you mean 'answer'?"),
        ("{{ mention(on_call('suport_manager')) }}", "desk.yml has no 'suport_manager' for on_call; did you mean"),
    ],
)
def test_name_that_a_template_asks_the_desk_for_is_checked_at_its_place(
    text: str, message: str, tmp_path: Path
) -> None:
    make_policies(tmp_path, "- {name: R, actions: {comment: \"{{ clock_of('answer').due_at }}\"}}")
    with pytest.raises(PolicyError, match=re.escape(message)) as caught:
        make_policies(tmp_path, f'- name: R\n  actions:\n    comment: "{text}"')
    assert "policy.yml:8:" in str(caught.value)


@pytest.mark.parametrize("name", ["desk.yml", "people.yml"])
def test_file_of_the_desk_is_no_policy(name: str, tmp_path: Path) -> None:
    make_policies(tmp_path, "- {name: R, actions: {comment: x}}")
    [problem] = problems_of([tmp_path / name], tmp_path)
    assert problem.endswith(f"{name} is no policy; it is read with the policies beside it: name their folder")


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("conditions: {label_added: {label: x, by: [managers]}}", "a list holds user names, and 'managers' is a group"),
        ("repeat: {every: 1 day, at_most: 1, then: {summarize: {title: x}}}", "'summarize' is not done in 'then'"),
        ("conditions: {clock: {name: answer}}, x: 1", "unknown key 'x'"),
    ],
)
def test_use_that_would_do_nothing_is_refused(rule: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=re.escape(message)):
        make_policies(tmp_path, f"- {{name: R, actions: {{comment: x}}, {rule}}}")


@pytest.mark.parametrize(
    ("actions", "message"),
    [
        ("original: {comment: '{{ marked_by }}'}", "unknown name 'marked_by'"),
        ("original: {comment: '{{ fields.nope }}'}", "'fields' has no 'nope'"),
        ("comment: '{{ clock.dueat }}'", "'clock' has no 'dueat'; did you mean 'due_at'?"),
    ],
)
def test_names_within_nested_actions_are_those_that_are_there(actions: str, message: str, tmp_path: Path) -> None:
    conditions = "{duplicate_of: {}, clock: {name: answer}}"
    sound = "original: {suggest: {text: '{{ duplicate.title }} {{ candidates }}'}}"
    make_policies(tmp_path, f"- {{name: R, conditions: {conditions}, actions: {{{sound}}}}}")
    with pytest.raises(PolicyError, match=re.escape(message)):
        make_policies(tmp_path, f"- {{name: R, conditions: {conditions}, actions: {{{actions}}}}}")
