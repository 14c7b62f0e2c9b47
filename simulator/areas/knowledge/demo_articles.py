"""The knowledge bases of the demo. What they say is made up."""

from simulator.areas.knowledge.demo_article import DemoArticle, DemoBase
from simulator.areas.knowledge.demo_articles_for_it import FOR_IT
from simulator.areas.knowledge.demo_articles_of_company import OF_COMPANY
from simulator.areas.knowledge.demo_articles_of_it import OF_IT
from simulator.data.sys_ids import stable_sys_id

# The first two have the sys_ids that the bases of those names have on demo instances.
BASES = (
    DemoBase(
        sys_id="a7e8a78bff0221009b20ffffffffff17",
        title="IT",
        description="How to use what IT provides, and what to do when it does not work",
        owner="fred.luddy",
        articles=OF_IT,
    ),
    DemoBase(
        sys_id="dfc19531bf2021003f07e2c1ac0739ab",
        title="Knowledge",
        description="Working at Acme: people, offices, money, travel",
        owner="laura.benitez",
        articles=OF_COMPANY,
    ),
    DemoBase(
        sys_id=stable_sys_id("kb_knowledge_base", "IT Runbooks"),
        title="IT Runbooks",
        description="For the IT department only: how services are run and repaired",
        owner="fred.luddy",
        articles=FOR_IT,
        only_it=True,
    ),
)

__all__ = ["BASES", "DemoArticle", "DemoBase"]
