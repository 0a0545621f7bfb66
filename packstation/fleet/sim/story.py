"""What a seed makes of a morning: who packs, what breaks and when, and the healing at its end."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from packstation.fleet.sim import invariants
from packstation.fleet.sim.backend import Backend, Database, station_of
from packstation.fleet.sim.bench import Bench
from packstation.fleet.sim.network import Network, Rates
from packstation.fleet.sim.world import World

if TYPE_CHECKING:
    import httpx

TROUBLE_S: Final = 60.0  # so long things break
HEALED_S: Final = 60.0  # I6: so long after it every queue is empty
SETTLED_S: Final = 100.0  # and so long after it every bench has every row


class Outcome(Struct, frozen=True, kw_only=True):
    """What came of a seed; times are virtual seconds."""

    seed: int
    violations: tuple[str, ...]
    digest: str
    seconds: float
    facts: int = 0
    faults: tuple[str, ...] = ()
    drained_s: float = 0.0
    story: tuple[str, ...] = ()


class Scene:
    """Everything of one seed."""

    def __init__(self, seed: int, database: Database, http: httpx.Client, root: Path) -> None:
        """Nobody has started."""
        self.world = World(seed)
        self.backend = Backend(self.world, database)
        self.network = Network(self.world, self.backend)
        self.http, self.root = http, root
        count = self.world.random.choice((2, 2, 3))
        self.benches = [
            Bench(self.world, self.network, http, n, (f"B{n}", root)) for n in range(count)
        ]
        self.faults: list[str] = []
        self.drained_s = 0.0

    def play(self) -> None:
        """All of it."""
        world, random = self.world, self.world.random
        self.backend.import_orders(random, random.choice((2, 5, 24)))
        for bench in self.benches:
            bench.open()
            self._hands(bench)
        self._break()
        world.run(TROUBLE_S)
        self._heal()
        invariants.drained(self, HEALED_S)
        invariants.settled(self, TROUBLE_S + SETTLED_S)
        if not world.violations:
            invariants.all_of(self)

    def _hands(self, bench: Bench) -> None:
        """A packer at a bench, until trouble ends."""

        def work() -> None:
            if not bench.idle:
                bench.work()
                self.world.after(self.world.random.uniform(1.0, 12.0), work)

        self.world.after(self.world.random.uniform(0.0, 5.0), work)

    def _break(self) -> None:
        random = self.world.random
        names = [name for name in FAULTS if random.random() < 0.4]
        if "twin" in names:
            # Two disks with one past, one of which the server must forget again: nobody can tell
            # then whose facts are whose (docs/reliability.md).
            names = [name for name in names if name not in {"restore", "close"}]
        for name in names:
            self.faults.append(name)
            FAULTS[name](self)
        rates = self.network.rates
        for name in Rates.__struct_fields__[:-1]:
            if random.random() < 0.4:
                setattr(rates, name, random.uniform(0.02, 0.25))
                self.faults.append(name)
        rates.slow_s = random.choice((0.05, 0.5, 3.0))

    def _heal(self) -> None:
        """Nothing breaks any more; who is down starts."""
        self.network.rates = Rates()
        self.network.apart.clear()
        self.backend.shedding = 0.0
        self.backend.database.kill = ""
        if not self.backend.up:
            self.backend.start()
        for bench in self.benches:
            bench.idle = True
            if not bench.up:
                bench.open()
        self.world.tell("healed")

    # --- what breaks --------------------------------------------------------------------------

    def sometime(self, act: Callable[[], None], low: float = 10.0) -> float:
        """Let ``act`` happen while things break; answer when."""
        at = self.world.random.uniform(low, TROUBLE_S - 5.0)
        self.world.after(at - self.world.now, act)
        return at

    def someone(self) -> Bench:
        """A bench."""
        return self.world.random.choice(self.benches)

    def close(self) -> None:
        """Let go of every file."""
        for bench in self.benches:
            bench.close()
        shutil.rmtree(self.root, ignore_errors=True)


def _outage(scene: Scene) -> None:
    def part() -> None:
        bench = scene.someone()
        scene.network.apart.add(bench.name)
        gone = scene.world.random.uniform(5.0, 60.0)
        scene.world.tell(f"{bench.name} apart for {gone:.0f} s")
        scene.world.after(gone, lambda: scene.network.apart.discard(bench.name))

    for _ in range(scene.world.random.randint(1, 3)):
        scene.sometime(part)


def _crash(scene: Scene, *, torn: bool = False) -> None:
    def crash() -> None:
        bench = scene.someone()
        bench.down(torn=torn)

        def again() -> None:
            if not bench.up:
                bench.open()

        scene.world.after(scene.world.random.uniform(1.0, 20.0), again)

    for _ in range(scene.world.random.randint(1, 3)):
        scene.sometime(crash)


def _old_disk(scene: Scene) -> None:
    bench = scene.someone()
    at = scene.sometime(bench.keep_image)
    scene.sometime(bench.put_image_back, min(at + 5.0, TROUBLE_S - 6.0))


def _twin(scene: Scene) -> None:
    def copy() -> None:
        bench = scene.someone()
        if bench.up and len(scene.benches) < 5:
            twin = bench.clone((f"{bench.name}x{len(scene.benches)}", scene.root))
            scene.benches.append(twin)
            scene._hands(twin)  # noqa: SLF001 - a fault belongs to its scene
            bench.rolled_back = twin.rolled_back = True

    scene.sometime(copy)


def _restore(scene: Scene) -> None:
    random = scene.world.random

    def send() -> None:
        scene.backend.import_orders(random, random.choice((1, 3, 24)))

    for _ in range(random.randint(1, 2)):
        kept = scene.sometime(scene.backend.keep_backup)
        back = scene.sometime(scene.backend.restore, min(kept + 5.0, TROUBLE_S - 6.0))
        # An office goes on sending: rows that the copy lacks, and others after it was put back.
        scene.world.after(random.uniform(kept, back), send)
        scene.world.after(back + random.uniform(0.5, 10.0), send)


def _kill(scene: Scene) -> None:
    def kill() -> None:
        scene.backend.database.kill = scene.world.random.choice(("before", "after"))

    for _ in range(scene.world.random.randint(1, 5)):
        scene.sometime(kill)


def _shed(scene: Scene) -> None:
    def shed() -> None:
        scene.backend.shedding = scene.world.random.uniform(0.1, 0.6)

    scene.sometime(shed)


def _clocks(scene: Scene) -> None:
    def jump() -> None:
        random = scene.world.random
        clock = random.choice((scene.backend.clock, scene.someone().clock))
        clock.offset += random.choice((-86400.0, -400.0, -3.0, 3.0, 400.0, 86400.0))

    for _ in range(scene.world.random.randint(1, 3)):
        scene.sometime(jump)


def _poison(scene: Scene) -> None:
    for _ in range(scene.world.random.randint(1, 4)):
        scene.sometime(lambda: scene.someone().poison())


def _revoke(scene: Scene) -> None:
    scene.sometime(lambda: scene.backend.revoke(station_of(scene.benches[0].number)), TROUBLE_S / 2)


def _close(scene: Scene) -> None:
    def close() -> None:
        bench = scene.someone()
        if bench.up and not scene.network.apart and bench.acked:
            epoch = bench.store.events.head().epoch
            with scene.backend.server.store.read() as connection:
                known = invariants.has_epoch(connection, epoch)
            if known:
                bench.rolled_back = True
                scene.backend.close(station_of(bench.number), epoch)

    scene.sometime(close)


def _orders(scene: Scene) -> None:
    def send() -> None:
        random = scene.world.random
        scene.backend.import_orders(random, random.choice((1, 3, 24)))

    for _ in range(scene.world.random.randint(1, 3)):
        scene.sometime(send)


FAULTS: Final[Mapping[str, Callable[[Scene], None]]] = {
    "outage": _outage,
    "crash": _crash,
    "torn": lambda scene: _crash(scene, torn=True),
    "old_disk": _old_disk,
    "twin": _twin,
    "restore": _restore,
    "kill": _kill,
    "shed": _shed,
    "clocks": _clocks,
    "poison": _poison,
    "revoke": _revoke,
    "close": _close,
    "orders": _orders,
}


def played(seed: int, database: Database, http: httpx.Client) -> Outcome:
    """Play one seed."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    root = Path(
        tempfile.mkdtemp(prefix="packstation-sim-", dir=memory if memory.is_dir() else None)
    )
    scene = Scene(seed, database, http, root)
    try:
        scene.play()
    except Exception as exc:  # noqa: BLE001 - whatever the real code came up with is a finding
        scene.world.wrong(f"I9 {type(exc).__name__}: {exc}")
    finally:
        scene.close()
    return Outcome(
        seed=seed,
        violations=tuple(scene.world.violations),
        digest=scene.world.digest(),
        seconds=scene.world.now,
        facts=sum(len(bench.green) for bench in scene.benches),
        faults=tuple(scene.faults),
        drained_s=scene.drained_s,
        story=tuple(scene.world.story),
    )
