: mangle PREROUTING,OUTPUT
-m connmark --mark 0                         ; -m connmark --mark 0x0 ; REFUSED match connmark rev 1: not evaluated by this build: it needs connection tracking
-m connmark --mark 0xffffffff/0x0            ; = ; REFUSED connection tracking
-m connmark ! --mark 0x1/0xf                 ; = ; REFUSED connection tracking
-m connmark --mark 4294967295                ; -m connmark --mark 0xffffffff ; REFUSED connection tracking
patch 8 05                                   ; -m connmark ! --mark 0xffffffff ; REFUSED connection tracking
6 -m connmark ! --mark 0x1/0xf               ; = ; REFUSED connection tracking
-m connmark --mark 0xfffffffff               ;   ; FAIL bad integer value
bytes 01 00 00 00 01 00 00 00                ;   ; FAIL 8 bytes of data, expected 12
