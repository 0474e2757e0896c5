"""Lessons held, captured, shortened, cancelled, contested; tickets and videos bought."""

from sandbox.actions import capturing, charging, disputing, refunding, releasing
from sandbox.actions.disputing import WINNING
from sandbox.cards import Aftermath
from sandbox.history.stage import Stage
from sandbox.history.students import Student
from sandbox.money import DAY
from sandbox.records import Charge, Metadata, PaymentIntent
from sandbox.states import IntentStatus
from sandbox.truth import LESSON

ASKED_FOR = "requested_by_customer"

LESSONS = (
    ("Guitar lesson", 6_500),
    ("Piano lesson", 7_000),
    ("Violin lesson", 7_500),
    ("Drum lesson", 6_000),
    ("Voice lesson", 6_800),
    ("Bass lesson", 6_200),
    ("Ukulele lesson", 4_500),
)
INSTRUCTORS = ("Ms. Arnaud", "Mr. Bello", "Ms. Castellanos", "Mr. Dvorak", "Ms. Eze")
LESSON_METADATA: tuple[Metadata, ...] = (
    *({"type": LESSON},) * 10,
    *({"type": LESSON, "instructor": name} for name in INSTRUCTORS),
)
SALES: tuple[tuple[str, int, Metadata], ...] = (
    ("Recital ticket", 1_800, {"type": "ticket"}),
    ("Jazz night ticket", 2_500, {"type": "ticket"}),
    ("Video course: first chords", 3_900, {"type": "video"}),
    ("Video course: reading music", 4_900, {"type": "video"}),
)
SOLD = 0.2
"""Share of the payments that are tickets and videos."""

CONTESTED_LATER = 0.004
"""Share of the captured lessons that are contested days later, whatever the card."""

REFUND_DECIDED_LATER = (Aftermath.REFUND_PENDING, Aftermath.REFUND_FAILS)


def pay(stage: Stage, student: Student, moment: int) -> None:
    """One payment of ``student``, made at ``moment``, with everything that follows from it."""
    stage.at(moment)
    if stage.chance(SOLD):
        _sell(stage, student, moment)
    else:
        _hold_lesson(stage, student, moment)


def _sell(stage: Stage, student: Student, moment: int) -> None:
    description, price, metadata = stage.rng.choice(SALES)
    intent = _new_intent(stage, student, description, price, metadata, "automatic")
    charging.confirm(stage.account, intent, student.card, off_session=False)
    if (
        intent.status is IntentStatus.REQUIRES_ACTION
        and stage.chance(0.8)
        and stage.at(moment + stage.time.lasting(60))
    ):
        charging.finish_challenge(stage.account, intent, passed=stage.chance(0.8))
    if intent.status is IntentStatus.SUCCEEDED and stage.chance(0.03):
        _give_back(stage, intent, moment + stage.between(1, 120), share=1)


def _hold_lesson(stage: Stage, student: Student, moment: int) -> None:
    description, price = stage.rng.choice(LESSONS)
    metadata = stage.rng.choice(LESSON_METADATA)
    price += 50 * stage.rng.randrange(0, 60)
    intent = _new_intent(stage, student, description, price, metadata, "manual")
    charging.confirm(stage.account, intent, student.card, off_session=True)
    if intent.status is IntentStatus.REQUIRES_CAPTURE:
        _play_out(stage, intent, moment)


def _play_out(stage: Stage, intent: PaymentIntent, held: int) -> None:
    """What becomes of a hold; whatever lies in the future leaves it open."""
    charge = _charge(stage, intent)
    lesson = _morning_of_lesson(stage, charge, held)
    fate = stage.rng.random()
    if fate < 0.03:
        return  # forgotten: it expires by itself
    if fate < 0.10:
        if stage.at(held + stage.between(2, 72)):
            releasing.cancel(stage.account, intent, ASKED_FOR)
    elif fate < 0.18:
        _capture(stage, intent, held + stage.between(72, 96), share=0.5)
    elif fate < 0.23:
        _capture(stage, intent, lesson, share=0.75)
    else:
        _capture(stage, intent, lesson, share=1)
        if intent.status is IntentStatus.SUCCEEDED:
            _afterwards(stage, intent, charge, lesson)


def _morning_of_lesson(stage: Stage, charge: Charge, held: int) -> int:
    """Five days after the hold, or a little earlier if the bank would let go of it by then."""
    five_days = held + stage.time.lasting(5 * DAY) + stage.between(-4, 4)
    expiry = charge.capture_before or 0
    return min(five_days, expiry - stage.between(1, 6))


def _capture(stage: Stage, intent: PaymentIntent, moment: int, *, share: float) -> None:
    if stage.at(moment):
        amount = intent.amount if share == 1 else int(intent.amount * share)
        capturing.capture(stage.account, intent, _charge(stage, intent), amount)


def _afterwards(stage: Stage, intent: PaymentIntent, charge: Charge, lesson: int) -> None:
    """A contested charge is argued about; of the others, some are given back."""
    if charge.dispute is not None:
        _argue(stage, charge.dispute, lesson)
    elif stage.chance(CONTESTED_LATER):
        _contest(stage, charge, lesson + stage.between(24, 480))
    elif stage.chance(0.08):
        _give_back(stage, intent, lesson + stage.between(2, 30), share=0.25)
    elif stage.chance(0.04):
        _give_back(stage, intent, lesson + stage.between(2, 144), share=1)


def _contest(stage: Stage, charge: Charge, moment: int) -> None:
    """The card holder complains days later, perhaps only after the history has ended."""
    if stage.at(moment):
        disputing.arrive(stage.account, charge.id)
        _argue(stage, charge.dispute or "", moment)
    else:
        stage.schedule(moment, "open_dispute", charge.id)


def _give_back(stage: Stage, intent: PaymentIntent, moment: int, *, share: float) -> None:
    charge = _charge(stage, intent)
    decided_later = charge.details.card.aftermath in REFUND_DECIDED_LATER
    if stage.at(moment, leaving=refunding.SETTLES_AFTER if decided_later else 0):
        amount = charge.amount_captured if share == 1 else int(charge.amount_captured * share)
        refunding.refund(stage.account, charge, amount, ASKED_FOR, {})


def _argue(stage: Stage, dispute_id: str, opened: int) -> None:
    """Evidence that wins, evidence that loses, or none yet."""
    account = stage.account
    dispute = account.require(account.disputes, dispute_id, None)
    answered = opened + stage.between(24, 144)
    if stage.chance(0.3) or not stage.at(answered, leaving=disputing.DECIDED_AFTER):
        return
    text = WINNING if stage.chance(0.5) else "losing_evidence"
    dispute.evidence = {"uncategorized_text": text}
    disputing.submit_evidence(account, dispute)


def _charge(stage: Stage, intent: PaymentIntent) -> Charge:
    return stage.account.require(stage.account.charges, intent.charges[-1], None)


def _new_intent(
    stage: Stage,
    student: Student,
    description: str,
    amount: int,
    metadata: Metadata,
    capture_method: str,
) -> PaymentIntent:
    account = stage.account
    intent = PaymentIntent(
        **account.stamp("pi"),
        amount=amount,
        customer=student.customer.id,
        capture_method=capture_method,
        description=description,
        metadata=metadata,
    )
    account.payment_intents.add(intent)
    return intent
