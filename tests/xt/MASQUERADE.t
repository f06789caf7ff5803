: nat POSTROUTING
-j MASQUERADE                                ; = ; REFUSED target MASQUERADE rev 0: not evaluated by this build: it translates addresses, which needs connection tracking
-j MASQUERADE --random                       ; = ; REFUSED translates addresses
-j MASQUERADE --random-fully                 ; = ; REFUSED translates addresses
-p udp -j MASQUERADE --to-ports 1024-65535 --random ; = ; REFUSED translates addresses
-p tcp -j MASQUERADE --to-ports 0            ; = ; REFUSED translates addresses
patch 4 0a                                   ; -p tcp -j MASQUERADE --to-ports 0 --persistent ; REFUSED translates addresses
patch 4 01                                   ;   ; FAIL an address to map to
patch 0 02                                   ;   ; FAIL 2 ranges
6 -j MASQUERADE --random-fully               ; = ; REFUSED translates addresses
6 -p tcp -j MASQUERADE --to-ports 1024-65535 ; = ; REFUSED translates addresses
6 patch 0 01                                 ;   ; FAIL an address to map to
-j MASQUERADE --to-ports 1024                ;   ; FAIL Need TCP, UDP, SCTP or DCCP
-t mangle -j MASQUERADE                      ;   ; FAIL Invalid argument
bytes 01 00*18                               ;   ; FAIL 19 bytes of data
