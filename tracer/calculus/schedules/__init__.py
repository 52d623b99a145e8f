"""The table of learning-rate schedules."""

from tracer.calculus.schedules.decay import EXPONENTIAL, GEOMETRIC, INVERSE_TIME, LINEAR
from tracer.model.functions import Schedule

SCHEDULES: dict[str, Schedule] = {
    schedule.name: schedule for schedule in (INVERSE_TIME, EXPONENTIAL, GEOMETRIC, LINEAR)
}
