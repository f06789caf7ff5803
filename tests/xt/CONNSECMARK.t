: mangle PREROUTING
-j CONNSECMARK --save                        ; = ; REFUSED target CONNSECMARK rev 0: not evaluated by this build: it needs connection tracking
-j CONNSECMARK --restore                     ; = ; REFUSED connection tracking
patch 0 00                                   ;   ; FAIL mode 0
patch 0 03                                   ;   ; FAIL mode 3
6 -j CONNSECMARK --save                      ; = ; REFUSED connection tracking
-j CONNSECMARK                               ;   ; FAIL parameter required
-t raw -j CONNSECMARK --save              ;   ; FAIL Invalid argument
bytes                                        ;   ; FAIL 0 bytes of data, expected 1
