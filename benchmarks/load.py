"""Clients that cost little: persistent connections, bytes prepared beforehand, a barrier."""

import http.client
import statistics
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

Shot = tuple[str, dict[str, str], bytes]


@dataclass
class Measured:
    """Seconds of each request, and of all together; CPU milliseconds of the server for each."""

    each: list[float]
    wall: float
    cpu_ms: float = 0.0
    failed: int = 0

    @property
    def p50(self) -> float:
        return statistics.median(self.each) * 1000

    @property
    def p99(self) -> float:
        return statistics.quantiles(self.each, n=100)[98] * 1000

    @property
    def per_second(self) -> float:
        return len(self.each) / self.wall


def fire(host: str, port: int, shots: list[Shot], *, clients: int, pids: list[int]) -> Measured:
    """All shots, spread over so many clients that start together."""
    queue, gate = iter(shots), threading.Barrier(clients + 1)
    lock, times, failed = threading.Lock(), [], [0]

    def client() -> None:
        db = http.client.HTTPConnection(host, port, timeout=30)
        db.connect()
        gate.wait()
        while (shot := _next(queue, lock)) is not None:
            path, headers, body = shot
            start = time.perf_counter()
            db.request("POST", path, body, headers)
            answer = db.getresponse()
            answer.read()
            times.append(time.perf_counter() - start)
            if answer.status >= 300:
                failed[0] += 1
        db.close()

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    gate.wait()
    cpu, start = cpu_ms(pids), time.perf_counter()
    for thread in threads:
        thread.join()
    wall = time.perf_counter() - start
    return Measured(times, wall, (cpu_ms(pids) - cpu) / max(1, len(times)), failed[0])


def _next(queue: Iterator[Shot], lock: threading.Lock) -> Shot | None:
    with lock:
        return next(queue, None)


def family(pid: int) -> list[int]:
    """A process and all its descendants."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            found += [int(child) for child in task.read_text().split()]
    return found


def cpu_ms(pids: list[int]) -> float:
    """Processor time that these processes have used, in milliseconds."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks * 10.0
