: nat PREROUTING,OUTPUT
-j REDIRECT                                  ; = ; REFUSED target REDIRECT rev 0: not evaluated by this build: it translates addresses, which needs connection tracking
-p tcp -j REDIRECT --to-ports 8080           ; = ; REFUSED translates addresses
-p udp -j REDIRECT --to-ports 42-1234 --random ; = ; REFUSED translates addresses
-j REDIRECT --random                         ; = ; REFUSED translates addresses
patch 4 01                                   ;   ; FAIL an address to map to
patch 0 00                                   ;   ; FAIL 0 ranges
patch 4 32                                   ; -j REDIRECT --to-ports 0/0 --random-fully ; REFUSED translates addresses
6 -j REDIRECT                                ; = ; REFUSED translates addresses
6 -p tcp -j REDIRECT --to-ports 42-1234      ; = ; REFUSED translates addresses
6 patch 0 01                                 ;   ; FAIL an address to map to
-j REDIRECT --to-ports 42                    ;   ; FAIL Need TCP, UDP, SCTP or DCCP
-t mangle -j REDIRECT                        ;   ; FAIL Invalid argument
bytes 01 00*18                               ;   ; FAIL 19 bytes of data
