"""The README cannot go stale: what it tells people to type is held to what the program offers."""

import re
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import discord
import pytest
import yaml

from bot import words
from bot.__main__ import main
from bot.curriculum.loader import load
from bot.discord_app import client
from bot.discord_app.commands import Command, CommandSpec, Group
from bot.discord_app.register import COMMANDS
from bot.metrics import read_address
from bot.quiz.kinds import Kinds
from bot.quiz.kinds.choice import ChoiceQuestion
from bot.service import experiment_queue
from bot.service.rounds import engine
from bot.settings import Settings
from bot.shard import read_shard
from bot.storage.tables import METADATA
from bot.words.discord import PERMISSIONS
from tests.conftest import ROOT
from tests.console.process import Bot

README = (ROOT / "README.md").read_text("utf-8")
FOR_HOSTS = (ROOT / "deploy" / "README.md").read_text("utf-8")
SCREENS = ROOT / "tests" / "discord_app" / "__snapshots__" / "test_screens"


def _block(name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n```\w*\n(.+?)\n```", README, re.S)
    assert found, name
    return found[1]


def test_the_first_command_sets_up_and_starts_the_tutor() -> None:
    assert _block("chat").count("\n") == 0
    assert _block("chat").endswith("&& .venv/bin/python -m bot chat")


def test_the_second_command_sets_up_and_runs_the_tests() -> None:
    assert _block("tests").count("\n") == 0
    assert _block("tests").endswith("&& .venv/bin/python -m pytest")


@pytest.mark.parametrize("name", ["chat", "tests"])
def test_each_command_makes_its_own_environment_from_files_that_exist(name: str) -> None:
    words = shlex.split(_block(name))
    assert words[:4] == ["python3", "-m", "venv", ".venv"]
    assert (ROOT / words[words.index("--constraint") + 1]).is_file()
    extras = re.findall(r"\.\[(\w+)\]", _block(name))
    assert all(f"\n{extra} = [" in (ROOT / "pyproject.toml").read_text("utf-8") for extra in extras)


def test_ci_runs_the_test_command_word_for_word() -> None:
    assert "/^<!-- tests -->$/" in (ROOT / ".ci" / "run").read_text("utf-8")


@pytest.mark.parametrize("command", sorted(set(re.findall(r"python -m bot (\w+)", README + FOR_HOSTS))))
def test_every_command_it_names_exists(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    assert command in capsys.readouterr().out


def test_it_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    offered = set(re.findall(r"^    (\w+) ", capsys.readouterr().out, re.M))
    assert offered
    assert offered <= set(re.findall(r"python -m bot (\w+)", README))


def test_the_session_is_what_the_program_says(bot: Bot, tmp_path: Path) -> None:
    """Lines that begin with > are typed; of what is said to them parts may be left out, each marked by …."""
    guide = (ROOT / "knowledge" / "README.md").read_text("utf-8")
    (tmp_path / "batch-norm.yaml").write_text(guide.split("```yaml\n")[1].split("```")[0], "utf-8")
    typed, *lines = _block("session").splitlines()
    command = shlex.split(typed.replace("my-topics", str(tmp_path)))
    assert command[:4] == ["$", ".venv/bin/python", "-m", "bot"]
    messages = [line.removeprefix("> ") for line in lines if line.startswith("> ")]
    done = bot(*command[4:], typed="\n".join(messages).encode())
    assert done.status == 0
    said, at = " ".join(done.text.split()), 0
    for part in re.split(r"^> .*$|…", "\n".join(lines), flags=re.MULTILINE):
        shown = " ".join(part.split())
        assert shown in said[at:]
        at = said.index(shown, at) + len(shown)


def test_the_question_is_what_members_see() -> None:
    """Held to the screen that test_screens.py keeps, which is of a round of one question and has no times."""
    screen = (SCREENS / "test_question[choice][asked].txt").read_text("utf-8")
    seen = [re.sub(r"^-# |^- |\*\*", "", line) for line in screen.splitlines()]
    seen = [line.replace("Question 1 of 1", "Question 1 of 5").replace("<t:…:R>", "in 20 seconds") for line in seen]
    assert seen == _block("question").splitlines()


def test_it_is_a_page_that_a_newcomer_can_read() -> None:
    lines = README.splitlines()
    assert len(lines) <= 150
    assert (
        max(len(line) for line in lines if "&&" not in line) <= 150
    )  # of commands, which are one line each, none is cut


def test_the_invitation_asks_for_exactly_the_permissions_that_it_explains() -> None:
    number = re.search(r"&permissions=(\d+)", README)
    assert number
    view_channel = {"read_messages": "view_channel"}  # the library still has the old name of that permission
    asked = {view_channel.get(name, name) for name, has in discord.Permissions(int(number[1])) if has}
    table = FOR_HOSTS.split("| permission | why |")[1].split("\n\n")[0]
    explained = {name.strip().lower().replace(" ", "_") for name in re.findall(r"^\| ([A-Z][\w ]+) \|", table, re.M)}
    assert asked == explained == set(PERMISSIONS)


def test_every_setting_is_documented_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text("utf-8")
    assert set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.M)) == {name.upper() for name in Settings.model_fields}


def test_what_hosts_are_given_sets_what_there_is_and_runs_the_bot() -> None:
    units = [_unit(f"neural-tutor{template}.service") for template in ("", "@")]
    assert all(unit["ExecStart"][0].endswith("/.venv/bin/python -m bot run") for unit in units)
    assert all(unit["ExecReload"] == ["/bin/kill -USR1 $MAINPID"] for unit in units)
    compose = _services(ROOT / "docker-compose.yml")["tutor"]
    shards = _services(ROOT / "deploy" / "compose.shards.yaml")
    ran = [compose, shards["shard-0"], shards["shard-1"]]
    set_by_unit = {one.partition("=")[0] for unit in units for line in unit["Environment"] for one in line.split()}
    known = {name.upper() for name in Settings.model_fields} | {"MPLCONFIGDIR"}
    assert set_by_unit.union(*(one["environment"] for one in ran)) <= known
    stops = [*(unit["TimeoutStopSec"][0] for unit in units), *(one["stop_grace_period"] for one in ran)]
    least = experiment_queue.GRACE_SECONDS + 3 * engine.GOODBYE + 2 * client.GRACE_SECONDS
    assert min(int(one.removesuffix("s")) for one in stops) > least
    assert all(one["logging"]["options"] == {"max-size": "10m", "max-file": "3"} for one in (*ran, shards["database"]))
    assert all(one["read_only"] and one["cap_drop"] == ["ALL"] for one in ran)


def test_each_shard_has_a_share_a_folder_and_an_address_of_its_own() -> None:
    unit = _unit("neural-tutor@.service")
    sets = dict(one.split("=", 1) for line in unit["Environment"] for one in line.split())
    assert sets["SHARD"] == "%i/2"
    of_unit = sets["METRICS"]
    watched = {read_address(of_unit.replace("%i", str(number))) for number in range(256)}
    assert len(watched) == 256
    assert all(one.loopback for one in watched)
    assert sets["DATA_DIR"] == f"/var/lib/{unit['StateDirectory'][0]}" == "/var/lib/neural-tutor/%i"
    services = _services(ROOT / "deploy" / "compose.shards.yaml")
    for number, name in enumerate(("shard-0", "shard-1")):
        shard, sets = services[name], services[name]["environment"]
        assert str(read_shard(sets["SHARD"])) == f"{number}/2"
        address = read_address(sets["METRICS"])
        assert shard["ports"] == [f"127.0.0.1:{address.port}:{address.port}"] == [f"127.0.0.1:910{number}:910{number}"]
        assert shard["volumes"][0] == f"data-{number}:{sets['DATA_DIR']}"
        assert shard["depends_on"] == {"database": {"condition": "service_healthy"}}
        assert "healthcheck" in shard
    targets = yaml.safe_load((ROOT / "deploy" / "prometheus.yml").read_text("utf-8"))["scrape_configs"][0]
    for_hosts = (ROOT / "deploy" / "README.md").read_text("utf-8")
    assert set(re.findall(r"`(?:absent\()?up(?:\{job=\"([^\"]*)\"\})?(?: == 0|\))`", for_hosts)) == {
        targets["job_name"]
    }
    assert targets["static_configs"][0]["targets"] == [of_unit.replace("%i", k) for k in "01"]


def _unit(name: str) -> dict[str, list[str]]:
    """What a unit of systemd sets in its section Service; a key may stand there several times."""
    lines = (ROOT / "deploy" / name).read_text("utf-8").partition("[Service]")[2].partition("[Install]")[0].splitlines()
    set_ = [line.partition("=")[::2] for line in lines if "=" in line and not line.startswith("#")]
    return {key: [value for one, value in set_ if one == key] for key, _ in set_}


def _services(file: Path) -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))["services"]
    return services


def test_the_image_has_what_shards_and_those_who_watch_need() -> None:
    (installed,) = re.findall(r"--editable \"\.\[([\w,]+)\]\"", (ROOT / "Dockerfile").read_text("utf-8"))
    assert installed.split(",") == ["metrics", "postgresql"]


def test_the_topic_in_the_knowledge_guide_is_a_good_one(tmp_path: Path) -> None:
    guide = (ROOT / "knowledge" / "README.md").read_text("utf-8")
    example = re.search(r"```yaml\n(.+?)```", guide, re.S)
    assert example
    (tmp_path / "my-topic.yaml").write_text(example[1], "utf-8")
    assert [topic.id for topic in load(tmp_path, kinds=Kinds()).topics] == ["batch-norm"]


def test_its_list_of_kinds_is_made_of_those_there_are() -> None:
    kinds = ", ".join(f"`{kind}` ({words.kinds.named(kind).name})" for kind in Kinds().names)
    assert f"- **The kinds of question**: {kinds}. " in " ".join(README.split())


def test_the_knowledge_guide_shows_a_question_of_each_kind() -> None:
    guide = (ROOT / "knowledge" / "README.md").read_text("utf-8")
    assert all(f"kind: {kind}" in guide for kind in Kinds().names)


def test_the_guide_to_topics_says_how_they_are_taken_in_and_how_many_right_options_a_choice_takes() -> None:
    guide = (ROOT / "knowledge" / "README.md").read_text("utf-8")
    assert "/tutor reload" in guide and "restart the bot" not in guide
    fewest = next(one.min_length for one in ChoiceQuestion.model_fields["right"].metadata if hasattr(one, "min_length"))
    assert f"at least {('no', 'one', 'two', 'three')[fewest]} ways to say the right option" in guide


def _commands(commands: Iterable[CommandSpec] = COMMANDS, above: str = "/") -> Iterator[str]:
    """Each command as it is written."""
    for command in commands:
        if isinstance(command, Group):
            yield from _commands(command.commands, f"{above}{command.name} ")
        else:
            yield f"{above}{command.name}" if isinstance(command, Command) else f"*{command.name}*"


# What whoever needs it finds elsewhere: under what they moderate, or under `/quiz start`.
ONLY_IN_THE_README = {
    "/help",
    "/group doctor",
    "/tutor reload",
    "/tutor taught",
    "/tutor accepted",
    "/quiz stop",
    "/quiz scores",
    "/tutor schedule list",
    "/tutor schedule remove",
}


@pytest.mark.parametrize("command", _commands())
def test_every_command_of_discord_stands_in_the_readme_and_in_the_help(command: str) -> None:
    named = re.compile(re.escape(command).replace(r"\*", r"[*`]?") + r"(?![\w-])")
    assert named.search(README)
    assert command in ONLY_IN_THE_README or named.search(words.discord.HELP)


# By table what Privacy says of it.
KEPT = {
    "greeted_servers": "which were greeted",
    "hidden_members": "in which servers you hide from the leaderboard",
    "knowledge_reloads": "what it teaches",
    "knowledge_taught": "what it teaches",
    "open_questions": "of rounds",
    "practice_remembered": "if you switch on *Remember my practice*",
    "quiz_disputes": "said of a question",
    "quiz_events": "what was answered (in words too)",
    "quiz_heard": "when it last heard Discord",
    "quiz_members": "who takes part",
    "quiz_points": "member, display name then, server, round, topic, question, how much was right, whether it counts",
    "quiz_rounds": "who takes part, starts, stops or decides",
    "reminded_servers": "the day and channel of their button for reviews",
    "reminders": "the server of your last review",
    "review_answers": "of `/review`",
    "schedules": "scheduled",
    "seen_answers": "told what answers a question of the day",
    "server_additions": "taught, accepted",
    "server_settings": "what servers have set",
    "server_topics": "added as a topic",
    "shard_owners": "which process serves them",
    "shard_requests": "what one asks another to do for you",
    "synced_commands": "which commands are registered",
    "weekly_counts": "for a year numbers of people remain",
    "weekly_keys": "the key random, one a server and week",
    "weekly_people": "which misconceptions could show, which did, in which question and round",
}


def test_privacy_tells_of_every_table() -> None:
    privacy = " ".join(README.partition("## Privacy")[2].partition("\n## ")[0].split())
    assert set(KEPT) == set(METADATA.tables)
    assert {table for table, said in KEPT.items() if said not in privacy} == set()
