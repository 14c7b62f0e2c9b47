"""What may be asked of the instance's clock."""

from datetime import timedelta

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from simulator.clock import AdjustableClock


class ClockChange(BaseModel):
    """What to do with the clock: go `seconds` on (or back), jump `to` a moment, stop or go on."""

    model_config = ConfigDict(extra="forbid")

    seconds: float = Field(default=0, allow_inf_nan=False)
    to: AwareDatetime | None = None
    stopped: bool | None = None


def move_clock(clock: AdjustableClock, change: ClockChange) -> bool:
    """Do what was asked with the clock; False where there is no such time."""
    try:
        target = (change.to or clock()) + timedelta(seconds=change.seconds)
    except OverflowError:
        return False
    if change.stopped is not None:
        clock.stop() if change.stopped else clock.go_on()
    if change.to is not None or change.seconds:
        clock.jump(target)
    return True
