"""A support desk in the middle of a shift: its people, its labels, and what lies on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from starkeeper.sandbox.forms import HOSTILE_LINES, feedback_form, star_form
from starkeeper.sandbox.seeds.services import seed_services
from starkeeper.sandbox.world import World

TOKEN, READ_TOKEN, BOT = "sandbox-token", "sandbox-read-token", "smoc-bot"
STAR, FEEDBACK, EMERGENCIES = "support/star", "support/feedback", "support/emergencies"
COVER = "support/cover"
HANDOVER, NOTICES = "support/handover", "support/notices"
PIPELINES = "support/desk"
MANAGERS = {"amber": "Amber Vale", "emil": "Emil Brandt", "aoi": "Aoi Nishi"}
ENGINEERS = {"kim": "Kim Tal", "noor": "Noor Haddad", "ravi": "Ravi Menon", "sofia": "Sofia Lund"}
# Engineers of people.yml who have nothing to do with what lies on the desk.
OTHERS = {"hana": "Hana Mori", "ade": "Ade Bello", "rosa": "Rosa Duarte"}
INITIATORS = {"dana": "Dana Frost", "lee": "Lee Okafor", "max": "Max Oduya"}

LABELS = {
    "star::new": ("#1F75CB", "Nobody has acknowledged this STAR yet"),
    "star::acknowledged": ("#6699CC", "A manager is looking at it"),
    "star::in-progress": ("#428BCA", "An engineer drives the ticket"),
    "star::outside-hours": ("#8E8E8E", "Arrived outside Global Support Hours"),
    "star-possible-duplicate": ("#CBA135", "Another STAR is open for the same ticket"),
    "urgency::not-urgent": ("#69D100", "An answer within 2 hours"),
    "urgency::timely": ("#F0AD4E", "An answer within 1 hour"),
    "urgency::urgent": ("#D9534F", "An answer within 30 minutes"),
    "unstarred": ("#7F8C8D", "A manager decided that this is no STAR"),
    "Escalation::License-Issue": ("#8E44AD", "Licences and renewals"),
    "Escalation::Response-Time": ("#5843AD", "Asked for a faster answer"),
    "intake::malformed-title": ("#A8D695", "The title was not understood"),
    "needs-human": ("#FF0000", "A person has to look at this"),
    "sla::due-soon": ("#F0AD4E", "Half of the time is gone"),
    "sla::breached": ("#CC0033", "The time is over"),
    "mark:page-backup-pool": ("#34495E", "A manager's yes: page the backup pool"),
    "mark:trigger-emergency": ("#34495E", "A manager's yes: trigger an emergency"),
    "mark:declare-dedicated-incident": ("#34495E", "A manager's yes: declare an incident"),
    "mark:contact-approved": ("#34495E", "A manager's yes: contact the customer"),
    "SSAT::Contact": ("#D10069", "The customer asked to speak to a manager"),
    "ssat-manager-contacted-customer": ("#44AD8E", "A manager has contacted the customer"),
    "satisfaction::good": ("#5CB85C", "A happy customer"),
    "satisfaction::bad": ("#D9534F", "An unhappy customer"),
    "OrganizationRegion::APAC": ("#AD8D43", "Asia and Pacific"),
    "OrganizationRegion::EMEA": ("#AD8D43", "Europe, Middle East and Africa"),
    "OrganizationRegion::LATAM": ("#AD8D43", "Latin America"),
    "OrganizationRegion::NORAM": ("#AD8D43", "North America"),
    "feedback::customer-resolved": ("#9CAFB7", "The customer found the answer"),
    "feedback::docs-not-helpful": ("#9CAFB7", "The documentation did not help"),
    "feedback::soft-skills": ("#9CAFB7", "How we said it"),
    "bridge::joined": ("#0033CC", "The customer joined the incident's call"),
    "bridge::separate-call": ("#0033CC", "The customer has a call of their own"),
    "bridge::async": ("#0033CC", "The customer is kept informed in writing"),
    "cover::asked": ("#6699CC", "A manager was asked to cover"),
    "cover::volunteers": ("#F0AD4E", "All managers were asked to cover"),
    "cover::agreed": ("#5CB85C", "Somebody covers"),
    "emergency": ("#CC0033", "A customer emergency"),
}


def seed_desk(world: World, now: dt.datetime) -> None:
    """Fills a world with the desk of three managers as it might be at `now`, and sets the bot's tokens.

    `sandbox-token` may do everything, `sandbox-read-token` may only read; both are the bot's. Slack and PagerDuty
    are filled, too.
    """
    with world.lock:
        _add_people(world)
        add_labels(world, "support")
        _add_stars(world, now)
        _add_feedback(world, now)
        _add_emergencies(world, now)
        _add_pipelines(world)
        seed_services(world, now)


def _add_people(world: World) -> None:
    places = {STAR: "Requests for attention", FEEDBACK: "What customers say", EMERGENCIES: "Pages", COVER: "Cover"}
    places |= {HANDOVER: "What a shift leaves to the next", NOTICES: "What Support is asked to tell users"}
    for path, about in {**places, PIPELINES: "Where the pipelines run"}.items():
        world.add_project(path, description=about)
    add_tokens(world)
    for people, level in ((MANAGERS, "maintainer"), (ENGINEERS, "developer"), (INITIATORS, "reporter")):
        for username, name in people.items():
            world.add_user(username, name)
            world.add_member("support", username, level)
    world.add_member("support", BOT, "maintainer")
    for username, name in OTHERS.items():
        world.add_user(username, name)


def _add_stars(world: World, now: dt.datetime) -> None:
    def star(minutes: float, ticket: str, author: str, labels: Sequence[str] = (), to: str = "", **form: str) -> int:
        return world.open_issue(
            STAR,
            title=f"STAR for ZD#{ticket}",
            description=star_form(ticket, **form),
            author=author,
            labels=labels,
            assignees=[to] if to else [],
            created_at=now - dt.timedelta(minutes=minutes),
        )

    done = star(3 * 1440, "204417", "dana", ["star::acknowledged", "urgency::timely"], "emil")
    world.comment(STAR, done, "emil", "Patch delivered; Kim follows the ticket.", now - dt.timedelta(days=2, hours=23))
    world.close(STAR, done, by="emil", at=now - dt.timedelta(days=2, hours=22))
    star(5, "218804", "dana")
    star(12, "218790", "lee", form="L&R", urgency="Urgent", reason="The licence ends in 20 hours, the renewal is paid.")
    star(40, "218711", "max", purpose="Speed up a response", urgency="Not Urgent")
    star(75, "218655", "lee", ["star::new", "urgency::timely"], "emil")
    seen = star(50, "218702", "dana", ["star::new", "urgency::urgent"], "emil", urgency="Urgent")
    world.set_labels(STAR, seen, by=BOT, add=["star::acknowledged"], at=now - dt.timedelta(minutes=44))
    world.comment(STAR, seen, "emil", "Looking at the logs with Noor.", now - dt.timedelta(minutes=40))
    star(1500, "217930", "max", ["star::acknowledged", "urgency::timely"], "emil", plan="Premium")
    star(15, "217930", "dana", plan="Premium", reason="The same upgrade, a second team waits for it.")
    _add_unstarred(world, now)


def _add_unstarred(world: World, now: dt.datetime) -> None:
    for ticket, said in (
        ("218601", ""),
        ("218590", "Reason: waiting on the customer.\n\nAgreed path: Lee sends logs."),
    ):
        iid = world.open_issue(
            STAR,
            title=f"STAR for ZD#{ticket}",
            description=star_form(ticket, form="SaaS"),
            author="lee",
            labels=["star::new", "urgency::timely"],
            assignees=["amber"],
            created_at=now - dt.timedelta(minutes=130),
        )
        world.set_labels(STAR, iid, by="amber", add=["unstarred"], at=now - dt.timedelta(minutes=30))
        if said:
            world.comment(STAR, iid, "amber", said, now - dt.timedelta(minutes=29))


def _add_feedback(world: World, now: dt.datetime) -> None:
    def feedback(hours: float, title: str, text: str, contact: bool = False, region: str = "EMEA") -> int:
        return world.open_issue(
            FEEDBACK,
            title=title,
            description=feedback_form(text, contact=contact, region=region),
            author=BOT,
            created_at=now - dt.timedelta(hours=hours),
        )

    feedback(2, "Negative feedback for ticket 218433", "Three days without a real answer.", True, "AMER")
    feedback(5, "Positive feedback for ticket 218120", "Noor was patient and clear. Thank you!")
    feedback(7, "Neutral feedback for ticket 218077", "Solved in the end, the form was long.", region="APAC")
    feedback(9, "negative feedback for ticket #12a456", "Please call me.", True)
    feedback(11, "RE: Negative feedback for ticket 123456", "See my mail.")
    feedback(1, "Negative feedback for ticket 218512", "\n".join(HOSTILE_LINES), True)
    made = feedback(26, "Negative feedback for ticket 218002", "The upgrade broke our runners.", True, "AMER")
    at = now - dt.timedelta(hours=3)
    world.comment(FEEDBACK, made, "amber", "Mail sent: sorry for the wait, a call is offered for tomorrow.", at)
    world.set_labels(FEEDBACK, made, by="amber", add=["SSAT::Contact", "ssat-manager-contacted-customer"], at=at)
    quiet = feedback(24 * 9, "Positive feedback for ticket 216950", "Great help.")
    world.set_labels(FEEDBACK, quiet, by=BOT, add=["satisfaction::good"], at=now - dt.timedelta(days=9))


def _add_emergencies(world: World, now: dt.datetime) -> None:
    for hours, ticket, about in (
        (3.5, "219001", "GitLab answers 502 on every page since the upgrade."),
        (0.3, "219014", "Nobody can sign in; the disk of the database is full."),
    ):
        iid = world.open_issue(
            EMERGENCIES,
            title=f"Emergency - ZD#{ticket}",
            description=f"### Ticket\n\n{ticket}\n\n### Summary\n\n{about}\n",
            author=BOT,
            labels=["emergency"],
            assignees=["ravi"],
            created_at=now - dt.timedelta(hours=hours),
        )
        world.comment(
            EMERGENCIES, iid, "ravi", "Acknowledged, opening a bridge.", now - dt.timedelta(hours=hours - 0.1)
        )


def _add_pipelines(world: World) -> None:
    """As much of them as makes a complete desk; what runs in the sandbox is not read from this file."""
    world.add_file(PIPELINES, ".gitlab-ci.yml", "sweep:\n  script: [scripts/environment starkeeper sweep]\n")
    world.add_runner(description="Takes the jobs of all projects")


def add_labels(world: World, place: str) -> None:
    """Every label of the desk, in a project or group."""
    for name, (color, about) in LABELS.items():
        world.add_label(place, name, color, about)


def add_tokens(world: World) -> None:
    """Adds the desk's bot and its two tokens: one that may do everything, one that may only read."""
    world.add_user(BOT, "SMOC bot", bot=True)
    world.add_token(TOKEN, BOT, ["api"])
    world.add_token(READ_TOKEN, BOT, ["read_api"])
