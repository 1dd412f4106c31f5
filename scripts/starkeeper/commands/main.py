"""The command line: finds the command by name, imports only that, and turns errors into exit statuses."""

from __future__ import annotations

import gc
import importlib
import io
import sys
from typing import Any

import click

from starkeeper.errors import PolicyError, RenderError, StarkeeperError

COMMANDS = {
    "check": "Load all policies and templates; report every mistake at its line.",
    "test": "Play the scenarios of policies/tests/: given, when, then.",
    "import": "Bring a policy written for gitlab-triage into the desk's form.",
    "sweep": "Read the trackers, plan what the policies want, and do it.",
    "react": "Run the rules for one event on one issue, as a webhook told of it.",
    "digest": "Tell what a shift begins with, and what the last one hands over.",
    "open": "Open an issue from a form: a STAR, a request for cover, a notice.",
    "undo": "Take back what a run did, where nobody has touched it since.",
    "explain": "Say rule by rule why an issue is, or is not, acted on.",
    "bootstrap": "Set up in GitLab what the desk needs: labels, webhooks, schedules, CI variables.",
    "sandbox": "Serve a GitLab look-alike to try policies on, with a page to watch it.",
    "demo": "Run the main job on a sandbox with a seeded desk.",
}
DONE, MUST_CORRECT, WRONG_ARGUMENTS, NOT_ALL_DONE, UNEXPECTED = 0, 1, 2, 3, 4


class _LazyGroup(click.Group):
    """Lists the commands without importing them, so that one command's start does not pay for the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"starkeeper.commands.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Example: starkeeper sweep --dry-run",
)
@click.version_option(package_name="starkeeper")
def cli() -> None:
    """Run the desk of a Support Manager On-call from GitLab: policies in YAML, words in Jinja, issues in GitLab.

    \b
    Exit status: 0 done (also nothing to do)   1 correct a policy, template or setting
                 2 wrong arguments             3 some changes could not be made   4 unexpected
    """


def main(arguments: list[str] | None = None) -> None:
    """Runs the command line and exits the process with the command's status."""
    # A run keeps what it makes. To look for cycles as often as Python does would take a tenth of the time until the
    # first request, and find next to none.
    gc.set_threshold(100_000)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A log that cannot show a label's letters must not end a run that has changed something.
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """Runs one command; gives its exit status. Every error is shown on standard error as text for a person."""
    try:
        status: Any = cli.main(args=arguments, prog_name="starkeeper", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return WRONG_ARGUMENTS
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return UNEXPECTED
    except (PolicyError, RenderError) as error:
        _complain(str(error))
        return MUST_CORRECT
    except StarkeeperError as error:
        _complain(f"error: {error}")
        return NOT_ALL_DONE
    except BrokenPipeError:
        return DONE
    except (
        Exception
    ) as error:  # the last door: a person gets one line, a developer gets the rest with --log-level debug
        return _unexpected(error)
    return status if isinstance(status, int) else DONE


def _complain(text: str) -> None:
    from starkeeper.render.clean import shown

    click.echo(shown(text), err=True)


def _unexpected(error: Exception) -> int:
    import logging

    log = logging.getLogger("starkeeper")
    if log.isEnabledFor(logging.DEBUG) and log.handlers:
        log.debug("unexpected", exc_info=error)
    kind = type(error)
    click.echo(
        f"unexpected {kind.__module__}.{kind.__qualname__}: this is a fault of Starkeeper; run again with "
        "--log-level debug and report what it shows",
        err=True,
    )
    return UNEXPECTED
