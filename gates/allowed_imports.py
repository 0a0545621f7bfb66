"""An import-linter contract that names what a package may import from outside the project."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, cast

from importlinter import Contract, ContractCheck, fields, output

if TYPE_CHECKING:
    from grimp import ImportGraph


class OnlyContract(Contract):
    """Outside the project, `module` imports the standard library and `allowed`, nothing else.

    `refused` takes modules of the standard library away again.
    """

    module = fields.ModuleField()
    allowed = fields.SetField(subfield=fields.StringField())
    refused = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001 - the base class's signature
        """Every direct import of the package and its descendants is looked up."""
        output.verbose_print(verbose, f"Looking at what {self.module} imports...")
        top = str(self.module)
        # A field is a descriptor that the base class replaces by the parsed value.
        allowed, refused = cast("set[str]", self.allowed), cast("set[str]", self.refused)
        outside = (sys.stdlib_module_names - refused) | allowed
        root = top.split(".", maxsplit=1)[0]
        strays = [
            f"{importer} imports {imported}"
            for importer in sorted({top} | graph.find_descendants(top))
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if imported.split(".", maxsplit=1)[0] not in outside | {root}
        ]
        return ContractCheck(kept=not strays, metadata={"strays": strays})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line for each import that is not on the list."""
        for stray in check.metadata["strays"]:
            output.print_error(stray)
