"""The post, as the engine's door: notices become mail, reminders and weekly letters are written, a worker takes one
letter after the other and says what became of it."""

import os
from urllib.parse import urlsplit

from states import RefusalKind
from workflow.doors.changes import Changes
from workflow.mail import addressing, choosing, digests, outbox, post_office, reminding
from workflow.mail.letters import Writer
from workflow.mail.outbox import Taken
from workflow.mail.sending import NotSent, Postman
from workflow.mail.views_mail import Letter, MailChoice, PostOffice
from workflow.records.answers import Done
from workflow.records.refused import Refused

PASSWORD_VARIABLE = "SKEDE_SMTP_PASSWORD"


class Mailing(Changes):
    """What a worker does here is safe twice, and on several nodes at once."""

    @property
    def mail_host(self) -> str:
        """The name by which mails are known to be ours."""
        return urlsplit(self.config.server.base_url).hostname or "localhost"

    @property
    def mail_problem(self) -> str | None:
        """Why nothing is sent: no mail server is given, or its password is missing. None: it can be."""
        settings = self.config.mail
        if settings.host is None:
            return "not_given"
        return "password_missing" if settings.user and not os.environ.get(PASSWORD_VARIABLE) else None

    def postman(self) -> Postman:
        """Ready to go to the mail server of the configuration."""
        settings = self.config.mail
        if settings.ca_file:
            settings = settings.model_copy(update={"ca_file": str(self.config.folder / settings.ca_file)})
        return Postman(settings, os.environ.get(PASSWORD_VARIABLE), self.mail_host)

    def address_notices(self) -> int:
        """Makes mail of the oldest notices; how many notices were taken, 0 when none is left."""
        at = self._clock()
        return self._database.retrying(lambda connection: addressing.address(connection, at, self.mail_host))

    def remind(self) -> int:
        """Writes what is due today of reminders; how many, 0 when none is left."""
        at = self._clock()
        return self._database.retrying(lambda connection: reminding.remind(connection, at, self.mail_host))

    def write_weekly(self) -> int:
        """Writes this week's letters, once; how many."""
        at = self._clock()
        return self._database.retrying(lambda connection: digests.write_weekly(connection, at, self.mail_host))

    def take_mail(self) -> Taken | None:
        """The next mail to send, this worker's for ten minutes; None when none is due."""
        at = self._clock()
        return self._database.retrying(lambda connection: outbox.take(connection, at))

    def letter(self, taken: Taken) -> Letter:
        """What the mail is about, as of now."""
        with self._database.reading() as connection:
            writer = Writer(connection, self._definitions, self.config, self.config.server.language, self.today())
            return writer.letter(taken)

    def mail_sent(self, taken: Taken) -> bool:
        """The mail server has taken it; False when the lease had passed to another worker."""
        at = self._clock()
        return self._database.retrying(lambda connection: outbox.sent(connection, taken, at))

    def mail_not_sent(self, taken: Taken, why: NotSent) -> bool:
        """To be tried again later; True when it was put aside instead."""
        at = self._clock()
        return self._database.retrying(
            lambda connection: outbox.failed(connection, taken, why.words, for_good=why.for_good, at=at)
        )

    def saw_worker(self) -> None:
        at = self._clock()
        self._database.retrying(lambda connection: post_office.saw_worker(connection, at))

    def mail_choice(self, person: int) -> MailChoice:
        """How somebody wants their mail. Raises Refused(NOT_FOUND)."""
        with self._database.reading() as connection:
            found = choosing.choice_of(connection, person, self.config.server.language)
        if found is None:
            raise Refused.because(RefusalKind.NOT_FOUND, what="link")
        return found

    def choose_mail(self, person: int, *, key: str, pace: str, language: str, address: str | None = None) -> Done:
        """Keeps how somebody wants their mail; an address of None stays as it is, an empty one is erased."""
        return self._done(
            person,
            "choose mail",
            lambda connection, at: choosing.choose(
                connection, person, key=key, pace=pace, language=language, address=address, at=at
            ),
        )

    def post_office(self, by: int) -> PostOffice:
        """How the post stands. Raises Refused(NOT_PERMITTED)."""
        with self._database.reading() as connection:
            if not post_office.may_see(connection, by, self.today()):
                needed = post_office.KEEPERS
                raise Refused.because(RefusalKind.NOT_PERMITTED, needed, needs=needed[0])
            return post_office.stands(connection, self._clock(), self.mail_problem)

    def try_mail_again(self, mail: int | None, *, by: int, key: str) -> Done:
        """Lets a dead letter, or without a number all of them, be sent anew."""
        return self._done(
            by,
            "try mail again",
            lambda connection, at: post_office.try_again(connection, mail, by=by, key=key, at=at),
        )
