"""What the typed objects of a study have in common."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, ClassVar


class StudyObject:
    """A table of a study."""

    _kind: ClassVar[str | None] = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as a dict of a study, without what is left to its default."""
        found: dict[str, Any] = {} if self._kind is None else {"kind": self._kind}
        for each in fields(self):  # type: ignore[arg-type]
            value = getattr(self, each.name)
            if value is not None:
                found[each.name.rstrip("_")] = value.to_dict() if isinstance(value, StudyObject) else value
        return found
