"""What a knowledge article of the demo is made of."""

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, kw_only=True)
class DemoArticle:
    """One article: an introduction and steps. `age` is in days; `expired`: no longer valid."""

    category: str
    title: str
    introduction: str
    steps: tuple[str, ...] = ()
    author: str
    keywords: str = ""
    state: str = "published"
    expired: bool = False
    views: int = 0
    age: int = 30

    @property
    def html(self) -> str:
        """The text of the article."""
        introduction = f"<p>{escape(self.introduction)}</p>"
        if not self.steps:
            return introduction
        steps = "".join(f"<li>{escape(step)}</li>" for step in self.steps)
        return f"<h2>{escape(self.title)}</h2>{introduction}<ol>{steps}</ol>"


@dataclass(frozen=True, kw_only=True)
class DemoBase:
    """One knowledge base; `only_it`: user criteria keep everybody else out."""

    sys_id: str
    title: str
    description: str
    owner: str
    articles: tuple[DemoArticle, ...]
    only_it: bool = False
