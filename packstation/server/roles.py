"""Which role may use which route; what is not here is refused."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

ROLES: Final = (
    "packer",
    "lead",
    "supervisor",
    "customs_clerk",
    "broker",
    "supplier",
    "it",
    "auditor",
    "service",
)

LEADS: Final = frozenset({"lead", "supervisor", "it"})
WATCHERS: Final = LEADS | {"auditor", "customs_clerk"}
INTAKE: Final = frozenset({"supervisor", "it", "service"})
MASTERS: Final = frozenset({"supervisor", "it"})
# What parcels cost, and what carriers bill for them.
MONEY: Final = MASTERS | {"auditor"}
ADMINS: Final = frozenset({"it"})
CLERKS: Final = frozenset({"customs_clerk", "supervisor", "it"})
BROKERS: Final = frozenset({"broker"})
# About whom somebody may decide: nobody gives a role that has more rights than their own.
_GIVES: Final = {
    "it": frozenset(ROLES),
    "supervisor": frozenset(ROLES) - {"it", "auditor", "service"},
}


def may_give(role: str, given: str) -> bool:
    """Whether somebody of ``role`` may add, change or revoke people of the role ``given``."""
    return given in _GIVES.get(role, frozenset())


class Rule(Struct, frozen=True):
    """Who may: everyone, a signed station, or these roles; ``pages``: nobody is led to sign-in."""

    roles: frozenset[str] = frozenset()
    pages: bool = False


PUBLIC: Final = Rule(frozenset({"everyone"}))
STATION_ONLY: Final = Rule(frozenset({"station"}))


def _pages(roles: frozenset[str]) -> Rule:
    return Rule(roles, pages=True)


EVERYONE_SIGNED_IN: Final = frozenset(ROLES)

RULES: Final[dict[tuple[str, str], Rule]] = {
    ("GET", "/healthz"): PUBLIC,
    ("GET", "/readyz"): PUBLIC,
    ("GET", "/metrics"): PUBLIC,
    ("GET", "/openapi.json"): PUBLIC,
    ("GET", "/v1/hello"): PUBLIC,
    ("POST", "/v1/enrol"): PUBLIC,  # the one-time token is the proof
    ("POST", "/v1/journal"): STATION_ONLY,
    ("GET", "/v1/changes"): STATION_ONLY,
    ("POST", "/v1/pools/lease"): STATION_ONLY,
    ("POST", "/v1/claims"): STATION_ONLY,
    ("POST", "/v1/claims/renew"): STATION_ONLY,
    ("POST", "/v1/claims/release"): STATION_ONLY,
    ("POST", "/v1/orders/{order}/checkpoint"): STATION_ONLY,
    ("POST", "/v1/labels"): STATION_ONLY,
    ("GET", "/v1/labels/{parcel}/{attempt}"): STATION_ONLY,
    ("POST", "/v1/labels/{parcel}/{attempt}/void"): STATION_ONLY,
    ("PUT", "/v1/status"): STATION_ONLY,
    ("PUT", "/v1/profile"): STATION_ONLY,
    ("GET", "/v1/profile"): STATION_ONLY,
    ("GET", "/v1/blobs/{sha256}"): STATION_ONLY,
    ("PUT", "/v1/blobs/{sha256}"): STATION_ONLY,
    ("GET", "/v1/evidence/{sha256}"): STATION_ONLY,
    ("PUT", "/v1/evidence/{sha256}"): STATION_ONLY,
    ("GET", "/lessons"): _pages(LEADS | {"auditor"}),
    ("GET", "/evidence/{sha256}"): _pages(LEADS | {"auditor"}),
    ("POST", "/v1/import/orders"): Rule(INTAKE),
    ("POST", "/v1/import/catalog"): Rule(INTAKE),
    ("POST", "/v1/import/cartons"): Rule(INTAKE),
    ("POST", "/v1/import/people"): Rule(MASTERS),
    ("POST", "/v1/import/packing"): Rule(MASTERS),
    ("POST", "/v1/import/rates"): Rule(MASTERS),
    ("POST", "/v1/import/choice"): Rule(MASTERS),
    ("POST", "/v1/import/lanes"): Rule(MASTERS),
    ("POST", "/v1/import/calendars"): Rule(MASTERS),
    ("POST", "/v1/import/site"): Rule(ADMINS),
    ("POST", "/v1/salvage/{station}/{epoch}"): Rule(ADMINS),
    ("POST", "/v1/import/pools"): Rule(INTAKE),
    ("GET", "/pools"): _pages(LEADS | {"auditor"}),
    ("GET", "/handover"): _pages(WATCHERS),
    ("GET", "/handover/{manifest}"): _pages(WATCHERS),
    ("GET", "/handover/{manifest}/pdf"): _pages(WATCHERS),
    ("GET", "/handover/{manifest}/papers/{sha256}"): _pages(WATCHERS),
    ("POST", "/handover/{manifest}/papers"): _pages(LEADS),
    ("POST", "/handover/{manifest}/carrier"): _pages(LEADS),
    ("GET", "/v1/handover"): Rule(WATCHERS | INTAKE),
    ("GET", "/v1/handover/{manifest}"): Rule(WATCHERS | INTAKE),
    ("GET", "/people"): _pages(MASTERS),
    ("POST", "/people"): _pages(MASTERS),
    ("GET", "/people/{badge}/card"): _pages(MASTERS),
    ("GET", "/v1/people"): Rule(MASTERS | {"auditor"}),
    ("POST", "/v1/people"): Rule(MASTERS),
    ("POST", "/v1/people/{badge}/revoke"): Rule(MASTERS),
    ("POST", "/v1/people/{badge}/pin"): Rule(MASTERS),
    ("POST", "/v1/people/{badge}/replace"): Rule(MASTERS),
    ("POST", "/v1/people/{badge}/sign-out"): Rule(MASTERS),
    ("GET", "/v1/people/{badge}/card"): Rule(MASTERS),
    ("GET", "/tokens"): _pages(ADMINS),
    ("POST", "/tokens"): _pages(ADMINS),
    ("GET", "/v1/tokens"): Rule(ADMINS | {"auditor"}),
    ("POST", "/v1/tokens"): Rule(ADMINS),
    ("POST", "/v1/tokens/{key}/revoke"): Rule(ADMINS),
    ("GET", "/privacy"): _pages(MASTERS),
    ("POST", "/privacy"): _pages(MASTERS),
    ("GET", "/v1/privacy/rule"): Rule(MASTERS | {"auditor"}),
    ("PUT", "/v1/privacy/rule"): Rule(ADMINS),
    ("POST", "/v1/privacy/find"): Rule(MASTERS),
    ("POST", "/v1/privacy/export"): Rule(MASTERS),
    ("POST", "/v1/privacy/erase"): Rule(MASTERS),
    ("GET", "/v1/pools"): Rule(LEADS | INTAKE | {"auditor"}),
    ("GET", "/v1/carriers"): Rule(MASTERS),
    ("GET", "/v1/carriers/{carrier}/unknown"): Rule(MASTERS),
    ("POST", "/v1/carriers/{carrier}/settle"): Rule(MASTERS),
    ("PUT", "/v1/carriers/{carrier}"): Rule(ADMINS),
    ("DELETE", "/v1/carriers/{carrier}"): Rule(ADMINS),
    ("GET", "/v1/carriers/standing"): Rule(MASTERS),
    ("POST", "/v1/carriers/{carrier}/attempt"): Rule(MASTERS),
    ("POST", "/v1/carriers/{carrier}/shut"): Rule(ADMINS),
    ("GET", "/v1/purchases"): Rule(MASTERS),
    ("POST", "/v1/purchases/ask"): Rule(MASTERS),
    ("POST", "/v1/purchases/settle"): Rule(MASTERS),
    ("GET", "/carriers"): _pages(MASTERS),
    ("POST", "/carriers"): _pages(MASTERS),
    ("GET", "/carriers/account"): _pages(ADMINS),
    ("POST", "/carriers/account"): _pages(ADMINS),
    ("POST", "/carriers/shut"): _pages(ADMINS),
    ("GET", "/v1/tariffs"): Rule(WATCHERS | INTAKE),
    ("POST", "/v1/tariffs"): Rule(MASTERS),
    ("GET", "/v1/tariffs/{carrier}/{service}/{version}"): Rule(WATCHERS | INTAKE),
    ("GET", "/v1/costs"): Rule(MONEY | {"service"}),
    ("GET", "/v1/costs/maps"): Rule(MONEY | {"service"}),
    ("POST", "/v1/costs/maps"): Rule(MASTERS),
    ("POST", "/v1/costs/invoices"): Rule(INTAKE),
    ("POST", "/v1/orders/{order}/hold"): Rule(LEADS),
    ("POST", "/v1/orders/{order}/release"): Rule(MASTERS),
    ("POST", "/v1/orders/{order}/cancel"): Rule(INTAKE),
    ("POST", "/v1/orders/{order}/assign"): Rule(LEADS),
    ("POST", "/v1/orders/{order}/take-away"): Rule(MASTERS),
    ("GET", "/v1/conflicts"): Rule(WATCHERS | INTAKE),
    ("POST", "/floor/parcels/{session}/done"): _pages(MASTERS),
    ("GET", "/v1/requirements"): Rule(WATCHERS | INTAKE),
    ("POST", "/v1/requirements"): Rule(INTAKE | {"customs_clerk"}),
    ("GET", "/v1/orders/{order}"): Rule(WATCHERS | INTAKE),
    ("POST", "/v1/enrol-tokens"): Rule(ADMINS),
    ("POST", "/v1/stations/{station}/revoke"): Rule(ADMINS),
    ("POST", "/v1/stations/{station}/epochs/{epoch}/close"): Rule(ADMINS),
    ("GET", "/v1/sessions/{session}"): Rule(WATCHERS),
    ("GET", "/"): PUBLIC,
    ("GET", "/sign-in"): PUBLIC,
    ("POST", "/sign-in"): PUBLIC,
    ("POST", "/look"): PUBLIC,  # language and theme: a cookie of one's own
    ("POST", "/sign-out"): _pages(EVERYONE_SIGNED_IN),
    ("GET", "/floor"): _pages(WATCHERS),
    ("GET", "/floor/events"): _pages(WATCHERS),
    ("POST", "/floor/orders/{order}/release"): _pages(MASTERS),
    ("GET", "/costs"): _pages(MONEY),
    ("POST", "/costs"): _pages(MASTERS),
    ("GET", "/costs/export"): _pages(MONEY),
    ("GET", "/customs"): _pages(WATCHERS),
    ("GET", "/customs/rows"): _pages(WATCHERS),
    ("GET", "/customs/sku"): _pages(WATCHERS),
    ("POST", "/customs/sku"): _pages(CLERKS),
    ("POST", "/customs/sku/lint"): _pages(CLERKS),
    ("GET", "/customs/order"): _pages(CLERKS),
    ("POST", "/customs/order"): _pages(CLERKS),
    ("POST", "/customs/order/lint"): _pages(CLERKS),
    ("GET", "/customs/rules"): _pages(WATCHERS),
    ("POST", "/customs/rules"): _pages(CLERKS),
    ("GET", "/customs/rules/preview"): _pages(CLERKS),
    ("POST", "/customs/rules/activate"): _pages(CLERKS),
    ("GET", "/customs/templates"): _pages(CLERKS),
    ("POST", "/customs/templates"): _pages(CLERKS),
    ("GET", "/customs/template"): _pages(CLERKS),
    ("POST", "/customs/template"): _pages(CLERKS),
    ("POST", "/customs/template/use"): _pages(CLERKS),
    ("POST", "/customs/template/withdraw"): _pages(CLERKS),
    ("GET", "/customs/template/picture"): _pages(CLERKS),
    ("GET", "/customs/template/image"): _pages(CLERKS),
    ("GET", "/customs/template/file"): _pages(CLERKS),
    ("GET", "/customs/consignments"): _pages(CLERKS | BROKERS),
    ("POST", "/customs/consignments"): _pages(CLERKS),
    ("POST", "/customs/brokers"): _pages(CLERKS),
    ("GET", "/customs/consignment"): _pages(CLERKS | BROKERS),
    ("POST", "/customs/consignment/hand"): _pages(CLERKS),
    ("POST", "/customs/consignment/note"): _pages(CLERKS | BROKERS),
    ("POST", "/customs/consignment/step"): _pages(CLERKS | BROKERS),
    ("POST", "/customs/consignment/mail"): _pages(CLERKS | BROKERS),
    ("GET", "/customs/consignment/package"): _pages(CLERKS | BROKERS),
    ("GET", "/customs/consignment/file"): _pages(CLERKS | BROKERS),
    ("GET", "/v1/customs/brokers"): Rule(CLERKS),
    ("POST", "/v1/customs/brokers"): Rule(CLERKS),
    ("GET", "/v1/customs/consignments"): Rule(CLERKS | BROKERS),
    ("POST", "/v1/customs/consignments"): Rule(CLERKS),
    ("GET", "/v1/customs/consignments/{consignment}"): Rule(CLERKS | BROKERS),
    ("POST", "/v1/customs/consignments/{consignment}/hand"): Rule(CLERKS),
    ("POST", "/v1/customs/consignments/{consignment}/notes"): Rule(CLERKS | BROKERS),
    ("POST", "/v1/customs/consignments/{consignment}/legs/{leg}"): Rule(CLERKS | BROKERS),
    ("GET", "/v1/customs/consignments/{consignment}/mails"): Rule(CLERKS | BROKERS),
    ("POST", "/v1/customs/consignments/{consignment}/mails"): Rule(CLERKS | BROKERS),
    ("GET", "/v1/customs/consignments/{consignment}/package"): Rule(CLERKS | BROKERS),
    ("GET", "/v1/customs/consignments/{consignment}/files/{sha256}"): Rule(CLERKS | BROKERS),
    ("GET", "/v1/customs/queue"): Rule(WATCHERS | INTAKE),
    ("GET", "/v1/customs/rules"): Rule(WATCHERS | INTAKE),
    ("POST", "/v1/customs/packs"): Rule(CLERKS),
    ("GET", "/v1/customs/packs/{sha256}/preview"): Rule(CLERKS),
    ("POST", "/v1/customs/packs/{sha256}/activate"): Rule(CLERKS),
    ("GET", "/v1/customs/templates"): Rule(CLERKS),
    ("POST", "/v1/customs/templates"): Rule(CLERKS),
    ("GET", "/v1/customs/templates/{id}/{version}"): Rule(CLERKS),
    ("POST", "/v1/customs/templates/{id}/{version}/activate"): Rule(CLERKS),
    ("POST", "/v1/customs/templates/{id}/{version}/withdraw"): Rule(CLERKS),
}
