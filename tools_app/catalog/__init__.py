"""Every tool there is, prebuilt while this is imported.

A new toolset is one file here and one name below; a new tool is one function in its file.
"""

from collections.abc import Mapping
from types import MappingProxyType

from tools_app.catalog import (
    catalog,
    change_decisions,
    incidents,
    knowledge,
    people,
    problems,
    universal,
    update_sets,
    work,
)
from tools_app.catalog.readers import readers
from tools_app.spec import Toolset, ToolSpec, catalog_of

TOOLSETS: Mapping[str, Toolset] = MappingProxyType(
    {
        module.tools.name: module.tools
        for module in (
            incidents,
            people,
            knowledge,
            work,
            change_decisions,
            problems,
            catalog,
            update_sets,
            universal,
        )
    }
)
CATALOG: Mapping[str, ToolSpec] = MappingProxyType(catalog_of(*TOOLSETS.values()))
# Not tools: what only resources are read with.
READERS: Mapping[str, ToolSpec] = MappingProxyType(catalog_of(readers))
