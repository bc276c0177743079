"""A user's own boilerplate rules, kept in the table `rule`."""

from sqlalchemy import Engine, select

from kicrawl.archive.models import Rule


def exact_lines(engine: Engine) -> dict[str, list[str]]:
    """The whole lines that a user calls boilerplate, by the name of the rule."""
    with engine.connect() as connection:
        found = connection.execute(select(Rule.name, Rule.pattern).where(Rule.grade == "exact").order_by(Rule.name))
        return {name: pattern.splitlines() for name, pattern in found}
