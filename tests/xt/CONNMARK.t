: mangle PREROUTING
-j CONNMARK --restore-mark                   ; -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff ; REFUSED target CONNMARK rev 2: not evaluated by this build: it needs connection tracking
-j CONNMARK --save-mark --mask 0xff          ; -j CONNMARK --save-mark --nfmask 0xff --ctmask 0xff ; REFUSED connection tracking
-j CONNMARK --restore-mark --nfmask 0xf --ctmask 0xf0 ; = ; REFUSED connection tracking
-j CONNMARK --set-mark 1                     ; -j CONNMARK --set-xmark 0x1/0xffffffff ; REFUSED connection tracking
-j CONNMARK --xor-mark 0xf                   ; -j CONNMARK --set-xmark 0xf/0x0 ; REFUSED connection tracking
-j CONNMARK --set-xmark 1 --left-shift-mark 4 ; -j CONNMARK --set-xmark 0x1/0xffffffff --left-shift-mark 4 ; REFUSED connection tracking
-j CONNMARK --restore-mark --right-shift-mark 31 ; -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff --right-shift-mark 31 ; REFUSED connection tracking
patch 13 20                                  ;   ; FAIL a shift by 32 bits
patch 12 02                                  ;   ; FAIL shift direction 2
patch 14 03                                  ; -j CONNMARK ERROR: UNKNOWN CONNMARK MODE ; REFUSED connection tracking
patch -1 01 01 00 00 00 ff 00 00 00 f0 00 00 00 00 ; -j CONNMARK --set-xmark 0x1/0xff ; REFUSED target CONNMARK rev 1
patch -1 01 01 00 00 00 ff 00 00 00 f0 00 00 00 01 ; -j CONNMARK --save-mark --nfmask 0xf0 --ctmask 0xff ; REFUSED target CONNMARK rev 1
patch -1 01 01 00 00 00 ff 00 00 00 f0 00 00 00 02 ; -j CONNMARK --restore-mark --nfmask 0xf0 --ctmask 0xff ; REFUSED target CONNMARK rev 1
patch -1 01 01 00 00 00 ff 00 00 00 f0 00 00 00 03 ; -j CONNMARK ERROR: UNKNOWN CONNMARK MODE ; REFUSED target CONNMARK rev 1
6 -j CONNMARK --or-mark 0xf                  ; -j CONNMARK --set-xmark 0xf/0xf ; REFUSED target CONNMARK rev 2
-j CONNMARK                                  ;   ; FAIL No operation specified
bytes 00*12                                  ;   ; FAIL 12 bytes of data, expected 16
