: nat POSTROUTING,INPUT
-j SNAT --to-source 10.0.0.1                 ; = ; REFUSED target SNAT rev 0: not evaluated by this build: it translates addresses, which needs connection tracking
-j SNAT --to-source 10.0.0.1-10.0.0.9 --random --random-fully --persistent ; = ; REFUSED translates addresses
-p tcp -j SNAT --to-source 10.0.0.1-10.0.0.9:1024-65535 ; = ; REFUSED translates addresses
-p udp -j SNAT --to-source 10.0.0.1:1024 --random-fully ; = ; REFUSED translates addresses
-p tcp -j SNAT --to-source :1024-2048        ; = ; REFUSED translates addresses
patch 4 00                                   ; -p tcp -j SNAT ; REFUSED translates addresses
patch 4 ff ff                                ; -p tcp -j SNAT --to-source 0.0.0.0:1024-2048/0 --random --random-fully --persistent ; REFUSED translates addresses
patch 0 02                                   ;   ; FAIL 2 ranges
patch 0 00                                   ;   ; FAIL 0 ranges
revision 1 01 00 00 00 0a 00 00 01 00*12 0a 00 00 01 00*16 ; -p tcp -j SNAT --to-source 10.0.0.1 ; REFUSED target SNAT rev 1
revision 2 03 00 00 00 0a 00 00 01 00*12 0a 00 00 01 00*18 ; -p tcp -j SNAT --to-source 10.0.0.1:0 ; REFUSED target SNAT rev 2
6 -j SNAT --to-source 2001:db8::1            ; = ; REFUSED target SNAT rev 1
6 -j SNAT --to-source 2001:db8::1-2001:db8::9 --persistent ; = ; REFUSED translates addresses
6 -p tcp -j SNAT --to-source [2001:db8::1-2001:db8::9]:1024-65535 --random ; = ; REFUSED translates addresses
6 -p udp -j SNAT --to-source :1024           ; = ; REFUSED translates addresses
6 revision 2 01 00 00 00 20 01 0d b8 00*12 20 01 0d b8 00*12 00*6 ; -p udp -j SNAT --to-source 2001:db8:: ; REFUSED target SNAT rev 2
-j SNAT --to-source 10.0.0.1:80              ;   ; FAIL Need TCP, UDP, SCTP or DCCP
-t mangle -j SNAT --to-source 10.0.0.1       ;   ; FAIL Invalid argument
bytes 01 00*18                               ;   ; FAIL 19 bytes of data
