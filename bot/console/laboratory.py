"""Experiments and claims in the terminal: `simulate NAME name=value seed=3 plot=FILE`, `claims TOPIC`."""

import asyncio
import re
from pathlib import Path

from bot import words
from bot.console.output import Screen
from bot.console.simulate import check_picture, table, write_file
from bot.curriculum.model import Topic, named
from bot.errors import TutorError
from bot.service.laboratory import Finding, Laboratory, requested
from bot.simulations.experiments import experiments

MEMBER = "you"
# A name and settings, nothing else: "simulate dropout at inference for me" is a question.
_SIMULATE = re.compile(
    r"/?simulate(?:\s+(?P<name>[\w-]+)(?P<settings>(?:[,;\s]+\w+\s*=\s*[^\s=]+)*))?\s*", re.IGNORECASE
)
_CLAIMS = re.compile(r"/?claims(?:\s+(?P<topic>.*))?", re.IGNORECASE)
_PLOT = re.compile(r"\bplot\s*=\s*(\S+)")


class TerminalLaboratory:
    """Runs what is typed, and shows the ledger."""

    def __init__(self, laboratory: Laboratory, screen: Screen) -> None:
        self._laboratory = laboratory
        self._screen = screen

    def hear(self, line: str) -> bool:
        """Acts on one line; False where it is none of the laboratory's."""
        try:
            return self._act(line.strip())
        except TutorError as error:
            self._screen.line(str(error))
            return True

    def _act(self, line: str) -> bool:
        if found := _SIMULATE.fullmatch(line):
            self._simulate(found["name"], found["settings"] or "") if found["name"] else self._list()
        elif found := _CLAIMS.fullmatch(line):
            self._claims(found["topic"] or "")
        else:
            return False
        return True

    def _list(self) -> None:
        for one in experiments():
            self._screen.line(f"{one.name:<18}{one.question}")
        self._screen.line(words.terminal.SIMULATE_HELP, "dim")

    def _simulate(self, name: str, settings: str) -> None:
        plot = _PLOT.search(settings)
        file = Path(plot[1]) if plot else None
        request = requested(name.casefold(), _PLOT.sub("", settings))
        if file:
            check_picture(file)
        finding = asyncio.run(self._laboratory.find_now(MEMBER, request, picture=file is not None))
        self._show(finding)
        if file:
            write_file(file, finding.result.png)
            self._screen.line(words.terminal.plotted(str(file)), "dim")

    def _show(self, finding: Finding) -> None:
        run, request = finding.result.runs[0], finding.request
        settings = " ".join(f"{name}={value}" for name, value in run.parameters.items())
        self._screen.line(run.headline, "bold")
        self._screen.table(table(finding.result.runs))
        for one in finding.bearings:
            self._screen.markdown(words.laboratory.bearing(one).replace("\n-# ", "\n\n"))
        self._screen.line(
            f"{words.laboratory.AGAIN} simulate {request.experiment} {settings} seed={request.seed}", "dim"
        )

    def _claims(self, wanted: str) -> None:
        ledger = self._laboratory.ledger
        topics = [topic for topic in ledger.curriculum.topics if topic.claims]
        if wanted.strip().isdecimal():  # as `topics` numbers them
            topic = next((one for i, one in enumerate(ledger.curriculum.topics, 1) if i == int(wanted)), None)
        else:
            topic = named(topics, wanted)
        if topic is None or not topic.claims:
            known = [topic.id for topic in topics]
            self._screen.line(
                words.laboratory.no_such_topic(known) if wanted.strip() else words.laboratory.claims_of_which(known)
            )
        else:
            self._screen.markdown("\n\n".join(self._page(topic)))

    def _page(self, topic: Topic) -> list[str]:
        ledger = self._laboratory.ledger
        said = [words.laboratory.ledger_heading(topic, ledger.tally(topic), 1, 1).replace("\n", "\n\n")]
        for claim in topic.claims:
            number = ledger.deciding(claim)
            said += [words.laboratory.claim(claim), *([f"> {words.laboratory.deciding(number)}"] if number else [])]
        return said
