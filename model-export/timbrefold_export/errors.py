"""The one error type a person is meant to read: a sentence that says what is wrong and what to do."""


class UserError(Exception):
    """Something the caller can put right; printed without a traceback, exit code 1."""


class UsageError(UserError):
    """Wrong use of a command; printed without a traceback, exit code 2."""
