: nat PREROUTING,OUTPUT
-j DNAT --to-destination 10.0.0.1            ; = ; REFUSED target DNAT rev 2: not evaluated by this build: it translates addresses, which needs connection tracking
-j DNAT --to-destination 10.0.0.1-10.0.0.9 --random --persistent ; = ; REFUSED translates addresses
-p tcp -j DNAT --to-destination 10.0.0.1-10.0.0.9:1025-65535 ; = ; REFUSED translates addresses
-p tcp -j DNAT --to-destination 10.0.0.1:1000-2000/3000 ; = ; REFUSED translates addresses
-p udp -j DNAT --to-destination :53          ; = ; REFUSED translates addresses
patch 0 40 00 00 00                          ; -p udp -j DNAT ; REFUSED translates addresses
patch 0 01 00 00 00 0a 00 00 01 00*12 0a 00 00 01 00*11 01 ; -p udp -j DNAT --to-destination 10.0.0.1-10.0.0.1 ; REFUSED translates addresses  # they differ behind the address
revision 0 01 00 00 00 03 00 00 00 0a 00 00 01 0a 00 00 09 00 50 00 5a ; -p udp -j DNAT --to-destination 10.0.0.1-10.0.0.9:80-90 ; REFUSED target DNAT rev 0
revision 0 02 00 00 00 00*16                 ;   ; FAIL 2 ranges
revision 1 01 00 00 00 0a 00 00 01 00*12 0a 00 00 01 00*16 ; -p udp -j DNAT --to-destination 10.0.0.1 ; REFUSED target DNAT rev 1
6 -j DNAT --to-destination 2001:db8::1       ; = ; REFUSED target DNAT rev 2
6 -p tcp -j DNAT --to-destination [2001:db8::1-2001:db8::9]:80-90/8080 --random ; = ; REFUSED translates addresses
6 -p tcp -j DNAT --to-destination [2001:db8::1]:80 ; = ; REFUSED translates addresses
6 revision 1 01 00 00 00 20 01 0d b8 00*12 20 01 0d b8 00*12 00*4 ; -p tcp -j DNAT --to-destination 2001:db8:: ; REFUSED target DNAT rev 1
-j DNAT --to-destination 10.0.0.1:80         ;   ; FAIL Need TCP, UDP, SCTP or DCCP
-t mangle -j DNAT --to-destination 10.0.0.1  ;   ; FAIL Invalid argument
-j DNAT                                      ;   ; FAIL must be specified
bytes 01 00*18                               ;   ; FAIL 19 bytes of data
