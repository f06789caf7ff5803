: filter INPUT
-m helper --helper ftp                       ; = ; REFUSED match helper rev 0: not evaluated by this build: it needs connection tracking
-m helper ! --helper sip-5060                ; = ; REFUSED connection tracking
-m helper --helper ""                        ; = ; REFUSED connection tracking
-m helper --helper "two words"               ; = ; REFUSED connection tracking
patch 0 00 01 00 00                          ; -m helper ! --helper "two words" ; REFUSED connection tracking
patch 4 61*30                                ; -m helper --helper aaaaaaaaaaaaaaaaaaaaaaaaaaaaa ; REFUSED connection tracking   # the kernel ends it
6 -m helper --helper tftp                    ; = ; REFUSED connection tracking
-m helper                                    ;   ; FAIL must be specified
bytes 00*33                                  ;   ; FAIL 33 bytes of data
