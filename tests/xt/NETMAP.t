: nat PREROUTING,INPUT,OUTPUT,POSTROUTING
-j NETMAP --to 1.2.3.0/24                    ; = ; REFUSED target NETMAP rev 0: not evaluated by this build: it translates addresses, which needs connection tracking
-j NETMAP --to 1.2.3.4                       ; -j NETMAP --to 1.2.3.4/32 ; REFUSED translates addresses
-j NETMAP --to 10.0.0.0/255.255.0.0          ; -j NETMAP --to 10.0.0.0/16 ; REFUSED translates addresses
patch 4 00                                   ;   ; FAIL no address to map to
patch 0 02                                   ;   ; FAIL 2 ranges
patch 8 0a 00 00 00 0a 00 ff 00              ; -j NETMAP --to 10.0.0.0/255.255.0.255 ; REFUSED translates addresses
patch 8 00 00 00 00 ff ff ff ff              ; -j NETMAP --to 0.0.0.0/0 ; REFUSED translates addresses
6 -j NETMAP --to 2001:db8::/64               ; = ; REFUSED translates addresses
6 -j NETMAP --to 2001:db8::1                 ; -j NETMAP --to 2001:db8::1/128 ; REFUSED translates addresses
6 patch 0 06                                 ;   ; FAIL no address to map to
6 patch 4 ff 00*14 01 ff 00*14 02             ; -j NETMAP --to ff00::1/126 ; REFUSED translates addresses
6 patch 4 ff 00*15 ff 00*14 02             ; -j NETMAP --to ff00::/ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffd ; REFUSED translates addresses
-t mangle -j NETMAP --to 10.0.0.0/24         ;   ; FAIL Invalid argument
bytes 01 00*18                               ;   ; FAIL 19 bytes of data
