: filter INPUT
-m connbytes --connbytes 0:1000 --connbytes-mode packets --connbytes-dir original ; = ; REFUSED match connbytes rev 0: not evaluated by this build: it needs connection tracking
-m connbytes --connbytes 1: --connbytes-mode bytes --connbytes-dir both ; -m connbytes --connbytes 1 --connbytes-mode bytes --connbytes-dir both ; REFUSED connection tracking
-m connbytes ! --connbytes 10:20 --connbytes-mode packets --connbytes-dir reply ; = ; REFUSED connection tracking
-m connbytes --connbytes :5 --connbytes-mode avgpkt --connbytes-dir reply ; -m connbytes --connbytes 0:5 --connbytes-mode avgpkt --connbytes-dir reply ; REFUSED connection tracking
patch 16 02 02                               ; -m connbytes --connbytes 0:5 --connbytes-mode avgpkt --connbytes-dir both ; REFUSED connection tracking
patch 8 00                                   ; -m connbytes --connbytes 0 --connbytes-mode avgpkt --connbytes-dir reply ; REFUSED connection tracking
patch 0 07 00 00 00 00 00 00 00 07           ; -m connbytes --connbytes 7:7 --connbytes-mode avgpkt --connbytes-dir reply ; REFUSED connection tracking
patch 0 ff ff ff ff ff ff ff ff              ; -m connbytes ! --connbytes 5 --connbytes-mode avgpkt --connbytes-dir reply ; REFUSED connection tracking
patch 16 03                                  ;   ; FAIL mode 3
patch 17 03                                  ;   ; FAIL direction 3
6 -m connbytes ! --connbytes 10:20 --connbytes-mode avgpkt --connbytes-dir both ; = ; REFUSED connection tracking
-m connbytes --connbytes 20:10 --connbytes-mode packets --connbytes-dir reply ;  ; FAIL should be less than
bytes 00*23                                  ;   ; FAIL 23 bytes of data, expected 24
