"""One request and what can go wrong with it, over real HTTP, on a clock that never waits."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from starkeeper.connectors.gitlab import GitLab
from starkeeper.errors import ConnectorError
from starkeeper.model.requests import Update
from starkeeper.model.resources import ResourceKey, User
from tests.connectors.conftest import TOKEN, Answer, Clock, Scripted

KEY = ResourceKey("desk/star", 7)
ISSUE = Answer(
    {"id": 70, "iid": 7, "created_at": "2026-11-01T08:00:00.000Z", "state": "opened", "title": "A secret text"}
)
THROTTLED = "This endpoint has been requested too many times. Try again later."
LIMITS = [
    Answer("Retry later\n", 429, {"Retry-After": "30"}, "text/plain"),
    Answer({"message": {"error": THROTTLED}}, 429, {"Retry-After": "30"}),
    Answer({"message": THROTTLED}, 429, {"Retry-After": "30"}),
]


def read(gitlab: GitLab) -> ResourceKey:
    return gitlab.read_resource("star", KEY).key


def refusal(gitlab: GitLab) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        read(gitlab)
    return caught.value


@pytest.mark.parametrize("limit", LIMITS, ids=["plain", "older", "newer"])
def test_each_form_of_429_is_waited_out(gitlab: GitLab, scripted: Scripted, clock: Clock, limit: Answer) -> None:
    scripted.says(limit, ISSUE)
    assert read(gitlab) == KEY
    assert len(clock.waits) == 1
    assert 30 <= clock.waits[0] <= 31


def test_429_with_a_date_is_waited_out_by_the_clock_of_the_server(
    gitlab: GitLab, scripted: Scripted, clock: Clock
) -> None:
    scripted.says(Answer("", 429, {"Retry-After": "Mon, 30 Nov 2026 09:00:20 GMT"}), ISSUE)
    assert read(gitlab) == KEY
    assert 20 <= clock.waits[0] <= 21


def test_429_without_retry_after_waits_until_the_limit_is_counted_anew(
    gitlab: GitLab, scripted: Scripted, clock: Clock
) -> None:
    scripted.says(Answer("Retry later\n", 429, {"RateLimit-Reset": "1796029240"}, "text/plain"), ISSUE)
    assert read(gitlab) == KEY
    assert 40 <= sum(clock.waits) <= 41


def test_a_wait_that_is_too_long_is_an_error_that_says_when_to_come_back(
    gitlab: GitLab, scripted: Scripted, clock: Clock
) -> None:
    scripted.says(Answer("Retry later\n", 429, {"Retry-After": "3600"}, "text/plain"))
    error = refusal(gitlab)
    assert (
        str(error) == "GitLab: reading desk/star#7: answered 429 and asks to wait 3600 seconds; run again in 60 minutes"
    )
    assert (error.status, clock.waits, len(scripted.asked)) == (429, [], 1)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520, 524])
def test_a_read_outlasts_passing_trouble(gitlab: GitLab, scripted: Scripted, clock: Clock, status: int) -> None:
    scripted.says(Answer("", status), Answer("", status), ISSUE)
    assert read(gitlab) == KEY
    assert 0.5 <= clock.waits[0] <= 1 <= clock.waits[1] <= 2


def test_maintenance_says_how_long_it_takes(gitlab: GitLab, scripted: Scripted, clock: Clock) -> None:
    scripted.says(Answer("", 503, {"Retry-After": "60"}), ISSUE)
    assert read(gitlab) == KEY
    assert 60 <= clock.waits[0] <= 61


@pytest.mark.parametrize("broken", [Answer(drop=True), Answer({"iid": 7}, cut=True)], ids=["dropped", "cut"])
def test_a_read_outlasts_a_broken_connection(gitlab: GitLab, scripted: Scripted, broken: Answer) -> None:
    scripted.says(broken, ISSUE)
    assert read(gitlab) == KEY


def test_tries_come_to_an_end(gitlab: GitLab, scripted: Scripted, clock: Clock) -> None:
    scripted.says(Answer({"message": "502 Bad Gateway"}, 502))
    error = refusal(gitlab)
    assert str(error) == (
        "GitLab: reading desk/star#7: answered 502 (Bad Gateway); GitLab has trouble of its own; run again later"
    )
    assert (error.status, error.lost, len(scripted.asked), len(clock.waits)) == (502, False, 5, 4)
    assert gitlab.requests == {"issue": 5}


def test_an_outage_is_not_tried_again_for_each_request(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.says(Answer("", 502))
    reading = gitlab.read_facet("label_events", [ResourceKey("desk/star", iid) for iid in range(1, 21)])
    assert len(reading.failed) == 20
    assert len(scripted.asked) == 5 + 19


def test_tries_are_many_again_after_an_outage(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.says(*[Answer("", 502)] * 5, ISSUE, Answer("", 502), ISSUE)
    refusal(gitlab)
    assert [read(gitlab), read(gitlab)] == [KEY, KEY]


def test_a_resource_lock_is_waited_out(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.says(Answer({"message": "409 Conflict: Resource lock"}, 409), ISSUE)
    assert gitlab.update_resource("star", KEY, Update(state="opened")).key == KEY


def test_the_brake_holds_the_next_request_back(gitlab: GitLab, scripted: Scripted, clock: Clock) -> None:
    headers = {"RateLimit-Remaining": "1", "RateLimit-Limit": "2000", "RateLimit-Reset": "1796029215"}
    scripted.says(Answer(ISSUE.body, headers=headers), ISSUE)
    read(gitlab)
    assert clock.waits == []
    read(gitlab)
    assert clock.waits == [15]


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (
            Answer({"message": "401 Unauthorized"}, 401),
            "answered 401 (Unauthorized); GITLAB_TOKEN was refused: "
            "it is mistyped, expired or revoked, or of another GitLab",
        ),
        (
            Answer({"error": "insufficient_scope", "error_description": "The request requires…"}, 403),
            "answered 403 (insufficient_scope); the token needs the api scope (read_api only to read) "
            "and at least the Reporter or Planner role there",
        ),
        (
            Answer({"message": "404 Project Not Found"}, 404),
            "answered 404 (Project Not Found); there is no such project, group or issue, or the token may not see it",
        ),
        (
            Answer({"message": {"title": ["is too long: A secret text"]}}, 400),
            "answered 400 (title); GitLab does not accept these values; check the rule that asks for them",
        ),
        (Answer({"message": "405 Method Not Allowed"}, 405), "answered 405 (Method Not Allowed)"),
        (Answer({"message": 'Bad "A secret text"'}, 422), "answered 422; GitLab does not accept these values; "),
        (
            Answer("<html>Sign in</html>", content_type="text/html"),
            "answered 200 with something that is not JSON; "
            "is GITLAB_URL the address of GitLab itself, with no login page before it?",
        ),
        (Answer([1, 2]), "the answer is not what GitLab documents, at $; is GITLAB_URL the address of GitLab itself?"),
        (Answer('{"iid": 7, "created'), "the answer is not whole, or not JSON; "),
        (Answer({"iid": "A secret text", "created_at": "2026-11-01T08:00:00Z"}), "documents, at $.iid; "),
    ],
)
def test_a_refusal_says_what_to_do_and_is_final(gitlab: GitLab, scripted: Scripted, answer: Answer, says: str) -> None:
    scripted.says(answer)
    error = refusal(gitlab)
    assert str(error).startswith("GitLab: reading desk/star#7: ")
    assert says in str(error)
    assert len(scripted.asked) == 1
    assert "secret" not in str(error)
    assert TOKEN not in str(error)


def test_a_missing_token_is_asked_for(connect: Callable[..., GitLab], scripted: Scripted) -> None:
    scripted.says(Answer({"message": "401 Unauthorized"}, 401))
    assert refusal(connect(scripted.url, token="")).advice == "set GITLAB_TOKEN to a token with the api scope"


def test_a_redirect_is_not_followed_with_the_token(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.says(Answer("", 301, {"Location": "https://gitlab.example.com/api/v4/projects/1"}))
    assert refusal(gitlab).advice == "use the final https URL in GITLAB_URL"
    assert len(scripted.asked) == 1


def test_a_renamed_project_is_told_by_its_redirect(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.says(Answer("", 301, {"Location": f"{scripted.url}/api/v4/projects/1"}))
    assert "the present path if the project or group was renamed" in refusal(gitlab).advice


@pytest.mark.parametrize("status", [301, 302, 307])
def test_a_write_is_not_sent_on_by_a_redirect(gitlab: GitLab, scripted: Scripted, status: int) -> None:
    scripted.says(Answer("", status, {"Location": f"{scripted.url}/elsewhere"}))
    with pytest.raises(ConnectorError, match=f"answered {status}"):
        gitlab.update_resource("star", KEY, Update(state="closed"))
    assert [each.path for each in scripted.asked] == ["/api/v4/projects/desk/star/issues/7"]


def test_a_server_that_is_not_there_is_told_by_the_first_request(connect: Callable[..., GitLab], clock: Clock) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        gitlab = connect(f"http://127.0.0.1:{free.getsockname()[1]}")
        with pytest.raises(ConnectorError, match="no connection; is GITLAB_URL right") as caught:
            gitlab.whoami()
    assert caught.value.lost is False
    assert sum(clock.waits) <= 1


def test_a_host_that_has_no_address_is_told(connect: Callable[..., GitLab]) -> None:
    assert refusal(connect("http://gitlab.invalid")).found == "no connection"


def test_a_server_without_tls_is_told_and_not_tried_again(connect: Callable[..., GitLab], scripted: Scripted) -> None:
    gitlab = connect(scripted.url.replace("http:", "https:"))
    assert refusal(gitlab).advice == "is GITLAB_URL right, and its certificate one to trust?"
    assert gitlab.requests == {"issue": 1}


def test_silence_ends_by_the_time_out(connect: Callable[..., GitLab]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        gitlab = connect(f"http://127.0.0.1:{mute.getsockname()[1]}", timeout_seconds=0.05)
        error = refusal(gitlab)
    assert (error.found, error.lost, gitlab.requests) == ("no answer in time", False, {"issue": 5})


@pytest.mark.parametrize("token", ["two\nlines", "schlüssel-€"])
def test_a_token_that_no_header_can_hold_is_not_shown(
    connect: Callable[..., GitLab], scripted: Scripted, token: str
) -> None:
    error = refusal(connect(scripted.url, token=token))
    assert str(error) == (
        "GitLab: reading desk/star#7: the request could not be sent; "
        "check GITLAB_URL and GITLAB_TOKEN for stray characters"
    )
    assert error.__cause__ is None and error.__context__ is None


def test_the_token_is_sent_as_gitlab_wants_it(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.says(Answer({"id": 3, "username": "star-bot", "name": "Star Bot", "bio": None}))
    assert gitlab.whoami() == User("star-bot", 3, "Star Bot")
    assert gitlab.whoami() == User("star-bot", 3, "Star Bot")
    assert [(each.path, each.headers["PRIVATE-TOKEN"]) for each in scripted.asked] == [("/api/v4/user", TOKEN)]


def test_a_project_path_is_one_segment(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.says(ISSUE)
    issue = gitlab.read_resource("star", ResourceKey("desk/sub group/star", 7))
    assert issue.project == "desk/sub group/star"
    assert scripted.asked[0].path == "/api/v4/projects/desk/sub group/star/issues/7"


def test_one_that_was_asked_for_keeps_its_key(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.says(Answer(ISSUE.body | {"references": {"full": "desk/star#7"}}))
    key = ResourceKey("Desk/Star", 7)
    assert gitlab.read_resource("star", key).key == gitlab.update_resource("star", key, Update()).key == key


def test_users_are_found_whatever_the_case_and_asked_for_once(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.says(Answer([{"id": 1, "username": "ann-lee"}, {"id": 2, "username": "Ann"}]))
    assert gitlab.find_user("ann") == gitlab.find_user("ANN") == User("Ann", 2)
    assert [each.query for each in scripted.asked] == [{"username": "ann"}]


def test_a_user_who_is_not_there_is_named_each_time_and_asked_for_once(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.says(Answer([{"id": 1, "username": "ann-lee"}]))
    for _ in range(2):
        with pytest.raises(ConnectorError, match="looking up user 'ann': there is no such user; correct the name"):
            gitlab.find_user("ann")
    assert gitlab.requests == {"user": 1}


@pytest.mark.parametrize("answer", [{}, {"id": 1, "username": None}, {"id": 1, "username": ""}])
def test_an_answer_that_names_nobody_is_not_who_we_are(
    gitlab: GitLab, scripted: Scripted, answer: dict[str, object]
) -> None:
    scripted.says(Answer(answer))
    with pytest.raises(ConnectorError, match="asking who the token stands for: the answer names nobody"):
        gitlab.whoami()
