"""Users: made and invited, signed in, given roles; a password is never kept, and no secret is told twice."""

from certs.work.users.accounts import add, change, find, invite, roles_in
from certs.work.users.signing_in import Refused, Tried, finish, sign_in

__all__ = ["Refused", "Tried", "add", "change", "find", "finish", "invite", "roles_in", "sign_in"]
