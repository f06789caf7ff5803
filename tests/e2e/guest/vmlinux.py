"""tests/e2e/guest/vmlinux.py VMLINUZ VMLINUX: takes the kernel proper out of its compressed image.

QEMU boots it directly then; unpacking it inside an emulated machine would take longer than all the rest.
"""
import subprocess
import sys

image = open(sys.argv[1], "rb").read()
for magic, command in ((b"\xfd7zXZ\0", ["xz", "-dc"]), (b"\x02!L\x18", ["lz4", "-dc"]), (b"(\xb5/\xfd", ["zstd", "-dc"])):
    at = image.find(magic)
    while at >= 0:
        # What follows the kernel in the image is no error: the tool's exit code says nothing here.
        out = subprocess.run(command, input=image[at:], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        if out[:4] == b"\x7fELF":
            open(sys.argv[2], "wb").write(out)
            sys.exit(0)
        at = image.find(magic, at + 1)
sys.exit("vmlinux.py: no kernel found in " + sys.argv[1])
