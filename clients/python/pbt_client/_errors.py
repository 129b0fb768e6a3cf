"""What can go wrong, by what helps against it."""


class PbtError(Exception):
    """The root of all errors of this package."""


class MisuseError(PbtError):
    """The script uses the package wrongly; the message says how to mend it."""


class IntervalFailed(PbtError):
    """`Interval.fail` was called where nobody repeats the interval: without pbt, or under the command protocol."""


class WorkerLost(PbtError):
    """The worker cannot be reached any more; what was being done is repeated elsewhere. The script should end."""


class ProtocolError(PbtError):
    """The worker or this client has broken the session protocol. The script should end."""
