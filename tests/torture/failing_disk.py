"""A disk that fails when told to: a small library, preloaded, in whose place fsync and fdatasync answer EIO.

What it is told stands in a file that it maps, so that whoever holds the file can arm it at any moment, for all
processes that were started with it. And a small disk of one's own, which can be filled.
"""

import mmap
import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SOURCE = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static volatile int *told; /* until the failure, failures that happened */

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("SKEDE_FAILING_DISK");
    int file = path ? open(path, O_RDWR) : -1;
    if (file >= 0) told = mmap(0, 8, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
}

static int failing(void) {
    if (!told || told[0] <= 0 || __sync_sub_and_fetch(&told[0], 1) != 0) return 0;
    __sync_add_and_fetch(&told[1], 1);
    errno = EIO;
    return 1;
}

int fdatasync(int file) { return failing() ? -1 : ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(file); }
int fsync(int file) { return failing() ? -1 : ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(file); }
"""
COMPILERS = ("cc", "gcc", "clang")


@dataclass(slots=True)
class FailingDisk:
    """Armed with a count: the sync at which it fails, once, in whichever process that comes."""

    library: Path
    told: Path
    _map: mmap.mmap | None = field(default=None)

    @property
    def environment(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(self.library), "SKEDE_FAILING_DISK": str(self.told)}

    def arm(self, at: int) -> None:
        self._mapped()[0:4] = struct.pack("i", at)

    def disarm(self) -> int:
        """Until it would have failed, to be armed with again."""
        left = int(struct.unpack("i", self._mapped()[0:4])[0])
        self.arm(0)
        return left

    @property
    def failures(self) -> int:
        return int(struct.unpack("i", self._mapped()[4:8])[0])

    def _mapped(self) -> mmap.mmap:
        if self._map is None:
            with self.told.open("r+b") as file:
                self._map = mmap.mmap(file.fileno(), 8)
        return self._map


def built(folder: Path) -> FailingDisk | None:
    """None where no C compiler is, or none that can make a library."""
    compiler = next((name for name in COMPILERS if shutil.which(name)), None)
    if compiler is None:
        return None
    source, library, told = folder / "failing.c", folder / "failing.so", folder / "told"
    source.write_text(SOURCE)
    told.write_bytes(bytes(8))
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        return None
    return FailingDisk(library, told)


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[bool]:
    """A disk of this size at the folder, for everybody who sees the folder; False where that is not permitted."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "skede-small", str(folder)], capture_output=True, check=False
    )
    try:
        yield mounted.returncode == 0
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
