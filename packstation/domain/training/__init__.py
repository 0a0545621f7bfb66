"""Training: eight lessons as data, and the judging of one from the facts of its bench. Pure."""

from packstation.domain.training.judging import Attempt as Attempt
from packstation.domain.training.judging import begin as begin
from packstation.domain.training.judging import ended as ended
from packstation.domain.training.judging import take as take
from packstation.domain.training.lesson import Act as Act
from packstation.domain.training.lesson import Goal as Goal
from packstation.domain.training.lesson import Lesson as Lesson
from packstation.domain.training.lesson import Practice as Practice
from packstation.domain.training.lessons import LESSONS as LESSONS
from packstation.domain.training.lessons import lesson_of as lesson_of
from packstation.domain.training.record import Standing as Standing
from packstation.domain.training.record import standings as standings
